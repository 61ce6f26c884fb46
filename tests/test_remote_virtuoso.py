"""Queries rewritten for Virtuoso: what is written out, what stays; answers stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from govgraph.queries import run
from govgraph.queries.sparql import outline
from govgraph.store.virtuoso import for_virtuoso
from reference import same_answer

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            'SELECT ?n { ?x a ?n VALUES ?l { "en" } OPTIONAL { ?x ?p ?n FILTER(LANG(?n) = ?l) } }',
            'SELECT ?n { ?x a ?n BIND("en" AS ?l) OPTIONAL { ?x ?p ?n FILTER(LANG(?n) = ?l) } }',
        ),
        (  # a prefixed name is written in full, a string with its escapes
            'PREFIX e: <urn:e/> SELECT ?x { VALUES ?l { e:a } VALUES ?m { "a\\"}" } ?x ?l ?m }',
            'PREFIX e: <urn:e/> SELECT ?x { BIND(<urn:e/a> AS ?l) BIND("a\\"}" AS ?m) ?x ?l ?m }',
        ),
        (  # selected
            'SELECT ?l ?n { VALUES ?l { "en" } ?x ?p ?n FILTER(LANG(?n) = ?l) }',
            'SELECT ?l ?n { BIND("en" AS ?l) ?x ?p ?n FILTER(LANG(?n) = ?l) }',
        ),
    ],
)
def test_a_table_of_one_term_is_a_bind(query: str, expected: str) -> None:
    found = for_virtuoso(query)
    assert found.added == ()
    assert words(found.text) == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { ?x ?p ?l VALUES ?l { 1 } } LIMIT 9",  # which stands before
        "SELECT ?x { ?x ?p ?l } VALUES ?l { 1 } LIMIT 9",
        "SELECT ?x { VALUES (?l ?m) { (1 2) } ?x ?l ?m }",  # of two variables
        "SELECT ?x { VALUES ?l { UNDEF } ?x ?p ?l } LIMIT 9",  # any
        "ASK { VALUES ?l { 1 2 } ?x ?p ?l }",
        'SELECT ?x { ?x ?p "VALUES ?l { 1 }" } # VALUES ?l { 1 }',
    ],
)
def test_what_would_mean_something_else_stays(query: str) -> None:
    assert for_virtuoso(query).text == query


def test_the_variable_of_a_table_of_several_is_selected_too() -> None:
    query = 'SELECT DISTINCT ?n WHERE { VALUES ?l { "en" "es" } ?x ?p ?n FILTER(LANG(?n) = ?l) }'
    found = for_virtuoso(query)
    assert found.added == ("l",)
    assert words(found.text).startswith("SELECT DISTINCT ?n ?l WHERE {")


def test_every_stored_query_means_the_same_when_rewritten(kg: KnowledgeGraph) -> None:
    changed = 0
    for query in kg.queries.values():
        if outline(query.text).has_service:  # which would ask another endpoint
            continue
        text = kg.defaults.bind(query, {})
        found = for_virtuoso(text)
        if found.text != text:
            changed += 1
            here = run(text, kg.view)
            assert same_answer(here, run(found.text, kg.view).without(found.added)), query.slug
    assert changed > 80
