"""The dumps: files of the whole graph in each format, and their checksums."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from govgraph.files import sha256
from govgraph.rdf.writing import write_formats
from govgraph.web.graph import PublishedGraph

CHECKSUMS: Final = "SHA256SUMS"
"""The file that has the checksums of all dumps."""


def write_dumps(graph: PublishedGraph, folder: Path) -> dict[str, str]:
    """Write all dumps to a folder; return their SHA-256 in hexadecimal digits by name of file."""
    paths = write_formats(graph.store, folder, graph.study.file_name)
    return {path.name: sha256(path) for path in paths}
