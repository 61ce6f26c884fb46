"""What server, pages and static site need of a graph."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

import networkx as nx

from govgraph.compare import Comparison
from govgraph.explanation import Explainer
from govgraph.queries.asking import QueryableGraph
from govgraph.shapes.validation import Report


class PublishedGraph(QueryableGraph, Protocol):
    """A graph with all that pages show; `govgraph.KnowledgeGraph` is one."""

    @property
    def explainer(self) -> Explainer:
        """What explains statements."""

    @property
    def cache_folder(self) -> Path | None:
        """The folder of the cache it is read from, None where it was made just now."""

    def network(
        self, name: str | PathLike[str], *, lang: str = "en", **parameters: Any
    ) -> nx.Graph:
        """Return a stored network."""

    def compare(self, *, lang: str = "en") -> Comparison:
        """Return cases set side by side."""

    def validate(self, files: Sequence[str] = ()) -> Report:
        """Return what the shapes find."""

    def __len__(self) -> int: ...
