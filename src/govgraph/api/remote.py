"""The graph that lies in a SPARQL 1.1 store: queries are answered there."""

from contextlib import closing
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from govgraph.assembly.assemble import choose_sources
from govgraph.coding.study import Study
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import SourceMap
from govgraph.store.answering import RemoteView
from govgraph.store.endpoint import Endpoint
from govgraph.store.store_graphs import StoreGraphs


class RemoteGraph:
    """A graph in a SPARQL 1.1 store, at the URL its queries go to ("" for the one configured).

    Queries are answered there; `store`, which explaining needs, is all of it, pulled once. Files
    and lines are not known. Every method raises RemoteError where the store does not answer.
    """

    def __init__(self, endpoint: Endpoint | str):
        self.endpoint = Endpoint.of(endpoint) if isinstance(endpoint, str) else endpoint
        self.view = RemoteView(self.endpoint)
        self.lookup = self.view
        self.sources = SourceMap()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.endpoint,)

    @cached_property
    def studies(self) -> tuple[Study, ...]:
        """The study at hand, whose own questions are asked as well, where the store holds it."""
        study = choose_sources().main
        return (study,) if study.base == self.names.base else ()

    @property
    def names(self) -> Names:
        """What its IRIs are called."""
        return self.view.names

    @cached_property
    def store(self) -> ox.Store:
        """Every named graph, all of it pulled; not those that the store or a push keeps for itself.

        Raises RemoteError where it is empty.
        """
        self.view.check()
        with closing(StoreGraphs(self.endpoint, relabel=False)) as graphs:
            return graphs.fetch(graphs.counts())

    def __len__(self) -> int:
        with closing(StoreGraphs(self.endpoint, relabel=False)) as graphs:
            return sum(graphs.counts().values())

    def __str__(self) -> str:
        return f"at {self.endpoint.query_url}"
