"""What the graph says of one resource: the description that its documents and its page show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.metadata import DATASET, LICENCE
from govgraph.rdf.writing import sorted_quads
from govgraph.vocabulary import BASE, DCTERMS, GG, PASSAGE_PREFIX, PREFIXES, RDF, RDFS, SKOS

Store = ox.Store
Node = ox.NamedNode | ox.BlankNode

PAGE_SIZE: Final = 1000
"""Statements on one page of a description."""
LABELS: Final = tuple(ox.NamedNode(iri) for iri in (f"{RDFS}label", f"{SKOS}prefLabel"))
PASSAGE_PROPERTIES: Final = tuple(
    ox.NamedNode(iri)
    for iri in (
        f"{RDF}type", f"{RDFS}label", f"{GG}partOf", f"{GG}position", f"{GG}page", f"{GG}cites",
        f"{PREFIXES['dcterms']}source",
    )
)  # fmt: skip
"""What is told of each passage that states something of the resource."""


def describe(store: Store, iri: str) -> list[ox.Quad]:
    """Return the quads that describe the resource `iri`, each in its own graph, sorted.

    A symmetric concise bounded description: statements with the resource as subject or object,
    blank nodes followed; what the resource holds if it is itself a named graph; then where to find
    the passages that state them, and labels of everything named. Empty for an unknown resource.
    """
    return sorted_quads(_with_context(store, _about(store, iri)))


def describe_page(store: Store, iri: str, number: int) -> tuple[list[ox.Quad], int]:
    """Return one page, counted from 1, of what `describe` returns, and how many pages there are.

    A page holds `PAGE_SIZE` statements with the passages and labels that go with them; what has a
    blank node is on the first, so that none is torn apart. Empty past the last page.
    """
    quads = sorted_quads(_about(store, iri))
    quads.sort(key=lambda quad: ox.BlankNode not in (type(quad.subject), type(quad.object)))
    anonymous = sum(ox.BlankNode in (type(q.subject), type(q.object)) for q in quads)
    first = max(PAGE_SIZE, anonymous)
    begin, end = (0, first) if number == 1 else _bounds(first, number)
    pages = 1 + max(0, -(-(len(quads) - first) // PAGE_SIZE))
    return sorted_quads(_with_context(store, set(quads[begin:end]))), pages


def _bounds(first: int, number: int) -> tuple[int, int]:
    begin = first + (number - 2) * PAGE_SIZE
    return begin, begin + PAGE_SIZE


def about_document(iri: str, path: str) -> list[ox.Quad]:
    """Return what the documents about a resource say of themselves; `path` has no extension."""
    document = ox.NamedNode(f"{BASE}{path}.ttl")
    statements = (
        (f"{PREFIXES['foaf']}primaryTopic", ox.NamedNode(iri)),
        (f"{PREFIXES['void']}inDataset", DATASET),
        (f"{DCTERMS}license", LICENCE),
    )
    return [ox.Quad(document, ox.NamedNode(name), value) for name, value in statements]


def _about(store: Store, iri: str) -> set[ox.Quad]:
    node = ox.NamedNode(iri)
    about = set(outgoing(store, node)) | set(store.quads_for_pattern(None, None, node))
    return about | set(store.quads_for_pattern(None, None, None, node))


def describe_document(store: Store, iri: str) -> list[ox.Quad]:
    """Return the quads of the document `iri`: of the resource itself and of each `iri#…`."""
    quads = set(describe(store, iri))
    for node in fragments(store, iri):
        quads |= set(outgoing(store, node))
    return sorted_quads(quads)


def outgoing(store: Store, node: Node) -> Iterator[ox.Quad]:
    """Yield the quads whose subject is `node`, and those of the blank nodes they lead to."""
    waiting, seen = [node], {node}
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None):
            yield quad
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


def fragments(store: Store, iri: str) -> list[ox.NamedNode]:
    """Return the subjects `iri#…`, sorted."""
    # Only a scan finds them: the store has no index by prefix of an IRI.
    names = {
        quad.subject.value
        for quad in store
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(f"{iri}#")
    }
    return [ox.NamedNode(name) for name in sorted(names)]


def resources(store: Store, base: str = BASE) -> frozenset[str]:
    """Return every IRI below `base` that the graph uses, in any position, graph names included."""
    terms = {term for quad in store for term in quad if isinstance(term, ox.NamedNode)}
    return frozenset(term.value for term in terms if term.value.startswith(base))


def _with_context(store: Store, quads: set[ox.Quad]) -> set[ox.Quad]:
    """Add the whereabouts of the passages among the graphs, and labels of what is named."""
    described = set(quads)
    for graph in {quad.graph_name for quad in quads}:
        if isinstance(graph, ox.NamedNode) and graph.value.startswith(PASSAGE_PREFIX):
            for name in PASSAGE_PROPERTIES:
                described |= set(store.quads_for_pattern(graph, name, None))
    terms = {term for quad in described for term in (quad.subject, quad.object)}
    for term in terms:
        if isinstance(term, ox.NamedNode):
            for name in LABELS:
                described |= set(store.quads_for_pattern(term, name, None))
    return described
