"""Clients that people use, against a running server: SPARQLWrapper, rdflib's store, curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import BASE, GG, RDF
from serving import Server, serving

FOUNDERS = f"""
PREFIX gg: <{GG}>
SELECT DISTINCT ?founder {{
  <{STUDY}instrument/bogota-como-vamos> gg:participation ?p .
  ?p gg:role <{BASE}role/founder> ; gg:participant ?founder .
}} ORDER BY ?founder
"""


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def founders(kg: KnowledgeGraph) -> list[str]:
    found = [str(row["founder"]) for row in kg.query(FOUNDERS)]
    assert f"{STUDY}actor/el-tiempo" in found
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("how", ["urlencoded", "postdirectly"])
def test_sparqlwrapper(server: Server, founders: list[str], method: str, how: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(f"{server.url}sparql")
    client.setMethod(method)
    client.setRequestMethod(how if method == "POST" else "urlencoded")
    client.setQuery(FOUNDERS)
    client.setReturnFormat(SPARQLWrapper.JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert [row["founder"]["value"] for row in rows] == founders


@pytest.mark.parametrize("format", ["xml", "csv", "tsv"])
def test_sparqlwrapper_formats(server: Server, founders: list[str], format: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(f"{server.url}sparql")
    client.setQuery(FOUNDERS)
    client.setReturnFormat(format)
    found = client.queryAndConvert()
    text = found.toxml() if format == "xml" else found.decode()
    assert all(founder in text for founder in founders)


@pytest.mark.parametrize("format", ["turtle", "xml", "json-ld", "n3"])
def test_sparqlwrapper_graphs(server: Server, format: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(f"{server.url}sparql")
    client.setQuery(f"CONSTRUCT {{ ?s a <{GG}Case> }} WHERE {{ ?s a <{GG}Case> }}")
    client.setReturnFormat(format)
    found = client.queryAndConvert()
    if isinstance(found, bytes):
        found = rdflib.Graph().parse(data=found, format="turtle")
    assert rdflib.URIRef(f"{STUDY}case/bogota") in set(found.subjects())


def test_sparqlwrapper_tells_errors(server: Server) -> None:
    client = SPARQLWrapper.SPARQLWrapper(f"{server.url}sparql")
    client.setQuery("SELECT nonsense")
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="line 1, column"):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store(server: Server, kg: KnowledgeGraph, founders: list[str], method: str) -> None:
    store = SPARQLStore(f"{server.url}sparql", method=method)
    graph = rdflib.Graph(store)
    assert [str(row[0]) for row in graph.query(FOUNDERS)] == founders
    cases = {str(s) for s in graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{GG}Case"))}
    expected = kg.query(f"SELECT DISTINCT ?s {{ ?s <{RDF}type> <{GG}Case> }}")
    assert cases == {str(row["s"]) for row in expected}
    assert bool(graph.query(f"ASK {{ <{STUDY}case/bogota> a <{GG}Case> }}"))


def curl(*arguments: str) -> bytes:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is missing: apt-get install curl")
    return subprocess.run(
        [program, "--silent", "--show-error", "--max-time", "20", *arguments],
        check=True,
        capture_output=True,
    ).stdout


def test_curl(server: Server, founders: list[str]) -> None:
    url = f"{server.url}sparql"
    query = f"query={FOUNDERS}"
    got = json.loads(curl("--get", "--data-urlencode", query, url))
    assert [row["founder"]["value"] for row in got["results"]["bindings"]] == founders
    csv = curl("--compressed", "-H", "Accept: text/csv", "--data-urlencode", query, url)
    assert csv.decode().splitlines()[1:] == founders
    direct = ["-H", "Content-Type: application/sparql-query", "--data-binary", FOUNDERS, url]
    assert json.loads(curl(*direct)) == got
    assert b"Content-Type: text/turtle" in curl("--head", f"{server.url}case/bogota.ttl").replace(
        b"content-type", b"Content-Type"
    )
    body = curl("--location", "-H", "Accept: application/n-triples", f"{server.url}case/bogota")
    assert f"<{STUDY}case/bogota> <{RDF}type> <{GG}Case>".encode() in body
