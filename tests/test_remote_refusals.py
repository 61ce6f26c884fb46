"""What servers refuse with, and pages for people in the place of answers: each says what to do."""

from __future__ import annotations

import socket
from contextlib import closing

import pyoxigraph as ox
import pytest

from asking import ask, fine, refused
from govgraph.errors import RemoteError
from govgraph.store import http
from govgraph.store.changing import push
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.graph_sources import MemoryGraphs
from govgraph.store.http import Connection
from govgraph.store.store_graphs import StoreGraphs
from misbehaving import Handler, serving


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("IO error: No space left on device (os error 28)", "no space left: free some"),
        ("Virtuoso 40001 Error SR172: Transaction deadlocked", "was undone: run it again"),
        ("Virtuoso 42000 Error SR186: No permission to write", "No credentials were sent"),
    ],
)
def test_what_a_failing_server_says_tells_what_to_do(said: str, remedy: str) -> None:
    text, count = refused(lambda h: h.answer(500, said.encode(), "text/plain"))
    assert said.rstrip(".") in text
    assert remedy in text
    assert count == 1


def test_an_address_that_is_not_there_names_the_setting_of_what_it_is_for() -> None:
    with serving(lambda h: h.answer(404, b"", "")) as asked:
        update, store = (asked.url.replace("/query", path) for path in ("/update", "/store"))
        endpoint = Endpoint.of(asked.url)
        with pytest.raises(RemoteError, match=r"/update: .*set GOVGRAPH_UPDATE_URL"):
            Client(endpoint).update("CLEAR ALL")
        with closing(Connection(endpoint)) as connection:
            assert endpoint.update_url == update
            with pytest.raises(RemoteError, match=r"/store: .*set GOVGRAPH_GRAPH_STORE_URL"):
                connection.send("PUT", store, repeatable=True, params=[("graph", "urn:g")])


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>Login</title></head><body>Who are you?</body></html>",
        b"<!DOCTYPE html><form action='/in'>Login <input name=user></form>",
    ],
)
def test_a_login_page_confirms_no_write(page: bytes) -> None:
    with serving(lambda h: h.answer(body=page, content_type="text/html")) as asked:
        with pytest.raises(RemoteError, match=r"found an HTML page \(Login\) where") as error:
            Client(Endpoint.of(asked.url)).update("CLEAR ALL", repeatable=True)
        assert "set GOVGRAPH_UPDATE_URL" in str(error.value)
        assert len(asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        b"",  # Virtuoso
        b"<html>\n<head>\n</head>\n<body>\n<h1>Success</h1>\n<p>Update succeeded</p></body></html>",
    ],
)
def test_what_stores_confirm_a_write_with_is_no_page_for_people(page: bytes) -> None:
    with serving(lambda h: h.answer(body=page, content_type="text/html; charset=UTF-8")) as asked:
        Client(Endpoint.of(asked.url)).update("CLEAR ALL")
        assert len(asked) == 1


def test_a_push_stops_at_the_first_login_page() -> None:
    empty = b'{"head":{"vars":["n"]},"results":{"bindings":[]}}'

    def behave(handler: Handler) -> None:
        if handler.path.startswith("/query"):
            handler.answer(body=empty)
        else:
            handler.answer(body=b"<title>Login</title>", content_type="text/html")

    named = [ox.NamedNode(f"urn:{letter}") for letter in "abcdef"]
    source = ox.Store()
    source.extend(ox.Quad(node, node, node, node) for node in named)
    with serving(behave) as asked:
        standing = StoreGraphs(Endpoint.of(asked.url))
        with pytest.raises(RemoteError, match=r"found an HTML page \(Login\)"):
            push(MemoryGraphs(source, "source"), standing)
        writes = [path for _, path, *_ in asked.requests if not path.startswith("/query")]
        assert not [path for path in writes if "urn" in path]  # only the lock, and letting go of it
        assert len(writes) < len(named)


def test_credentials_for_another_store_are_named_where_a_store_asks_for_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOVGRAPH_ENDPOINT", "http://home/query")
    monkeypatch.setenv("GOVGRAPH_TOKEN", "t")
    text, _ = refused(lambda h: h.answer(401, b""))
    assert "those found are for http://home/query. If they are for this store, name it in" in text
    monkeypatch.delenv("GOVGRAPH_ENDPOINT")
    text, _ = refused(lambda h: h.answer(401, b""), one_of_several=True)
    assert "two stores are asked, and those found name none. If they are for this store" in text


def test_https_to_a_server_of_http_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(fine) as asked, pytest.raises(RemoteError, match="does not speak https here"):
        ask(asked.url.replace("http:", "https:"))
    monkeypatch.setattr(http, "CONNECT_TIMEOUT", 0.3)
    with socket.socket() as silent:  # takes connections and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(RemoteError) as error:
            ask(f"https://127.0.0.1:{silent.getsockname()[1]}/query")
    assert "no secure connection within 0.3 seconds. Does this server speak https?" in str(error)
    assert "GOVGRAPH_TIMEOUT" not in str(error)
