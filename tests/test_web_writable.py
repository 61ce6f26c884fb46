"""A server that may be written to: who may, what is accepted, and that what was is never lost."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import govgraph
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH
from govgraph.web.durable import JOURNAL, DurableStore, journal
from serving import Server, serving
from writing_to import BEARER, TURTLE, options, put, send, size, update, value

pytestmark = pytest.mark.xdist_group("web")  # one server at a time

FORM = "application/x-www-form-urlencoded"
ONE = "<urn:a> <urn:b> 1 ."
CASE = """\
id: case/x
type: Case
label: {en: X, es: Equis}
place: place/x
passages:
  - id: passage/x/1
    type: Section
    position: 1
    label: {en: One, es: Uno}
    says:
      - {id: place/x, type: Country, label: {en: X, es: Equis}}
"""
EVERYTHING = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a graph that is small but for the ontology: writes are quick."""
    file = tmp_path_factory.mktemp("data") / "case.yaml"
    file.write_text(CASE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def small(case: Path) -> KnowledgeGraph:
    return govgraph.open(case, bundled=False)


@pytest.fixture(scope="module")
def server(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("writable")
    with serving(*options(folder), "--alone", "--data", str(case)) as running:
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


def test_other_sites_cannot_write_with_a_reader_s_browser(server: Server) -> None:
    flight = server.ask("/store?graph=urn:no", method="OPTIONS", Origin="https://a.example")
    assert "authorization" not in flight.headers["access-control-allow-headers"].lower()
    assert "PUT" not in flight.headers["access-control-allow-methods"]


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


# --- graph store


@pytest.mark.parametrize("graph", ["urn:g", f"{BASE}graph/añadido"])
def test_a_graph_put_read_added_to_and_deleted(server: Server, graph: str) -> None:
    path = f"/store?graph={quote(graph)}"
    assert send(server, "PUT", path, ONE).status == 201
    assert send(server, "PUT", path, "<urn:a> <urn:b> 2 .").status == 204
    assert send(server, "POST", path, "<urn:a> <urn:b> 3 .").status == 204
    answer = server.ask(path, "application/n-triples")
    assert answer.status == 200
    assert [line.split('"')[1] for line in sorted(answer.text.splitlines())] == ["2", "3"]
    head = server.ask(path, "application/n-triples", method="HEAD")
    assert (head.status, head.headers["etag"]) == (200, answer.headers["etag"])
    assert send(server, "DELETE", path).status == 204
    assert send(server, "DELETE", path).status == 404
    assert server.ask(path).status == 404


def test_a_graph_named_by_its_path(server: Server) -> None:
    answer = send(server, "PUT", "/store/graph/direct", ONE)
    assert (answer.status, answer.headers["location"]) == (201, "/store/graph/direct")
    assert size(server, f"{BASE}graph/direct") == 1
    assert b"urn:b" in server.ask("/store/graph/direct").body
    assert server.ask(f"/store?graph={BASE}graph/direct").status == 200
    assert b"urn:a" in server.ask("/graph/direct.nq").body
    assert send(server, "DELETE", "/store/graph/direct").status == 204


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/turtle", "<urn:s> <urn:p> <o> ."),
        ("application/n-triples", "<urn:s> <urn:p> <urn:f/o> ."),
        ("application/ld+json", '{"@id": "urn:s", "urn:p": {"@id": "urn:f/o"}}'),
        ("application/n-quads", "<urn:s> <urn:p> <urn:f/o> <urn:f> ."),
        ("application/trig", "<urn:f> { <urn:s> <urn:p> <urn:f/o> }"),
        (
            "application/rdf+xml",
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
            '<r:Description r:about="urn:s"><u:p r:resource="urn:f/o"/></r:Description></r:RDF>',
        ),
    ],
)
def test_every_format(server: Server, kind: str, body: str) -> None:
    assert put(server, "urn:f", body, kind).status in {201, 204}
    assert size(server, "urn:f") == 1
    for sent in (kind, "text/turtle"):
        answer = server.ask("/store?graph=urn:f", sent)
        assert answer.headers["content-type"].partition(";")[0] == sent
        assert b"urn:s" in answer.body


