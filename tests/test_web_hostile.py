"""Hostile and careless clients: each query is stopped in time, and nobody else notices."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from benchmarks.hostile import CROSS, EXPLOSIVE

from govgraph import KnowledgeGraph
from serving import Server, serving

pytestmark = pytest.mark.xdist_group("limits")  # they count seconds: one at a time

TIME_LIMIT = 1.0
SOON = 6.0
"""Seconds that a busy machine may be late by; what is not stopped at all takes minutes."""
OTHER = "127.0.0.2"
"""Address of a second client."""
LEAVING = 16
"""Clients that leave at once: served two at a time, all of them would take half as many limits."""


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    limits = ("--time-limit", str(TIME_LIMIT), "--memory-limit", "300", "--result-limit", "20")
    limits += ("--stall-limit", "1")
    with serving(*limits) as running:
        yield running


@contextmanager
def second_client(server: Server) -> Iterator[list[float]]:
    """Ask cheap queries from another address all the while; yields the seconds each took."""
    seconds: list[float] = []
    failures: list[object] = []
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            began = time.monotonic()
            path = f"/sparql?{urlencode({'query': f'ASK {{ ?s ?p ?o }} #{number}'})}"
            try:
                answer = server.ask(path, source=OTHER)
                if (answer.status, b"true" in answer.body) != (200, True):
                    failures.append(answer)
            except OSError as error:
                failures.append(error)
            seconds.append(time.monotonic() - began)
            stop.wait(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield seconds
    finally:
        stop.set()
        thread.join()
    assert not failures
    assert len(seconds) >= 1


def children(pid: int) -> list[int]:
    """Return the processes that any thread of a process has started."""
    texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for text in texts for child in text.split()]


def alive(pid: int) -> bool:
    """Tell whether a process runs (one that only waits to be reaped does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def resident(pid: int) -> int:
    """Return the resident memory of a process in kilobytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


@pytest.mark.parametrize("name", EXPLOSIVE)
def test_explosive_query_is_stopped(server: Server, name: str) -> None:
    text, statuses = EXPLOSIVE[name]
    body, form = urlencode({"query": text}), "application/x-www-form-urlencoded"
    with second_client(server) as others:
        began = time.monotonic()
        answer = server.ask("/sparql", method="POST", body=body, Content_Type=form)
        took = time.monotonic() - began
    assert answer.status in statuses, answer.text
    assert took < TIME_LIMIT + SOON
    assert len(answer.text) < 300
    if answer.status != 200:  # a fast machine answers some of them in time
        assert answer.text.endswith("\n")
    if answer.status == 503:
        assert int(answer.headers["retry-after"]) > 0
    assert sorted(others)[len(others) // 2] < max(0.5, took / 2)


A_FEW = 20
"""How often a busy machine, on which not even the first row may come in time, is asked."""


def test_endless_rows_break_off(server: Server) -> None:
    """Rows had begun to come, so the status was sent: the connection then breaks."""
    path = f"/sparql?{urlencode({'query': f'SELECT * {{ {CROSS} }}'})}"
    for _ in range(A_FEW):
        connection = server.connect()
        connection.request("GET", path)
        response = connection.getresponse()
        if response.status != 503:
            break
        connection.close()
    assert response.status == 200
    began = time.monotonic()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    assert time.monotonic() - began < TIME_LIMIT + SOON
    connection.close()


def test_one_client_cannot_take_every_worker(server: Server) -> None:
    text = EXPLOSIVE["cross join counted"][0]
    greedy = [
        threading.Thread(target=server.query, args=(f"{text} #{n}",), kwargs={"method": "POST"})
        for n in range(4)
    ]
    for thread in greedy:
        thread.start()
    time.sleep(0.2)
    answer = server.ask(f"/sparql?{urlencode({'query': 'ASK { ?s ?p ?o } #other'})}", source=OTHER)
    assert answer.status == 200
    assert all(thread.is_alive() for thread in greedy)  # it waited for none of them
    for thread in greedy:
        thread.join()


def seconds(ask: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.monotonic()
    ask()
    return time.monotonic() - began


def left_at_once(server: Server, paths: Iterable[str]) -> None:
    """Ask for each path, and leave before it is answered."""
    for path in paths:
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.05)


def test_abandoned_query_is_stopped(server: Server) -> None:
    """Many leave at once; were they still served, two at a time, the last would have to wait."""

    def ask(word: str) -> None:
        assert server.query(f"ASK {{ ?s ?p ?o }} #{word}").status == 200

    alone = seconds(partial(ask, "before"))
    text = EXPLOSIVE["cross join counted"][0]
    queries = (f"{text} #gone {number}" for number in range(LEAVING))
    left_at_once(server, (f"/sparql?{urlencode({'query': query})}" for query in queries))
    assert seconds(partial(ask, "after")) < alone + LEAVING * TIME_LIMIT / 4


def test_abandoned_page_is_stopped(server: Server) -> None:
    """All pages are one client, that has two workers: were these still at work, it would wait."""

    def path_of(query: str) -> str:
        return f"/en/sparql.html?{urlencode({'query': query, 'run': '1'})}"

    def ask(word: str) -> None:
        assert word in server.ask(path_of(f"SELECT (1 AS ?{word}) {{}}")).text

    alone = seconds(partial(ask, "before"))
    text = EXPLOSIVE["cross join counted"][0]
    left_at_once(server, (path_of(f"{text} #{number}") for number in range(LEAVING)))
    assert seconds(partial(ask, "after")) < alone + LEAVING * TIME_LIMIT / 4


def test_result_limit(server: Server) -> None:
    """Twenty megabytes are the most; a stored query's rows are counted before any is sent."""
    asked = (server.query(f"SELECT * {{ {CROSS} }} LIMIT 100") for _ in range(A_FEW))
    small = next(answer for answer in asked if answer.status != 503)
    assert len(json.loads(small.body)["results"]["bindings"]) == 100
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        server.query(f"SELECT * {{ {CROSS} }} LIMIT 50000")


def test_long_address_and_headers(server: Server) -> None:
    answer = server.ask(f"/sparql?query={'x' * 20_000}")
    assert answer.status == 414
    assert "POST" in answer.text
    assert server.ask("/sparql", X_Long="x" * 40_000).status == 431
    assert server.ask("/sparql", X_Longer="x" * 100_000).status in {400, 431}
    many = {f"X_{number}": "x" * 100 for number in range(90)}
    assert server.ask("/robots.txt", **many).status == 200


def test_large_body_is_not_asked_for(server: Server) -> None:
    """A client that sends Expect: 100-continue is refused before it sends anything."""
    head = (
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        "Content-Length: 9999999999\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_half_a_body_is_not_waited_for(server: Server) -> None:
    sent = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 100\r\n\r\nASK"
    )
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(sent)
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


@pytest.mark.whole
def test_who_reads_nothing_frees_the_worker(server: Server) -> None:
    """Two workers of three are all that one client has: a third query would have to wait."""
    text = f"SELECT ('{'x' * 4000}' AS ?x) {{ ?s ?p ?o }} LIMIT 3000"
    path = f"/sparql?{urlencode({'query': text})}"
    whole = server.ask(path)
    assert whole.status == 200
    lazy = [socket.socket() for _ in range(2)]
    for connection in lazy:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((server.host, server.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    time.sleep(0.3)
    began = time.monotonic()
    assert server.query("ASK { ?s ?p ?o } #while nobody reads").status == 200
    assert time.monotonic() - began < 5
    time.sleep(1.2)  # the first of them freed a worker; now the other has been hung up on too
    for connection in lazy:
        received = 0
        try:  # what the systems had taken in the meantime, and then the end
            while piece := connection.recv(65536):
                received += len(piece)
        except ConnectionError:
            pass
        connection.close()
        assert received < len(whole.body)


@pytest.mark.parametrize("text", ["a-" * 30_000, '\\"""\n' * 12_000], ids=["names", "quotes"])
def test_a_text_that_is_slow_to_scan_holds_up_nobody(server: Server, text: str) -> None:
    """It is scanned by a worker, which the time limit ends, never by the server itself."""
    with second_client(server) as others:
        began = time.monotonic()
        answer = server.query(text, method="POST")
        took = time.monotonic() - began
    assert answer.status in {400, 503}
    assert took < TIME_LIMIT + SOON
    assert max(others) < max(0.8, took * 0.8)


def test_nonsense_on_the_wire(server: Server) -> None:
    for sent in (
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
        b"GET /\r\n HTTP/1.1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ):
        with socket.create_connection((server.host, server.port), timeout=5) as connection:
            connection.sendall(sent)
            assert connection.recv(100)[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 415"}
    assert server.query("ASK {}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/%0d%0aSet-Cookie:%20a=b",
        "/case/bogota%0d%0aX-Injected:%20yes",
        "/case/%00",
        "/%ff%fe",
        "/../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/dump/..%2f..%2fetc%2fpasswd",
        "/dump/%2fetc%2fpasswd",
        "/static/..%2f..%2fserver.py",
        "/query/..%2f..%2fREADME.rq",
        "//evil.example/case/bogota",
        "/%2fevil.example/",
        "/case/bogota/../../etc/passwd.ttl",
    ],
)
def test_hostile_paths(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    assert not {"set-cookie", "x-injected", "location"} & set(answer.headers)
    assert b"root:" not in answer.body


def test_host_header_is_not_believed(server: Server) -> None:
    for path in ("/case/bogota", "/sitemap.xml", "/void", "/openapi.json", "/sparql"):
        answer = server.ask(path, Host="evil.example", X_Forwarded_Host="evil.example")
        assert b"evil.example" not in answer.body
        assert "evil.example" not in str(answer.headers)


def test_security_headers(server: Server) -> None:
    for path in ("/robots.txt", "/case/bogota", "/nowhere", "/sparql?query=x"):
        headers = server.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert "server" not in headers


@pytest.mark.whole
def test_loss_of_the_fork_server_is_made_good(server: Server) -> None:
    """Something (the system, short of memory) ends the process that workers are made from."""
    [fork_server] = children(server.pid)
    orphans = children(fork_server)
    os.kill(fork_server, signal.SIGKILL)
    text = EXPLOSIVE["cross join counted"][0]
    for number in range(4):
        assert server.query(f"{text} #{number}", method="POST").status == 503
    assert server.query("ASK { ?s ?p ?o } #once more").status == 200
    assert len(orphans) == 3
    assert not [pid for pid in orphans if alive(pid)]


def test_parent_lives_and_does_not_grow(server: Server) -> None:
    def rounds(count: int) -> None:
        for number in range(count):
            assert server.query(f"SELECT * {{ ?s a ?o }} LIMIT 50 #{number % 40}").status == 200
            negations = f"ASK {{ FILTER({'!' * 20_000}true) }}"
            if number % 20 == 0:
                assert server.query(negations, method="POST").status == 413

    rounds(60)
    before = resident(server.pid)
    rounds(200)
    assert resident(server.pid) - before < 10_000


SCANNED = [
    "a-",
    '\\"""\n',
    '"""',
    "<",
    "#",
    "@a-b-c ",
    "0123456789",
    "::::",
    "?",
    "(",
    "{",
    "[",
    "e.",
]


@pytest.mark.parametrize("size", [60_000, 199_000])
def test_what_keeps_a_scanner_busy_keeps_nobody_waiting(server: Server, size: int) -> None:
    """In version 0.2 one POST of 60 kB of `a-a-…` stopped everybody for a minute."""
    with second_client(server) as seconds:
        for piece in SCANNED:
            text = piece * (size // len(piece))
            answer = server.ask(
                "/sparql", method="POST", body=text, Content_Type="application/sparql-query"
            )
            assert answer.status in {400, 413, 500, 503}, piece
            assert len(answer.body) < 500, piece
    assert max(seconds) < SOON


def workers_of(server: Server) -> list[int]:
    """Return the process ids of the workers, children of the one child of the server."""
    [fork_server] = children(server.pid)
    return children(fork_server)


def test_a_worker_that_died_while_idle_costs_nobody_an_answer(server: Server) -> None:
    dead = workers_of(server)
    for pid in dead:
        os.kill(pid, signal.SIGKILL)
    for number in range(6):
        answer = server.query(f"ASK {{ ?s ?p ?o }} # after {number}")
        assert (answer.status, b"true" in answer.body) == (200, True)
    assert not any(Path(f"/proc/{pid}").exists() for pid in dead), "one stays a zombie"


def test_mixed_values_are_ordered_and_the_engine_lives(server: Server) -> None:
    text = "SELECT ?o { ?s ?p ?o } ORDER BY DESC(?o) LIMIT 5"
    assert server.query(text, "text/csv").status in {200, 503}  # 503: a slow machine
    [*rows] = server.query(
        'SELECT ?x { VALUES (?x) { (9) ("10") (10) } } ORDER BY ?x', "text/csv"
    ).text.split()
    assert rows == ["x", "9", "10", "10"]


def test_what_the_service_gives_away_of_a_query(server: Server) -> None:
    made = server.query("CONSTRUCT { <s> <p> 1 } WHERE {}", "application/n-triples").text
    assert made.startswith(f"<http://127.0.0.1:{server.port}/s> ") or "/s> <" in made
    wins = server.query("BASE <http://b/x> CONSTRUCT { <s> <p> 1 } {}", "application/n-triples")
    assert wins.text.startswith("<http://b/s> <http://b/p> ")
    unknown = server.query("ASK { ?s a gg:Partnerhsip }")
    assert unknown.headers["warning"].startswith('299 - "gg:Partnerhsip is no term of the ontology')
    assert "warning" not in server.query("ASK { ?s a gg:Partnership }").headers
    named = server.query("ASK {\n ?s a skso:Concept }")
    assert named.text.startswith("line 2, column 7: The prefix 'skso:' is not declared")
    headers = {"Content_Type": "application/sparql-query", "Content_Encoding": "gzip"}
    coded = server.ask("/sparql", method="POST", body=gzip.compress(b"ASK {}"), **headers)
    assert (coded.status, coded.text) == (
        415, "Found the content encoding gzip: send the body as it is.\n")  # fmt: skip


def test_a_service_hidden_from_the_scanner_meets_the_second_wall(server: Server) -> None:
    """The scanner is no boundary; that a worker can open no connection is one."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        port = listening.getsockname()[1]
        text = (
            'SELECT * { VALUES (?b) { (2) } FILTER(1<?b#>"""\n)'
            f' SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }} #"""'
        )
        answer = server.query(text, method="POST")
        with pytest.raises(TimeoutError):
            asked.append(listening.accept()[0].recv(10))
    assert (answer.status, asked) == (400, [])
    assert answer.text == "SERVICE is switched off: this endpoint asks no other endpoint.\n"
