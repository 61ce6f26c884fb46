"""Results as data frames, Arrow tables and Parquet files; pandas and pyarrow are optional."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from typing import Literal as OneOf

from govgraph.resources import needed
from govgraph.results.answer import Answer, Iris, of_each

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ColumnType = OneOf[
    "integer", "big", "decimal", "number", "boolean", "date", "time", "instant", "text", "none"
]
"""`big` integers are beyond 64 bits, a `time` has no zone, an `instant` has one."""
_INT64: Final = range(-(2**63), 2**63)
_TYPES: Final[dict[frozenset[type], ColumnType]] = {
    frozenset(): "none",
    frozenset({int}): "integer",
    frozenset({Decimal}): "decimal",
    frozenset({Decimal, int}): "decimal",
    frozenset({bool}): "boolean",
    frozenset({date}): "date",
    frozenset({datetime}): "time",
    **{frozenset({float, *more}): "number" for more in ((), (int,), (Decimal,), (int, Decimal))},
}


def _typed_columns(answer: Answer, iris: Iris) -> list[tuple[str, ColumnType, list[Any]]]:
    """Return name, type and values of each column; a mixture of kinds of value becomes text."""
    columns: list[tuple[str, ColumnType, list[Any]]] = []
    write = answer.writer(iris)
    for index, name in enumerate(answer.columns):
        terms = [row[index] for row in answer.rows]
        values: list[Any] = of_each(terms, write)
        kind = _column_type([value for value in values if value is not None])
        if kind == "text":
            values = [
                value if value is None or isinstance(value, str) else getattr(term, "value", None)
                for value, term in zip(values, terms, strict=True)
            ]
        elif kind == "number":
            values = [None if value is None else float(value) for value in values]
        elif kind == "instant":
            values = [value and value.astimezone(UTC) for value in values]
        columns.append((name, kind, values))
    return columns


def _column_type(values: Sequence[Any]) -> ColumnType:
    kind = _TYPES.get(frozenset(map(type, values)), "text")
    if kind == "integer" and not all(value in _INT64 for value in values):
        return "big"
    if kind == "time" and any(value.tzinfo for value in values):
        return "instant" if all(value.tzinfo for value in values) else "text"
    try:
        sum(map(float, values if kind in {"number", "decimal"} else ()))
    except OverflowError:
        return "text"
    return kind


def to_pandas(answer: Answer, iris: Iris) -> pd.DataFrame:
    """Return a data frame with one typed column a variable (see Result.to_pandas)."""
    with needed("pandas", "Data frames"):
        import pandas as pd
    types: dict[ColumnType, Any] = {
        "integer": "Int64", "big": object, "decimal": "float64", "number": "float64",
        "boolean": "boolean", "date": "datetime64[s]", "time": "datetime64[us]",
        "instant": "datetime64[us, UTC]", "none": object,
    }  # fmt: skip
    series = {
        name: pd.Series(values, dtype=types.get(kind))
        for name, kind, values in _typed_columns(answer, iris)
    }
    return pd.DataFrame(series, columns=list(answer.columns))


def to_arrow(answer: Answer, iris: Iris) -> pa.Table:
    """Return an Arrow table with one typed column a variable (see Result.to_arrow)."""
    with needed("parquet", "Arrow tables and Parquet files"):
        import pyarrow as pa
    types: dict[ColumnType, Any] = {
        "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
        "time": pa.timestamp("us"), "instant": pa.timestamp("us", "UTC"), "text": pa.string(),
        "none": pa.null(),
    }  # fmt: skip
    columns = _typed_columns(answer, iris)
    arrays = [
        pa.array(values, types[kind]) if kind in types else _exact(pa, values)
        for _, kind, values in columns
    ]
    return pa.Table.from_arrays(arrays, names=[name for name, _, _ in columns])


def _exact(pa: Any, values: Sequence[Any]) -> Any:
    """Return numbers as decimals, or as text where they are too long for these."""
    numbers = [None if value is None else Decimal(value) for value in values]
    with suppress(pa.ArrowInvalid):
        if pa.types.is_decimal128((array := pa.array(numbers)).type):
            return array
    return pa.array([number if number is None else str(number) for number in numbers])


def to_parquet(answer: Answer) -> bytes:
    """Return a Parquet file, with the types of `to_arrow`."""
    table = to_arrow(answer, "full")
    import pyarrow.parquet as pq

    pq.write_table(table, buffer := io.BytesIO())
    return buffer.getvalue()
