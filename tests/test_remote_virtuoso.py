"""Queries rewritten for Virtuoso: what is written out, what stays; answers stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from govgraph.queries import run
from govgraph.queries.sparql import outline
from govgraph.store.answering import for_virtuoso
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
            'SELECT ?n { ?x a ?n OPTIONAL { ?x ?p ?n FILTER(LANG(?n) = "en") } }',
        ),
        (  # a prefixed name is written in full, a string with its escapes
            'PREFIX e: <urn:e/> SELECT ?x { VALUES ?l { e:a } VALUES ?m { "a\\"}" } ?x ?l ?m }',
            'PREFIX e: <urn:e/> SELECT ?x { ?x <urn:e/a> "a\\"}" }',
        ),
        (  # both subqueries have a table of their own
            "SELECT ?x { { SELECT ?x { VALUES ?l { 1 } ?x ?p ?l } } VALUES ?l { 1 } ?x ?q ?l }",
            None,
        ),
    ],
)
def test_a_table_of_one_term_is_written_out(query: str, expected: str | None) -> None:
    found = for_virtuoso(query)
    assert found.added == ()
    assert "VALUES" not in found.text
    if expected:
        assert words(found.text) == expected


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?l ?n { VALUES ?l { "en" } ?x ?p ?n FILTER(LANG(?n) = ?l) }',  # selected
        'SELECT * { VALUES ?l { "en" } ?x ?p ?n FILTER(LANG(?n) = ?l) }',
        'SELECT (COUNT(?n) AS ?c) { VALUES ?l { "en" } ?x ?p ?l, ?n } GROUP BY ?l',
        "SELECT ?x { VALUES ?l { 1 } ?x ?p ?o MINUS { ?x ?q ?l } } LIMIT 9",  # part of a MINUS
        "SELECT ?x { ?x ?q ?l { SELECT ?x { VALUES ?l { 1 } ?x ?p ?l } } }",  # out of reach
        "SELECT ?x { VALUES (?l ?m) { (1 2) } ?x ?l ?m }",  # of two variables
        "SELECT ?x { VALUES ?l { UNDEF } ?x ?p ?l } LIMIT 9",  # any
        "ASK { VALUES ?l { 1 2 } ?x ?p ?l }",
        'SELECT ?x { ?x ?p "VALUES ?l { 1 }" } # VALUES ?l { 1 }',
    ],
)
def test_what_would_mean_something_else_stays(query: str) -> None:
    assert for_virtuoso(query).text == query


def test_a_test_whether_a_term_is_bound_is_true() -> None:
    query = (
        "SELECT ?x { VALUES ?l { <x:a> } ?x ?p ?o FILTER(!BOUND(?l) || ?o = ?l) FILTER BOUND(?o) }"
    )
    assert words(for_virtuoso(query).text) == (
        "SELECT ?x { ?x ?p ?o FILTER(!true || ?o = <x:a>) FILTER BOUND(?o) }"
    )


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
