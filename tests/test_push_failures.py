"""Stores that refuse, fail or are not there: one line with address and remedy, and nothing lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import servers
from cutting import Proxy, cutting
from govgraph.cli import group
from govgraph.errors import RemoteError, UsageError
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from misbehaving import Handler, serving

E = "http://example.org/"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def source(tmp_path: Path) -> str:
    """Return the path of a small file of N-Quads."""
    path = tmp_path / "source.nq"
    path.write_text("".join(f'<{E}s> <{E}p> "{i}" <{E}g{i}> .\n' for i in range(5)))
    return str(path)


def push(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["push", *arguments])


def refused(*arguments: str) -> str:
    error = push(*arguments).exception
    assert isinstance(error, RemoteError), error
    assert "\n" not in str(error)
    assert error.exit_code == 3
    assert str(error).endswith("until then who asks the store is warned.")
    return str(error)


@contextmanager
def refusing(
    store: Endpoint, writes: Callable[[Handler], None], *, only_path: str = ""
) -> Iterator[Proxy]:
    """Run a proxy to a store that answers reads and treats writes in a way of its own."""
    with cutting(store) as proxy:
        behave = proxy.behave

        def watch(handler: Handler) -> None:
            path = handler.asked.requests[-1][1]
            reads = path.startswith("/query")
            (behave if reads or not path.startswith(only_path) else writes)(handler)

        proxy.behave = watch  # type: ignore[method-assign]
        yield proxy


@pytest.fixture
def store(oxigraph_server: Endpoint) -> Endpoint:
    Client(oxigraph_server).update("DROP ALL", repeatable=True)
    return oxigraph_server


def test_no_server(source: str) -> None:
    url = f"http://127.0.0.1:{servers.free_port()}/query"
    message = refused(url, source)
    assert message.startswith(f"{url}: no connection (Connection refused). Is the server up")


def test_a_certificate_that_is_refused(tmp_path: Path, source: str) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", "-keyout", str(key),
         "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    certificate.write_text(certificate.read_text() + key.read_text())
    with serving(lambda handler: handler.answer(), certificate) as asked:
        message = refused(asked.url, source)
    assert message.startswith(f"{asked.url}: the certificate is refused")
    assert "REQUESTS_CA_BUNDLE" in message
    assert len(asked) == 0


def test_no_address_is_wrong_usage(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOVGRAPH_ENDPOINT", "GOVGRAPH_UPDATE_URL"):
        monkeypatch.delenv(name, raising=False)
    for address in ("", "localhost", "ftp://x/y", "http://ana:secret@localhost/query"):
        error = push(address, source).exception
        assert isinstance(error, UsageError), error
        assert "secret" not in str(error)


@pytest.mark.oxigraph_server
def test_a_read_only_store(tmp_path: Path, source: str) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    with servers.oxigraph(folder):
        pass
    with servers.oxigraph(folder, read_only=True) as endpoint:
        message = refused(endpoint.query_url, source)
        assert endpoint.query_url.replace("/query", "/") in message
        assert "read-only" in message.lower() or "writing" in message.lower(), message


@pytest.mark.oxigraph_server
@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "GOVGRAPH_USER and GOVGRAPH_PASSWORD"),
        (403, "No credentials were sent"),
        (413, "raise the limit of the server"),
        (500, "its log may say why"),
        (503, "Try again later"),
        (507, "no space left"),
    ],
)
def test_a_store_that_refuses_to_be_written_to(
    store: Endpoint, source: str, status: int, remedy: str
) -> None:
    def refuse(handler: Handler) -> None:
        handler.answer(status, b"No space left on device" if status == 507 else b"no", "text/plain")

    with refusing(store, refuse) as proxy:
        message = refused(proxy.endpoint.query_url, source)
    assert remedy in message
    assert str(status) in message
    assert push(store.query_url, source).exit_code == 0
    assert CliRunner().invoke(group, ["diff", source, store.query_url]).exit_code == 0


@pytest.mark.oxigraph_server
def test_a_disk_that_is_full_in_the_middle(
    store: Endpoint, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govgraph.store.changing.GRAPHS", 1)
    left = [3]

    with cutting(store) as proxy:
        behave = proxy.behave

        def fill(handler: Handler) -> None:
            if handler.asked.requests[-1][1].startswith("/store"):
                left[0] -= 1
            if left[0] <= 0:
                handler.answer(507, b"disk full", "text/plain")
            else:
                behave(handler)

        proxy.behave = fill  # type: ignore[method-assign]
        assert "no space left" in refused(proxy.endpoint.query_url, source)
        left[0] = 1000
        again = push(proxy.endpoint.query_url, source)
    assert again.exit_code == 0
    assert "unchanged" in again.stderr
    assert " 0 unchanged" not in again.stderr  # what stood already was not sent again
    assert CliRunner().invoke(group, ["diff", source, store.query_url]).exit_code == 0


@pytest.mark.oxigraph_server
def test_a_store_that_takes_no_writes_says_so(store: Endpoint, source: str) -> None:
    def missing(handler: Handler) -> None:
        handler.answer(405, b"", "text/plain")

    with refusing(store, missing) as proxy:
        message = refused(proxy.endpoint.query_url, source)
    assert "read-only" in message
    assert "GOVGRAPH_UPDATE_URL" in message


@pytest.mark.oxigraph_server
def test_a_store_that_takes_it_and_keeps_nothing_is_found_out(store: Endpoint, source: str) -> None:
    def forget(handler: Handler) -> None:
        handler.answer(204, b"", "")

    with refusing(store, forget) as proxy:
        found = push(proxy.endpoint.query_url, source)
    assert found.exit_code == 1
    assert "stands otherwise than sent" in found.stderr
    assert "5 graphs stand otherwise" in found.stderr


@pytest.mark.oxigraph_server
def test_something_else_that_writes_meanwhile_is_found_out(store: Endpoint, source: str) -> None:
    with cutting(store) as proxy:
        behave = proxy.behave

        def meddle(handler: Handler) -> None:
            behave(handler)
            if handler.asked.requests[-1][3].count(b"state"):
                Client(store).update(
                    f'INSERT DATA {{ GRAPH <{E}g1> {{ <{E}s> <{E}p> "theirs" }} }}'
                )

        proxy.behave = meddle  # type: ignore[method-assign]
        found = push(proxy.endpoint.query_url, source)
    assert found.exit_code in {1, 3}
    assert f"{E}g1" in found.stderr or f"{E}g1" in str(found.exception)


@pytest.mark.oxigraph_server
def test_the_summary_is_one_line_on_stderr(store: Endpoint, source: str) -> None:
    found = push(store.query_url, source)
    assert found.stdout == ""
    assert found.stderr == (
        f"{store.query_url}: 5 graphs written (5 statements), compared statement by"
        " statement; 0 unchanged, by checksum and count; 0 removed\n"
    )
