"""Bytes on the wire, as no HTTP library sends them: what uvicorn makes of them, with its limits."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from benchmarks.hostile import CROSS

from govgraph import KnowledgeGraph
from serving import Server, dechunked, serving

pytestmark = pytest.mark.xdist_group("limits")  # they count seconds: one at a time

CHUNKED = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving("--stall-limit", "1", "--time-limit", "8", "--workers", "2") as running:
        yield running


def open_to(server: Server) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def read_all(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionError:
        pass
    return received


HEADS = {
    "address": (b"GET /", b"x" * 65536),
    "header": (b"GET / HTTP/1.1\r\nX-Long: ", b"x" * 65536),
    "headers": (b"GET / HTTP/1.1\r\n", b"X-Many: x\r\n" * 6000),
    "trailers": (CHUNKED + b"5\r\nASK{}\r\n0\r\n", b"X-Trailer: x\r\n" * 6000),
    "trailer": (CHUNKED + b"5\r\nASK{}\r\n0\r\nX-Trailer: ", b"x" * 65536),
    "extension of a chunk": (CHUNKED + b"5;", b"x" * 65536),
}
"""Name -> how a request begins, and what is then sent again and again."""


def test_a_head_without_end_is_refused(server: Server) -> None:
    """The server hangs up long before its memory fills: uvicorn's h11 reads 48 kB of a head."""
    faults = []
    for name, (begin, more) in HEADS.items():
        sent = 0
        with open_to(server) as connection:
            connection.sendall(begin)
            try:
                while sent < 100_000_000:
                    connection.sendall(more)
                    sent += len(more)
            except OSError:
                pass
        if sent >= 40_000_000:
            faults.append(f"{name}: {sent:,} bytes were taken")
    assert faults == []
    assert server.query("ASK {}").status == 200


def test_trailers_are_no_headers(server: Server) -> None:
    with open_to(server) as connection:
        connection.sendall(CHUNKED + b"5\r\nASK{}\r\n0\r\nAccept: text/csv\r\n\r\n")
        head = connection.recv(65536).lower()
    assert b"application/sparql-results+json" in head


UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"


@pytest.mark.parametrize("pause", [0, 0.2], ids=["at once", "body later"])
@pytest.mark.parametrize("length", [b"Content-Length: 6", b"Transfer-Encoding: chunked"])
def test_another_protocol_is_not_taken_up(server: Server, length: bytes, pause: float) -> None:
    """Java's client and `curl --http2` ask for HTTP/2 with each request: the body is still its."""
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Accept: text/csv\r\n" + UPGRADE + length + b"\r\n\r\n"
    )
    body = b"ASK {}" if b"chunked" not in length else b"6\r\nASK {}\r\n0\r\n\r\n"
    after = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with open_to(server) as connection:
        connection.sendall(head if pause else head + body + after)
        if pause:
            time.sleep(pause)
            connection.sendall(body + after)
        received = read_all(connection)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert b"true" in received
    assert received.endswith(server.ask("/robots.txt").body)


def test_a_body_is_no_further_request(server: Server) -> None:
    inner = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n"
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        + UPGRADE
        + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(inner)
    )
    with open_to(server) as connection:
        connection.sendall(head)
        time.sleep(0.2)
        connection.sendall(inner)
        received = read_all(connection)
    assert received.startswith(b"HTTP/1.1 400")
    assert received.count(b"HTTP/1.1") == 1


def test_what_cannot_be_answered_is_refused(server: Server) -> None:
    requests = {
        b"GET /robots.txt HTTP/1.1\r\n\r\n": b"400",  # no host
        b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": b"400",
        b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n": b"405",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n": b"405",
    }
    statuses = {}
    for sent in requests:
        with open_to(server) as connection:
            connection.sendall(sent)
            statuses[sent] = read_all(connection)[9:12]
    assert statuses == requests


def test_nonsense_behind_a_request_is_no_part_of_its_answer(server: Server) -> None:
    query = urlencode({"query": "SELECT * { ?s ?p ?o . ?o ?q ?r } LIMIT 30000"})
    with open_to(server) as connection:
        connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        received = connection.recv(100)
        connection.sendall(b"\0 nonsense\r\n\r\n")
        received += read_all(connection)
    head, _, rest = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    body, end, after = rest.partition(b"\r\n0\r\n\r\n")
    assert end
    assert len(json.loads(dechunked(body + end))["results"]["bindings"]) == 30_000
    assert after.startswith(b"HTTP/1.1 400")  # an answer of its own


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    queries = [f"SELECT ({number} AS ?n) {{}}" for number in range(5)]
    paths = [f"/sparql?{urlencode({'query': query})}" for query in queries]
    lines = "".join(f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n" for path in paths)
    with open_to(server) as connection:
        connection.sendall(lines[:-2].encode() + b"Connection: close\r\n\r\n")
        received = read_all(connection)
    answers = received.split(b"HTTP/1.1 200 OK")[1:]
    bodies = [dechunked(answer.partition(b"\r\n\r\n")[2]) for answer in answers]
    assert bodies == [f"n\r\n{number}\r\n".encode() for number in range(5)]


def test_who_leaves_stops_the_first_of_several_queries(server: Server) -> None:
    """One client has one worker of two: it is free again long before the time limit."""
    slow = f"/sparql?{urlencode({'query': CROSS})}"
    with open_to(server) as connection:
        request = f"GET {slow} HTTP/1.1\r\nHost: a\r\n\r\n"
        connection.sendall(request.encode() + b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.5)
    began = time.monotonic()
    assert server.query("ASK {}  # after one that was left").status == 200
    assert time.monotonic() - began < 4


def test_a_steady_reader_gets_all(server: Server) -> None:
    """Who takes its time, but takes, is not hung up on, however long it takes in all."""
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    whole = server.query(query, "application/sparql-results+json")
    path = f"/sparql?{urlencode({'query': query})}"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.settimeout(10)
        connection.connect((server.host, server.port))
        accept = "Accept: application/sparql-results+json\r\nConnection: close"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n{accept}\r\n\r\n".encode())
        received = b""
        while piece := connection.recv(65536):
            received += piece
            time.sleep(0.02 if len(received) < 3_000_000 else 0)
    body = dechunked(received.partition(b"\r\n\r\n")[2])
    assert len(json.loads(body)["results"]["bindings"]) == len(
        json.loads(whole.body)["results"]["bindings"]
    )
