"""The graph as files: N-Quads, TriG, Turtle and JSON-LD, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import pyoxigraph as ox

from govgraph.files import written_together, written_whole
from govgraph.vocabulary import PREFIXES

FORMATS: Final = {
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""File extension -> format. Turtle holds the union of all graphs, the others every graph."""


def sorted_quads(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads in the order every file is written in: by graph, then as N-Quads text."""
    return sorted(quads, key=lambda quad: (str(quad.graph_name), str(quad)))


def export(store: ox.Store, folder: Path, name: str = "govgraph") -> list[Path]:
    """Write `store` to `folder` in every format: all files, or none."""
    with written_together(folder) as beside:
        written = write_formats(store, beside, name)
    return [folder / path.name for path in written]


def write_formats(store: ox.Store, folder: Path, name: str = "govgraph") -> list[Path]:
    """Write `store` to a folder in every format, file by file.

    Lines of text are what is sorted, and what the other formats are then made from, quad by quad:
    a large graph would not fit into memory as objects of Python.
    """
    paths = {extension: folder / f"{name}.{extension}" for extension in FORMATS}
    lines = _write_nquads(store, paths["nq"])
    lines.sort()
    with TemporaryFile(dir=folder) as union:
        union.writelines(line for line, _ in groupby(lines))
        lines.clear()
        union.seek(0)
        for extension, rdf_format in FORMATS.items():
            if extension == "nq":
                continue
            if rdf_format.supports_datasets:
                quads = ox.parse(path=str(paths["nq"]), format=ox.RdfFormat.N_QUADS)
            else:
                quads = ox.parse(union, format=ox.RdfFormat.N_TRIPLES)
            with written_whole(paths[extension]) as stream:
                ox.serialize(quads, stream, format=rdf_format, prefixes=PREFIXES)
    return list(paths.values())


def _write_nquads(store: ox.Store, path: Path) -> list[bytes]:
    """Write N-Quads in the order of `sorted_quads`; return the triples as unsorted N-Triples."""
    result = []
    with written_whole(path) as stream:
        for graph in sorted((ox.DefaultGraph(), *store.named_graphs()), key=str):
            text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
            lines = sorted(text.splitlines(keepends=True))
            result += lines
            if isinstance(graph, ox.NamedNode):
                # a line feed within a literal is escaped, so that this is the end of each line
                stream.write(b"".join(lines).replace(b" .\n", f" {graph} .\n".encode()))
            else:
                stream.writelines(lines)
    return result


def write_graph(store: ox.Store, graph: str, path: Path) -> None:
    """Write one named graph of `store` as Turtle."""
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    triples = sorted((quad.triple for quad in quads), key=str)
    with written_whole(path) as stream:
        ox.serialize(triples, stream, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