def test_blank_nodes_of_two_writes_are_not_mixed(server: Server) -> None:
    for number in (1, 2):
        body = f"_:x <urn:n> {number} ."
        assert send(server, "POST", "/store?graph=urn:blank", body).status in {201, 204}
    nodes = "SELECT (COUNT(DISTINCT ?s) AS ?n) { GRAPH <urn:blank> { ?s ?p ?o } }"
    assert value(server, nodes) == "2"
    update(server, "DELETE WHERE { GRAPH <urn:blank> { ?s <urn:n> 1 } }")
    assert size(server, "urn:blank") == 1


def test_the_server_names_a_graph(server: Server) -> None:
    answer = send(server, "POST", "/store", ONE)
    assert answer.status == 201
    assert answer.headers["location"].startswith("/store/graph/")
    assert b"urn:b" in server.ask(answer.headers["location"]).body
    assert send(server, "DELETE", answer.headers["location"]).status == 204


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("PUT", "/store?default", ONE, TURTLE, 400),
        ("DELETE", "/store?default", "", TURTLE, 400),
        ("PUT", "/store", ONE, TURTLE, 400),
        ("DELETE", "/store", "", TURTLE, 400),
        ("PUT", "/store?graph=relative", ONE, TURTLE, 400),
        ("PUT", "/store?graph=urn:a&graph=urn:b", ONE, TURTLE, 400),
        ("PUT", "/store?graph=urn:a&default", ONE, TURTLE, 400),
        ("PUT", "/store?other=urn:a", ONE, TURTLE, 400),
        ("PUT", "/store/graph/x?graph=urn:a", ONE, TURTLE, 400),
        ("PUT", "/store/", ONE, TURTLE, 400),
        ("PUT", "/store?graph=urn:a", "nonsense", TURTLE, 400),
        ("PUT", "/store?graph=urn:a", "\xff", "application/n-triples", 400),
        ("PUT", "/store?graph=urn:a", ONE, "text/html", 415),
        ("PUT", "/store?graph=urn:a", ONE, "", 415),
        ("PUT", "/store?graph=urn:a", "<urn:a> <urn:b> 1 <urn:c> .", "application/n-quads", 400),
        ("PUT", "/store", "<urn:a> <urn:b> <urn:c> .", "application/n-quads", 400),
        ("PATCH", "/store?graph=urn:a", "", "application/sparql-update", 405),
        (
            "PUT",
            "/store?graph=urn:a",
            '<!DOCTYPE x [<!ENTITY e "e">]><r:RDF xmlns:r="urn:r"/>',
            "application/rdf+xml",
            400,
        ),
        (
            "PUT",
            "/store?graph=urn:a",
            '{"@context": "http://127.0.0.1:1/context.jsonld", "@id": "urn:a", "b": 1}',
            "application/ld+json",
            400,
        ),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(
    server: Server, method: str, path: str, body: str, kind: str, status: int
) -> None:
    before = value(server, EVERYTHING)
    answer = send(server, method, path, body, kind)
    assert answer.status == status, answer.text
    assert answer.text.count("\n") <= 1
    assert value(server, EVERYTHING) == before


def test_compressed_and_oversized_bodies_are_refused(server: Server) -> None:
    assert put(server, "urn:a", "x", Content_Encoding="gzip").status == 415
    connection = server.connect()
    connection.putrequest("PUT", "/store?graph=urn:a")
    for name, each in (
        ("Authorization", BEARER), ("Content-Type", TURTLE), ("Content-Length", "100000001"),
        ("Expect", "100-continue"),
    ):  # fmt: skip
        connection.putheader(name, each)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_lost_updates_are_prevented(server: Server) -> None:
    put(server, "urn:lost", ONE)
    tag = server.ask("/store?graph=urn:lost").headers["etag"]
    assert tag.startswith('"')
    put(server, "urn:another", ONE)
    assert put(server, "urn:lost", "<urn:a> <urn:b> 2 .", If_Match=tag).status == 204
    assert put(server, "urn:lost", "<urn:a> <urn:b> 3 .", If_Match=tag).status == 412
    assert send(server, "DELETE", "/store?graph=urn:lost", If_Match='"other"').status == 412
    assert put(server, "urn:lost", ONE, If_None_Match="*").status == 412
    assert put(server, "urn:unknown", ONE, If_Match="*").status == 412
    assert value(server, "SELECT ?o { GRAPH <urn:lost> { ?s ?p ?o } }") == "2"
    assert server.ask("/store?graph=urn:unknown").status == 404


