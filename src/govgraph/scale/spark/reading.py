"""Parquet files of pairs, checked before any work is done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import SourceError, did_you_mean

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_REQUIRED: Final = ("source", "target")
_YEARS: Final = ("start", "end")
_WHOLE: Final = frozenset({"tinyint", "smallint", "int", "bigint"})
_NAMES: Final = frozenset({"string", *_WHOLE})


def is_address(path: str) -> bool:
    """Tell whether a path is an address such as hdfs://… or s3a://…, not a local one."""
    return "://" in path


def check_parquet(path: str) -> None:
    """Raise SourceError where a local path is no Parquet file, nor a folder of them."""
    if is_address(path):
        return
    local = Path(path)
    if not local.exists():
        raise SourceError(
            "There is no such file. Write it with `govgraph pairs NAME --output FILE.parquet`.",
            path,
        )
    files = [local] if local.is_file() else sorted(local.glob("*.parquet"))
    if not files:
        raise SourceError("There are no .parquet files in this folder.", path)
    for file in files:
        with file.open("rb") as stream:
            begins = stream.read(4)
        if begins != b"PAR1":
            found = "an empty file" if not begins else "something else"
            raise SourceError(
                f"This is no Parquet file: found {found}. `govgraph pairs` writes them.", str(file)
            )


def read_pairs(spark: SparkSession, path: str) -> DataFrame:
    """Return the pairs of a file, a folder of files or an address: source, target, kind, years.

    Rows without source or target are no pairs. Columns kind, start and end may be missing. Raises
    SourceError for columns that are missing or hold something else.
    """
    from pyspark.sql import functions as F  # noqa: N812

    check_parquet(path)
    frame = spark.read.parquet(path)
    types = dict(frame.dtypes)
    _check_columns(types, path)
    kind = F.coalesce(F.col("kind"), F.lit("")) if "kind" in types else F.lit("")
    years = [
        (F.col(name) if name in types else F.lit(None)).cast("int").alias(name) for name in _YEARS
    ]
    ends = [F.col(name).cast("string").alias(name) for name in _REQUIRED]
    return frame.select(*ends, kind.cast("string").alias("kind"), *years).dropna(subset=_REQUIRED)


def _check_columns(types: Mapping[str, Any], path: str) -> None:
    found = ", ".join(types) or "none"
    for name in _REQUIRED:
        if name not in types:
            raise SourceError(
                f"No column {name!r}: found {found}.{did_you_mean(name, types)} Pairs have the"
                " columns source (a member) and target (what it is a member of).",
                path,
            )
    expected = dict.fromkeys(_REQUIRED, _NAMES) | {"kind": _NAMES} | dict.fromkeys(_YEARS, _WHOLE)
    for name, kinds in expected.items():
        if name in types and types[name] not in kinds and types[name] != "void":
            what = "years as whole numbers" if name in _YEARS else "texts or whole numbers"
            raise SourceError(f"Column {name!r}: found {types[name]}, expected {what}.", path)
