"""A server that may be written to: who may, what is accepted, and what readers see meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner

from govgraph.cli import group
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH
from serving import Server
from writing_to import BEARER, CASE, TOKEN, TURTLE, put, send, update, value, writable

pytestmark = pytest.mark.xdist_group("web")  # one server at a time

OTHERS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), 'urn:')) }"
ONE = "<urn:a> <urn:b> 1 ."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with writable(tmp_path_factory.mktemp("writable")) as running:
        yield running


# --- who may write


@pytest.mark.parametrize("header", [None, "Bearer wrong-wrong-wrong-wrong", "Basic Og==", "Bearer"])
def test_only_who_bears_the_token_may_write(server: Server, header: str | None) -> None:
    headers = {"Content_Type": TURTLE} | ({} if header is None else {"Authorization": header})
    for method, path in (("PUT", "/store?graph=urn:no"), ("DELETE", "/store?graph=urn:no")):
        answer = server.ask(path, method=method, body=ONE, **headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith('Bearer realm="govgraph"')
    headers["Content_Type"] = "application/sparql-update"
    text = "INSERT DATA { GRAPH <urn:no> { <urn:a> <urn:b> 1 } }"
    for path in ("/sparql", "/update"):
        assert server.ask(path, method="POST", body=text, **headers).status == 401
    assert server.ask("/store?graph=urn:no").status == 404


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/store", {"GET", "HEAD", "PUT", "POST", "DELETE"}),
        ("/store?graph=urn:no", {"GET", "HEAD", "PUT", "POST", "DELETE"}),
        ("/store/graph/notes", {"GET", "HEAD", "PUT", "POST", "DELETE"}),
        ("/update", {"POST"}),
        ("/sparql", {"GET", "HEAD", "POST"}),
        ("/case/x", {"GET", "HEAD"}),
        ("/storehouse", {"GET", "HEAD"}),
    ],
)
def test_options_name_what_a_path_takes(server: Server, path: str, methods: set[str]) -> None:
    flight = server.ask(path, method="OPTIONS", Origin="https://a.example")
    assert flight.status == 204
    for header in ("allow", "access-control-allow-methods"):
        assert set(flight.headers[header].split(", ")) == methods | {"OPTIONS"}
    for method in {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"} - methods:
        assert server.ask(path, method=method, Authorization=BEARER).status in {404, 405}


def test_other_sites_write_with_the_token_and_not_with_a_reader_s_browser(server: Server) -> None:
    """A browser sends of itself what it knows of a reader; of the token it knows nothing."""
    other = {"Origin": "https://a.example"}
    flight = server.ask("/store?graph=urn:far", method="OPTIONS", **other)
    assert {"Authorization", "If-Match"} <= set(
        flight.headers["access-control-allow-headers"].split(", ")
    )
    answers = [flight]
    for cookie in ({"Cookie": f"token={TOKEN}"}, {"Authorization": f"Basic {TOKEN}"}):
        answers.append(put(server, "urn:far", ONE, **{"Authorization": "", **cookie}, **other))
        assert answers[-1].status == 401
    answers.append(put(server, "urn:far", ONE, **other))
    assert answers[-1].status == 201
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    assert send(server, "DELETE", "/store?graph=urn:far").status == 204


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--writable", "--store", "s"], {}, "GOVGRAPH_TOKEN"),
        (["--writable", "--store", "s"], {"GOVGRAPH_TOKEN": "short"}, "at least 16"),
        (["--writable", "--store", "s"], {"GOVGRAPH_TOKEN": "not one word but five"}, "spaces"),
        (["--writable", "--store", "s", "--token-file", "none"], {}, "No such file"),
        (["--writable"], {"GOVGRAPH_TOKEN": "x" * 20}, "--store"),
        (["--store", "s"], {"GOVGRAPH_TOKEN": "x" * 20}, "--writable"),
        (["--writable", "--store", "full"], {"GOVGRAPH_TOKEN": "x" * 20}, "no store"),
    ],
)
def test_refuses_to_start(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("full").mkdir()
    Path("full/file").touch()
    unset = {"GOVGRAPH_TOKEN": None, **environment}
    result = CliRunner().invoke(group, ["serve", "--port", "0", *arguments], env=unset)
    assert result.exit_code != 0
    assert words in str(result.exception) + result.output


# --- what is accepted


def test_what_violates_the_shapes_is_refused_with_the_report(server: Server) -> None:
    tag = server.query("ASK { ?s ?p ?o }").headers["etag"]
    answer = put(server, "urn:bad", f"<urn:nobody> a <{GG}Participation> .")
    assert answer.status == 422
    first, *lines = answer.text.splitlines()
    assert first.startswith("Not accepted: ")
    assert len(lines) >= 2
    [line] = [each for each in lines if each.startswith("urn:nobody gg:participant: ")]
    assert "names exactly one actor" in line
    assert server.query("ASK { ?s ?p ?o }").headers["etag"] == tag
    assert server.ask("/store?graph=urn:bad").status == 404


def test_what_follows_is_inferred_anew(server: Server) -> None:
    arrangement = f"""
        <{BASE}partnership/new> a <{GG}Partnership> ;
            <http://www.w3.org/2000/01/rdf-schema#label> "New"@en , "Nueva"@es ;
            <{GG}appliesIn> <{BASE}place/x> .
    """
    graph = f"{BASE}graph/editorial/new"
    assert put(server, graph, arrangement).status == 201
    asked = (
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{INFERRED_GRAPH}> "
        f"{{ <{BASE}partnership/new> a <{GG}Arrangement> }} }}"
    )
    assert value(server, asked) == "1"
    assert "partnership/new" in server.ask("/partnership/new.ttl").text
    assert server.ask("/en/partnership/new.html").status == 200
    # What is sent for the inferred graph is not kept: it says what follows, and no more.
    assert put(server, INFERRED_GRAPH, ONE).status == 204
    assert value(server, asked) == "1"
    assert send(server, "DELETE", f"/store?graph={graph}").status == 204
    assert value(server, asked) == "0"
    assert server.ask("/partnership/new.ttl").status == 404


def test_readers_see_all_of_a_write_or_nothing(server: Server) -> None:
    """Forty statements move from graph to graph; no reader sees more or fewer, or waits."""
    put(server, "urn:left", " ".join(f"<urn:s{n}> <urn:p> {n} ." for n in range(40)))
    text = (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <urn:p> ?o }"
        " VALUES ?g { <urn:left> <urn:right> } }"
    )
    seen: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(value(server, f"{text} #{len(seen)}"))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for step in ("<urn:left> TO <urn:right>", "<urn:right> TO <urn:left>") * 2:
            assert update(server, f"MOVE {step}").status == 204
    finally:
        stop.set()
        reader.join()
    assert set(seen) == {"40"}
    assert len(seen) > 4


def test_a_running_query_keeps_its_state(server: Server) -> None:
    put(server, "urn:state", ONE)
    text = "SELECT ?a ?c ?o { ?a a ?b . ?c a ?d . GRAPH <urn:state> { ?s ?p ?o } } LIMIT 100000"
    connection = server.connect()
    path = f"/sparql?{urlencode({'query': text})}"
    connection.request("GET", path, headers={"Accept": "text/csv"})
    response = connection.getresponse()
    start = response.read(100)
    put(server, "urn:state", "<urn:a> <urn:b> 2 .")
    assert value(server, "SELECT ?o { GRAPH <urn:state> { ?s ?p ?o } }") == "2"
    rows = (start + response.read()).decode().splitlines()[1:]
    connection.close()
    assert len(rows) == 100_000
    assert {row.rpartition(",")[2] for row in rows} == {"1"}


def test_writers_wait_for_one_another(server: Server) -> None:
    put(server, "urn:many", "<urn:count> <urn:is> 0 .")
    text = (
        "DELETE { GRAPH <urn:many> { ?s ?p ?o } } INSERT { GRAPH <urn:many> { ?s ?p ?new } }"
        " WHERE { GRAPH <urn:many> { ?s ?p ?o BIND(?o + 1 AS ?new) } }"
    )
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(update(server, text).status))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [204] * 5
    assert value(server, "SELECT ?o { GRAPH <urn:many> { ?s ?p ?o } }") == "5"


def test_an_endless_update_is_stopped(server: Server) -> None:
    """Memory ends it first; nobody else notices, and the next write is accepted."""
    explosive = "INSERT { GRAPH <urn:x> { ?a ?e ?i } } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    small = ("INSERT DATA { GRAPH <urn:after> { <urn:a> <urn:b> 1 } }", 204)
    connection = server.connect()
    headers = {"Authorization": BEARER, "Content-Type": "application/sparql-update"}
    connection.request("POST", "/update", explosive, headers)
    assert value(server, "SELECT (1 AS ?n) {}") == "1"
    response = connection.getresponse()
    assert response.status == 503
    assert b"MB" in response.read()
    connection.close()
    assert update(server, small[0]).status == small[1]


def test_push_brings_a_graph_here(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE.replace("Equis", "Otra"), encoding="utf-8")
    arguments = ["push", f"{server.url}query", "--alone", "--data", str(file)]
    for graph in json.loads(server.query(OTHERS).body)["results"]["bindings"]:
        send(server, "DELETE", f"/store?graph={quote(graph['g']['value'])}")
    for written in (True, False):
        result = CliRunner().invoke(group, arguments, env={"GOVGRAPH_TOKEN": TOKEN})
        assert result.exit_code == 0, result.output
        assert (" 0 graphs written" in result.output) is not written
    label = f"SELECT ?l {{ <{BASE}case/x> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
    assert "Otra" in server.query(label, "text/csv").text


def test_the_description_says_so(server: Server) -> None:
    said = server.ask("/sparql", "application/n-triples").text
    assert "SPARQL11Update" in said


def test_earlier_states_are_let_go(server: Server) -> None:
    """One template serves, one waits for the next write; a page read from each state keeps none."""
    for number in range(3):
        put(server, "urn:again", f"<urn:a> <urn:b> {number} .")
        assert server.ask("/en/place/x.html").status == 200
    running = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    for _ in range(100):
        if len(running.read_text().split()) == 2:
            break
        time.sleep(0.1)
    assert len(running.read_text().split()) == 2
