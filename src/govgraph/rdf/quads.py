"""What reading a graph pattern by pattern takes, whether it is here or on a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from govgraph.rdf.terms import GraphName, Subject, Term


class QuadSource(Protocol):
    """A set of quads that answers patterns, as `pyoxigraph.Store` does."""

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: ox.NamedNode | None,
        object: Term | None,
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that fit; None stands for any term."""
