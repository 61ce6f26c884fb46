"""Answers that come slowly, in compressed pieces, without an end, or too deep to be read."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterator

import pytest

from asking import ask, refused
from govgraph.errors import RemoteError
from govgraph.store import http
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from misbehaving import RESULTS, YES, Handler, serving


def test_a_long_answer_may_take_longer_than_the_timeout() -> None:
    rows = b" " * 1100

    def steady(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.send_header("Content-Length", str(10 * len(rows) + len(YES)))
        handler.end_headers()
        for _ in range(10):
            handler.wfile.write(rows)
            time.sleep(0.15)
        handler.wfile.write(YES)

    with serving(steady) as asked:
        assert ask(asked.url, timeout=1.0)


def test_an_answer_in_compressed_pieces_is_read_whole() -> None:
    packed = gzip.compress(YES + b" " * 100_000)

    def pack(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for start in range(0, len(packed), 50):
            piece = packed[start : start + 50]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    with serving(pack) as asked:
        client = Client(Endpoint.of(asked.url))
        assert client.ask("ASK {}")
        assert client.ask("ASK {}")
        assert len(asked) == 2


def endless(handler: Handler, pieces: Iterator[bytes], **headers: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    for name, value in {"Connection": "close", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.close_connection = True
    try:
        for piece in pieces:
            handler.wfile.write(piece)
    except OSError:
        pass  # whoever asked has hung up


def blanks(pause: float = 0.0) -> Iterator[bytes]:
    while True:
        yield b" " if pause else b" " * 100_000
        time.sleep(pause)


def bomb() -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(2_000):
        yield packer.compress(b" " * 1_000_000)


def test_an_answer_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGRAPH_LARGEST_ANSWER", "2")
    text, _ = refused(lambda handler: endless(handler, blanks()))
    assert "the answer has more than 2 MB. Ask for less at a time, or set GOVGRAPH_LARGEST" in text


def test_an_answer_that_unfolds_to_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGRAPH_LARGEST_ANSWER", "20")
    text, _ = refused(lambda handler: endless(handler, bomb(), Content_Encoding="gzip"))
    assert "the answer has more than 20 MB" in text


def test_an_answer_that_trickles_is_told_of_and_given_up(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(http, "PATIENCE", 0.1)
    begun = time.monotonic()
    text, _ = refused(lambda handler: endless(handler, blanks(0.03)), timeout=0.05)
    assert 0.4 < time.monotonic() - begun < 2
    assert "no whole answer within 0.5 seconds. Set GOVGRAPH_TIMEOUT higher: a whole" in text
    assert "query: no whole answer for 0.1 seconds; waiting 0.5." in " ".join(
        str(warning.message) for warning in recwarn
    )


def test_a_silent_store_is_told_of(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(http, "PATIENCE", 0.1)
    text, _ = refused(lambda handler: time.sleep(0.6), timeout=0.3)
    assert "no answer within 0.3 seconds" in text
    assert "no whole answer for 0.1 seconds" in " ".join(
        str(warning.message) for warning in recwarn
    )


TRIPLE = b'{"type":"triple","value":{"subject":'
DEEP = {
    "brackets": b"[" * 5_000_000,
    "rows": b'{"head":{"vars":["a"]},"results":{"bindings":' + b"[" * 5_000_000 + b"}",
    "terms": b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":' + TRIPLE * 100_000 + b"}]}}",
    "name": b'{"head":{"vars":["a) { }"]},"results":{"bindings":[]}}',
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_an_answer_too_deep_to_be_read_is_one_line(body: bytes) -> None:
    text, _ = refused(lambda handler: handler.answer(body=body))
    assert len(text) < 400
    assert "nests more than 100 deep" in text or "is no SPARQL results in JSON" in text


def test_triples_within_triples_without_an_end_are_one_line() -> None:
    body = b"<a:s> <a:p> " + b"<<( <a:s> <a:p> " * 100_000 + b"<a:o>" + b" )>>" * 100_000 + b" .\n"

    def behave(handler: Handler) -> None:
        handler.answer(body=body, content_type="application/n-triples")

    with serving(behave) as asked:
        client = Client(Endpoint.of(asked.url))
        with pytest.raises(RemoteError, match="nests more than 100 deep"):
            client.query("DESCRIBE <a:s>")


@pytest.mark.parametrize("status", [301, 401, pytest.param(429, marks=pytest.mark.whole), 500])
def test_nothing_a_server_says_steers_the_terminal(status: int) -> None:
    evil = "\x1b[31mred\x07\x9b2J"
    headers = {
        "Location": f"http://x/{evil}", "Retry_After": f"99{evil}", "WWW_Authenticate": evil,
    }  # fmt: skip

    def behave(handler: Handler) -> None:
        handler.answer(status, evil.encode(), f"text/plain{evil}", **headers)

    text, _ = refused(behave)
    assert text.isprintable()
