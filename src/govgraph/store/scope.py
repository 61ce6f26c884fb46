"""Which statements of a store are asserted, said once for all queries over it.

Not asserted are what was inferred, the description of the graph, what inference is at work on, and
the graphs that a server keeps for itself. SPARQL leaves open what the default graph of a store is
(SPARQL 1.1 Query, section 13): on Virtuoso, GraphDB or Neptune it is the union of all graphs, on
Oxigraph or Fuseki a graph of its own. A statement in the working graph tells which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from govgraph.store.client import Client
from govgraph.store.lock import LOCK_GRAPH
from govgraph.store.paging import whole
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, RDF, graph_iri

if TYPE_CHECKING:
    from govgraph.store.endpoint import Endpoint

Node = Any
Row = Sequence[Node]

WORKING_GRAPH: Final = f"{INFERRED_GRAPH}/working"
SYSTEM_GRAPHS: Final = (
    "http://www.openlinksw.com/schemas/virtrdf#",
    "http://localuriqaserver/sparql",
    "http://www.w3.org/ns/ldp#",
    "urn:activitystreams-owl:map",
    "urn:core:services:sparql",
)
"""Graphs that Virtuoso fills for itself when it is first started."""
PUSHED_GRAPH: Final = graph_iri("pushed")
"""What a push notes of what it pushed."""
OWN_GRAPHS: Final = (WORKING_GRAPH, PUSHED_GRAPH, LOCK_GRAPH)
"""Graphs that govgraph keeps on a store for its own work."""
NOT_ASSERTED: Final = (INFERRED_GRAPH, METADATA_GRAPH, *OWN_GRAPHS, *SYSTEM_GRAPHS)


class SparqlStore(Protocol):
    """What is needed of a store: SPARQL 1.1 Query and Update."""

    def rows(self, query: str) -> Iterable[Row]:
        """Return all solutions of a SELECT, terms in the order of its variables."""

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK."""

    def update(self, text: str, *, repeatable: bool) -> None:
        """Run update operations in order; `repeatable` where doing it twice does no harm."""


class RemoteStore:
    """A SparqlStore at an endpoint; raises RemoteError where it does not answer or obey."""

    def __init__(self, endpoint: Endpoint):
        self.client = Client(endpoint)

    def rows(self, query: str) -> Iterable[Row]:
        """Return all solutions of a SELECT, page by page where the server cuts them."""
        return whole(self.client, query).rows

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK."""
        return self.client.ask(query)

    def update(self, text: str, *, repeatable: bool) -> None:
        """Run update operations in order."""
        self.client.update(text, repeatable=repeatable)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the asserted statements of one store are; `union`: its default graph is the union."""

    union: bool

    @classmethod
    def of(cls, store: SparqlStore) -> Scope:
        """Find out by a statement in the working graph, which must be there already."""
        return cls(store.ask(f"ASK {{ {MARK} }}"))

    def asserted(self, pattern: str, graph: str = "?g") -> str:
        """Return the SPARQL pattern for a triple pattern that an asserted statement matches.

        `graph` is a variable of its own for each pattern of a query.
        """
        excluded = ", ".join(f"<{iri}>" for iri in NOT_ASSERTED)
        named = f"GRAPH {graph} {{ {pattern} }} FILTER({graph} NOT IN ({excluded}))"
        hidden = f" FILTER NOT EXISTS {{ GRAPH {graph}n {{ {pattern} }} }}" if self.union else ""
        return f"{{ {named} }} UNION {{ {pattern}{hidden} }}"


MARK: Final = f"<{WORKING_GRAPH}> <{RDF}type> <{WORKING_GRAPH}>"
