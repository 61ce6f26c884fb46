"""RDF files -> a store, every quad in a named graph and no blank node left without a name.

Files of lines without blank nodes go straight into the store, whatever their size; others are
read quad by quad, so that their blank nodes can be named by their canonical labels (RDFC-1.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from govgraph.errors import SourceError
from govgraph.rdf.dumps import decoded, opened
from govgraph.rdf.formats import RdfFormat
from govgraph.rdf.terms import GraphName, Term

AnyNode = TypeVar("AnyNode", bound=Term | GraphName)


def load_rdf(store: ox.Store, path: Path, rdf_format: RdfFormat, shown: str, graph: str) -> None:
    """Load a file; what lies in no graph comes into `graph`.

    Raises SourceError, naming the file as `shown`, for what is not RDF.
    """
    try:
        if rdf_format.lines and not _has_blank_nodes(path, shown):
            with opened(path, shown) as stream:
                to_graph = ox.NamedNode(graph)
                store.bulk_load(stream, format=rdf_format.engine, to_graph=to_graph)
        else:
            store.bulk_extend(_read(path, rdf_format, shown, graph))
    except SyntaxError as error:
        raise SourceError(f"not valid RDF: {error.msg}.", shown, error.lineno) from None


def describes(store: ox.Store, iri: str) -> bool:
    """Tell whether a store says anything of an IRI; nothing is said of what is none."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    return next(iter(store.quads_for_pattern(node, None, None, None)), None) is not None


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
    base, _, prefix = graph.partition("graph/editorial/")
    parsed = ox.parse(text, format=rdf_format.engine, base_iri=base)
    file_graph = ox.NamedNode(graph)

    def named(node: AnyNode) -> AnyNode | ox.NamedNode:
        if isinstance(node, ox.BlankNode):
            return ox.NamedNode(f"{base}.well-known/genid/{prefix}/{node.value}")
        return file_graph if isinstance(node, ox.DefaultGraph) else node

    return [
        ox.Quad(named(quad.subject), quad.predicate, named(quad.object), named(quad.graph_name))
        for quad in canonical(parsed)
    ]


def _has_blank_nodes(path: Path, shown: str) -> bool:
    """Whether a file of lines may hold blank nodes."""
    with opened(path, shown) as stream:
        return any(b"_:" in line for line in stream)
