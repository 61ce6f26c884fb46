"""What every test shares: tests that need more than Python, and what was skipped for want of it.

A test that needs a tool carries its marker (`@pytest.mark.java`); where the tool is missing it is
skipped with a reason that names the command that gets it. The run ends with the list of all that
was skipped. With GOVGRAPH_NO_SKIP=1, as in CI, anything skipped makes the run fail; a test marked
`optional` (for material that lies beside the project, not in it) may always be skipped.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

import browsers
import httpd
import network_readers
import pythons
import servers
import sparks
from owl import harness

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph
    from govgraph.store.endpoint import Endpoint

TOOLS: dict[str, Callable[[], str | None]] = {
    "browser": browsers.missing,
    "httpd": httpd.missing,
    "java": harness.missing,
    "node": network_readers.missing,
    "oxigraph_server": servers.oxigraph_missing,
    "pythons": pythons.missing,
    "spark": sparks.missing,
    "virtuoso": servers.virtuoso_missing,
}
"""Marker -> why tests with it cannot run here, with the command that mends it; or None."""

LONGEST = (
    "test_docs", "test_publish", "test_web_browser", "test_network_command", "test_remote_queries",
    "test_query_library", "test_picture", "test_reasoning_reference", "test_web_hardening",
    "test_shapes", "test_push", "test_web_api", "test_web_proxies", "test_web_comunica",
    "test_failing_writes", "test_streams", "test_remote_lock", "test_web_hostile",
    "test_explanation_proofs",
)  # fmt: skip
"""Files that take longest: they come first, so that no worker has one left when others are done."""


@pytest.fixture(scope="session")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Return the bundled graph: one worker builds it, the others then read it from the cache."""
    import govgraph

    # The parent of the base folder is the same for all workers of a run under xdist.
    shared = tmp_path_factory.getbasetemp().parent
    built = shared / f"built-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    try:
        built.with_suffix(".lock").touch(exist_ok=False)
    except FileExistsError:
        while not built.exists():
            time.sleep(0.2)
        return govgraph.open()
    try:
        return govgraph.open()
    finally:
        built.touch()


@pytest.fixture(scope="session")
def second() -> KnowledgeGraph:
    """Return the graph of the second bundled study."""
    import govgraph
    from second_study import NAME

    return govgraph.open(study=NAME)


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Run an empty oxigraph server; needs the marker of the same name."""
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Run an empty Virtuoso; needs the marker `virtuoso`."""
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as endpoint:
        yield endpoint


@pytest.fixture(autouse=True)
def no_error_on_a_page(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with a browser where the console of a page held an error."""
    yield
    if request.node.get_closest_marker("browser"):
        assert browsers.unheard() == []


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "optional: may be skipped in CI too")
    config.option.loadscopereorder = False  # of xdist, which puts files of few tests last
    # A shell lets what it runs in the background ignore Ctrl-C, and so would all that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, reason_missing in TOOLS.items():
        marked = [item for item in items if item.get_closest_marker(marker)]
        reason = reason_missing() if marked else None
        for item in marked:
            # One worker runs them all: a JVM or a browser is started once for the whole run.
            item.add_marker(pytest.mark.xdist_group(marker))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))
    place = {stem: number for number, stem in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))
    for item in items:
        if item.get_closest_marker("xdist_group") is None and _shares_with_its_module(item):
            # What a module makes once for its tests (a site, a server) is made by one worker only.
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if item.get_closest_marker("optional"):
            item.user_properties.append(("optional", True))


def _shares_with_its_module(item: pytest.Item) -> bool:
    """Return whether a test asks for a fixture that its module makes once for all its tests."""
    fixtures = getattr(item, "_fixtureinfo", None)
    waiting = list(fixtures.argnames) if fixtures else []
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        for fixture in fixtures.name2fixturedefs.get(name, ())[-1:]:
            if fixture.scope == "module":
                return True
            waiting += set(fixture.argnames) - seen
        seen.add(name)
    return False


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = Counter(_where_and_why(report) for report in _skipped(terminalreporter))
    if not skipped:
        terminalreporter.write_line("Nothing was skipped.")
        return
    terminalreporter.section("skipped, and the command that gets it")
    for (path, reason), count in sorted(skipped.items()):
        terminalreporter.write_line(f"{count} in {path}: {reason}")
    if _forbidden(terminalreporter):
        terminalreporter.write_line("The run fails: GOVGRAPH_NO_SKIP=1 allows no skipped test.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter is not None and _forbidden(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _forbidden(reporter: pytest.TerminalReporter) -> bool:
    """Return whether something was skipped in a run that must skip nothing."""
    required = [r for r in _skipped(reporter) if ("optional", True) not in r.user_properties]
    return bool(required) and os.environ.get("GOVGRAPH_NO_SKIP") == "1"


def _skipped(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    reports: list[pytest.TestReport] = reporter.stats.get("skipped", [])
    return reports


def _where_and_why(report: pytest.TestReport) -> tuple[str, str]:
    """Return the test file and the reason of a skip."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return report.nodeid.partition("::")[0], reason.removeprefix("Skipped: ")
