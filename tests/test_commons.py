"""What belongs to every study lies at its own IRI: ontology, shapes, context."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS
from starlette.testclient import TestClient

from govgraph import KnowledgeGraph
from govgraph.assembly.building import common_files, write_build
from govgraph.coding.source_files import find
from govgraph.coding.study import Sources
from govgraph.coding.terms import ontology_files
from govgraph.errors import SourceErrors
from govgraph.resources import bundled
from govgraph.vocabulary import BASE
from govgraph.web.server.server import create_app
from study_slices import one_case_of_the_study


def test_each_file_lies_where_its_iri_says() -> None:
    for path, content in common_files().items():
        if path.endswith(".ttl"):
            [header] = rdflib.Graph().parse(data=content).subjects(RDF.type, OWL.Ontology)
            assert str(header) == BASE + path.removesuffix(".ttl") or "/ontology/0." in BASE + path
    assert len(common_files()) == len(ontology_files()) + 3


def test_the_ontology_leads_to_each_of_its_files() -> None:
    core = rdflib.Graph().parse(bundled("ontology") / "govgraph.ttl")
    leads = {*core.objects(None, RDFS.seeAlso), *core.objects(None, OWL.versionIRI)}
    named = {f"{str(iri).removeprefix(BASE)}.ttl" for iri in leads}
    assert {name for name in common_files() if name.startswith("ontology/")} <= named


def test_shapes_published_are_those_that_are_applied() -> None:
    published = sum(len(parsed(name)) for name in ("shapes.ttl", "shapes-sparql.ttl"))
    applied = rdflib.Graph()
    for path in ontology_files(shapes=True):
        applied.parse(path)
    assert published == len(applied)


def parsed(name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=common_files()[name], format="turtle")


def test_a_build_has_them_and_is_no_data(kg: KnowledgeGraph, tmp_path: Path) -> None:
    write_build(one_case_of_the_study(kg).store, tmp_path, "")
    for path, content in common_files().items():
        assert (tmp_path / path).read_bytes() == content
    with pytest.raises(SourceErrors, match="Name the files it was made of"):
        find(Sources(data=(tmp_path,)))


def test_a_server_gives_them_with_and_without_ending(kg: KnowledgeGraph) -> None:
    client = TestClient(create_app(one_case_of_the_study(kg)))
    for path, content in common_files().items():
        for address in (path, path.rpartition(".")[0]):
            answer = client.get(f"/{address}")
            assert (answer.status_code, answer.content) == (200, content), address
            again = client.get(f"/{address}", headers={"If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304
    assert client.get("/shapes").headers["Content-Type"] == "text/turtle; charset=utf-8"
    context = client.get("/context", headers={"Accept": "application/ld+json"})
    assert context.headers["Content-Type"] == "application/ld+json"
    assert "@context" in json.loads(context.content)
