"""What the graph says of one resource, and documents of RDF: the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from govgraph.assembly.metadata import DATASET, LICENCE
from govgraph.errors import GovgraphError
from govgraph.rdf import writing
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.writing import sorted_quads
from govgraph.results import Result
from govgraph.vocabulary import BASE, DCTERMS, GG, PASSAGE_PREFIX, PREFIXES, RDF, RDFS, SKOS
from govgraph.web.addresses import is_document

Store = ox.Store
Node = ox.NamedNode | ox.BlankNode

_FORMATS: Final = {entry.ending: entry for entry in RDF_FORMATS.values()}
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
    node, match = ox.NamedNode(iri), store.quads_for_pattern
    about = {*outgoing(store, node), *match(None, None, node), *match(None, None, None, node)}
    return sorted_quads(_with_context(store, about))


def resource_document(store: Store, iri: str, path: str) -> list[ox.Quad]:
    """Return the quads of the document about a resource, with what the document says of itself.

    `path` is that of the document, encoded and without extension. What is itself a document, such
    as the ontology, tells of each of its terms `iri#…` too; but a named graph holds what it holds.
    Empty for a thing of which the graph says nothing.
    """
    quads, name = set(describe(store, iri)), iri.removeprefix(BASE)
    if not quads and not is_document(name):
        return []
    if is_document(name) and not name.startswith("graph/"):
        # Only a scan finds its terms: the store has no index by prefix of an IRI.
        subjects = {quad.subject for quad in store if isinstance(quad.subject, ox.NamedNode)}
        for node in subjects:
            if node.value.startswith(f"{iri}#"):
                quads |= set(outgoing(store, node))
    document = ox.NamedNode(f"{BASE}{path}.ttl")
    about = (
        (f"{PREFIXES['foaf']}primaryTopic", ox.NamedNode(iri)),
        (f"{PREFIXES['void']}inDataset", DATASET),
        (f"{DCTERMS}license", LICENCE),
    )
    described = [ox.Quad(document, ox.NamedNode(name), value) for name, value in about]
    return [*sorted_quads(quads), *described]


def serialise(statements: Iterable[ox.Quad | ox.Triple], extension: str) -> bytes:
    """Return statements in the format of an extension, such as "ttl".

    Formats of one graph hold the union. Raises GovgraphError for what the format cannot hold.
    """
    quads, rdf_format = list(statements), _FORMATS[extension]
    try:
        if not rdf_format.graphs:
            triples = {quad if isinstance(quad, ox.Triple) else quad.triple for quad in quads}
            return Result.of_triples(triples).serialize(rdf_format.name)
        whole = [quad if isinstance(quad, ox.Quad) else ox.Quad(*quad) for quad in quads]
        return writing.serialise(sorted_quads(whole), rdf_format.engine)
    except (GovgraphError, ValueError) as error:
        raise GovgraphError(f"This cannot be written as .{extension}: {error}") from None


def outgoing(store: Store, node: Node) -> Iterator[ox.Quad]:
    """Yield the quads whose subject is `node`, and those of the blank nodes they lead to."""
    waiting, seen = [node], {node}
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None):
            yield quad
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


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
