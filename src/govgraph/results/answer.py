"""What a query answered: rows, a yes or no, or a graph; as terms, as data frames, as Arrow tables.

pandas and pyarrow, for the latter two, are optional.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias, TypeVar, overload
from typing import Literal as OneOf

import pyoxigraph as ox

from govgraph.errors import GovgraphError, UsageError, did_you_mean
from govgraph.rdf import collector
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term
from govgraph.resources import needed
from govgraph.results.values import Value, order_key, sort_key, to_python

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Kind: TypeAlias = OneOf["select", "ask", "graph"]
"""Rows, a yes or no, or (CONSTRUCT, DESCRIBE) a graph."""
Row: TypeAlias = tuple[Term | None, ...]
Iris: TypeAlias = OneOf["id", "full", "link"]
"""IRIs as short names, which can be asked for again; in full; as links of HTML."""
T = TypeVar("T")
_WEB: Final = re.compile(r"https?://")


@dataclass(frozen=True)
class Answer:
    """What a query answered, as pyoxigraph terms.

    kind      "select", "ask", or "graph" (CONSTRUCT and DESCRIBE)
    columns   names of the variables; ("boolean",) for ASK, subject, predicate, object for a graph
    rows      one tuple of terms a row, None where unbound
    names     what shortens its IRIs for readers
    warnings  what to look at: a term that does not exist, cells that a function left empty
    A sequence of rows, each a dict of plain Python values (`answer[0]`, `for row in answer`); a
    slice is an answer too. It is true if it has any rows, and that of an ASK if it is yes.
    """

    kind: Kind
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    names: Names = field(default=NAMES, repr=False, compare=False)
    warnings: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def boolean(self) -> bool | None:
        """The answer of an ASK query; None for any other."""
        return self.rows == ((ox.Literal(True),),) if self.kind == "ask" else None

    @property
    def triples(self) -> tuple[ox.Triple, ...]:
        """The triples of a graph, sorted; empty for any other answer."""
        if self.kind != "graph":
            return ()
        return tuple(ox.Triple(*row) for row in self.rows)  # type: ignore[arg-type]

    def sorted(self, order: Sequence[tuple[str, bool]] = ()) -> Self:
        """Return the same answer with its rows in the order of their terms.

        `order` names columns to sort by as ORDER BY would, each with whether downwards.
        """
        if not order:
            key = cache(lambda term: "{}{}".format(*sort_key(term)))
            with collector.paused():
                rows = sorted(self.rows, key=lambda row: tuple(map(key, row)))
            return replace(self, rows=tuple(rows))
        rows = list(self.rows)
        for name, down in reversed(order):
            if name in self.columns:
                index = self.columns.index(name)
                rows.sort(key=lambda row: order_key(row[index]), reverse=down)
        return replace(self, rows=tuple(rows))

    def with_columns(self, columns: Sequence[str]) -> Self:
        """Return the same rows with some of the columns, in this order."""
        indices = [self.columns.index(name) for name in columns]
        rows = tuple(tuple(row[i] for i in indices) for row in self.rows)
        return replace(self, columns=tuple(columns), rows=rows)

    def without(self, columns: Collection[str]) -> Self:
        """Return the same rows without some columns."""
        return self.with_columns([name for name in self.columns if name not in columns])

    def writer(self, iris: Iris) -> Callable[[Term | None], Value]:
        """Return what makes plain values of terms, and of IRIs ids, texts in full, or links."""
        ways = {"id": self.names.shorten, "full": str, "link": self._link}
        if iris not in ways:
            raise UsageError(f"iris: found {iris!r}, expected 'id', 'full' or 'link'.")
        write: Any = ways[iris]
        return lambda term: write(term.value) if isinstance(term, ox.NamedNode) else to_python(term)

    def _link(self, iri: str) -> str:
        shown = html.escape(self.names.shorten(iri))
        return f'<a href="{html.escape(iri)}">{shown}</a>' if _WEB.match(iri) else shown

    def with_languages(self) -> Self:
        """Return the same answer with a column NAME_lang after each that has texts in languages."""
        columns: dict[str, Sequence[Term | None]] = {}
        for index, name in enumerate(self.columns):
            columns[name] = terms = [row[index] for row in self.rows]
            tags = [getattr(term, "language", None) for term in terms]
            if any(tags):
                columns[f"{name}_lang"] = [ox.Literal(tag) if tag else None for tag in tags]
        return replace(
            self, columns=tuple(columns), rows=tuple(zip(*columns.values(), strict=True))
        )

    def first(self) -> dict[str, Value] | None:
        """Return the first row, None where there is none."""
        return self[0] if self.rows else None

    def one(self) -> dict[str, Value]:
        """Return the only row; raises GovgraphError where there are none or several."""
        if len(self.rows) != 1:
            raise GovgraphError(f"expected one row, found {len(self.rows):,}.")
        return self[0]

    def column(self, name: str, kind: type[T] = object) -> list[T]:  # type: ignore[assignment]
        """Return the values of a column; with a `kind`, such as str, those that are bound.

        Raises UsageError for a column there is none of, GovgraphError for a value of another kind.
        """
        if name not in self.columns:
            hint = did_you_mean(str(name), self.columns) or f" It has {', '.join(self.columns)}."
            raise UsageError(f"there is no column {name!r}.{hint}")
        index = self.columns.index(name)
        values: list[Any] = of_each([row[index] for row in self.rows], to_python)
        if kind is not object:
            values = [value for value in values if value is not None]
            for wrong in (value for value in values if not isinstance(value, kind)):
                raise GovgraphError(f"{name}: found {wrong!r}, expected only {kind.__name__}.")
        return values

    def scalars(self, kind: type[T] = object) -> list[T]:  # type: ignore[assignment]
        """Return the values of the first column, as `column` does."""
        return self.column(next(iter(self.columns), ""), kind)

    @overload
    def __getitem__(self, key: int) -> dict[str, Value]: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    @overload
    def __getitem__(self, key: str) -> list[Any]: ...
    def __getitem__(self, key: int | slice | str) -> dict[str, Value] | Self | list[Any]:
        """Return a row by its number, rows by a slice, a column by its name."""
        if isinstance(key, slice):
            return replace(self, rows=self.rows[key])
        if isinstance(key, str):
            return self.column(key)
        return dict(zip(self.columns, map(to_python, self.rows[key]), strict=True))

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows) if self.boolean is None else self.boolean

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for row in self.rows:
            yield dict(zip(self.columns, map(to_python, row), strict=True))


def of_each(terms: Iterable[Any], make: Callable[[Any], T]) -> list[T]:
    """Return what a function makes of each term; it is called once for each that differs."""
    return list(map(cache(make), terms))


# -- as data frames --------------------------------------------------------------------------------

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
