"""Shapes said another way for the native engine give the report that the written ones give."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from govgraph.shapes.engines import shapes_text
from govgraph.shapes.rewriting import rewritten
from govgraph.vocabulary import SH

shacl = pytest.importorskip("shacl")

PREFIXES = """
@prefix : <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = """
:Police rdfs:subClassOf :Body . :Body rdfs:subClassOf :Actor .
:a a :Actor . :b a :Police . :c a :Place . :d a :Person .
:s1 :member :a , :b . :s2 :member :c . :s3 :member "text" . :s4 :member :d , :c .
"""
TARGET = ":S a sh:PropertyShape ; sh:targetSubjectsOf :member ; sh:path :member ; "
ACTOR = ":A a sh:NodeShape ; sh:class :Actor ."
EITHER = f"{ACTOR} :P a sh:NodeShape ; sh:class :Person ."
SHAPES = {
    "or": f"{TARGET} sh:or ( :A :P ) . {EITHER}",
    "and": f"{TARGET} sh:and ( :A ) . {ACTOR}",
    "xone": f"{TARGET} sh:xone ( :A :P ) . {EITHER}",
    "not": f"{TARGET} sh:not :A . {ACTOR}",
    "node": f"{TARGET} sh:node :A . {ACTOR}",
    "qualified": f"{TARGET} sh:qualifiedValueShape :A ; sh:qualifiedMinCount 2 . {ACTOR}",
    "a property within": (
        ":S a sh:NodeShape ; sh:targetSubjectsOf :member ; sh:or ( :Q ) . "
        ":Q a sh:PropertyShape ; sh:path :member ; sh:class :Actor ."
    ),
    "two classes": f"{TARGET} sh:not :B . :B a sh:NodeShape ; sh:class :Actor , :Body .",
}
REPORTING = {
    "the shape itself": f"{TARGET} sh:class :Actor .",
    "by sh:property": (
        ":S a sh:NodeShape ; sh:targetSubjectsOf :member ; sh:property :Q . "
        ":Q a sh:PropertyShape ; sh:path :member ; sh:class :Actor ."
    ),
    "both reporting and asked": (
        f"{TARGET} sh:property :A ; sh:not :A . :A a sh:PropertyShape ; sh:path :member ; "
        "sh:class :Actor ."
    ),
}


def triples(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)]


def asks_for_class(shapes: list[ox.Triple]) -> bool:
    return any(each.predicate.value == f"{SH}class" for each in shapes)


def results(shapes: list[ox.Triple]) -> list[tuple[str, str, str]]:
    text = (ox.serialize(shapes, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    report = shacl.Shapes.from_text(text, "nt").validate_text(PREFIXES + DATA, "turtle")
    store = ox.Store()
    store.bulk_load(report.serialize("ntriples"), format=ox.RdfFormat.N_TRIPLES)
    query = f"""SELECT ?focus ?component (STR(?v) AS ?value) WHERE {{
        ?result <{SH}focusNode> ?focus ; <{SH}sourceConstraintComponent> ?component .
        OPTIONAL {{ ?result <{SH}value> ?v }} }}"""
    return sorted(tuple(str(term) for term in row) for row in store.query(query))  # type: ignore


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_asked_value_by_value_is_asked_by_path(name: str) -> None:
    written = triples(SHAPES[name])
    assert asks_for_class(written)
    assert not asks_for_class(rewritten(written))
    assert results(written)
    assert results(rewritten(written)) == results(written)


@pytest.mark.parametrize("name", REPORTING)
def test_what_reports_stays_as_it_is(name: str) -> None:
    written = triples(REPORTING[name])
    assert set(rewritten(written)) == set(written)


def test_no_shape_of_ours_lists_a_class_for_each_value() -> None:
    ours = [quad.triple for quad in ox.parse(shapes_text(), format=ox.RdfFormat.N_TRIPLES)]
    kept = {each.subject for each in rewritten(ours) if each.predicate.value == f"{SH}class"}
    targeted = {each.subject for each in ours if each.predicate.value.startswith(f"{SH}target")}
    assert kept <= targeted
