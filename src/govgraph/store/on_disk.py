"""Databases on disk, for graphs that would not fit into memory; whole, or not there."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from govgraph.errors import UsageError
from govgraph.files import written_together

Made = TypeVar("Made")


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
    with written_together(folder) as new:
        store = ox.Store(str(new))
        made = fill(store)
        store.flush()
        del store  # closes it
    return made
