"""The server behind Apache and nginx, with the configurations of docs/serving.md as they stand."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from benchmarks.hostile import CROSS

import httpd
from govgraph import KnowledgeGraph
from govgraph.vocabulary import BASE
from serving import Answer, Server, dechunked, serving

pytestmark = pytest.mark.httpd

PAGE = Path(__file__).parents[1] / "docs" / "serving.md"
ROOT = "/govgraph"
PUBLIC = "https://example.org/govgraph/"
FORM = "application/x-www-form-urlencoded"
ODD = "place/a%2Fb"
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
# Seconds are made few, so that the tests need not wait.
QUICKER = {
    "nginx": {"_timeout 10s": "_timeout 1s", "rate=20r/s": "rate=200r/s"},
    "apache": {"header=10-20,MinRate=500 body=10,": "header=1-2,MinRate=500 body=1,"},
}


def configuration(language: str, upstream: Server) -> str:
    """Return the one block of a language on the page, for a server at another port."""
    [text] = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert text.count("127.0.0.1:8000") >= 1
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream.port}")
    for slow, quick in QUICKER[language].items():
        assert slow in text
        text = text.replace(slow, quick)
    return str(text)


@pytest.fixture(scope="module")
def upstream(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = tmp_path_factory.mktemp("own") / "own.ttl"
    file.write_text(
        f"<{BASE}{ODD}> a <{BASE}ontology#Place> ;"
        ' <http://www.w3.org/2000/01/rdf-schema#label> "Odd"@en .',
        "utf-8",
    )
    limits = ("--workers", "2", "--stall-limit", "2", "--time-limit", "3", "--result-limit", "20")
    with serving(
        "--study", "security-alliances", "--data", str(file), "--public-url", PUBLIC, *limits
    ) as running:
        yield running


@pytest.fixture(scope="module", params=["nginx", "apache"])
def proxy(request: pytest.FixtureRequest, upstream: Server) -> Iterator[Server]:
    text = configuration(request.param, upstream)
    run = httpd.nginx_with if request.param == "nginx" else httpd.apache_with
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with run(text, Path(name)) as running:
            running.name = request.param
            yield running


def path_of(text: str) -> str:
    return f"{ROOT}/sparql?{urlencode({'query': text})}"


def location(answer: Answer) -> str:
    return re.sub(r"^https?://[^/]+", "", answer.headers["location"])


def test_pages_and_linked_data(proxy: Server) -> None:
    start = proxy.ask(f"{ROOT}/", "text/html", Accept_Language="es")
    assert (start.status, location(start)) == (303, f"{ROOT}/es/index.html")
    page = proxy.ask(location(start))
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<{PUBLIC}es/index.html>; rel="canonical"' in page.headers["link"]
    style = re.search(r'href="(/govgraph/static/[^"]+\.css)"', page.text)
    assert style is not None
    assert proxy.ask(style[1]).status == 200
    for path in ("case/bogota", "sdg/16.7", ODD):
        thing = proxy.ask(f"{ROOT}/{path}", "text/turtle")
        assert (thing.status, location(thing)) == (303, f"{ROOT}/{path}.ttl")
        data = proxy.ask(location(thing))
        assert (data.status, data.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    assert proxy.ask(f"{ROOT}/case/nothing").status == 404


def test_sparql_by_every_method(proxy: Server, upstream: Server) -> None:
    text = "SELECT ?s { ?s a ?type } ORDER BY ?s LIMIT 5"
    expected = upstream.query(text, "text/csv").body
    form, direct = {"Content_Type": FORM}, {"Content_Type": "application/sparql-query"}
    sparql, body = f"{ROOT}/sparql", urlencode({"query": text})
    answers = [
        proxy.ask(path_of(text), "text/csv"),
        proxy.ask(sparql, "text/csv", method="POST", body=body, **form),
        proxy.ask(sparql, "text/csv", method="POST", body=text, **direct),
    ]
    assert [(answer.status, answer.body) for answer in answers] == [(200, expected)] * 3
    assert proxy.ask(path_of("SELECT nonsense")).status == 400
    refused = proxy.ask(f"{ROOT}/case/bogota", method="PUT", body="")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_304_and_compression(proxy: Server) -> None:
    faults = []
    for path in ("/en/case/bogota.html", "/case/bogota.ttl", "/dump/security-alliances.nq",
                 path_of("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 300").removeprefix(ROOT)):  # fmt: skip
        plain = proxy.ask(f"{ROOT}{path}")
        packed = proxy.ask(f"{ROOT}{path}", Accept_Encoding="gzip")
        if packed.headers.get("content-encoding") != "gzip":
            faults.append(f"{path} is not compressed")
        elif gzip.decompress(packed.body) != plain.body:
            faults.append(f"{path} is another when compressed")
        again = proxy.ask(f"{ROOT}{path}", If_None_Match=plain.headers["etag"])
        if (again.status, again.body) != (304, b""):
            faults.append(f"{path} is sent again: {again.status}")
    assert faults == []


def test_answers_are_kept_apart_and_only_where_they_last(proxy: Server, upstream: Server) -> None:
    path = "/ontology.ttl"
    first = again = proxy.ask(f"{ROOT}{path}")
    deadline = time.monotonic() + 5  # Apache puts an answer away only after it has been sent
    while again.headers["x-cache"].startswith("MISS") and time.monotonic() < deadline:
        again = proxy.ask(f"{ROOT}{path}")
    assert again.headers["x-cache"].partition(" ")[0] in {"HIT", "REVALIDATE"}
    assert first.body == again.body == upstream.ask(path).body
    query = path_of("SELECT ?s { ?s a ?type } ORDER BY ?s LIMIT 5")
    for accept in ("text/csv", "application/sparql-results+json", "text/csv"):
        assert proxy.ask(query, accept).headers["content-type"].partition(";")[0] == accept
    chance = path_of("SELECT (UUID() AS ?u) {}")
    assert proxy.ask(chance).body != proxy.ask(chance).body


def test_rows_come_as_they_are_found_and_half_an_answer_is_none(proxy: Server) -> None:
    """Endless rows: the first are here long before the limit that ends them, by a broken end."""
    connection = proxy.connect()
    began = time.monotonic()
    connection.request("GET", path_of(f"SELECT * {{ {CROSS} }}"), headers={"Accept": "text/csv"})
    response = connection.getresponse()
    assert response.status == 200
    assert len(response.read(10_000)) == 10_000
    assert time.monotonic() - began < 4
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    connection.close()


@pytest.mark.whole
def test_a_client_is_told_by_its_own_address(proxy: Server) -> None:
    """Two workers, of which one client has one: behind the proxy another has the other."""
    slow = proxy.connect()
    slow.request("GET", path_of(f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"))
    time.sleep(0.3)
    began = time.monotonic()
    assert proxy.ask(path_of("ASK { ?s ?p ?o } #other"), source="127.0.0.2").status == 200
    assert time.monotonic() - began < 2
    assert slow.getresponse().status == 503
    slow.close()


def test_who_reads_slowly_holds_up_nobody(proxy: Server, upstream: Server) -> None:
    whole = upstream.query(ALL, "text/csv").body
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect((proxy.host, proxy.port))
        head = f"GET {path_of(ALL)} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        time.sleep(0.5)
        began = time.monotonic()
        assert proxy.ask(path_of("ASK {} #while one reads slowly")).status == 200
        waited = time.monotonic() - began
        received = b""
        while piece := connection.recv(65536):
            received += piece
    body = received.partition(b"\r\n\r\n")[2]
    if proxy.name == "nginx":  # it takes the whole answer at once, for whoever reads it
        assert waited < 1.5
        assert hashlib.sha256(dechunked(body)).digest() == hashlib.sha256(whole).digest()
    else:
        assert waited < 6


@pytest.mark.whole
def test_who_sends_slowly_is_hung_up_on(proxy: Server) -> None:
    post = f"POST {ROOT}/sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\n"
    requests = [
        "",
        f"GET {ROOT}/ HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        f"{post}Content-Length: 100\r\n\r\nquery=ASK",
    ]
    # Apache learns of a connection only when something comes (AcceptFilter).
    for sent in requests if proxy.name == "nginx" else requests[1:]:
        with socket.create_connection((proxy.host, proxy.port), timeout=10) as connection:
            connection.sendall(sent.encode())
            began = time.monotonic()
            while connection.recv(65536):
                pass
            assert 0.5 < time.monotonic() - began < 8, sent


def test_what_is_too_large_is_refused(proxy: Server) -> None:
    assert proxy.ask(f"{ROOT}/sparql?query={'x' * 20_000}").status == 414
    assert proxy.ask(f"{ROOT}/", X_Long="x" * 20_000).status in {400, 431}
    large = proxy.ask(f"{ROOT}/sparql", method="POST", body=f"query={'x' * 250_000}",
                      Content_Type=FORM)  # fmt: skip
    assert large.status == 413
    assert json.loads(proxy.ask(path_of("ASK {}")).body)["boolean"] is True


@pytest.mark.whole
def test_many_idle_connections_of_one_client_shut_nobody_out(proxy: Server) -> None:
    """Bare, 1,000 of them are all that the server takes; a proxy keeps them to itself."""
    idle: list[socket.socket] = []
    try:
        for number in range(1_100):
            try:
                one = socket.create_connection((proxy.host, proxy.port), 2, ("127.0.0.3", 0))
            except OSError:
                break  # the proxy takes no more of them
            idle.append(one)
            if number % 2:
                one.sendall(b"GET /")
        deadline, status = time.monotonic() + 25, 0
        while status != 200 and time.monotonic() < deadline:
            try:
                status = proxy.ask(f"{ROOT}/robots.txt").status
            except OSError:
                time.sleep(0.5)
        assert (status, len(idle) > 100) == (200, True)
    finally:
        for one in idle:
            one.close()
