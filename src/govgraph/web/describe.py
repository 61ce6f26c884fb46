"""What of a graph is published, and what it says of a resource, as the same bytes every time."""

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final, Protocol

import networkx as nx
import pyoxigraph as ox

from govgraph.compare import Comparison
from govgraph.errors import GovgraphError
from govgraph.explanation import Explainer
from govgraph.queries.asking import QueryableGraph
from govgraph.rdf import writing
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.writing import sorted_quads
from govgraph.results import Result
from govgraph.shapes.validation import Report
from govgraph.vocabulary import DCTERMS, PREFIXES, RDFS, SKOS
from govgraph.web.addresses import is_document

_FORMATS: Final = {entry.ending: entry for entry in RDF_FORMATS.values()}
LABELS: Final = tuple(ox.NamedNode(iri) for iri in (f"{RDFS}label", f"{SKOS}prefLabel"))


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


def describe(graph: PublishedGraph, iri: str) -> list[ox.Quad]:
    """Return the quads that describe the resource `iri`, each in its own graph, sorted.

    A symmetric concise bounded description: statements with the resource as subject or object,
    blank nodes followed; what it holds if it is a named graph; labels of all that is named, of
    which its own document tells the rest. Empty for an unknown resource.
    """
    node, match = ox.NamedNode(iri), graph.store.quads_for_pattern
    about = {*outgoing(graph.store, node), *match(None, None, node), *match(None, None, None, node)}
    for term in {term for quad in about for term in (quad.subject, quad.object)}:
        if isinstance(term, ox.NamedNode):
            labels = (set(match(term, name, None)) for name in LABELS)
            about |= next(filter(None, labels), set())
    return sorted_quads(about)


def resource_document(
    graph: PublishedGraph, iri: str, path: str, terms: Iterable[str] = ()
) -> list[ox.Quad]:
    """Return the quads of the document about a resource, with what the document says of itself.

    `path` is that of the document, encoded and without extension; `terms` are those that are
    described in it, such as those of an ontology. Empty for a thing of which the graph says
    nothing.
    """
    quads, study = set(describe(graph, iri)), graph.study
    for term in terms:
        quads |= set(outgoing(graph.store, ox.NamedNode(term)))
    if not quads and not is_document(path):
        return []
    document = ox.NamedNode(f"{study.base}{path}.ttl")
    about = [
        (f"{PREFIXES['foaf']}primaryTopic", iri),
        (f"{PREFIXES['void']}inDataset", study.dataset),
    ]
    about += [(f"{DCTERMS}license", study.licence)] if study.licence else []
    described = [ox.Quad(document, ox.NamedNode(name), ox.NamedNode(to)) for name, to in about]
    return [*sorted_quads(quads), *described]


def serialise(quads: Iterable[ox.Quad], extension: str, base: str) -> bytes:
    """Return statements in the format of an extension, such as "ttl", relative to a base.

    Formats of one graph hold the union. Raises GovgraphError for what the format cannot hold.
    """
    rdf_format = _FORMATS[extension]
    try:
        if rdf_format.graphs:
            return writing.serialise(sorted_quads(quads), rdf_format.engine, base)
        triples = {quad.triple for quad in quads}
        if extension == "ttl":
            return writing.serialise(sorted(triples, key=str), rdf_format.engine, base)
        return Result.of_triples(triples).serialize(rdf_format.name)
    except (GovgraphError, ValueError) as error:
        raise GovgraphError(f"This cannot be written as .{extension}: {error}") from None


def outgoing(store: ox.Store, node: ox.NamedNode | ox.BlankNode) -> Iterator[ox.Quad]:
    """Yield the quads whose subject is `node`, and those of the blank nodes they lead to."""
    waiting, seen = [node], {node}
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None):
            yield quad
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
