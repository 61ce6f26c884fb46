"""SPARQL 1.1 Protocol (query operation), behaviour by behaviour, at a running server."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from serving import Server, serving

ONTOLOGY = "https://w3id.org/govgraph/graph/ontology"
METADATA = "https://w3id.org/govgraph/graph/metadata"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SERVICE = ox.NamedNode("http://www.w3.org/ns/sparql-service-description#Service")
FORM = "application/x-www-form-urlencoded"
ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving() as running:
        yield running


def number(body: bytes) -> int:
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def union_size(kg: KnowledgeGraph) -> int:
    [row] = kg.query(COUNT)
    return int(str(row["n"]))


def graph_size(kg: KnowledgeGraph, *graphs: str) -> int:
    return sum(
        len(list(kg.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))))
        for graph in graphs
    )


# --- the three ways to ask


def test_get(server: Server, kg: KnowledgeGraph) -> None:
    answer = server.query(COUNT)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert number(answer.body) == union_size(kg)


@pytest.mark.whole
def test_a_path_of_no_step_answers_as_at_home(server: Server) -> None:
    asked = server.query("ASK { <x:a> <x:p>* <x:a> }")
    assert json.loads(asked.body)["boolean"] is True
    rows = server.query("SELECT ?o { <x:a> <x:p>? ?o }")
    assert [row["o"]["value"] for row in json.loads(rows.body)["results"]["bindings"]] == ["x:a"]
    built = server.query("CONSTRUCT { ?o <x:q> 1 } { <x:a> <x:p>* ?o }", accept="text/turtle")
    assert b"<x:a> <x:q> 1" in built.body


def test_post_form(server: Server, kg: KnowledgeGraph) -> None:
    assert number(server.query(COUNT, method="POST").body) == union_size(kg)


def test_post_direct(server: Server, kg: KnowledgeGraph) -> None:
    path = f"/sparql?default-graph-uri={quote(ONTOLOGY)}"
    kind = "application/sparql-query; charset=utf-8"
    answer = server.ask(path, method="POST", body=COUNT, Content_Type=kind)
    assert number(answer.body) == graph_size(kg, ONTOLOGY)


def test_query_is_utf8(server: Server) -> None:
    text = 'SELECT ?x { VALUES ?x { "Bogotá — ñ 日本" } }'
    for answer in (
        server.query(text),
        server.query(text, method="POST"),
        server.ask(
            "/sparql",
            method="POST",
            body=text.encode(),
            Content_Type="application/sparql-query",
        ),
    ):
        bindings = json.loads(answer.body)["results"]["bindings"]
        assert bindings[0]["x"]["value"] == "Bogotá — ñ 日本"


# --- the dataset


def test_default_graphs_of_the_request(server: Server, kg: KnowledgeGraph) -> None:
    fields = [("query", COUNT), ("default-graph-uri", ONTOLOGY), ("default-graph-uri", METADATA)]
    answer = server.ask(f"/sparql?{urlencode(fields)}")
    assert number(answer.body) == graph_size(kg, ONTOLOGY, METADATA)


def test_named_graphs_of_the_request(server: Server, kg: KnowledgeGraph) -> None:
    text = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    named = {"named-graph-uri": ONTOLOGY}
    assert number(server.query(text, **named).body) == graph_size(kg, ONTOLOGY)
    assert number(server.query(COUNT, **named).body) == 0  # the default graph is then empty


def test_request_wins_over_from(server: Server, kg: KnowledgeGraph) -> None:
    text = f"SELECT (COUNT(*) AS ?n) FROM <{METADATA}> {{ ?s ?p ?o }}"
    assert number(server.query(text).body) == graph_size(kg, METADATA)
    named = {"default-graph-uri": ONTOLOGY}
    assert number(server.query(text, **named).body) == graph_size(kg, ONTOLOGY)


def test_foreign_graph_is_empty_not_fetched(server: Server) -> None:
    text = f"SELECT (COUNT(*) AS ?n) FROM <{server.url}void.ttl> {{ ?s ?p ?o }}"
    assert number(server.query(text).body) == 0


def test_graph_that_is_no_iri(server: Server) -> None:
    answer = server.query(COUNT, **{"default-graph-uri": "not an iri"})
    assert answer.status == 400
    assert "default-graph-uri" in answer.text


# --- formats


@pytest.mark.parametrize("media_type", ROWS)
def test_rows_in_every_format(server: Server, kg: KnowledgeGraph, media_type: str) -> None:
    text = "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o"
    answer = server.query(text, media_type)
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == media_type
    rows = ox.parse_query_results(answer.body, format=ROWS[media_type])
    assert isinstance(rows, ox.QuerySolutions)
    assert [tuple(row) for row in rows] == list(kg.query(text).rows)


def test_rows_as_csv(server: Server) -> None:
    answer = server.query('SELECT ?a ?b { VALUES (?a ?b) { ("x,y" 1) ("z" UNDEF) } }', "text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text == 'a,b\r\n"x,y",1\r\nz,\r\n'


@pytest.mark.parametrize("media_type", [*ROWS, "text/csv"])
def test_ask_in_every_format(server: Server, media_type: str) -> None:
    assert b"true" in server.query("ASK { ?s ?p ?o }", media_type).body
    assert b"false" in server.query("ASK { ?s <x:none> ?o }", media_type).body


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graph_in_every_format(server: Server, kg: KnowledgeGraph, media_type: str) -> None:
    text = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o FILTER(isIRI(?s)) }"
    answer = server.query(text, media_type)
    assert answer.headers["content-type"].split(";")[0] == media_type
    found = {quad.triple for quad in ox.parse(answer.body, format=GRAPHS[media_type])}
    assert found == set(kg.query(text).triples)


def test_describe(server: Server) -> None:
    iri = "https://w3id.org/govgraph/security-alliances/case/bogota"
    answer = server.query(f"DESCRIBE <{iri}>", "application/n-triples")
    assert answer.status == 200
    assert all(line.startswith(f"<{iri}>") for line in answer.text.splitlines())


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/csv;q=0.9, application/sparql-results+xml;q=0.5", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("text/html, application/xhtml+xml, */*;q=0.1", "application/sparql-results+json"),
        ("image/png, text/tab-separated-values;q=0.001", "text/tab-separated-values"),
    ],
)
def test_weights_of_accept(server: Server, accept: str | None, expected: str) -> None:
    answer = server.query("SELECT * { ?s a ?o } LIMIT 1", accept)
    assert answer.headers["content-type"].split(";")[0] == expected


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0"])
def test_not_acceptable(server: Server, accept: str) -> None:
    answer = server.query("SELECT * { ?s a ?o } LIMIT 1", accept)
    assert answer.status == 406
    assert "text/csv" in answer.text


# --- what is wrong


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * {\n ?s ?p }", "line 2, column"),
        ("SELECT * WHERE { ?s ?p ?o ", "line 1, column"),
        ("SELECT *\n\n{ ?s nope:p ?o }", "line 3, column"),
        ("", "line 1, column 1"),
    ],
)
def test_syntax_error_tells_its_place(server: Server, text: str, place: str) -> None:
    answer = server.query(text)
    assert answer.status == 400
    assert answer.text.startswith(place)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.count("\n") == 1


def test_query_given_twice_or_not(server: Server) -> None:
    ask = quote("ASK { ?s ?p ?o }")
    assert server.ask(f"/sparql?query={ask}&query={ask}").status == 400
    assert server.ask("/sparql?foo=bar").status == 400
    assert server.ask("/sparql", method="POST", body="", Content_Type=FORM).status == 400


def test_content_type(server: Server) -> None:
    answer = server.ask("/sparql", method="POST", body="ASK {}", Content_Type="text/plain")
    assert answer.status == 415
    assert "application/sparql-query" in answer.headers["accept-post"]
    assert server.ask("/sparql", method="POST", body="ASK {}").status == 415


def test_not_utf8(server: Server) -> None:
    assert server.ask("/sparql?query=%FF%FE").status == 400
    kind = "application/sparql-query"
    assert server.ask("/sparql", method="POST", body=b"\xff", Content_Type=kind).status == 400


@pytest.mark.parametrize("word", ["SERVICE", "service SILENT", "SERVICE/**/"])
def test_service_is_off(server: Server, word: str) -> None:
    text = f"SELECT * {{ {word} <{server.url}sparql> {{ ?s ?p ?o }} }}"
    answer = server.query(text)
    assert answer.status == 400
    escaped = server.query(text.replace("S", "\\u0053", 2))
    assert escaped.status == 400


# --- what caches and other sites want to know


def test_etag_and_304(server: Server) -> None:
    first = server.query(COUNT)
    etag = first.headers["etag"]
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', etag)
    path = f"/sparql?{urlencode({'query': COUNT})}"
    for sent in (etag, f'"other", {etag}', etag.removeprefix("W/")):
        again = server.ask(path, If_None_Match=sent)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["vary"] == first.headers["vary"]
    assert server.ask(path, If_None_Match='"other"').status == 200
    assert server.ask(path, "text/csv", If_None_Match=etag).status == 200
    assert server.query(COUNT + " ").headers["etag"] != etag


def test_what_changes_has_no_etag(server: Server) -> None:
    answers = [server.query("SELECT (UUID() AS ?u) {}") for _ in range(2)]
    assert answers[0].body != answers[1].body
    assert all("etag" not in answer.headers for answer in answers)
    assert answers[0].headers["cache-control"] == "no-store"


def test_vary(server: Server) -> None:
    for answer in (server.query(COUNT), server.query("nonsense"), server.query(COUNT, "image/png")):
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))


def test_head(server: Server) -> None:
    get, head = server.query(COUNT), server.query(COUNT, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["etag"] == get.headers["etag"]
    assert server.query("nonsense", method="HEAD").status == 400


def test_compression(server: Server) -> None:
    text = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 2000"
    path = f"/sparql?{urlencode({'query': text})}"
    plain = server.ask(path, Accept_Encoding="identity")
    assert "content-encoding" not in plain.headers
    packed = server.ask(path, Accept_Encoding="gzip;q=0.8, br")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    refused = server.ask(path, Accept_Encoding="gzip;q=0, *")
    assert refused.body == plain.body


def test_cors_without_credentials(server: Server) -> None:
    answer = server.query(COUNT)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert server.query("nonsense").headers["access-control-allow-origin"] == "*"
    flight = server.ask(
        "/sparql",
        method="OPTIONS",
        Origin="https://a.example",
        Access_Control_Request_Method="POST",
    )
    assert flight.status == 204
    assert "POST" in flight.headers["access-control-allow-methods"]
    assert "Content-Type" in flight.headers["access-control-allow-headers"]
    assert "Authorization" not in flight.headers["access-control-allow-headers"]


def test_service_description(server: Server) -> None:
    answer = server.ask("/sparql", "application/n-triples")
    assert answer.status == 200
    triples = [quad.triple for quad in ox.parse(answer.body, format=ox.RdfFormat.N_TRIPLES)]
    [service] = [each.subject for each in triples if each.object == SERVICE]
    assert service == ox.NamedNode(f"{server.url}sparql")
    said = {each.predicate.value.partition("#")[2] for each in triples if each.subject == service}
    assert {"endpoint", "supportedLanguage", "resultFormat", "feature", "defaultDataset"} <= said
    assert server.ask("/sparql").headers["content-type"].startswith("text/turtle")
    assert server.ask("/sparql", "image/png").status == 406


def test_rows_are_streamed(server: Server) -> None:
    cross = "SELECT ?a ?c { ?a a ?b . ?c a ?d } LIMIT 300000"
    connection = server.connect()
    began = time.monotonic()
    connection.request(
        "GET", f"/sparql?{urlencode({'query': cross})}", headers={"Accept": "text/csv"}
    )
    response = connection.getresponse()
    response.read(1)
    first = time.monotonic() - began
    rows = response.read().count(b"\n")
    whole = time.monotonic() - began
    connection.close()
    assert rows >= 300_000
    assert first < whole / 2
    assert response.getheader("transfer-encoding") == "chunked"


def test_same_bytes_again(server: Server) -> None:
    text = "PREFIX b: <x:b/> PREFIX a: <x:a/> CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"
    bodies = {server.query(f"{text}#{i}", "text/turtle").body for i in range(4)}
    assert len(bodies) == 1
    assert bodies.pop().startswith(b"@prefix a: <x:a/> .\n@prefix b:")
