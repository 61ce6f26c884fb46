"""Measures and ties written: one sorted file where they fit into one, else a folder of parts."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import GovgraphError, UsageError
from govgraph.files import written_whole
from govgraph.network.files.formats import check_output
from govgraph.scale.spark.reading import is_address

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ONE_FILE: Final = 1_000_000
"""Up to so many rows come to the driver and are written as one file, the same bytes each time."""

_AT_ONCE: Final = 100_000


def check_place(output: str, rows: int | None = None) -> None:
    """Find what stands in the way of an output before the work is done.

    `rows` is how many there will be at most, once that is known: many make a folder. Raises
    GovgraphError where something is there that a folder would replace.
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


def write_table(frame: DataFrame, output: str, rows: int) -> str:
    """Write a sorted frame as Parquet, whole or not at all; returns the path.

    Up to ONE_FILE rows are one file, at an address and beyond that Spark writes a folder of parts
    (sorted too, with names of its own).
    """
    if is_address(output):
        frame.write.mode("errorifexists").parquet(output)
        return output
    path = Path(output)
    if rows > ONE_FILE:
        _write_parts(frame, path)
        return output
    with written_whole(path) as stream:
        write_rows(frame, stream)
    return output


def write_rows(frame: DataFrame, stream: Any) -> None:
    """Write the rows of a frame, which pass through the driver in parts, as one Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(), "bigint": pa.int64(), "int": pa.int32(), "double": pa.float64(),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in frame.dtypes])
    with pq.ParquetWriter(stream, schema) as writer:
        for some in batches(frame):
            arrays = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*some, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def batches(frame: DataFrame) -> Iterator[list[Any]]:
    """Yield the rows of a frame in its order, some at a time: one part of it is held at once."""
    rows = frame.toLocalIterator()
    while some := list(islice(rows, _AT_ONCE)):
        yield some


def _write_parts(frame: DataFrame, path: Path) -> None:
    """Let Spark write a folder of parts beside `path`, then rename it."""
    if path.exists():
        raise UsageError(f"{path} is there already: remove it, or name another.")
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
