"""Built graphs on disk, each found by the content of everything it was built from."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import platformdirs
import pyoxigraph as ox

from govgraph import resources
from govgraph.assembly.assemble import Assembly, LocalGraph, assemble
from govgraph.coding.source_files import find
from govgraph.coding.study import Sources
from govgraph.errors import GovgraphError, warn
from govgraph.files import manifest, remove, sha256, written_together
from govgraph.rdf.dumps import readable
from govgraph.rdf.formats import shown_path
from govgraph.rdf.reading import UnionView, unite
from govgraph.rdf.source_map import SourceMap

CAPACITY: Final = 8
"""How many built graphs the cache holds."""

MINIMUM_AGE: Final = 3600
"""Seconds for which no built graph is removed."""

GRAPHS, SOURCES = "graphs.nq", "sources.json"
BLANK: Final = f"blank-{GRAPHS}"
"""The statements that name a blank node."""
PARTS: Final = (GRAPHS, SOURCES, BLANK)
NO_SOURCES: Final = Sources()


def folder() -> Path:
    """Return the folder of all built graphs (environment variable GOVGRAPH_CACHE overrides)."""
    return Path(os.environ.get("GOVGRAPH_CACHE") or platformdirs.user_cache_dir("govgraph"))


def content_key(sources: Sources) -> str:
    """Return the SHA-256 of all that shapes a graph: sources, ontology, queries, code, engine.

    Babel, which says its version there, has the names of countries.
    """
    parts = [(spec.name, Path(spec.origin or "")) for spec in [find_spec("babel")] if spec]
    parts += [(f"{file.graph} {file.shown}", file.path) for file in find(sources).files]
    parts += [(f"{each.base} {path.name}", path) for each in sources.studies for path in each.files]
    return hashlib.sha256(ox.__version__.encode() + _bundled() + _sum(parts)).hexdigest()


@cache
def _bundled() -> bytes:
    """Return the SHA-256 of ontology, queries, code and its texts, which a process read once."""
    folders = {Path(__file__).parents[1]: "*.p[yo]"}
    folders |= {resources.bundled("ontology"): "*.*", resources.bundled("queries"): "*.rq"}
    paths = ((base, path) for base, ends in folders.items() for path in sorted(base.rglob(ends)))
    return _sum((str(path.relative_to(base)), path) for base, path in paths)


def _sum(parts: Iterable[tuple[str, Path]]) -> bytes:
    digest = hashlib.sha256()
    for name, path in parts:
        with readable(shown_path(path)):
            content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.digest()


class CachedGraph(LocalGraph):
    """A built graph in a folder of the cache; each part is read when it is first asked for.

    What is gone or damaged by then is built anew from `chosen`. Pickled, it is only these two.
    """

    def __init__(self, folder: Path, chosen: Sources = NO_SOURCES):
        self.folder, self.chosen, self.studies = folder, chosen, chosen.studies

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.folder, self.chosen)

    @cached_property
    def store(self) -> ox.Store:  # type: ignore[override]
        """Every named graph."""
        return self._load() or self._anew.store

    @cached_property
    def view(self) -> UnionView:
        """Every named graph, and as the default graph their union."""
        store = self._load()  # not that of this one, which stays as it is
        if store is None:
            return UnionView.of(self._anew.store, self.names)
        unite(store)
        return UnionView(store, self.names)

    @cached_property
    def sources(self) -> SourceMap:  # type: ignore[override]
        """File and line of each statement."""
        try:
            return SourceMap.restore(json.loads((self.folder / SOURCES).read_text("utf-8")))
        except (OSError, ValueError):
            return self._anew.sources

    def _load(self) -> ox.Store | None:
        """Return what is kept; Oxigraph would give blank nodes new labels where it loads a file."""
        store, form = ox.Store(), ox.RdfFormat.N_QUADS
        try:
            store.bulk_load(path=str(self.folder / GRAPHS), format=form)
            store.bulk_extend(ox.parse(path=str(self.folder / BLANK), format=form))
        except (OSError, SyntaxError):
            return None
        return store

    @cached_property
    def _anew(self) -> Assembly:
        if content_key(self.chosen) != self.folder.name:
            message = f"the graph kept in {self.folder} is gone or damaged, and its files changed"
            raise GovgraphError(f"{message} since it was opened: open it again.")
        graph = assemble(self.chosen)
        write(self.folder.name, graph.store, graph.sources)
        return graph


def read(key: str, chosen: Sources = NO_SOURCES) -> CachedGraph | None:
    """Return the graph cached under `key` if all of it is as it was written, else None."""
    cached = folder() / key
    with suppress(OSError, GovgraphError):
        sums = manifest(cached)
        if all(sums.get(name) == sha256(cached / name) for name in PARTS):
            return CachedGraph(cached, chosen)
    if os.path.lexists(cached):
        warn(f"the graph kept in {cached} is damaged: built anew.")
        with suppress(OSError):
            remove(cached)
    return None


def write(key: str, store: ox.Store, sources: SourceMap) -> None:
    """Cache a graph under `key`, unless it is there; where it cannot be written, do without."""
    if read(key) is not None:
        return
    lines = (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    with suppress(OSError, GovgraphError), written_together(folder() / key, GRAPHS) as new:
        (new / GRAPHS).write_bytes(b"".join(line for line in lines if b"_:" not in line))
        (new / BLANK).write_bytes(b"".join(line for line in lines if b"_:" in line))
        (new / SOURCES).write_text(json.dumps(sources.dump(), ensure_ascii=False), "utf-8")
    with suppress(OSError):
        _forget_old(folder() / key)


def _forget_old(newest: Path) -> None:
    """Remove what is beyond the capacity, the oldest first.

    What is young may be in use by another process, which reads its parts when it needs them.
    """
    before = time.time() - MINIMUM_AGE
    ages = {path: path.stat().st_mtime for path in folder().iterdir() if path != newest}
    old = [path for path, changed in ages.items() if path.is_dir() and changed < before]
    for path in sorted(old, key=ages.__getitem__)[: 1 - CAPACITY]:
        shutil.rmtree(path, ignore_errors=True)
