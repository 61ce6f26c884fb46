"""The types of RDF terms, and of what answers quad patterns; pyoxigraph's share no base class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
"""What a query can answer, and the object of a triple."""

Subject: TypeAlias = NamedNode | BlankNode | Triple
GraphName: TypeAlias = NamedNode | BlankNode | DefaultGraph


class QuadSource(Protocol):
    """A set of quads that answers patterns, as `pyoxigraph.Store` does, here or on a server."""

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that fit; None stands for any term."""
