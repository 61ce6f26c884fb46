"""Results as data frames and Parquet files; pandas and pyarrow are optional."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from typing import Literal as OneOf

from govgraph.extras import needed
from govgraph.results.terms import Value, to_python

if TYPE_CHECKING:
    import pandas as pd

    from govgraph.results.result import Result

ColumnType = OneOf["integer", "number", "boolean", "date", "text"]
_INT64: Final = range(-(2**63), 2**63)


def _typed_columns(result: Result) -> list[tuple[str, ColumnType, list[Any]]]:
    """Return name, type and values of each column; a mixture of kinds of value becomes text."""
    columns = []
    for index, name in enumerate(result.columns):
        terms = [row[index] for row in result.rows]
        values = [to_python(term) for term in terms]
        kind = _column_type([value for value in values if value is not None])
        if kind == "number":
            values = [None if value is None else float(value) for value in values]  # type: ignore[arg-type]
        elif kind == "text":
            texts = zip(values, terms, strict=True)
            values = [
                value if value is None or isinstance(value, str) else getattr(term, "value", None)
                for value, term in texts
            ]
        columns.append((name, kind, values))
    return columns


def _column_type(values: list[Value]) -> ColumnType:
    tests: list[tuple[ColumnType, bool]] = [
        ("integer", all(type(value) is int and value in _INT64 for value in values)),
        ("number", all(map(_is_float, values))),
        ("boolean", all(isinstance(value, bool) for value in values)),
        ("date", all(type(value) is date for value in values)),
    ]
    return next((kind for kind, fits in tests if fits and values), "text")


def _is_float(value: Value) -> bool:
    """Tell whether a value is a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def to_pandas(result: Result) -> pd.DataFrame:
    """Return a data frame with one typed column a variable (see Result.to_pandas)."""
    with needed("pandas", "Data frames"):
        import pandas as pd
    types = {"integer": "Int64", "number": "float64", "boolean": "boolean", "text": "object"}
    series = {}
    for name, kind, values in _typed_columns(result):
        if kind == "date":
            series[name] = pd.Series(values, dtype="datetime64[s]")
        else:
            series[name] = pd.Series(values, dtype=types[kind])
    return pd.DataFrame(series, columns=list(result.columns))


def to_parquet(result: Result) -> bytes:
    """Return a Parquet file: int64, double, bool, date32 or string, one column a variable."""
    with needed("parquet", "Parquet files"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    types = {
        "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
        "text": pa.string(),
    }  # fmt: skip
    columns = _typed_columns(result)
    table = pa.Table.from_arrays(
        [pa.array(values, type=types[kind]) for _, kind, values in columns],
        names=[name for name, _, _ in columns],
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()
