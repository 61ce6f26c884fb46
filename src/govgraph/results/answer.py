"""What a query answered, as terms: rows, a yes or no, or a graph."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf
from typing import Self, TypeAlias

import pyoxigraph as ox

from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term
from govgraph.results.values import Value, order_key, sort_key, to_python

Kind: TypeAlias = OneOf["select", "ask", "graph"]
"""Rows, a yes or no, or (CONSTRUCT, DESCRIBE) a graph."""
Row: TypeAlias = tuple[Term | None, ...]


@dataclass(frozen=True)
class Answer:
    """What a query answered, as pyoxigraph terms.

    kind      "select", "ask", or "graph" (CONSTRUCT and DESCRIBE)
    columns   names of the variables; ("boolean",) for ASK, subject, predicate, object for a graph
    rows      one tuple of terms a row, None where unbound
    names     what shortens its IRIs for readers
    warnings  what to look at: a term that does not exist, cells that a function left empty
    Iterating gives each row as a dict of plain Python values; an answer is true if it has any rows,
    and that of an ASK if it is yes.
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
            return replace(
                self, rows=tuple(sorted(self.rows, key=lambda row: [*map(sort_key, row)]))
            )
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

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows) if self.boolean is None else self.boolean

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for row in self.rows:
            yield dict(zip(self.columns, map(to_python, row), strict=True))
