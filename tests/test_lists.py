"""The one walker of RDF lists."""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.rdf.terms import members, rdf

EX = "http://example.org/"
TURTLE = f"""@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix : <{EX}> .
:whole :list (:a "b" 3) .
:broken rdf:first :a ; rdf:rest :gap .
:circle rdf:first :a ; rdf:rest :circle .
:cut rdf:first :a .
"""


def test_a_list_is_read_in_order_and_a_broken_one_ends_where_it_breaks() -> None:
    store = ox.Store()
    store.load(TURTLE.encode(), format=ox.RdfFormat.TURTLE)
    (quad,) = store.quads_for_pattern(None, ox.NamedNode(f"{EX}list"), None)
    a = ox.NamedNode(f"{EX}a")
    assert members(store, quad.object) == [a, ox.Literal("b"), ox.Literal(3)]
    heads = [ox.NamedNode(EX + name) for name in ("broken", "circle", "cut")]
    assert [members(store, head) for head in heads] == [[a], [a], [a]]
    for head in (rdf.nil, None, ox.Literal("x"), a):
        assert members(store, head) == []
