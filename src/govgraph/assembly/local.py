"""A graph on this machine, with the rules that explain it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.union import UnionView

if TYPE_CHECKING:
    from govgraph.explanation import Explainer


class LocalGraph:
    """A graph in memory, or in a database on disk that the store has open."""

    def __init__(self, store: ox.Store, sources: SourceMap | None = None):
        self.store = store
        self.sources = sources or SourceMap()

    @cached_property
    def view(self) -> UnionView:
        """Every named graph, and as the default graph their union."""
        return UnionView.of(self.store)

    @property
    def names(self) -> ox.Store:
        """Where names are looked up."""
        return self.store

    @cached_property
    def explainer(self) -> Explainer:
        """The rules compiled for this graph."""
        from govgraph.explanation import Explainer

        return Explainer(self.store, sources=self.sources)

    def __len__(self) -> int:
        return len(self.store)

    def __str__(self) -> str:
        return f"of {len(self):,} statements"
