"""The union of all graphs, each triple once, as SPARQL 1.1 wants a default graph to be."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from govgraph.rdf.names import NAMES, Names


def unite(store: ox.Store) -> None:
    """Give a store the union of its named graphs as its default graph."""
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")


@dataclass(frozen=True)
class UnionView:
    """A store whose default graph is the union (RDF merge) of its named graphs.

    Oxigraph's `use_default_graph_as_union` repeats a triple that several graphs hold, so that
    COUNT and SUM go wrong (SPARQL 1.1 Query, section 13.1, has a set of triples there).
    """

    store: ox.Store
    names: Names = NAMES

    @classmethod
    def of(cls, store: ox.Store, names: Names = NAMES) -> UnionView:
        """Copy `store` and give it the union as its default graph."""
        view = ox.Store()
        view.bulk_extend(store)
        unite(view)
        return cls(view, names)
