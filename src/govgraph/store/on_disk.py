"""Databases on disk, for graphs that would not fit into memory; whole, or not there.

A database grows in a folder beside the one asked for and takes its place when it is finished. What
a killed run leaves beside is taken away by the next one.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError

Made = TypeVar("Made")

LOCKED: Final = "lock"
"""Stands in what RocksDB says of a database that another process has open."""


def fill_store(folder: Path | None, fill: Callable[[ox.Store], Made]) -> Made:
    """Make an Oxigraph database in `folder`, fill it, and return what `fill` returns.

    What `fill` returns must not refer to the store, which is closed by then. Where `folder` is
    None, the store is one in memory. Raises UsageError where the folder holds something,
    GovgraphError where it cannot be written.
    """
    if folder is None:
        return fill(ox.Store())
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder. Remove it, or name another.")
    partial = folder.parent / f".{folder.name}.partial.govgraph"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _take_away(partial, folder)
        store = ox.Store(str(partial))
        try:
            made = fill(store)
            store.flush()
            del store  # closes it
            partial.replace(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise _failure(folder, error) from None
    return made


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
