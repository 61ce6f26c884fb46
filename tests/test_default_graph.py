"""Stored queries say in their file whether they need the union of all graphs as default graph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from govgraph import KnowledgeGraph
from govgraph.queries.engine import for_engine
from govgraph.queries.stored import StoredQuery
from govgraph.resources import bundled
from test_query_library import LIBRARY, text_of

LINE = "# The default graph has to be the union of all named graphs (docs/remote.md)."
FILES = sorted(
    path
    for folder in (bundled("queries"), *bundled("data").iterdir())
    for path in folder.rglob("*.rq")
)


def asks_the_default_graph(node: object) -> bool:
    """Tell whether triples are matched outside any GRAPH and SERVICE (SPARQL algebra)."""
    if isinstance(node, CompValue):
        if node.name in {"Graph", "ServiceGraphPattern"}:
            return False
        matched = node.name in {"BGP", "TriplesBlock"} and node.triples
        return bool(matched) or any(map(asks_the_default_graph, node.values()))
    return isinstance(node, list | tuple) and any(map(asks_the_default_graph, node))


def says_so(text: str) -> bool:
    return LINE in text.splitlines()


def answer(kg: KnowledgeGraph, query: StoredQuery, *, union: bool) -> object:
    text = for_engine(text_of(kg, query.slug), kg.names.prefixes, sorts=True).text
    found = kg.store.query(text, use_default_graph_as_union=union, base_iri=kg.names.base)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return {str(row) if isinstance(row, ox.Triple) else tuple(map(str, row)) for row in found}


@pytest.mark.parametrize(
    "every", [pytest.param(6, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_a_query_says_so_where_it_asks_outside_a_graph(every: int) -> None:
    wrong = []
    for path in FILES[::every]:
        text = path.read_text("utf-8")
        algebra = prepareQuery(text).algebra
        if says_so(text) != asks_the_default_graph(algebra):
            wrong.append(path.name)
    assert wrong == []


@pytest.mark.whole
def test_what_does_not_say_so_answers_the_same_on_any_store(kg: KnowledgeGraph) -> None:
    silent = [query for query in LIBRARY.values() if not says_so(query.text)]
    assert {query.slug for query in silent} == {"pages-cited", "pointers-to-work"}
    for query in silent:
        assert answer(kg, query, union=True) == answer(kg, query, union=False)


@pytest.mark.whole
def test_what_says_so_answers_otherwise_without(kg: KnowledgeGraph) -> None:
    same = {
        query.slug
        for query in LIBRARY.values()
        if says_so(query.text) and not query.slug.startswith("elsewhere/")
        if answer(kg, query, union=True) == answer(kg, query, union=False)
    }
    # Of the first three the bundled study has nothing to tell; the last computes nothing.
    untold = {"labels-missing", "silent-disagreements", "uncertain-statements"}
    assert same == {*untold, "claims/tijuana-doubling"}
