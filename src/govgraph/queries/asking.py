"""What a graph must answer to be compared, drawn and described: here or on a server."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any, Protocol

import pyoxigraph as ox

from govgraph.coding.study import Study
from govgraph.queries.defaults import Defaults
from govgraph.queries.running import View
from govgraph.queries.stored import StoredQuery
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import SourceMap
from govgraph.results import Result


class QueryableGraph(Protocol):
    """A graph that stored queries are asked of; `govgraph.KnowledgeGraph` is one."""

    @property
    def store(self) -> ox.Store:
        """Every named graph."""

    @property
    def view(self) -> View:
        """Every named graph, and as the default graph their union."""

    @property
    def study(self) -> Study:
        """The study it is of, or the first of several; its names are short."""

    @property
    def names(self) -> Names:
        """What its IRIs are called."""

    @property
    def sources(self) -> SourceMap:
        """File and line of each statement."""

    @property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by name."""

    @property
    def defaults(self) -> Defaults:
        """What stored queries are asked of where nobody says."""

    def query(self, query: str | PathLike[str], **parameters: Any) -> Result:
        """Answer a stored query, a .rq file or SPARQL text."""

    def find_query(self, query: str | PathLike[str]) -> StoredQuery:
        """Return a stored query by name, from a .rq file, or from SPARQL text."""
