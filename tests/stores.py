"""Stores for tests of inference and validation: one of pyoxigraph, and how a server is filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import pyoxigraph as ox

from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.http import Connection
from govgraph.vocabulary import INFERRED_GRAPH


class Embedded:
    """pyoxigraph behind the same interface as a server."""

    def __init__(self, store: ox.Store, *, union: bool = False):
        self.store, self.union = store, union
        self.endpoint = Endpoint("http://127.0.0.1/query")

    def rows(self, query: str) -> Iterable[Sequence[Any]]:
        found = self.store.query(query, use_default_graph_as_union=self.union)
        assert isinstance(found, ox.QuerySolutions)
        return [tuple(row) for row in found]

    def ask(self, query: str) -> bool:
        return bool(self.store.query(query, use_default_graph_as_union=self.union))

    def update(self, text: str, *, repeatable: bool) -> None:
        self.store.update(text)


def fill(endpoint: Endpoint, store: ox.Store) -> Client:
    """Make a server hold what `store` holds, and nothing else."""
    url = endpoint.graph_store_url
    assert url is not None
    with closing(Connection(endpoint)) as connection:
        if url.endswith("/store"):  # oxigraph: everything at once
            quads = store.dump(format=ox.RdfFormat.N_QUADS) or b""
            connection.send(
                "PUT", url, repeatable=True, headers={"Content-Type": "application/n-quads"},
                body=quads or b"\n",
            )  # fmt: skip
            return Client(endpoint)
        there = Client(endpoint)
        ours = "FILTER(CONTAINS(STR(?g), 'govgraph') || CONTAINS(STR(?g), 'example.org'))"
        standing = there.rows(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {ours} }}")
        drops = [f"DROP SILENT GRAPH <{graph.value}>" for (graph,) in standing]
        for first in range(0, len(drops), 50):
            there.update(" ;\n".join(drops[first : first + 50]), repeatable=True)
        for graph in store.named_graphs():
            triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
            connection.send(
                "PUT", url, params=[("graph", graph.value)], repeatable=True,
                headers={"Content-Type": "application/n-triples"}, body=triples,
            )  # fmt: skip
    return there


def graph_of(store: Client, graph: str = INFERRED_GRAPH) -> set[ox.Triple]:
    """Return the triples of one graph."""
    return {
        ox.Triple(*row)
        for row in store.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    }


def asserted_of(store: Client) -> set[tuple[str, ...]]:
    """Return every quad but the inferred ones, blank nodes aside."""
    query = f"""SELECT ?s ?p ?o ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }}
        FILTER(?g != <{INFERRED_GRAPH}> && !isBlank(?s) && !isBlank(?o)) }}"""
    return {tuple(map(str, row)) for row in store.rows(query)}
