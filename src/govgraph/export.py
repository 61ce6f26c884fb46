"""The graph as files: N-Quads, TriG, Turtle and JSON-LD, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.files import written_whole
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
    """Write `store` to `folder` in every format; each file is whole or not there."""
    quads = sorted_quads(store)
    paths = []
    for extension, rdf_format in FORMATS.items():
        path = folder / f"{name}.{extension}"
        with written_whole(path) as stream:
            if rdf_format.supports_datasets:
                ox.serialize(quads, stream, format=rdf_format, prefixes=PREFIXES)
            else:
                union = sorted({quad.triple for quad in quads}, key=str)
                ox.serialize(union, stream, format=rdf_format, prefixes=PREFIXES)
        paths.append(path)
    return paths


def write_graph(store: ox.Store, graph: str, path: Path) -> None:
    """Write one named graph of `store` as Turtle."""
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    triples = sorted((quad.triple for quad in quads), key=str)
    with written_whole(path) as stream:
        ox.serialize(triples, stream, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
