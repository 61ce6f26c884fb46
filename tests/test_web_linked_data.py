"""Every IRI dereferences at a running server: things, documents, formats, dumps, the missing."""

from __future__ import annotations

import gzip
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import BASE, METADATA_GRAPH, SDG
from serving import Server, serving

FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
}
BOGOTA = ox.NamedNode(f"{STUDY}case/bogota")
NAMES = {"place/otoño": "place/oto%C3%B1o", "place/a%2Fb": "place/a%2Fb", "place/~x'(1)": None}
"""Unusual paths of IRIs in the graph, and how a URL spells them (None: the same)."""
MARKUP = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("own")
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = [
        f'<{STUDY}{name}> a <{BASE}ontology#Place> ; {label} "Lugar"@es, "Place"@en .'
        for name in NAMES
    ]
    text = MARKUP.replace('"', '\\"')
    lines.append(f'<{STUDY}place/markup> a <{BASE}ontology#Place> ; {label} "{text}"@en .')
    lines.append(f'<https://other.example/x> {label} "elsewhere"@en .')
    (folder / "own.ttl").write_text("\n".join(lines), "utf-8")
    with serving(
        "--study",
        "security-alliances",
        "--data",
        str(folder),
        "--public-url",
        "https://data.example/govgraph",
    ) as running:
        yield running


def parsed(body: bytes, extension: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=FORMATS[extension][1])}


# --- things and documents


def test_thing_is_answered_with_its_document(server: Server) -> None:
    answer = server.ask("/case/bogota")
    assert answer.status == 303
    assert answer.headers["location"] == "/govgraph/case/bogota.ttl"
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format(server: Server, kg: KnowledgeGraph, extension: str) -> None:
    media_type, _ = FORMATS[extension]
    answer = server.ask("/case/bogota", media_type)
    assert answer.headers["location"] == f"/govgraph/case/bogota.{extension}"
    document = server.ask(f"/case/bogota.{extension}", "image/png")  # the extension decides
    assert document.status == 200
    assert document.headers["content-type"].split(";")[0] == media_type
    triples = parsed(document.body, extension)
    said = {quad.triple for quad in kg.store.quads_for_pattern(BOGOTA, None, None)}
    assert said <= triples
    assert any(triple.object == BOGOTA for triple in triples)


def test_quads_tell_the_passage(server: Server) -> None:
    answer = server.ask("/instrument/bogota-como-vamos.nq")
    quads = list(ox.parse(answer.body, format=ox.RdfFormat.N_QUADS))
    passage = ox.NamedNode(f"{STUDY}passage/3.3/3")
    founded = ox.NamedNode(f"{BASE}ontology#startYear")
    assert any(quad.graph_name == passage and quad.predicate == founded for quad in quads)
    assert any(quad.subject == passage for quad in quads)  # where the passage stands


def test_not_acceptable(server: Server) -> None:
    answer = server.ask("/case/bogota", "image/png")
    assert answer.status == 406
    assert "text/turtle" in answer.text


def test_html_in_the_language_of_the_reader(server: Server) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = server.ask("/case/bogota", browser, Accept_Language="es-MX,es;q=0.9")
    assert (answer.status, answer.headers["location"]) == (303, "/govgraph/es/case/bogota.html")
    page = server.ask("/es/case/bogota.html")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    answer = server.ask("/case/bogota.html")
    assert (answer.status, answer.headers["location"]) == (302, "/govgraph/en/case/bogota.html")


def test_hash_iris_lead_to_their_document(server: Server) -> None:
    for path in ("/ontology", "/ontology.ttl"):
        answer = server.ask(path, "text/turtle")
        assert answer.status == 200
        assert answer.headers["content-location"] == "/govgraph/ontology.ttl"
        subjects = {triple.subject for triple in parsed(answer.body, "ttl")}
        assert ox.NamedNode(f"{BASE}ontology#Participation") in subjects
        assert ox.NamedNode(f"{BASE}ontology#involvesSector") in subjects


def test_named_graph_is_a_document(server: Server, kg: KnowledgeGraph) -> None:
    answer = server.ask("/graph/editorial/works", "application/n-quads")
    assert answer.status == 200
    name = ox.NamedNode(f"{STUDY}graph/editorial/works")
    held = {quad.triple for quad in kg.store.quads_for_pattern(None, None, None, name)}
    assert held
    assert held <= parsed(answer.body, "nq")


