"""Graph Store Protocol and Update: every request of both, and what is wrong with others."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from govgraph.vocabulary import BASE
from serving import Server
from writing_to import BEARER, TURTLE, put, send, size, update, value, writable

pytestmark = pytest.mark.xdist_group("web")  # one server at a time

FORM = "application/x-www-form-urlencoded"
ONE = "<urn:a> <urn:b> 1 ."
EVERYTHING = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with writable(tmp_path_factory.mktemp("writable")) as running:
        yield running


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
        ("ASK {}", 400, "The update cannot be read: line 1"),
        ("DROP ALL ;\nINSERT DATA", 400, "line 2, column 12: it ends too early."),
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
