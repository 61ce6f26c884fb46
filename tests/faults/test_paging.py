"""What a store cuts, and how it orders columns: an answer is that of the whole, or refused."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

import servers
from govgraph.errors import RemoteError
from govgraph.results import Result
from govgraph.store.answering import RemoteGraph
from govgraph.store.endpoint import Endpoint
from govgraph.store.store_graphs import StoreGraphs
from limited import limited
from stores import fill

MOST = 100
SEEDS = [
    pytest.param(range(8), id="some"),
    pytest.param(range(20, 150), id="all", marks=pytest.mark.whole),
]
FIVE = """CONSTRUCT { ?s <urn:a> ?v . ?s <urn:b> ?v . ?s <urn:c> ?v . ?s <urn:d> ?v . ?s a <urn:e> }
WHERE { ?s <urn:value> ?v }"""


def graph(rows: int, graphs: int = 1) -> ox.Store:
    """Return things with a value and a kind, in several graphs; some say the same."""
    store = ox.Store()
    for number in range(rows):
        for place in {number % graphs, number % 7 % graphs}:
            name = ox.NamedNode(f"urn:graph/{place}")
            thing = ox.NamedNode(f"urn:thing/{number:04}")
            value, kind = ox.Literal(f"value {number}"), ox.NamedNode(f"urn:kind/{number % 9}")
            store.add(ox.Quad(thing, ox.NamedNode("urn:value"), value, name))
            store.add(ox.Quad(thing, ox.NamedNode("urn:kind"), kind, name))
    return store


def queries(chance: random.Random) -> list[str]:
    """Draw queries: all that changes how many rows come, and in which order."""
    number = chance.randrange(0, 260)
    cut = chance.choice(["", f"LIMIT {number}", f"OFFSET {number}", f"LIMIT {number} OFFSET 3"])
    distinct = chance.choice(["", "DISTINCT ", "REDUCED "])
    pattern = chance.choice(
        [
            "?s <urn:value> ?v ; <urn:kind> ?k",
            "GRAPH ?g { ?s <urn:value> ?v } ?s <urn:kind> ?k",
            "{ SELECT ?s ?v ?k { ?s <urn:value> ?v ; <urn:kind> ?k } ORDER BY ?s LIMIT 150 }",
            "?s <urn:value> ?v . OPTIONAL { ?s <urn:kind> ?k FILTER(?k != <urn:kind/3>) }",
            "VALUES ?k { <urn:kind/1> <urn:kind/2> UNDEF } ?s <urn:kind> ?k ; <urn:value> ?v",
        ]
    )
    columns = chance.choice(["*", "?v ?s", "?k ?v ?s", "?s ?k", "?k"])
    template = chance.choice(
        ["?s <urn:p> ?v", "?k <urn:p> ?s ; <urn:q> ?v ; a <urn:T>", "?k a <urn:T>", "[] <urn:p> ?k"]
    )
    return [
        f"SELECT {distinct}{columns} {{ {pattern} }} ORDER BY ?s ?v ?k {cut}",
        f"SELECT {distinct}{columns} WHERE {{ {pattern} }} {cut if 'LIMIT' not in cut else ''}",
        f"SELECT ?k (COUNT(?s) AS ?n) {{ {pattern} }} GROUP BY ?k ORDER BY ?k",
        f"CONSTRUCT {{ {template} }} WHERE {{ {pattern} }} ORDER BY ?s ?v ?k {cut}",
    ]


def rows_of(result: Result, *, ordered: bool) -> object:
    rows = [tuple(re.sub(r"_:\w+", "_:b", str(term)) for term in row) for row in result.rows]
    return (result.columns, rows if ordered else Counter(rows))


def check(view: RemoteGraph, store: ox.Store, query: str) -> bool:
    """Hold an answer against that of the whole; return whether it was refused instead."""
    whole = Result.from_oxigraph(store.query(query, use_default_graph_as_union=True))
    ordered = query.startswith("SELECT") and "ORDER BY ?s ?v ?k" in query and "?g" not in query
    try:
        found = view.answer(query)
    except RemoteError as error:
        if f"cuts results at {MOST} rows" not in str(error):
            raise
        return True
    assert rows_of(found, ordered=ordered) == rows_of(whole, ordered=ordered), query
    return False


@pytest.mark.parametrize("seeds", SEEDS)
def test_an_answer_is_that_of_the_whole_or_refused(seeds: range) -> None:
    refused = answered = 0
    for seed in seeds:
        chance = random.Random(seed)
        store = graph(chance.choice([3, 40, 99, 100, 101, 130, 240]), chance.choice([1, 3]))
        with limited(store, most=MOST, seed=seed) as url:
            view = RemoteGraph(Endpoint.of(url))
            for query in queries(chance):
                if check(view, store, query):
                    refused += 1
                else:
                    answered += 1
    assert refused > len(seeds) / 4
    assert answered > len(seeds)


@pytest.mark.parametrize("rows", [10, 99, 100, 101, 250])
def test_graphs_are_read_whole_page_by_page(rows: int) -> None:
    store = graph(rows, 3)
    with limited(store, most=MOST, seed=rows) as url:
        graphs = StoreGraphs(Endpoint.of(url), relabel=False)
        assert set(graphs.fetch(graphs.counts())) == set(store)


def test_columns_are_those_of_the_query_whatever_the_store_calls_first() -> None:
    store = graph(30)
    query = "SELECT ?v ?s { GRAPH <urn:graph/0> { ?s <urn:value> ?v } } ORDER BY ?s LIMIT 1"
    for seed in range(6):
        with limited(store, seed=seed) as url:
            found = RemoteGraph(Endpoint.of(url)).answer(query)
        assert found.columns == ("v", "s")
        assert [str(term) for term in found.rows[0]] == ['"value 0"', "<urn:thing/0000>"]


def test_triples_that_a_store_cuts_are_found_out(recwarn: pytest.WarningsRecorder) -> None:
    store = graph(90)
    with limited(store, most=MOST) as url:
        view = RemoteGraph(Endpoint.of(url))
        assert len(view.answer(FIVE)) == 450  # the store would give 100 of them
        with pytest.raises(RemoteError, match="cuts results at 100 rows"):
            view.answer("CONSTRUCT WHERE { ?s ?p ?o }")
        assert len(view.answer("DESCRIBE <urn:thing/0001>")) == 2
        assert [str(warning.message) for warning in recwarn] == []
        assert len(view.answer("DESCRIBE ?s { ?s <urn:value> ?v }")) == 100
        assert "the description has 100 triples, where the store may have cut it" in " ".join(
            str(warning.message) for warning in recwarn
        )


@pytest.mark.virtuoso
@pytest.mark.whole
def test_triples_that_virtuoso_cuts_are_found_out(tmp_path: Path) -> None:
    with servers.virtuoso(tmp_path, max_rows=200) as endpoint:
        client = fill(endpoint, graph(150, 3))
        raw = client.query(FIVE, whole=False)
        assert len(raw) == 201  # of 750, and no word
        view = RemoteGraph(endpoint)
        assert len(view.answer(FIVE)) == 750
        assert len(view.answer("CONSTRUCT { ?k a <urn:T> } { ?s <urn:kind> ?k ; ?p ?o }")) == 9
        with pytest.raises(RemoteError, match="cuts results at 200 rows"):
            view.answer("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(CONTAINS(STR(?s), 'thing')) }")
