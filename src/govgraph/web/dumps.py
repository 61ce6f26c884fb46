"""The dumps: files of the whole graph in each format, and their checksums."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from govgraph.rdf.writing import write_formats
from govgraph.web.graph import PublishedGraph

CHECKSUMS: Final = "SHA256SUMS"
"""The file that has the checksums of all dumps."""


def write_dumps(graph: PublishedGraph, folder: Path) -> dict[str, str]:
    """Write all dumps to a folder; return their SHA-256 in hexadecimal digits by name of file."""
    digests = {}
    for path in write_formats(graph.store, folder, graph.study.file_name):
        with path.open("rb") as stream:
            digests[path.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return digests
