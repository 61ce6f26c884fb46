"""RDF files -> a store, every quad in a named graph and no blank node left without a name.

Files of lines without blank nodes go straight into the store, whatever their size; others are
read quad by quad, so that their blank nodes can be named by their canonical labels (RDFC-1.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import SourceError
from govgraph.located import read_text
from govgraph.vocabulary import BASE, graph_iri

RDF_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
LINES: Final = frozenset({".nq", ".nt"})
"""Formats with one statement a line, in which a blank node cannot hide."""
BLANK: Final = b"_:"
CHUNK: Final = 1 << 20

Node = Any  # the terms of pyoxigraph share no base class


def load_rdf(store: ox.Store, path: Path, shown: str, graph: str) -> None:
    """Load a file; what lies in no graph comes into `graph`.

    Raises SourceError, naming the file as `shown`, for what is not RDF.
    """
    try:
        if path.suffix in LINES and not _contains(path, BLANK):
            store.bulk_load(
                path=str(path), format=RDF_FORMATS[path.suffix], to_graph=ox.NamedNode(graph)
            )
        else:
            store.bulk_extend(_read(path, graph))
    except SyntaxError as error:
        raise SourceError(f"not valid RDF: {error.msg}.", shown, error.lineno) from None


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads with canonical labels (RDFC-1.0) for their blank nodes."""
    result, anonymous = [], ox.Dataset()
    for quad in quads:
        if ox.BlankNode in (type(quad.subject), type(quad.object), type(quad.graph_name)):
            anonymous.add(quad)  # only these decide about the labels
        else:
            result.append(quad)
    anonymous.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [*result, *anonymous]


def _read(path: Path, graph: str) -> list[ox.Quad]:
    """Return the quads of a file, the default graph and every blank node named."""
    read_text(path)  # names a file that is missing or not UTF-8
    parsed = ox.parse(path=str(path), format=RDF_FORMATS[path.suffix], base_iri=BASE)
    file_graph, prefix = ox.NamedNode(graph), graph[len(graph_iri("editorial/")) :]

    def name(node: Node) -> Node:
        if isinstance(node, ox.BlankNode):
            return ox.NamedNode(f"{BASE}.well-known/genid/{prefix}/{node.value}")
        return file_graph if isinstance(node, ox.DefaultGraph) else node

    return [
        ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))
        for quad in canonical(parsed)
    ]


def _contains(path: Path, text: bytes) -> bool:
    """Whether a file of any size holds `text`."""
    kept = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if text in kept + chunk:
                return True
            kept = chunk[-len(text) + 1 :]
    return False
