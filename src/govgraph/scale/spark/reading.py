"""Parquet files of pairs, checked before any work is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import SourceError, did_you_mean

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_REQUIRED: Final = ("source", "target")
_YEARS: Final = ("start", "end")
_WHOLE: Final = frozenset({"tinyint", "smallint", "int", "bigint"})
_NAMES: Final = frozenset({"string", *_WHOLE})


def read_pairs(spark: SparkSession, path: str) -> DataFrame:
    """Return the pairs of a file, a folder of files or an address: source, target, kind, years.

    Rows without source or target are no pairs. Columns kind, start and end may be missing. Raises
    SourceError for columns that are missing or hold something else.
    """
    from pyspark.sql import functions as F  # noqa: N812

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
    expected = dict.fromkeys(_REQUIRED, _NAMES) | {"kind": _NAMES} | dict.fromkeys(_YEARS, _WHOLE)
    for name, kinds in expected.items():
        if name in types and types[name] not in {*kinds, "void"}:
            what = "years as whole numbers" if name in _YEARS else "texts or whole numbers"
            raise SourceError(f"Column {name!r}: found {types[name]}, expected {what}.", path)
        if name in _REQUIRED and name not in types:
            hint = did_you_mean(name, types)
            raise SourceError(
                f"No column {name!r}: found {', '.join(types)}.{hint} Pairs have the columns source"
                " (a member) and target (what it is a member of).",
                path,
            )
