"""A store on disk, for graphs that would not fit into memory; whole, or not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError


@contextmanager
def store_in(folder: Path | None) -> Iterator[ox.Store]:
    """Open a new Oxigraph database in `folder`, or a store in memory where that is None.

    If the block fails, the database is taken away again. Raises UsageError where the folder holds
    something, GovgraphError where it cannot be written.
    """
    if folder is None:
        yield ox.Store()
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder. Remove it, or name another.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = ox.Store(str(folder))
    except OSError as error:
        reason = error.strerror or error
        raise GovgraphError(f"{folder}: no database can be made here ({reason}).") from None
    try:
        yield store
        store.flush()
    except BaseException as failure:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(failure, OSError):
            raise GovgraphError(
                f"{folder}: the database could not be written ({failure}). Free some space, or "
                "name a folder on another disk."
            ) from None
        raise
