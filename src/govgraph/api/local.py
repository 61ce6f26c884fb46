"""Graphs on this machine: one that was built just now, and one read from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.union import UnionView

if TYPE_CHECKING:
    from govgraph.assembly.cache import CachedBuild
    from govgraph.explanation import Explainer
    from govgraph.shapes.validation import Report


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

    def validate(self, files: Sequence[str]) -> Report:
        """Validate here; see `KnowledgeGraph.validate`."""
        from govgraph.shapes.validation import validate

        return validate(self.store, self.sources, files)

    def __len__(self) -> int:
        return len(self.store)

    def __str__(self) -> str:
        return f"of {len(self):,} statements"


class CachedGraph(LocalGraph):
    """A graph in the cache, each part of it read when it is first asked for."""

    def __init__(self, build: CachedBuild):
        self.build = build

    @cached_property
    def store(self) -> ox.Store:  # type: ignore[override]
        """Every named graph."""
        return self.build.store()

    @cached_property
    def view(self) -> UnionView:
        """Every named graph, and as the default graph their union."""
        return self.build.view()

    @cached_property
    def sources(self) -> SourceMap:  # type: ignore[override]
        """File and line of each statement."""
        return self.build.sources()
