"""Where a store is: what is given, the environment, the habits of servers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from asking import endpoint_of
from govgraph.errors import UsageError
from govgraph.store.endpoint import Endpoint, configured
from misbehaving import Handler, serving

OXIGRAPH = "http://localhost:7878/query"
BINARY = str(Path(sys.executable).with_name("govgraph"))


@pytest.mark.parametrize(
    ("query", "update", "graph_store"),
    [
        (OXIGRAPH, "http://localhost:7878/update", "http://localhost:7878/store"),
        ("http://h:3030/ds/query", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ("http://h:3030/ds/sparql", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        (
            "http://h:7200/repositories/gov",
            "http://h:7200/repositories/gov/statements",
            "http://h:7200/repositories/gov/rdf-graphs/service",
        ),
        ("http://h:8890/sparql", "http://h:8890/sparql", "http://h:8890/sparql-graph-crud"),
        (
            "http://h:8890/sparql-auth",
            "http://h:8890/sparql-auth",
            "http://h:8890/sparql-graph-crud-auth",
        ),
        ("https://example.org/a", None, None),
    ],
)
def test_addresses_follow_from_the_query_url(
    query: str, update: str | None, graph_store: str | None
) -> None:
    endpoint = Endpoint.of(query)
    assert (endpoint.update_url, endpoint.graph_store_url) == (update, graph_store)


def test_virtuoso_is_signed_in_to_by_digest() -> None:
    endpoint = endpoint_of("http://h:8890/sparql", user="dba", password="dba")
    assert endpoint.auth == "digest"
    assert endpoint.update_url == "http://h:8890/sparql-auth"
    assert endpoint.graph_store_url == "http://h:8890/sparql-graph-crud-auth"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGRAPH_ENDPOINT", OXIGRAPH)
    monkeypatch.setenv("GOVGRAPH_UPDATE_URL", "http://u/")
    monkeypatch.setenv("GOVGRAPH_USER", "ana")
    monkeypatch.setenv("GOVGRAPH_PASSWORD", "secret")
    monkeypatch.setenv("GOVGRAPH_TIMEOUT", "30")
    assert configured() == OXIGRAPH
    endpoint = Endpoint.of()
    assert endpoint.query_url == OXIGRAPH
    assert endpoint.update_url == "http://u/"
    assert (endpoint.user, endpoint.password, endpoint.auth) == ("ana", "secret", "basic")
    assert endpoint.timeout == 30


def test_a_password_goes_to_the_store_it_was_written_for_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOVGRAPH_ENDPOINT", OXIGRAPH)
    monkeypatch.setenv("GOVGRAPH_USER", "ana")
    monkeypatch.setenv("GOVGRAPH_PASSWORD", "secret")
    monkeypatch.setenv("GOVGRAPH_TOKEN", "t")
    other = Endpoint.of("http://other/query")
    assert (other.user, other.password, other.token, other.auth) == ("", "", "", "")
    assert Endpoint.of().token == "t"
    assert Endpoint.of(OXIGRAPH).password == "secret"


CREDENTIALS = {
    "GOVGRAPH_USER": "ana", "GOVGRAPH_PASSWORD": "secret", "GOVGRAPH_TOKEN": "t",
    "GOVGRAPH_UPDATE_URL": "http://home/update", "GOVGRAPH_TIMEOUT": "7",
}  # fmt: skip


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


def credentials(endpoint: Endpoint) -> tuple[str, ...]:
    return (endpoint.user, endpoint.password, endpoint.token, endpoint.auth)


@pytest.mark.usefixtures("signed_in")
def test_an_environment_describes_the_store_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGRAPH_ENDPOINT", OXIGRAPH)
    for home in (Endpoint.of(), Endpoint.of(OXIGRAPH), Endpoint.of(OXIGRAPH, one_of_several=True)):
        assert credentials(home) == ("ana", "secret", "t", "bearer")
        assert home.update_url == "http://home/update"
        assert home.withheld == ""
    other = Endpoint.of("http://other/query")
    assert credentials(other) == ("", "", "", "")
    assert other.update_url == "http://other/update"  # not where the other store is written to
    assert other.withheld == OXIGRAPH
    assert other.timeout == 7  # how long one waits is no matter of the store


@pytest.mark.usefixtures("signed_in")
def test_where_no_store_is_named_credentials_are_for_the_one_asked() -> None:
    asked = Endpoint.of("http://asked/query")
    assert credentials(asked) == ("ana", "secret", "t", "bearer")
    assert asked.update_url == "http://home/update"
    one = Endpoint.of("http://asked/query", one_of_several=True)  # nobody knows for which
    assert credentials(one) == ("", "", "", "")
    assert one.withheld == "several"


def sent_by(url: str, *arguments: str, **environment: str) -> list[str | None]:
    """Return the Authorization of each request that a command makes."""
    with serving(lambda handler: handler.answer()) as asked, serving(Handler.answer) as home:
        named = {"OTHER": asked.url, "HOME": home.url}
        if url:
            environment["GOVGRAPH_ENDPOINT"] = url
        settings = {
            **os.environ,
            **{key: named.get(value, value) for key, value in environment.items()},
        }
        words = [BINARY, *(named.get(word, word) for word in arguments)]
        subprocess.run(words, env=settings, capture_output=True, check=False, timeout=60)
        assert len(asked) > 0
        return [headers.get("Authorization") for _, _, headers, _ in asked.requests]


BASIC = "Basic YW5hOnNlY3JldA=="
ANA = {"GOVGRAPH_USER": "ana", "GOVGRAPH_PASSWORD": "secret"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "founders-of", "--endpoint", "OTHER"),
        ("push", "OTHER"),
        ("pull", "OTHER", "-o", "-"),
        ("infer", "--endpoint", "OTHER"),
        ("diff", "OTHER", "bundled"),
    ],
)
def test_no_command_sends_a_store_what_signs_in_to_another(arguments: tuple[str, ...]) -> None:
    assert set(sent_by("HOME", *arguments, **ANA)) == {None}
    assert set(sent_by("OTHER", *arguments, **ANA)) == {BASIC}


def test_of_two_stores_only_the_configured_one_is_signed_in_to() -> None:
    assert set(sent_by("", "diff", "OTHER", "HOME", **ANA)) == {None}
    assert set(sent_by("", "diff", "OTHER", "bundled", **ANA)) == {BASIC}
    there = {**ANA, "GOVGRAPH_ENDPOINT": "OTHER"}
    assert set(sent_by("", "diff", "OTHER", "HOME", **there)) == {BASIC}


def test_secrets_are_not_shown() -> None:
    endpoint = endpoint_of(OXIGRAPH, user="ana", password="secret")
    assert "secret" not in repr(endpoint)
    assert "abc" not in repr(endpoint_of(OXIGRAPH, token="abc"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no endpoint is named"),
        ({"url": "localhost:7878"}, "expected an address such as"),
        ({"url": "ftp://h/query"}, "expected an address such as"),
        ({"url": "http:///query"}, "expected an address such as"),
        ({"url": "http://h:port/query"}, "expected an address such as"),
        ({"url": "http://h/a b"}, "expected an address such as"),
        ({"url": "http://h/\x1b[31m"}, "expected an address such as"),
        ({"url": "http://ana:secret@h/query"}, "others on this machine can see"),
        ({"url": OXIGRAPH, "update_url": "update"}, "update-url: found 'update'"),
        ({"url": OXIGRAPH, "auth": "digets"}, "Did you mean 'digest'"),
        ({"url": OXIGRAPH, "auth": "basic"}, "set GOVGRAPH_USER"),
        ({"url": OXIGRAPH, "auth": "bearer"}, "set GOVGRAPH_TOKEN"),
        ({"url": OXIGRAPH, "timeout": -1}, "expected seconds"),
        ({"url": OXIGRAPH, "timeout": float("nan")}, "expected seconds"),
    ],
)
def test_what_is_no_endpoint_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        endpoint_of(**options)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
