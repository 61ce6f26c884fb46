"""The reading half of the SPARQL 1.1 Graph Store HTTP Protocol; nothing can be written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from first_study import STUDY
from govgraph import KnowledgeGraph
from serving import Server, serving

WORKS = f"{STUDY}graph/editorial/works"
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
READ = "GET, HEAD, OPTIONS"
QUERY = "GET, HEAD, POST, OPTIONS"
UPDATE = "INSERT DATA { <x:a> <x:b> <x:c> }"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving() as running:
        yield running


def test_a_graph_comes_whole_in_every_format(server: Server, kg: KnowledgeGraph) -> None:
    triples = {
        quad.triple for quad in kg.store.quads_for_pattern(None, None, None, ox.NamedNode(WORKS))
    }
    assert triples
    for media_type, rdf_format in FORMATS.items():
        answer = server.ask(f"/store?graph={quote(WORKS)}", media_type)
        assert answer.status == 200, media_type
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert {quad.triple for quad in ox.parse(answer.body, format=rdf_format)} == triples


def test_a_graph_has_a_head_and_is_not_sent_again(server: Server) -> None:
    path, accept = f"/store?graph={quote(WORKS)}", "application/n-triples"
    etag = server.ask(path, accept).headers["etag"]
    head = server.ask(path, accept, method="HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", etag)
    again = server.ask(path, accept, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")


def test_the_default_graph_is_the_union_and_all_graphs_are_a_dump(
    server: Server, kg: KnowledgeGraph
) -> None:
    lines = server.ask("/store?default", "application/n-triples").body.splitlines()
    assert len(set(lines)) == len(lines) == len({quad.triple for quad in kg.store})
    for accept, ending in (("application/n-quads", "nq"), ("application/trig", "trig")):
        answer = server.ask("/store", accept)
        assert (answer.status, answer.headers["location"]) == (
            303,
            f"/dump/security-alliances.{ending}",
        )
    assert server.ask("/store", "text/turtle").status == 406
    assert server.ask("/store?default", "image/png").status == 406


def test_what_names_no_graph_is_refused_in_one_line(server: Server) -> None:
    expected = {
        "/store?graph=relative": 400,
        "/store?graph=urn:a&graph=urn:b": 400,
        "/store?graph=urn:a&default": 400,
        "/store?other=urn:a": 400,
        "/store?graph=urn:not-there": 404,
    }
    answers = {path: server.ask(path) for path in expected}
    assert {path: answer.status for path, answer in answers.items()} == expected
    assert [path for path, answer in answers.items() if answer.text.count("\n") != 1] == []


def test_every_way_to_write_is_refused_with_what_is_allowed(server: Server) -> None:
    """405 (RFC 9110, section 15.5.6) names the methods of the path, and says why in a sentence."""
    before = server.ask("/store?default", "application/n-triples").body
    faults = []
    for path in ("/case/bogota", "/store?graph=urn:a", "/update", "/void",
                 "/dump/security-alliances.nq", "/en/index.html", "/",
                 "/query/founders-of"):  # fmt: skip
        for method in ("PUT", "POST", "PATCH", "DELETE"):
            answer = server.ask(path, method=method, body=UPDATE, Content_Type="text/turtle")
            if (answer.status, answer.headers.get("allow")) != (405, READ):
                faults.append((method, path, answer.status))
            if answer.text != f"This server is read-only: expected {READ}, found {method}.\n":
                faults.append((method, path, answer.text))
    for method in ("PUT", "PATCH", "DELETE"):
        answer = server.ask("/sparql", method=method, body=UPDATE)
        if (answer.status, answer.headers.get("allow")) != (405, QUERY):
            faults.append((method, "/sparql", answer.status))
    assert faults == []
    assert server.ask("/store?default", "application/n-triples").body == before


def test_an_update_sent_to_the_endpoint_is_refused_with_a_sentence(server: Server) -> None:
    direct = {"Content_Type": "application/sparql-update"}
    form = urlencode({"update": UPDATE})
    answers = [
        server.ask("/sparql", method="POST", body=UPDATE, **direct),
        server.ask("/query", method="POST", body=UPDATE, **direct),
        server.ask("/sparql", method="POST", body=form, Content_Type=FORM),
        server.ask(f"/sparql?{form}"),
        server.query(UPDATE),
        server.query(UPDATE, method="POST"),
    ]
    assert [answer.status for answer in answers] == [403] * len(answers)
    assert all("read-only: it takes queries" in answer.text for answer in answers)
    assert b"false" in server.query("ASK { <x:a> <x:b> <x:c> }").body


def test_options_name_no_method_that_writes(server: Server) -> None:
    for path, methods in (("/store?default", READ), ("/update", READ), ("/case/bogota", READ),
                          ("/sparql", QUERY), ("/query", QUERY)):  # fmt: skip
        flight = server.ask(path, method="OPTIONS", Origin="https://a.example")
        assert flight.status == 204
        assert flight.headers["allow"] == methods
        assert flight.headers["access-control-allow-methods"] == methods