def test_links(server: Server) -> None:
    link = server.ask("/case/bogota.ttl").headers["link"]
    assert '</govgraph/case/bogota.nq>; rel="alternate"; type="application/n-quads"' in link
    assert '</govgraph/case/bogota.ttl>; rel="describedby"; type="text/turtle"' in link
    assert '<https://data.example/govgraph/case/bogota.ttl>; rel="canonical"' in link
    assert '</govgraph/es/case/bogota.html>; rel="alternate"; type="text/html"' in link
    assert f'<{STUDY}case/bogota>; rel="describes"' in link
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link
    assert "alternate" in server.ask("/case/bogota").headers["link"]


@pytest.mark.parametrize("name", NAMES)
def test_unusual_iris(server: Server, name: str) -> None:
    spelled = NAMES[name] or quote(name, safe="/~'()")
    answer = server.ask(f"/{spelled}")
    assert answer.status == 303, name
    location = answer.headers["location"].removeprefix("/govgraph")
    document = server.ask(location)
    assert ox.NamedNode(STUDY + name) in {each.subject for each in parsed(document.body, "ttl")}


def test_markup_stays_text(server: Server) -> None:
    body = server.ask("/place/markup.nt").body
    assert MARKUP in {
        t.object.value for t in parsed(body, "nt") if isinstance(t.object, ox.Literal)
    }
    page = server.ask("/en/place/markup.html")
    assert page.status == 200
    assert b"<script>alert" not in page.body


def test_goals_and_foreign_iris(server: Server) -> None:
    assert server.ask("/sdg/16").headers["location"] == "/govgraph/sdg/16.ttl"
    subjects = {each.subject for each in parsed(server.ask("/sdg/16.ttl").body, "ttl")}
    assert ox.NamedNode(f"{SDG}16") in subjects
    foreign = server.ask(f"/resource?iri={quote('https://other.example/x')}")
    assert b"elsewhere" in foreign.body
    assert server.ask("/resource?iri=https://other.example/y").status == 404
    assert server.ask("/resource?iri=%3Cnot%20an%20iri").status == 404


def test_every_iri_of_the_graph_dereferences(server: Server) -> None:
    text = (
        f"SELECT DISTINCT ?x {{ {{ ?x ?p ?o }} UNION {{ ?s ?x ?o }} UNION {{ ?s ?p ?x }}"
        f" UNION {{ GRAPH ?x {{ ?s ?p ?o }} }}"
        f" FILTER(isIRI(?x) && STRSTARTS(STR(?x), '{STUDY}')) }}"
    )
    rows = server.query(text, "text/csv").text.splitlines()[1:]
    paths = sorted({row.partition("#")[0][len(STUDY) :] for row in rows})
    assert len(paths) > 1500
    connection = server.connect()
    missing = []
    for path in paths[::3]:
        connection.request("GET", f"/{quote(path, safe='/%~')}", headers={"Accept": "text/turtle"})
        response = connection.getresponse()
        response.read()
        if response.status not in {200, 303}:
            missing.append((path, response.status))
    connection.close()
    assert not missing


@pytest.mark.parametrize(
    ("path", "base"),
    [("dataset", STUDY), ("graph/metadata", BASE), ("role/founder", BASE), ("case/bogota", STUDY)],
)
def test_a_browser_that_takes_only_html_gets_a_page(server: Server, path: str, base: str) -> None:
    answer = server.ask(f"/{path}", "text/html")
    assert (answer.status, answer.headers["location"]) == (303, f"/govgraph/en/{path}.html")
    page = server.ask(f"/en/{path}.html")
    assert page.status == 200
    assert f"<code>{base}{path}</code>" in page.text


# --- what is missing


def test_missing(server: Server) -> None:
    answer = server.ask("/case/bogotta")
    assert answer.status == 404
    assert "Did you mean /en/case/bogota.html" in answer.text
    assert "/case/bogota" in server.ask("/bogota").text
    assert server.ask("/case/bogotta.ttl").status == 404
    assert server.ask("/case/bogota", method="POST").status == 405
    assert server.ask("/case/bogota/").headers["location"] == "/govgraph/case/bogota"


