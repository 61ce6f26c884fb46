"""Measures written as Parquet: one sorted file where they fit into one, else a folder of parts."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from govgraph.errors import GovgraphError
from govgraph.network.files.formats import check_output
from govgraph.scale.parquet import write_parquet
from govgraph.scale.spark.reading import is_address

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ONE_FILE: Final = 1_000_000
"""Up to so many rows come to the driver and are written as one file, the same bytes each time."""
_ARROW: Final = {"bigint": "int64", "int": "int32"}
"""Types of Spark that Arrow calls otherwise."""


def check_writable(output: str, rows: int | None = None) -> None:
    """Find what stands in the way of a Parquet output before the work is done.

    `rows` is how many there will be, once that is known: many make a folder. Raises GovgraphError
    where something is there that a folder would replace.
    """
    if is_address(output):
        return
    path = Path(output)
    if path.is_dir():
        raise GovgraphError(f"{path}: this folder is there already. Remove it, or name another.")
    check_output(path)
    if rows is not None and rows > ONE_FILE and path.exists():
        raise GovgraphError(
            f"{path}: {rows:,} rows become a folder of parts, and there is a file of this name."
            " Remove it, or name another."
        )


def write_table(frame: DataFrame, output: str, rows: int) -> None:
    """Write a sorted frame as Parquet, whole or not at all.

    Up to ONE_FILE rows are one file; at an address, and beyond that, Spark writes a folder of
    parts (sorted too, with names of its own).
    """
    if is_address(output):
        frame.write.mode("errorifexists").parquet(output)
    elif rows > ONE_FILE:
        _write_parts(frame, Path(output))
    else:
        columns = [(name, _ARROW.get(kind, kind)) for name, kind in frame.dtypes]
        write_parquet(Path(output), columns, frame.toLocalIterator())


def _write_parts(frame: DataFrame, path: Path) -> None:
    """Let Spark write a folder of parts beside `path`, then rename it."""
    beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        parts = beside / "parts"
        frame.write.parquet(parts.as_uri())
        if not any(parts.glob("*.parquet")):
            raise GovgraphError(
                f"{path}: the machines of the cluster do not write to this folder. Name a place"
                " they share, such as hdfs://… or s3a://…"
            )
        os.replace(parts, path)  # noqa: PTH105  (a folder)
        path.chmod(0o755)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
