"""What was answered once is answered again as it was, and nothing else is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from starlette.types import Message, Receive, Scope, Send

from govgraph import KnowledgeGraph
from govgraph.web.server.repeats import Repeats
from govgraph.web.server.state import Shelf
from serving import Answer, Server, serving

pytestmark = pytest.mark.xdist_group("web")  # one server at a time

ETAG = b'W/"1"'


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving() as running:
        yield running


class Counting:
    """An application that says how often it was asked."""

    def __init__(self, kind: bytes = b"text/plain", **headers: bytes):
        self.calls = 0
        given = {"etag": ETAG, "cache-control": b"public, no-cache", **headers}
        self.headers = [(name.replace("_", "-").encode(), value) for name, value in given.items()]
        self.headers.append((b"content-type", kind))
        self.status, self.pieces = 200, 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        for number in range(self.pieces):
            more = number + 1 < self.pieces
            body = str(self.calls).encode()
            await send({"type": "http.response.body", "body": body, "more_body": more})


Given = tuple[int, dict[bytes, bytes], bytes]


def ask(
    app: Repeats, *headers: tuple[bytes, bytes], method: str = "GET", query: bytes = b""
) -> Given:
    """Return status, headers and body of an answer."""
    scope = {
        "type": "http", "method": method, "raw_path": b"/x", "query_string": query,
        "headers": list(headers),
    }  # fmt: skip
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("no body is read")

    asyncio.run(app(scope, receive, send))
    body = b"".join(each.get("body", b"") for each in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_the_application_is_asked_once() -> None:
    inner = Counting()
    app = Repeats(inner, Shelf())
    first = ask(app)
    assert ask(app) == first == (200, first[1], b"1")
    status, headers, body = ask(app, (b"if-none-match", b'"0", "1"'))
    assert (status, body, headers[b"etag"]) == (304, b"", ETAG)
    assert b"content-type" not in headers
    assert ask(app, (b"if-none-match", b'"0"')) == first
    assert inner.calls == 1


def test_what_vary_names_tells_answers_apart() -> None:
    inner = Counting(vary=b"Accept, Accept-Encoding")
    app = Repeats(inner, Shelf())
    a, b = (b"accept", b"text/csv"), (b"accept", b"text/turtle")
    assert [ask(app, each)[2] for each in (a, b, a, b)] == [b"1", b"2", b"1", b"2"]
    assert ask(app)[2] == b"3"
    assert ask(app, a, (b"accept-encoding", b"gzip"))[2] == b"4"
    assert ask(app, a, (b"user-agent", b"x"))[2] == b"1"


@pytest.mark.parametrize(
    "headers",
    [{"cache_control": b"no-store"}, {"cache_control": b"public, max-age=9"}],
)
def test_what_does_not_say_that_it_lasts_is_not_kept(headers: dict[str, bytes]) -> None:
    app = Repeats(Counting(**headers), Shelf())
    assert [ask(app)[2] for _ in range(2)] == [b"1", b"2"]


def test_errors_streams_and_other_methods_are_not_kept() -> None:
    for change in ({"status": 404}, {"pieces": 2}):
        inner = Counting()
        vars(inner).update(change)
        app = Repeats(inner, Shelf())
        assert ask(app)[2] != ask(app)[2]
    app = Repeats(Counting(), Shelf())
    assert [ask(app, method=method)[2] for method in ("HEAD", "POST", "GET")] == [b"1", b"2", b"3"]
    accepts = ((b"accept", b"a/b"), (b"accept", b"c/d"))
    assert [ask(app, *accepts)[2] for _ in range(2)] == [b"4", b"5"]


def test_a_page_with_the_result_of_a_query_is_not_kept() -> None:
    app = Repeats(Counting(b"text/html; charset=utf-8"), Shelf())
    assert [ask(app, query=query)[2] for query in (b"q=1", b"q=1", b"", b"")] == [
        b"1", b"2", b"3", b"3",
    ]  # fmt: skip


def without_date(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return answer.status, {**answer.headers, "date": ""}, answer.body


PATHS = (
    f"/sparql?{urlencode({'query': 'SELECT * { ?s a ?type } ORDER BY ?s LIMIT 3'})}",
    f"/sparql?{urlencode({'query': 'SELECT * { ?s a ?type }'})}",
    "/query/founders-of?arrangement=bogota-como-vamos",
    "/case/bogota.ttl",
    "/case/bogota.nq",
    "/en/case/bogota.html",
    "/es/index.html",
    "/openapi.json",
    "/void.ttl",
)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", PATHS)
def test_repeated_is_as_it_was(server: Server, path: str, encoding: str) -> None:
    first = server.ask(path, Accept_Encoding=encoding)
    assert first.status == 200
    again = server.ask(path, Accept_Encoding=encoding, User_Agent="another")
    assert again.body == first.body
    if "content-length" in first.headers:  # else it came as a stream
        assert without_date(again) == without_date(first)
    for name in ("content-security-policy", "x-content-type-options", "vary", "etag"):
        assert again.headers[name] == first.headers[name]
    head = server.ask(path, method="HEAD", Accept_Encoding=encoding)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])
    unchanged = server.ask(path, Accept_Encoding=encoding, If_None_Match=first.headers["etag"])
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["vary"] == first.headers["vary"]
    assert "content-encoding" not in unchanged.headers


def test_each_format_of_one_address(server: Server) -> None:
    for _ in range(2):
        for accept in ("text/csv", "application/sparql-results+json", "text/csv"):
            answer = server.ask(PATHS[0], accept)
            assert answer.headers["content-type"].partition(";")[0] == accept
    assert server.ask(PATHS[0], "image/png").status == 406


def test_chance_is_asked_anew(server: Server) -> None:
    for path in ("/sparql", "/en/sparql.html"):
        text = "SELECT (STRUUID # of each its own\n () AS ?u) {}"
        query = urlencode({"query": text, "run": "1"})
        assert server.ask(f"{path}?{query}").body != server.ask(f"{path}?{query}").body


def test_rows_are_those_of_the_first_answer(server: Server) -> None:
    found = [json.loads(server.ask(PATHS[0]).body)["results"]["bindings"] for _ in range(2)]
    assert found[0] == found[1]
    assert len(found[0]) == 3
