"""Answers that come slowly, in pieces, or never to an end."""

from __future__ import annotations

import gzip
import re
import time
from contextlib import suppress

import pytest

from asking import ask, refused
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from misbehaving import YES, Handler, serving


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_trickles_is_left_after_the_timeout(chunked: bool, status: int) -> None:
    def trickle(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/sparql-results+json")
        how = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", "400")
        handler.send_header(*how)
        handler.end_headers()
        with suppress(OSError):  # the client has hung up
            for _ in range(40):
                handler.wfile.write(b"1\r\n \r\n" if chunked else b" ")
                time.sleep(0.1)
        handler.close_connection = True

    started = time.monotonic()
    text, count = refused(trickle, timeout=0.5)
    assert time.monotonic() - started < 2
    assert count == 1
    if status == 200:
        assert re.search(r"the answer trickles \(\d bytes within 0.5 seconds\)", text)


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
        assert ask(asked.url, timeout=0.5)


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
