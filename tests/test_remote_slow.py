"""Answers that come slowly, or in compressed pieces."""

from __future__ import annotations

import gzip
import time

from asking import ask
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from misbehaving import YES, Handler, serving


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
