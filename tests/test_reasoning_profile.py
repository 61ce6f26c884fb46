"""What the rules do not follow is said: which axiom, of which term, where to find it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import owlrl_engine
from govgraph import KnowledgeGraph
from govgraph.reasoning import compile_rules, infer

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ON = "[ a owl:Restriction ; owl:onProperty :p ;"


def cautions(text: str) -> list[str]:
    store = ox.Store()
    store.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    return [str(each).replace("https://example.org/", ":") for each in infer(store).cautions]


@pytest.mark.parametrize(
    ("axiom", "what"),
    [
        (f":C rdfs:subClassOf {ON} owl:minCardinality 1 ] .", "<:C>: a minimum cardinality"),
        (f":C rdfs:subClassOf {ON} owl:cardinality 1 ] .", "<:C>: an exact cardinality"),
        (f":C rdfs:subClassOf {ON} owl:maxCardinality 2 ] .", "<:C>: a maximum cardinality of 2"),
        (f":C rdfs:subClassOf {ON} owl:hasSelf true ] .", "<:C>: owl:hasSelf"),
        (":C owl:disjointUnionOf ( :D :E ) .", "<:C>: owl:disjointUnionOf"),
        (":p a owl:ReflexiveProperty .", "<:p>: owl:ReflexiveProperty"),
        (
            f":C rdfs:subClassOf {ON} owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:date ] .",
            "<:C>: a cardinality over a data range",
        ),
        (
            ":p rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
            "owl:withRestrictions ( [ xsd:minInclusive 1 ] ) ] .",
            "<:p>: a datatype restriction",
        ),
    ],
)
def test_axioms_outside_the_profile(axiom: str, what: str) -> None:
    [caution] = cautions(axiom)
    assert caution == f"{what} is outside OWL 2 RL and is not followed; check it in SHACL."


@pytest.mark.parametrize(
    ("axiom", "what"),
    [
        (
            f":C rdfs:subClassOf {ON} owl:someValuesFrom :D ] .",
            "owl:someValuesFrom as a superclass",
        ),
        (":C rdfs:subClassOf [ owl:unionOf ( :D :E ) ] .", "owl:unionOf as a superclass"),
        (":C rdfs:subClassOf [ owl:oneOf ( :x ) ] .", "owl:oneOf as a superclass"),
        (
            f":C rdfs:subClassOf [ owl:intersectionOf ( :D {ON} owl:someValuesFrom :E ] ) ] .",
            "owl:someValuesFrom as a superclass",
        ),
        (f"{ON} owl:allValuesFrom :D ] rdfs:subClassOf :C .", "owl:allValuesFrom as a subclass"),
        ("[ owl:complementOf :D ] rdfs:subClassOf :C .", "owl:complementOf as a subclass"),
    ],
)
def test_expressions_on_the_wrong_side(axiom: str, what: str) -> None:
    [caution] = cautions(axiom)
    assert caution.startswith(f"<:C>: nothing is inferred from {what}")
    assert "(outside OWL 2 RL)" in caution


def test_one_direction_of_an_equivalence_is_followed() -> None:
    text = f":C owl:equivalentClass {ON} owl:someValuesFrom :D ] . :x :p :y . :y a :D ."
    [caution] = cautions(text)
    assert caution.startswith("<:C>: nothing is inferred from owl:someValuesFrom as a superclass")
    store = ox.Store()
    store.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    assert [str(t.subject) for t in infer(store).triples] == ["<https://example.org/x>"]


@pytest.mark.parametrize(
    ("chain", "warned"),
    [
        (":p owl:propertyChainAxiom ( :q :r ) .", False),
        (":p owl:propertyChainAxiom ( :p :p ) .", False),
        (":p owl:propertyChainAxiom ( :p :q ) .", False),
        (":p owl:propertyChainAxiom ( :q :p ) .", False),
        (":p owl:propertyChainAxiom ( :q :p :r ) .", True),
        (":p owl:propertyChainAxiom ( :p :q :p ) .", True),
        (":p owl:propertyChainAxiom ( :q ) .", True),
        (":p owl:propertyChainAxiom () .", True),
    ],
)
def test_chains_that_owl_forbids(chain: str, warned: bool) -> None:
    found = cautions(chain)
    assert bool(found) == warned
    assert all(each.startswith("<:p>: the property chain ") for each in found)
    assert all("which OWL 2 forbids" in each for each in found)


def test_a_forbidden_chain_is_followed_all_the_same_and_ends() -> None:
    store = ox.Store()
    text = ":p owl:propertyChainAxiom ( :q :p :q ) . :a :q :b . :b :p :c . :c :q :a . :a :q :c ."
    store.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    found = infer(store)
    assert found.complete
    assert list(found.triples) == list(owlrl_engine.infer(store).triples)


def test_a_caution_leads_to_its_triple() -> None:
    store = ox.Store()
    text = f"{PREFIXES} :C rdfs:subClassOf {ON} owl:cardinality 1 ] ."
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    [caution] = compile_rules(store).cautions
    assert caution.subject == "https://example.org/C"
    [quad] = store.quads_for_pattern(None, ox.NamedNode(caution.predicate), None, None)
    assert quad.subject == ox.BlankNode(caution.node)


def test_broken_lists_do_no_harm() -> None:
    store = ox.Store()
    text = """:p owl:propertyChainAxiom _:l . _:l rdf:first :q ; rdf:rest _:l .
        :C owl:unionOf :nothing . :D owl:unionOf "no list" .
        :x :q :y ."""
    store.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    assert [str(t.predicate) for t in infer(store).triples] == ["<https://example.org/p>"]


def test_the_study_gives_no_caution_and_no_clash(kg: KnowledgeGraph) -> None:
    assert infer(kg.store).cautions == []
    assert infer(kg.store).clashes == []
