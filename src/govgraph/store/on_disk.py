"""Databases on disk, for graphs that would not fit into memory; whole, or not there.

A database grows in a folder beside the one asked for and takes its place when it is finished, so
that a run that fails or is killed leaves what was there before. What a killed run leaves beside
is taken away by the next one.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.coding.source_files import DATABASE
from govgraph.errors import GovgraphError, UsageError
from govgraph.files import carried, exchanged

Made = TypeVar("Made")

ROCKSDB: Final = re.compile(
    r"CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d+|\d+\.(sst|log|blob|dbtmp)"
)
"""Names of the files of such a database."""
LOCKED: Final = "lock"
"""Stands in what RocksDB says of a database that another process has open."""


def fill_store(
    folder: Path | None, fill: Callable[[ox.Store], Made], *, extend: bool = False
) -> Made:
    """Make an Oxigraph database in `folder`, fill it, and return what `fill` returns.

    What `fill` returns must not refer to the store, which is closed by then. Where `folder` is
    None, the store is one in memory. With `extend`, `folder` may hold a database, of which a copy
    is filled (files on disk are shared with it, not copied) that then replaces it.

    Raises UsageError where the folder holds something else, GovgraphError where it cannot be
    written or another process has it open.
    """
    if folder is None:
        return fill(ox.Store())
    partial, replaced = (
        folder.parent / f".{folder.name}.{what}.govgraph" for what in ("partial", "replaced")
    )
    if replaced.exists() and not folder.exists():
        replaced.rename(folder)  # killed between the two renames below
    existing = _existing(folder, extend)
    before = folder.stat().st_ino if existing is not None else None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _take_away(partial, folder)
    except OSError as error:
        raise _failure(folder, error) from None
    try:
        if existing is not None:
            existing.backup(str(partial))
        store = ox.Store(str(partial))
        made = fill(store)
        store.flush()
        del store, existing  # closes them
        if before is not None and folder.stat().st_ino != before:
            raise GovgraphError(f"{folder} was replaced meanwhile: run it again.")
        if folder.exists() and not carried(folder, partial, _own(folder)):
            raise GovgraphError(f"{folder} holds files that are no database's. Move them away.")
        if not exchanged(partial, folder):  # there is none, or the system cannot
            shutil.rmtree(replaced, ignore_errors=True)
            if folder.exists():
                folder.rename(replaced)
            partial.rename(folder)
    except OSError as error:
        raise _failure(folder, error) from None
    finally:
        for left in (partial, replaced) if folder.exists() else (partial,):
            shutil.rmtree(left, ignore_errors=True)
    return made


def _own(folder: Path) -> list[str]:
    """Return the names of the files in a folder that RocksDB made; others have to stay there."""
    return [path.name for path in folder.iterdir() if ROCKSDB.fullmatch(path.name)]


def _existing(folder: Path, extend: bool) -> ox.Store | None:
    """Return the database in `folder`, held open so that nobody else writes to it."""
    if not folder.exists():
        return None
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / DATABASE).exists()):
        raise UsageError(f"{folder} is not an empty folder. Remove it, or name another.")
    if not any(folder.iterdir()):
        return None
    if not extend:
        raise UsageError(f"{folder} holds a database already. Remove it, or name another folder.")
    if (reader := _reader(folder)) is not None:
        raise GovgraphError(
            f"{folder}: process {reader} has it open (oxigraph serve-read-only, for instance), and"
            " would go on answering from what it holds now. Stop that first."
        )
    try:
        return ox.Store(str(folder))
    except OSError as error:
        raise _failure(folder, error) from None


def _reader(folder: Path) -> int | None:
    """Return a process that has a database open, where the system tells (Linux, the same user).

    Who only reads takes no lock.
    """
    inside = f"{folder.resolve()}{os.sep}"
    for opened in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(opened.readlink()).startswith(inside) and int(opened.parts[2]) != os.getpid():
                return int(opened.parts[2])
    return None


def _take_away(partial: Path, folder: Path) -> None:
    """Remove what a killed run left; raises GovgraphError where that run is still alive."""
    if not partial.exists():
        return
    try:
        ox.Store(str(partial))
    except (OSError, RuntimeError) as error:  # the latter where it was killed as it was made
        if LOCKED in str(error).lower():
            message = f"{folder} is being made by another process. Wait for it, or stop it."
            raise GovgraphError(message) from None
    shutil.rmtree(partial)


def _failure(folder: Path, error: OSError) -> GovgraphError:
    # RocksDB adds what it was doing to which file
    reason = error.strerror or str(error).removeprefix("IO error: ").partition(": While")[0]
    if LOCKED in reason.lower():
        remedy = "Another process has it open: stop that first (a server, for instance)."
    elif "space" in reason.lower() or "too large" in reason.lower():
        remedy = "Free some space, or name a folder on another disk. What was there is unchanged."
    else:
        remedy = "Check the path and who may write there. What was there is unchanged."
    return GovgraphError(f"{folder}: the database could not be written ({reason}). {remedy}")