def test_etag_and_head(server: Server) -> None:
    first = server.ask("/case/bogota.ttl")
    again = server.ask("/case/bogota.ttl", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = server.ask("/case/bogota.ttl", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == first.headers["content-length"]
    assert server.ask("/case/bogota.nt").headers["etag"] != first.headers["etag"]
    assert server.ask("/case/bogota.ttl").body == first.body


# --- the whole


def test_void(server: Server, kg: KnowledgeGraph) -> None:
    known = server.ask("/.well-known/void")
    assert (known.status, known.headers["location"]) == (303, "/govgraph/void")
    void = server.ask("/void", "text/turtle")
    triples = parsed(void.body, "ttl")
    dataset = ox.NamedNode(f"{STUDY}dataset")
    endpoint = ox.NamedNode("https://data.example/govgraph/sparql")
    assert any(each.subject == dataset and each.object == endpoint for each in triples)
    assert parsed(server.ask("/void.nt").body, "nt") == triples
    metadata = kg.store.quads_for_pattern(None, None, None, ox.NamedNode(METADATA_GRAPH))
    assert {quad.predicate for quad in metadata} <= {each.predicate for each in triples}


def test_dumps(server: Server) -> None:
    sums = dict(reversed(line.split()) for line in server.ask("/dump/SHA256SUMS").text.splitlines())
    plain = {f"security-alliances.{each}" for each in ("trig", "nq", "ttl", "jsonld")}
    assert set(sums) == plain | {f"{name}.gz" for name in plain}
    sizes = set()
    for name, digest in sums.items():
        answer = server.ask(f"/dump/{name}")
        assert answer.status == 200
        assert hashlib.sha256(answer.body).hexdigest() == digest
        extension = name.rpartition(".")[2]
        if extension == "gz":
            assert answer.headers["content-type"] == "application/gzip"
            whole = gzip.decompress(answer.body)
            assert hashlib.sha256(whole).hexdigest() == sums[name.removesuffix(".gz")]
            continue
        assert answer.headers["content-type"].split(";")[0] == FORMATS[extension][0]
        assert answer.headers["etag"] == f'"{digest}"'
        assert server.ask(f"/dump/{name}", If_None_Match=answer.headers["etag"]).status == 304
        if extension != "ttl":
            sizes.add(len(list(ox.parse(answer.body, format=FORMATS[extension][1]))))
    assert len(sizes) == 1
    part = server.ask("/dump/security-alliances.nq", Range="bytes=0-99", Accept_Encoding="gzip")
    assert (part.status, len(part.body)) == (206, 100)
    assert server.ask("/dump/other.nq").status == 404


def test_sitemap_and_robots(server: Server) -> None:
    robots = server.ask("/robots.txt").text
    assert "Disallow: /govgraph/sparql" in robots
    assert "Sitemap: https://data.example/govgraph/sitemap.xml" in robots
    tree = ET.fromstring(server.ask("/sitemap.xml").body)
    found = [
        loc.text or "" for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert "https://data.example/govgraph/en/case/bogota.html" in found
    assert len(found) == len(set(found)) > 1000
    assert all(re.fullmatch(r"https://data\.example/govgraph/[!-~]*", each) for each in found)
    statuses = {
        address: server.ask(address.removeprefix("https://data.example/govgraph")).status
        for address in found[::100]
    }
    assert {address for address, status in statuses.items() if status != 200} == set()


def test_files_are_not_served(server: Server, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    up = "../" * 12
    for path in (f"/{up}{tmp_path}/secret", f"/dump/{up}{tmp_path}/secret"):
        assert server.ask(path).status == 404


def test_a_large_resource_comes_whole(server: Server, kg: KnowledgeGraph) -> None:
    inferred = ox.NamedNode(f"{BASE}graph/inferred")
    expected = set(kg.store.quads_for_pattern(None, None, None, inferred))
    assert len(expected) > 5000
    answer = server.ask("/graph/inferred.nq", Accept_Encoding="gzip")
    quads = ox.parse(gzip.decompress(answer.body), format=ox.RdfFormat.N_QUADS)
    assert {quad for quad in quads if quad.graph_name == inferred} >= expected
    again = server.ask("/graph/inferred.nq", If_None_Match=answer.headers["etag"])
    assert again.status == 304