def test_the_whole_dataset_in_one_write(server: Server) -> None:
    kept = server.ask("/dump/govgraph.nq").body
    lines = "<urn:a> <urn:b> <urn:c> <urn:whole> .\n<urn:a> <urn:b> <urn:d> <urn:parts> .\n"
    assert send(server, "POST", "/store", lines, "application/n-quads").status == 204
    assert size(server, "urn:whole") == size(server, "urn:parts") == 1
    answer = send(server, "PUT", "/store", kept.decode(), "application/n-quads")
    assert answer.status == 204
    assert server.ask("/store?graph=urn:whole").status == 404
    assert server.ask("/store", "application/n-quads").headers["location"] == "/dump/govgraph.nq"
    found, expected = (
        {quad for quad in ox.parse(each, format=ox.RdfFormat.N_QUADS) if "_:" not in str(quad)}
        for each in (server.ask("/dump/govgraph.nq").body, kept)
    )
    assert found == expected


# --- updates


def test_update_directly_and_in_a_form(server: Server) -> None:
    text = "INSERT DATA {{ GRAPH <urn:u> {{ <urn:a> <urn:b> {} }} }}"
    assert update(server, text.format(1)).status == 204
    assert update(server, text.format(2), "/sparql").status == 204
    for number, path in ((3, "/update"), (4, "/sparql")):
        body = urlencode({"update": text.format(number)})
        assert send(server, "POST", path, body, FORM).status == 204
    assert size(server, "urn:u") == 4
    update(server, "DELETE { GRAPH <urn:u> { ?s ?p ?o } } WHERE { GRAPH <urn:u> { ?s ?p ?o } }")
    assert size(server, "urn:u") == 0


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { GRAPH <urn:out> { ?s <urn:seen> ?o } } WHERE { ?s <urn:v> ?o }",
        "WITH <urn:x1> INSERT { GRAPH <urn:out> { ?s <urn:seen> ?o } }"
        " USING <urn:x1> WHERE { ?s <urn:v> ?o }",
    ],
)
def test_using_graph_uri(server: Server, text: str) -> None:
    for number in (1, 2):
        put(server, f"urn:x{number}", f"<urn:a> <urn:v> {number} .")
    fields = {"update": text, "using-graph-uri": "urn:x1"}
    answer = send(server, "POST", "/update", urlencode(fields), FORM)
    if "USING" in text:  # section 2.2.3: both is an error
        assert answer.status == 400
        return
    assert answer.status == 204
    assert value(server, "SELECT ?o { GRAPH <urn:out> { ?s <urn:seen> ?o } }") == "1"
    path = "/update?using-named-graph-uri=urn:x2"
    update(server, "DELETE WHERE { GRAPH <urn:x1> { ?s ?p ?o } GRAPH <urn:x2> { ?s ?p ?o } }", path)
    assert (size(server, "urn:x1"), size(server, "urn:x2")) == (1, 1)
    update(server, "DELETE WHERE { GRAPH <urn:x2> { ?s ?p ?o } }", path)
    assert (size(server, "urn:x1"), size(server, "urn:x2")) == (1, 0)
    send(server, "DELETE", "/store?graph=urn:out")


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("INSERT DATA { <urn:a> <urn:b> 99 }", 400, "default graph"),
        ("CLEAR DEFAULT", 400, "default graph"),
        ("LOAD <http://127.0.0.1:1/x> INTO GRAPH <urn:l>", 400, "LOAD"),
        ("LOAD SILENT <http://127.0.0.1:1/x> INTO GRAPH <urn:l>", 400, "LOAD"),
        ("\\u004cOAD <http://127.0.0.1:1/x> INTO GRAPH <urn:l>", 400, "update"),
        (
            "INSERT { GRAPH <urn:l> { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1:1/> "
            "{ ?s ?p ?o } }",
            400,
            "SERVICE",
        ),
        ("INSERT DATA { GRAPH <urn:l> { <urn:a> <urn:b> ?x } }", 400, "cannot be read"),
        ("DROP ALL", 422, "graph/ontology"),
        ("ASK {}", 400, "cannot be read"),
        ("(" * 200, 413, "nests"),
        ("DROP GRAPH <urn:not-there>", 400, "urn:not-there"),
    ],
)
def test_updates_refused(server: Server, text: str, status: int, words: str) -> None:
    before = value(server, EVERYTHING)
    answer = update(server, text)
    assert answer.status == status, answer.text
    assert words in answer.text
    assert value(server, EVERYTHING) == before


