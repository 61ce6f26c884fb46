"""Built graphs on disk, each found by the content of everything it was built from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from contextlib import suppress
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final

import platformdirs
import pyoxigraph as ox

from govgraph import resources
from govgraph.assembly.local import LocalGraph
from govgraph.coding.source_files import find
from govgraph.coding.study import Sources, Study
from govgraph.errors import GovgraphError, warn
from govgraph.files import manifest, remove, sha256, written_together
from govgraph.rdf.dumps import readable
from govgraph.rdf.formats import shown_path
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.union import UnionView

CAPACITY: Final = 8
"""How many built graphs the cache holds."""

MINIMUM_AGE: Final = 3600
"""Seconds for which no built graph is removed."""

GRAPHS, UNION, SOURCES = "graphs.nq", "union.nt", "sources.json"
BLANK: Final = "blank-"
"""Begins the name of the file for those lines of another that name a blank node."""
PARTS: Final = (GRAPHS, UNION, SOURCES, f"{BLANK}{GRAPHS}", f"{BLANK}{UNION}")


def folder() -> Path:
    """Return the folder of all built graphs (environment variable GOVGRAPH_CACHE overrides)."""
    return Path(os.environ.get("GOVGRAPH_CACHE") or platformdirs.user_cache_dir("govgraph"))


def content_key(sources: Sources) -> str:
    """Return the SHA-256 of all that shapes a graph: sources, ontology, queries, code, engine.

    Babel has the names of countries.
    """
    digest = hashlib.sha256(f"{ox.__version__} {version('babel')}".encode())
    parts = [(f"{file.graph} {file.shown}", file.path) for file in find(sources).files]
    parts += [
        (f"{study.base} {path.name}", path) for study in sources.studies for path in study.files
    ]
    package = Path(__file__).parents[1]
    for base, pattern in (
        (resources.bundled("ontology"), "*.*"),
        (resources.bundled("queries"), "*.rq"),
        (package, "*.py"),
    ):
        parts += [(str(path.relative_to(base)), path) for path in sorted(base.rglob(pattern))]
    for name, path in parts:
        with readable(shown_path(path)):
            content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


class CachedGraph(LocalGraph):
    """A built graph in a folder of the cache; each part is read when it is first asked for."""

    def __init__(self, folder: Path, studies: tuple[Study, ...] = ()):
        self.folder, self.studies = folder, studies

    @cached_property
    def store(self) -> ox.Store:  # type: ignore[override]
        """Every named graph."""
        store = ox.Store()
        self._load(store, GRAPHS, ox.RdfFormat.N_QUADS)
        return store

    @cached_property
    def view(self) -> UnionView:
        """Every named graph, and as the default graph their union."""
        store = ox.Store()
        self._load(store, GRAPHS, ox.RdfFormat.N_QUADS)
        self._load(store, UNION, ox.RdfFormat.N_TRIPLES)
        return UnionView(store, self.names)

    def _load(self, store: ox.Store, name: str, rdf_format: ox.RdfFormat) -> None:
        """Load a file; Oxigraph gives blank nodes new labels, so these are read one by one."""
        store.bulk_load(path=str(self.folder / name), format=rdf_format)
        store.bulk_extend(ox.parse(path=str(self.folder / f"{BLANK}{name}"), format=rdf_format))

    @cached_property
    def sources(self) -> SourceMap:  # type: ignore[override]
        """File and line of each statement."""
        return SourceMap.restore(json.loads((self.folder / SOURCES).read_text("utf-8")))


def read(key: str, studies: tuple[Study, ...] = ()) -> CachedGraph | None:
    """Return the graph cached under `key` if all of it is as it was written, else None."""
    cached = folder() / key
    with suppress(OSError, GovgraphError):
        sums = manifest(cached)
        if all(sums.get(name) == sha256(cached / name) for name in PARTS):
            return CachedGraph(cached, studies)
    if os.path.lexists(cached):
        warn(f"the graph kept in {cached} is damaged: built anew.")
        with suppress(OSError):
            remove(cached)
    return None


def write(key: str, view: UnionView, sources: SourceMap) -> None:
    """Cache a graph under `key`, unless it is there; where it cannot be written, do without."""
    if read(key) is not None:
        return
    default = ox.DefaultGraph()
    named = (quad for quad in view.store if not isinstance(quad.graph_name, ox.DefaultGraph))
    with suppress(OSError, GovgraphError), written_together(folder() / key, GRAPHS) as new:
        _write(new, UNION, view.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=default))
        _write(new, GRAPHS, ox.serialize(named, format=ox.RdfFormat.N_QUADS))
        (new / SOURCES).write_text(json.dumps(sources.dump(), ensure_ascii=False), "utf-8")
    with suppress(OSError):
        _forget_old(folder() / key)


def _write(new: Path, name: str, text: bytes | None) -> None:
    """Write the lines of a text, those with a blank node to a file of their own."""
    lines = (text or b"").splitlines(keepends=True)
    (new / name).write_bytes(b"".join(line for line in lines if b"_:" not in line))
    (new / f"{BLANK}{name}").write_bytes(b"".join(line for line in lines if b"_:" in line))


def _forget_old(newest: Path) -> None:
    """Remove what is beyond the capacity, the oldest first.

    What is young may be in use by another process, which reads its parts when it needs them.
    """
    before = time.time() - MINIMUM_AGE
    ages = {path: path.stat().st_mtime for path in folder().iterdir() if path != newest}
    old = [path for path, changed in ages.items() if path.is_dir() and changed < before]
    for path in sorted(old, key=ages.__getitem__)[: 1 - CAPACITY]:
        shutil.rmtree(path, ignore_errors=True)
