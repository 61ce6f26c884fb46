"""RDF files -> a store, every quad in a named graph and no blank node left without a name.

Files of lines without blank nodes go straight into the store, whatever their size; others are
read quad by quad, so that their blank nodes can be named by their canonical labels (RDFC-1.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.yaml_lines import decoded
from govgraph.errors import SourceError
from govgraph.rdf.dumps import opened
from govgraph.rdf.formats import RdfFormat
from govgraph.vocabulary import BASE, graph_iri

BLANK: Final = b"_:"
CHUNK: Final = 1 << 20

Node = Any  # the terms of pyoxigraph share no base class


def load_rdf(store: ox.Store, path: Path, rdf_format: RdfFormat, shown: str, graph: str) -> None:
    """Load a file; what lies in no graph comes into `graph`.

    Raises SourceError, naming the file as `shown`, for what is not RDF.
    """
    try:
        if rdf_format.lines and not _contains(path, shown, BLANK):
            with opened(path, shown) as stream:
                to_graph = ox.NamedNode(graph)
                store.bulk_load(stream, format=rdf_format.engine, to_graph=to_graph)
        else:
            store.bulk_extend(_read(path, rdf_format, shown, graph))
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


def _read(path: Path, rdf_format: RdfFormat, shown: str, graph: str) -> list[ox.Quad]:
    """Return the quads of a file, the default graph and every blank node named."""
    with opened(path, shown) as stream:
        text = decoded(stream.read(), shown)  # names a byte that is not UTF-8
    parsed = ox.parse(text, format=rdf_format.engine, base_iri=BASE)
    file_graph, prefix = ox.NamedNode(graph), graph[len(graph_iri("editorial/")) :]

    def name(node: Node) -> Node:
        if isinstance(node, ox.BlankNode):
            return ox.NamedNode(f"{BASE}.well-known/genid/{prefix}/{node.value}")
        return file_graph if isinstance(node, ox.DefaultGraph) else node

    return [
        ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))
        for quad in canonical(parsed)
    ]


def _contains(path: Path, shown: str, text: bytes) -> bool:
    """Whether a file of any size holds `text`."""
    kept = b""
    with opened(path, shown) as stream:
        while chunk := stream.read(CHUNK):
            if text in kept + chunk:
                return True
            kept = chunk[-len(text) + 1 :]
    return False
