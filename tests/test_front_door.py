"""What a stranger meets first: make graph, make serve, make test, and what they install."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import urllib.request
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CONSTRAINTS = [
    line
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
PYTHONS = ("3.11", "3.12", "3.13")
ANSWER_LINES = 25
"""How many lines of an answer fit a screen with the command above it."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> list[Requirement]:
    """Return the requirements on other projects, those of the extras too."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    lines = chain(PROJECT["project"]["dependencies"], *extras)
    return [
        requirement for requirement in map(Requirement, lines) if requirement.name != "govgraph"
    ]


def environment(python: str) -> dict[str, str]:
    """Return what the markers of constraints ask for, on Linux."""
    return {
        "python_version": python, "python_full_version": f"{python}.1", "sys_platform": "linux",
        "os_name": "posix", "platform_machine": "x86_64", "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }  # fmt: skip


def variable(name: str) -> str:
    """Return the value of a variable of the Makefile."""
    value = re.search(rf"^{name} \??:?= ?(.*)$", MAKEFILE, re.MULTILINE)
    assert value is not None
    return value[1]


def make(*arguments: str) -> list[str]:
    """Return the command line that makes something with the Python that runs the tests."""
    binaries = f"BIN={Path(sys.executable).parent}"
    return ["make", "--no-print-directory", "--old-file=install", binaries, *arguments]


def test_constraints_name_one_version_for_every_package_on_every_python() -> None:
    faults = []
    for python in PYTHONS:
        versions: dict[str, list[str]] = {}
        for line in CONSTRAINTS:
            constraint = Requirement(line)
            if constraint.marker is None or constraint.marker.evaluate(environment(python)):
                (pin,) = constraint.specifier
                assert pin.operator == "==", line
                versions.setdefault(normal(constraint.name), []).append(pin.version)
        for requirement in declared():
            found = versions.get(normal(requirement.name), [])
            if len(found) != 1 or not requirement.specifier.contains(found[0]):
                faults.append(f"{python}: {requirement}: found {found}")
        faults += [f"{python}: {name}: {pins}" for name, pins in versions.items() if len(pins) > 1]
    assert faults == [], "run `make constraints`"


def test_constraints_name_no_host_and_no_file() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert re.findall(r"\S*(?:://|--|/|@)\S*", text) == []


def test_the_makefile_installs_with_the_constraints_only() -> None:
    without = [
        line
        for line in MAKEFILE.splitlines()
        if re.search(r"\$\(PIP\) install|pip .*\binstall\b", line)
        and "--constraint" not in line
        and "--no-deps" not in line  # a package that is unpacked, and govgraph itself
        and "lowest.txt" not in line
    ]
    assert without == []


def test_every_package_that_the_source_imports_is_declared() -> None:
    names = {normal(requirement.name) for requirement in declared()}
    distributions = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}:{node.lineno}: {module}"
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in imported(node)
        if not names & {normal(name) for name in distributions.get(module, [module])}
    }
    assert undeclared == set()


def imported(node: ast.AST) -> set[str]:
    """Return the top-level modules of others that an import statement names."""
    if isinstance(node, ast.Import):
        modules = {alias.name.partition(".")[0] for alias in node.names}
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        modules = {(node.module or "").partition(".")[0]}
    else:
        return set()
    return {name for name in modules - sys.stdlib_module_names - {"govgraph"} if name[0] != "_"}


def test_the_tests_that_make_test_leaves_out_are_the_rest() -> None:
    done = subprocess.run(
        make("--dry-run", "--old-file=.venv/.stamps/dev", "test-all"),
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    chosen = re.findall(r"pytest .* -m '(.*)'", done.stdout)
    assert chosen == ["not (whole or virtuoso)", "whole or virtuoso"]
    registered = {
        line.partition(":")[0] for line in PROJECT["tool"]["pytest"]["ini_options"]["markers"]
    }
    assert {"whole", "virtuoso"} <= registered
    assert "GOVGRAPH_NO_SKIP=1 make test-all" in (ROOT / ".ci/run").read_text("utf-8")


@pytest.mark.whole
@pytest.mark.usefixtures("kg")
def test_make_graph_builds_and_answers_on_a_screen(tmp_path: Path) -> None:
    output = tmp_path / "graph"
    done = subprocess.run(
        make("graph", f"OUTPUT={output}"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    names = {path.name for path in output.iterdir() if not path.name.startswith(".")}
    assert len(names) == 11
    assert {"govgraph.ttl", "ontology.ttl", "ontology", "shapes.ttl", "context.jsonld"} <= names
    answers = re.split(r"^\$ govgraph query ", done.stdout, flags=re.MULTILINE)[1:]
    assert [answer.split()[0] for answer in answers] == variable("QUERIES").split()
    answers[-1] = answers[-1].partition("\nThe graph is in ")[0]
    for answer in answers:
        lines = answer.splitlines()
        assert 3 < len(lines) <= ANSWER_LINES
        assert max(map(len, lines)) <= 80
    assert "make serve" in done.stdout


@pytest.mark.whole
@pytest.mark.usefixtures("kg")
def test_make_serve_says_where_it_listens() -> None:
    with subprocess.Popen(
        make("serve", "SERVE_ARGS=--port 0"), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            assert "Ctrl-C" in server.stdout.readline()
            address = server.stdout.readline().strip()
            with urllib.request.urlopen(f"{address}en/", timeout=30) as response:
                assert b"<html" in response.read()
        finally:
            server.terminate()
