"""What a build leaves on disk."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from govgraph import collector
from govgraph.export import export, write_graph
from govgraph.files import written_whole
from govgraph.vocabulary import METADATA_GRAPH, ONTOLOGY_GRAPH


@collector.paused()
def write_build(store: ox.Store, folder: Path, validation_csv: str) -> list[Path]:
    """Write the dumps, the ontology, the VoID description and the validation report."""
    paths = export(store, folder)
    for name, graph in (("ontology.ttl", ONTOLOGY_GRAPH), ("void.ttl", METADATA_GRAPH)):
        write_graph(store, graph, folder / name)
        paths.append(folder / name)
    report = folder / "validation.csv"
    with written_whole(report) as stream:
        stream.write(validation_csv.encode())
    return [*paths, report]
