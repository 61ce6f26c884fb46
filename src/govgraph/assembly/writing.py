"""What a build leaves on disk."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from govgraph import collector
from govgraph.files import written_together
from govgraph.rdf.writing import write_formats, write_graph
from govgraph.vocabulary import METADATA_GRAPH, ONTOLOGY_GRAPH


@collector.paused()
def write_build(store: ox.Store, folder: Path, validation_csv: str) -> list[Path]:
    """Write the dumps, the ontology, the VoID description and the validation report.

    All files or none: if it fails or is interrupted, what an earlier build left is still there.
    """
    with written_together(folder) as beside:
        written = write_formats(store, beside)
        for name, graph in (("ontology.ttl", ONTOLOGY_GRAPH), ("void.ttl", METADATA_GRAPH)):
            write_graph(store, graph, beside / name)
            written.append(beside / name)
        written.append(beside / "validation.csv")
        written[-1].write_bytes(validation_csv.encode())
    return [folder / path.name for path in written]
