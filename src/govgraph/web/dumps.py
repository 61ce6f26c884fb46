"""The dumps: files of the whole graph in each format, and their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.writing import FORMATS, export

CHECKSUMS: Final = "SHA256SUMS"
"""The file that has the checksums of all dumps."""
NAMES: Final = tuple(f"govgraph.{entry.ending}" for entry in FORMATS)


@dataclass(frozen=True)
class Dump:
    """One file of the whole graph; `sha256` in hexadecimal digits."""

    path: Path
    media_type: str
    sha256: str


def write_dumps(store: ox.Store, folder: Path) -> dict[str, Dump]:
    """Write all dumps to a folder; return them by name of file."""
    dumps = {}
    for entry, path in zip(FORMATS, export(store, folder), strict=True):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        dumps[path.name] = Dump(path, entry.media_type, digest)
    return dumps


def checksum_lines(digests: Mapping[str, str]) -> str:
    """Return checksums by name of file as `sha256sum --check` reads them, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
