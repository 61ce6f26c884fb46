"""The dumps: files of the whole graph in each format, and their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from govgraph.rdf.writing import export
from govgraph.web.graph import PublishedGraph

CHECKSUMS: Final = "SHA256SUMS"
"""The file that has the checksums of all dumps."""


def write_dumps(graph: PublishedGraph, folder: Path) -> dict[str, str]:
    """Write all dumps to a folder; return their SHA-256 in hexadecimal digits by name of file."""
    digests = {}
    for path in export(graph.store, folder, graph.study.file_name):
        with path.open("rb") as stream:
            digests[path.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return digests


def checksum_lines(digests: Mapping[str, str]) -> str:
    """Return checksums by name of file as `sha256sum --check` reads them, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