def test_update_by_get_or_of_another_type(server: Server) -> None:
    path = f"/sparql?{urlencode({'update': 'DROP ALL'})}"
    assert server.ask(path, Authorization=BEARER).status == 403
    assert server.ask("/update", Authorization=BEARER).status == 405
    assert send(server, "POST", "/update", "DROP ALL", "text/plain").status == 415
    both = urlencode({"update": "DROP ALL", "query": "ASK {}"})
    assert send(server, "POST", "/sparql", both, FORM).status == 400


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


def test_the_description_says_so(server: Server) -> None:
    said = server.ask("/sparql", "application/n-triples").text
    assert "SPARQL11Update" in said


# --- on the disk


def test_what_was_acknowledged_survives_a_kill(case: Path, tmp_path: Path) -> None:
    arguments = (*options(tmp_path), "--alone", "--data", str(case))
    for number in range(3):
        with serving(*arguments, may_die=True) as server:
            for earlier in range(number):
                assert size(server, f"urn:kept{earlier}") == 1
            assert put(server, f"urn:kept{number}", ONE).status == 201
            os.kill(server.pid, signal.SIGKILL)
            with pytest.raises((OSError, http.client.HTTPException)):
                server.ask("/robots.txt")


def test_a_write_cut_short_is_done_again(small: KnowledgeGraph, tmp_path: Path) -> None:
    """Killed between the journal and the database: the next start applies the journal."""
    quads = [ox.Quad(*(ox.NamedNode(f"urn:{n}") for n in "spo"), ox.NamedNode("urn:g"))]
    folder = tmp_path / "store"
    store = DurableStore.open(folder, lambda: small)
    store.commit([], quads)
    whole = (folder / JOURNAL).exists()
    del store
    assert not whole
    plain = ox.Store(str(folder))
    plain.remove(quads[0])
    del plain
    content = journal([], quads)
    (folder / JOURNAL).write_bytes(content[:-5])  # it had not been written to its end
    store = DurableStore.open(folder, lambda: small)
    assert quads[0] not in store.graph_store()
    del store
    (folder / JOURNAL).write_bytes(content)
    store = DurableStore.open(folder, lambda: small)
    assert quads[0] in store.graph_store()
    assert not (folder / JOURNAL).exists()
    assert len(store.graph_store()) == len(small.store) + 1
    assert store.sources().dump() == small.sources.dump()


def test_one_server_a_store(small: KnowledgeGraph, tmp_path: Path) -> None:
    store = DurableStore.open(tmp_path / "store", lambda: small)
    options(tmp_path)
    arguments = ["--writable", "--store", str(tmp_path / "store")]
    arguments += ["--token-file", str(tmp_path / "token")]
    result = CliRunner().invoke(group, ["serve", "--port", "0", *arguments])
    assert result.exit_code != 0
    assert "another process" in str(result.exception) + result.output
    del store


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
