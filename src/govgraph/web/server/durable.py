"""The store on disk of a server that may be written to: what is acknowledged is never lost.

An Oxigraph database, as `govgraph build --store` makes one, and beside it a journal of the one
write that is under way. A write counts from the moment its journal is on the disk; whatever ends
the process after that, the next start applies it again, which changes nothing where it already was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError
from govgraph.rdf.source_map import SourceMap

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph

JOURNAL: Final = "govgraph-journal"
SOURCES: Final = "govgraph-sources.json"
_DATABASE: Final = "CURRENT"
"""A file that every RocksDB database has."""


class DurableStore:
    """The store in a folder; one process has it at a time."""

    def __init__(self, folder: Path, store: ox.Store):
        self.folder, self._store = folder, store
        self._replay()

    @classmethod
    def open(cls, folder: Path, begin: Callable[[], KnowledgeGraph]) -> DurableStore:
        """Open the store in a folder; where there is none, make one of the graph of `begin`.

        Raises UsageError where the folder holds something else, GovgraphError where another
        process has it, or it cannot be read or written.
        """
        try:
            if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
                _make(folder, begin())
            elif not (folder / _DATABASE).is_file():
                raise UsageError(f"{folder} is no store. Remove it, or name an empty folder.")
            return cls(folder, ox.Store(str(folder)))
        except OSError as error:
            reason = error.strerror or str(error)
            if "lock" in reason.lower():
                reason = "another process has it open; end that one first"
            raise GovgraphError(f"{folder}: the store cannot be opened ({reason}).") from None

    def graph_store(self) -> ox.Store:
        """Return a copy of the store in memory, for readers."""
        copy = ox.Store()
        copy.bulk_extend(quad for quad in self._store if quad.graph_name != ox.DefaultGraph())
        return copy

    def sources(self) -> SourceMap:
        """Return file and line of the statements the store began with, where they are known."""
        try:
            return SourceMap.restore(json.loads((self.folder / SOURCES).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return SourceMap()

    def commit(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take away and add statements, all or nothing; on the disk when this returns.

        Raises GovgraphError, and nothing is changed, where the disk takes no more.
        """
        try:
            self._replay()  # where the last write is not in the database yet
            _write_synced(self.folder / JOURNAL, journal(removed, added))
        except OSError as error:
            (self.folder / JOURNAL).unlink(missing_ok=True)
            reason = error.strerror or str(error)
            raise GovgraphError(f"{self.folder}: cannot be written ({reason}).") from None
        with contextlib.suppress(OSError):  # it is in the journal: the next write or start has it
            self._replay()

    def _replay(self) -> None:
        """Apply the journal, if there is one that is whole."""
        path = self.folder / JOURNAL
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return
        removed, added = read_journal(content)
        for quad in removed:
            self._store.remove(quad)
        self._store.extend(added)
        self._store.flush()
        path.unlink()


def _make(folder: Path, graph: KnowledgeGraph) -> None:
    """Make a store beside the folder and put it there when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        store = ox.Store(str(beside))
        store.bulk_extend(graph.store)
        store.flush()
        del store  # closes it
        sources = json.dumps(graph.sources.dump(), ensure_ascii=False)
        (beside / SOURCES).write_text(sources, encoding="utf-8")
        beside.replace(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def journal(removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> bytes:
    """Return a journal: its SHA-256, the length of its first part, and both parts as N-Quads."""
    lines = [ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"" for quads in (removed, added)]
    content = b"%d\n" % len(lines[0]) + b"".join(lines)
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def read_journal(content: bytes) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Return what a journal takes away and adds; nothing where it is not whole."""
    digest, _, rest = content.partition(b"\n")
    if hashlib.sha256(rest).hexdigest().encode() != digest:
        return [], []
    length, _, lines = rest.partition(b"\n")
    parts = lines[: int(length)], lines[int(length) :]
    removed, added = (list(ox.parse(part, format=ox.RdfFormat.N_QUADS)) for part in parts)
    return removed, added


def _write_synced(path: Path, content: bytes) -> None:
    """Write a file and see it to the disk, its name as well."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
