"""Where an assertion comes from: its graphs, what they cite, and the line it was coded on."""

from collections.abc import Iterable

import pyoxigraph as ox

from govgraph.explanation.proof import Source
from govgraph.rdf.namespaces import gg, rdf
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.rdf.terms import GraphName, Term


def sources_of(
    store: ox.Store,
    triple: ox.Triple,
    graphs: Iterable[GraphName],
    sources: SourceMap | None = None,
) -> tuple[Source, ...]:
    """Return the graphs that assert a triple, sorted, with citations and lines."""
    names = {graph.value if isinstance(graph, ox.NamedNode) else "" for graph in graphs}

    def source(name: str) -> Source:
        if not name:
            return Source("", location=_location(sources, triple, ""))
        graph = ox.NamedNode(name)
        reads = "".join(_values(store, graph, gg.restsOn, graph))
        return Source(
            name,
            citations(store, name),
            _location(sources, triple, name),
            documents(store, reads or name),
            reads,
            tuple(sorted(_values(store, triple.subject, gg.attributedTo, graph))),
            gg.Sentence.value in _values(store, graph, rdf.type),
        )

    return tuple(map(source, sorted(names)))


def citations(store: ox.Store, passage: str) -> tuple[tuple[str, str], ...]:
    """Return (work, pointer as printed) for each citation of a passage, sorted."""
    if not passage:
        return ()
    pairs: set[tuple[str, str]] = set()
    for quad in store.quads_for_pattern(ox.NamedNode(passage), gg.citation, None, None):
        printed = _values(store, quad.object, gg.asPrinted) or [""]
        for work in _values(store, quad.object, gg.citedWork):
            pairs.update((work, pointer) for pointer in printed)
    return tuple(sorted(pairs))


def documents(store: ox.Store, passage: str) -> tuple[str, ...]:
    """Return the works that a passage stands in, itself or by what it is part of, sorted."""
    works: set[str] = set()
    waiting, seen = [passage] if passage else [], {passage}
    while waiting:
        node = ox.NamedNode(waiting.pop())
        holders = store.quads_for_pattern(None, gg.passages, node, None)
        works.update(
            quad.subject.value
            for quad in holders
            if isinstance(quad.subject, ox.NamedNode)
            and any(store.quads_for_pattern(quad.subject, rdf.type, gg.Work, None))
        )
        parents = set(_values(store, node, gg.partOf)) - seen
        waiting += parents
        seen |= parents
    return tuple(sorted(works))


def _values(
    store: ox.Store, node: Term, predicate: ox.NamedNode, graph: GraphName | None = None
) -> list[str]:
    if isinstance(node, ox.Literal):
        return []
    quads = store.quads_for_pattern(node, predicate, None, graph)
    return [str(getattr(quad.object, "value", "")) for quad in quads]


def _location(sources: SourceMap | None, triple: ox.Triple, graph: str) -> Location | None:
    """Return the file and line a triple was coded on, as exactly as it is known."""
    if sources is None:
        return None
    subject, value = (getattr(node, "value", "") for node in (triple.subject, triple.object))
    return sources.locate(subject, triple.predicate.value, value, graph) or sources.locate(
        subject, graph=graph
    )
