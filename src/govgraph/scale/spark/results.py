"""Measures written as Parquet: one sorted file here, a folder of sorted parts at an address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from govgraph.errors import GovgraphError
from govgraph.files import check_output
from govgraph.scale.parquet import write_parquet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_ARROW: Final = {"bigint": "int64", "int": "int32"}
"""Types of Spark that Arrow calls otherwise."""


def _is_address(path: str) -> bool:
    """Tell whether a path is an address such as hdfs://… or s3a://…, not a local one."""
    return "://" in path


def check_writable(output: str) -> None:
    """Raise GovgraphError for a local output that cannot be written, before the work is done."""
    if _is_address(output):
        return
    if Path(output).is_dir():
        raise GovgraphError(f"{output}: this folder is there already. Remove it, or name another.")
    check_output(Path(output))


def write_table(frame: DataFrame, output: str) -> None:
    """Write a sorted frame as Parquet, whole or not at all.

    Rows pass through the driver part by part into one local file, the same bytes each time; at an
    address Spark writes a folder of parts, with names of its own.
    """
    if _is_address(output):
        frame.write.mode("errorifexists").parquet(output)
    else:
        columns = [(name, _ARROW.get(kind, kind)) for name, kind in frame.dtypes]
        write_parquet(Path(output), columns, frame.toLocalIterator())
