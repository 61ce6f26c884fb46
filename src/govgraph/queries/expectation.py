"""What the header of a query promises of its answer, and whether an answer keeps it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from govgraph.errors import SourceError
from govgraph.queries.header import Header
from govgraph.results import Result, Term, canonical_term, display, to_python
from govgraph.vocabulary import XSD

if TYPE_CHECKING:
    from govgraph.queries.stored import StoredQuery

_KEYS: Final = ("rows", "min_rows", "contains", "boolean")
_DECIMAL: Final = f"{XSD}decimal"
Cell: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class Expectation:
    """What the answer to a query with its defaults must be.

    rows, min_rows   how many rows (triples of a graph), exactly or at least
    contains         rows it must hold, each some of its columns with their values
    boolean          the answer of an ASK query
    """

    rows: int | None = None
    min_rows: int | None = None
    contains: tuple[Mapping[str, Cell], ...] = ()
    boolean: bool | None = None


def read_expectation(header: Header) -> Expectation | None:
    """Return what the header expects, or None.

    Raises SourceError for what cannot be expected.
    """
    if "expect" not in header.data:
        return None
    data: Any = header.data["expect"]
    header.check_keys(data, _KEYS, "expect")
    for key in ("rows", "min_rows"):
        if key in data and not (type(data[key]) is int and data[key] >= 0):
            raise header.error(f"{key}: found {data[key]!r}, expected a count.", "expect", key)
    if not isinstance(data.get("boolean", True), bool):
        raise header.error("boolean: expected true or false.", "expect", "boolean")
    contains = data.get("contains", [])
    if not isinstance(contains, list) or not all(isinstance(row, dict) for row in contains):
        message = "contains: expected a list of rows, as in [{label: Bogotá, year: 1998}]."
        raise header.error(message, "expect", "contains")
    return Expectation(data.get("rows"), data.get("min_rows"), tuple(contains), data.get("boolean"))


def unmet(query: StoredQuery, result: Result) -> list[str]:
    """Return, one line each, what a result lacks of what the query expects; [] if it is met.

    Compares with the header and, where there is one, with the full rows in
    `expected/<slug>.csv`, by value and in any order. Raises SourceError for a file of expected
    rows that cannot be read.
    """
    found = []
    expect = query.expect or Expectation()
    if expect.rows is not None and len(result) != expect.rows:
        found.append(f"expected {expect.rows} rows, found {len(result)}")
    if expect.min_rows is not None and len(result) < expect.min_rows:
        found.append(f"expected at least {expect.min_rows} rows, found {len(result)}")
    if expect.boolean is not None and result.boolean is not expect.boolean:
        answer = display(result.rows[0][0]) if result.kind == "ask" else f"{len(result)} rows"
        found.append(f"expected the answer {str(expect.boolean).lower()}, found {answer}")
    found += [missing for row in expect.contains if (missing := _missing(row, result))]
    if query.expected is not None:
        found += _different(query.expected, result)
    return found


def _missing(wanted: Mapping[str, Cell], result: Result) -> str:
    unknown = [name for name in wanted if name not in result.columns]
    if unknown:
        return f"expected the column {unknown[0]!r}, found {', '.join(result.columns)}"
    places = [(result.columns.index(name), value) for name, value in wanted.items()]
    if any(all(_equals(row[i], value) for i, value in places) for row in result.rows):
        return ""
    cells = ", ".join(f"{name}: {value}" for name, value in wanted.items())
    return f"expected a row with {cells}; there is none"


def _equals(term: Term | None, wanted: Any) -> bool:
    """Tell whether a term is what a header writes for it: short or full IRI, text or number."""
    if wanted is None or term is None:
        return wanted is None and term is None
    if isinstance(wanted, bool):
        return to_python(term) is wanted
    if isinstance(wanted, int | float):
        as_number = Literal(str(wanted), datatype=NamedNode(_DECIMAL))
        return canonical_term(term) == canonical_term(as_number)
    texts = {str(to_python(term)), display(term), getattr(term, "value", "")}
    return str(wanted) in texts


def _different(path: Path, result: Result) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = list(csv.reader(stream)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"The expected rows cannot be read: {error}.", path) from None
    if sorted(head) != sorted(result.columns):
        return [f"{path.name}: expected the columns {', '.join(head)}, found"
                f" {', '.join(result.columns)}"]  # fmt: skip
    order = [head.index(name) for name in result.columns]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(head):
            raise SourceError(f"{len(row)} cells, expected {len(head)}.", path, number)
    wanted = Counter(tuple(_comparable(row[i]) for i in order) for row in rows)
    found = Counter(tuple(_comparable(_csv(term)) for term in row) for row in result.rows)
    missing, extra = sorted((wanted - found).elements()), sorted((found - wanted).elements())
    lines = [f"{path.name}: missing row {', '.join(row)}" for row in missing[:3]]
    lines += [f"{path.name}: unexpected row {', '.join(row)}" for row in extra[:3]]
    rest = len(missing) + len(extra) - len(lines)
    return [*lines, f"{path.name}: and {rest} more rows differ"] if rest > 0 else lines


def _csv(term: Term | None) -> str:
    match term:
        case None:
            return ""
        case NamedNode() | Literal():
            return term.value
        case _:
            return display(term)


def _comparable(cell: str) -> str:
    """Return a cell of a CSV file, which has no types: numbers written one way."""
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", cell):
        return cell
    text = format(Decimal(cell), "f")
    return canonical_term(Literal(text, datatype=NamedNode(_DECIMAL)))[1]
