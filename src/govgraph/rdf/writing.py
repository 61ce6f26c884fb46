"""The graph as files: N-Quads, TriG, Turtle and JSON-LD, the same bytes every time."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain, compress, takewhile
from operator import ne
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from govgraph.files import written_together, written_whole
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.terms import GraphName
from govgraph.vocabulary import PREFIXES, RDF, XSD

FORMATS: Final = tuple(RDF_FORMATS[name] for name in ("nq", "trig", "ttl", "jsonld"))
"""Formats of the graph's files. Turtle holds the union of all graphs, the others every graph."""

Statements: TypeAlias = Iterable[ox.Triple] | Iterable[ox.Quad]
_WITH_PREFIXES: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
_CARDINALITY: Final = re.compile(
    rb'(owl#[a-zA-Z]*[cC]ardinality> "[0-9]+"\^\^<http://www\.w3\.org/2001/XMLSchema#)integer>'
)
_TYPES: Final = re.compile(rb'"%stype":\[((?:\{"@id":"[^"}]*"\},?)+)\]' % RDF.encode())
_OF_LINES: Final = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_NOT_WRITTEN: Final = {f"{XSD}string", f"{RDF}langString"}


def sorted_quads(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads in the order every file is written in: by graph, then as N-Quads text."""
    return sorted(quads, key=lambda quad: (str(quad.graph_name), str(quad)))


def export(store: ox.Store, folder: Path, name: str = "govgraph") -> list[Path]:
    """Write `store` to `folder` in every format: all files, or none."""
    with written_together(folder, f"{name}.nq") as new:
        written = write_formats(store, new, name)
    return [folder / path.name for path in written]


def write_formats(store: ox.Store, folder: Path, name: str = "govgraph") -> list[Path]:
    """Write `store` to a folder in every format, file by file.

    Lines of text are what is sorted, and what the other formats are then made from, quad by quad:
    a large graph would not fit into memory as objects of Python. The store wrote each IRI, so that
    none is checked again.
    """
    paths = [folder / f"{name}.{entry.ending}" for entry in FORMATS]
    (nquads, *others), lines = paths, []
    with written_whole(nquads) as stream:  # in the order of `sorted_quads`
        for graph in sorted((ox.DefaultGraph(), *store.named_graphs()), key=str):
            said = _lines(store, graph)
            lines += said
            stream.write(as_quads(said, getattr(graph, "value", "")))
    lines.sort()
    with TemporaryFile(dir=folder) as union:
        union.writelines(compress(lines, map(ne, lines, chain([b""], lines))))  # each once
        lines.clear()
        union.seek(0)
        for rdf_format, path in zip(FORMATS[1:], others, strict=True):
            if rdf_format.graphs:
                quads = ox.parse(path=str(nquads), format=ox.RdfFormat.N_QUADS, lenient=True)
            else:
                quads = ox.parse(union, format=ox.RdfFormat.N_TRIPLES, lenient=True)
            with written_whole(path) as stream:
                write(quads, stream, rdf_format.engine, PREFIXES)
    return paths


def as_quads(lines: Iterable[bytes], graph: str) -> bytes:
    """Return lines of N-Triples as N-Quads of a graph, "" for the default graph."""
    text = b"".join(lines)
    # a line feed within a literal is escaped, so that this is the end of each line
    return text.replace(b" .\n", f" <{graph}> .\n".encode()) if graph else text


def _lines(store: ox.Store, graph: GraphName) -> list[bytes]:
    """Return the sorted N-Triples of a graph, cardinalities in the type that OWL 2 asks for.

    The engine's store makes all integers xsd:integer (Mapping to RDF Graphs, section 2.1).
    """
    text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return sorted(_CARDINALITY.sub(rb"\1nonNegativeInteger>", text).splitlines(keepends=True))


def write_graph(store: ox.Store, graph: str, path: Path) -> None:
    """Write one named graph of `store` as Turtle."""
    lines = b"".join(_lines(store, ox.NamedNode(graph)))
    triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    with written_whole(path) as stream:
        ox.serialize(triples, stream, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)


def serialise(
    statements: Sequence[ox.Triple] | Sequence[ox.Quad], rdf_format: ox.RdfFormat, base: str = ""
) -> bytes:
    """Return statements as text with only the prefixes that shorten something, sorted.

    What lies below a `base` is relative to it where the format can say so. Raises ValueError for
    what the format cannot hold.
    """
    prefixes = {} if rdf_format in _OF_LINES else _used_prefixes(statements)
    data = BytesIO()
    write(statements, data, rdf_format, prefixes, base)
    return sort_prefixes(data.getvalue()) if rdf_format in _WITH_PREFIXES else data.getvalue()


def write(
    statements: Statements, out: Any, form: ox.RdfFormat, prefixes: dict[str, str], base: str = ""
) -> None:
    """Write statements as the engine does, and in JSON-LD their classes as `@type`.

    Raises ValueError for what the format cannot hold.
    """
    if form == ox.RdfFormat.JSON_LD:
        # within a text each quotation mark is escaped, so that none looks like a property
        out.write(_TYPES.sub(_keyword, ox.serialize(statements, format=form) or b""))
    else:
        ox.serialize(statements, out, form, prefixes=prefixes, base_iri=base or None)


def _keyword(types: re.Match[bytes]) -> bytes:
    return b'"@type":[%s]' % types[1].replace(b'{"@id":', b"").replace(b"}", b"")


def _used_prefixes(statements: Statements) -> dict[str, str]:
    """Return the prefixes that shorten some IRI; that of a plain string is never written out."""
    iris: set[str] = set()
    for term in {term for statement in statements for term in statement}:
        if isinstance(term, ox.NamedNode):
            iris.add(term.value)
        elif isinstance(term, ox.Literal) and term.datatype.value not in _NOT_WRITTEN:
            iris.add(term.datatype.value)
    ordered = sorted(iris)

    def is_used(namespace: str) -> bool:
        # what begins with a text comes, in order, right where the text itself would stand
        at = bisect_left(ordered, namespace)
        return at < len(ordered) and ordered[at].startswith(namespace)

    return {prefix: namespace for prefix, namespace in PREFIXES.items() if is_used(namespace)}


def sort_prefixes(data: bytes) -> bytes:
    """Sort the leading @prefix lines, which pyoxigraph leaves in the order of a hash table."""
    lines = data.splitlines(keepends=True)
    head = list(takewhile(lambda line: line.startswith((b"@base ", b"@prefix ")), lines))
    return b"".join([*sorted(head), *lines[len(head) :]])
