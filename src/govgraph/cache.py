"""A built graph kept on disk, found by the content of everything it was built from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import platformdirs
import pyoxigraph as ox

from govgraph import resources
from govgraph.cases import find_files
from govgraph.errors import GovgraphError
from govgraph.files import written_whole
from govgraph.source_map import SourceMap

KEPT: Final = 8
"""How many built graphs are kept."""


def folder() -> Path:
    """Return the folder of all built graphs (environment variable GOVGRAPH_CACHE overrides)."""
    return Path(os.environ.get("GOVGRAPH_CACHE") or platformdirs.user_cache_dir("govgraph"))


def content_key(folders: Sequence[Path]) -> str:
    """Return the SHA-256 of all that shapes a graph: sources, ontology, queries, code, engine."""
    digest = hashlib.sha256(ox.__version__.encode())
    parts = [(file.shown, file.path) for file in find_files(folders)]
    package = Path(__file__).parent
    for base, pattern in (
        (resources.bundled("ontology"), "*.*"),
        (resources.bundled("queries"), "*.rq"),
        (package, "*.py"),
    ):
        parts += [(str(path.relative_to(base)), path) for path in sorted(base.rglob(pattern))]
    for name, path in parts:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read(key: str) -> tuple[ox.Store, SourceMap] | None:
    """Return the graph kept under `key`, or None."""
    place = folder() / key
    try:
        sources = json.loads((place / "sources.json").read_text("utf-8"))
        store = ox.Store()
        store.bulk_load(path=str(place / "graph.nq"), format=ox.RdfFormat.N_QUADS)
    except (OSError, ValueError, SyntaxError):
        return None
    return store, SourceMap.restore(sources)


def write(key: str, store: ox.Store, sources: SourceMap) -> None:
    """Keep a graph under `key`; a cache that cannot be written is done without."""
    place = folder() / key
    try:
        place.mkdir(parents=True, exist_ok=True)
        with written_whole(place / "graph.nq") as stream:
            store.dump(stream, format=ox.RdfFormat.N_QUADS)
        with written_whole(place / "sources.json") as stream:
            stream.write(json.dumps(sources.dump(), ensure_ascii=False).encode())
        others = sorted(
            (path for path in folder().iterdir() if path.is_dir()),
            key=lambda path: path.stat().st_mtime,
        )
        for old in others[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except (OSError, GovgraphError):
        shutil.rmtree(place, ignore_errors=True)
