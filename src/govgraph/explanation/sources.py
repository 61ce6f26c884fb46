"""Where an assertion comes from: its graphs, what they cite, and the line it was coded on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from govgraph.explanation.proof import Source
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.rdf.terms import GraphName, Term
from govgraph.vocabulary import GG

CITATION: Final = ox.NamedNode(f"{GG}citation")
CITED_WORK: Final = ox.NamedNode(f"{GG}citedWork")
AS_PRINTED: Final = ox.NamedNode(f"{GG}asPrinted")


def sources_of(
    store: ox.Store,
    triple: ox.Triple,
    graphs: Iterable[GraphName],
    sources: SourceMap | None = None,
) -> tuple[Source, ...]:
    """Return the graphs that assert a triple, sorted, with citations and lines."""
    names = {graph.value if isinstance(graph, ox.NamedNode) else "" for graph in graphs}
    return tuple(
        Source(name, citations(store, name), _location(sources, triple, name))
        for name in sorted(names)
    )


def citations(store: ox.Store, passage: str) -> tuple[tuple[str, str], ...]:
    """Return (work, pointer as printed) for each citation of a passage, sorted."""
    if not passage:
        return ()
    pairs: set[tuple[str, str]] = set()
    for quad in store.quads_for_pattern(ox.NamedNode(passage), CITATION, None, None):
        printed = _values(store, quad.object, AS_PRINTED) or [""]
        for work in _values(store, quad.object, CITED_WORK):
            pairs.update((work, pointer) for pointer in printed)
    return tuple(sorted(pairs))


def _values(store: ox.Store, node: Term, predicate: ox.NamedNode) -> list[str]:
    if isinstance(node, ox.Literal):
        return []
    quads = store.quads_for_pattern(node, predicate, None, None)
    return [str(getattr(quad.object, "value", "")) for quad in quads]


def _location(sources: SourceMap | None, triple: ox.Triple, graph: str) -> Location | None:
    """Return the file and line a triple was coded on, as exactly as it is known."""
    if sources is None:
        return None
    subject, value = (getattr(node, "value", "") for node in (triple.subject, triple.object))
    return sources.locate(subject, triple.predicate.value, value, graph) or sources.locate(
        subject, graph=graph
    )
