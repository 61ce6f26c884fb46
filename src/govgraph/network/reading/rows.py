"""Rows of a network query as edges: columns read, values made plain, rows of one edge merged."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any, Final, TypeAlias

from pyoxigraph import NamedNode

from govgraph.errors import SourceError, counted, did_you_mean, warn
from govgraph.network.reading.spells import ALWAYS, Spell
from govgraph.network.reading.values import SEPARATOR
from govgraph.results import Result, Term, to_python

Number: TypeAlias = int | float
EdgeKey: TypeAlias = tuple[str, str, str]
"""Source, target, kind."""

ENDS: Final = ("source", "target")
SHARED: Final = "shared"
"""The attribute of an edge that lists the groups both ends are members of."""
OWN_COLUMNS: Final = frozenset({*ENDS, "kind", "weight", "start", "end"})
SHOWN: Final = 3
"""Rows with a fault that are named."""
_YEAR: Final = re.compile(r"-?\d{4,}(?=$|[-Z+])")


@dataclass(slots=True)
class Edge:
    """What the rows of one edge add up to: `values` holds every value of each further column."""

    weight: Number = 0
    spells: set[Spell] = field(default_factory=set)
    values: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """A query's rows as edges, in the order of the rows.

    iris        node -> IRI, for nodes that are IRIs
    node_values node -> column -> values, from the columns source_NAME and target_NAME
    timed       whether there are columns ?start or ?end
    weighted    whether a row has another weight than 1
    """

    edges: dict[EdgeKey, Edge]
    iris: dict[str, str]
    node_values: dict[str, dict[str, list[Any]]]
    timed: bool
    weighted: bool


def read_rows(
    result: Result,
    source: Path | str | None,
    *,
    kind: str = "",
    lists: Iterable[str] = (),
    lines: Iterable[int | None] = repeat(None),
) -> Rows:
    """Read the rows of a network query; rows with the same ends and kind are one edge.

    Weights add up, a row without one counts 1; years become spells, and those that cannot be are
    left out with a warning. `lines` are those of the rows in a file. Raises SourceError where
    ?source or ?target is missing, or a weight is no number above 0.
    """
    result = _renamed(result, {"subject": "source", "object": "target", "edge": "kind"}, "source")
    check_columns(result, ENDS, source)
    reader = _Reader(result, source, frozenset(lists))
    edges: dict[EdgeKey, Edge] = {}
    node_values: dict[str, dict[str, list[Any]]] = {}
    for row, reader.line in zip(result.rows, lines, strict=False):
        ends = [reader.node(row, name) for name in ENDS]
        if None in ends:
            continue  # an OPTIONAL end that is unbound is no edge
        edge_kind = reader.text(row, "kind") or kind
        edge = edges.setdefault((str(ends[0]), str(ends[1]), edge_kind), Edge())
        edge.weight += reader.weight(row)
        if reader.timed and (spell := reader.spell(row)) is not None:
            edge.spells.add(spell)
        for name, index in reader.others:
            add(edge.values, name, reader.values(row[index], name))
        for end, name, index in reader.of_ends:
            attributes = node_values.setdefault(str(ends[ENDS.index(end)]), {})
            add(attributes, name, reader.values(row[index], name))
    reader.tell()
    return Rows(edges, reader.iris, node_values, reader.timed, reader.weighted)


def read_nodes(
    result: Result, source: Path | str | None, lists: Iterable[str]
) -> Iterator[tuple[str, str | None, dict[str, list[Any]]]]:
    """Yield node, its IRI and its values for each row of a query that describes nodes.

    Labels come as (text, language).
    """
    result = _renamed(result, {"subject": "node"}, "node")
    check_columns(result, ("node",), source)
    pivoted = {"attribute", "value"} <= {*result.columns}
    reader = _Reader(result, source, frozenset(lists))
    for row in result.rows:
        node = reader.node(row, "node")
        if node is None:
            continue
        values: dict[str, list[Any]] = {}
        years = dict(zip(("start", "end"), reader.spell(row) or ALWAYS, strict=True))
        for name, index in reader.positions.items():
            term = row[index]
            if term is None or name == "node":
                continue
            if name == "label":
                values["label"] = [(getattr(term, "value", ""), getattr(term, "language", None))]
            elif name not in years:
                values[name] = reader.values(term, name)
            elif (year := years[name]) is not None:
                values[name] = [year]
        if pivoted and (name := reader.text(row, "attribute")) and "value" in values:
            values = {re.split("[#/:]", name)[-1]: values["value"]}
        yield node, reader.iris.get(node), values
    reader.tell()


def _renamed(result: Result, names: Mapping[str, str], unless: str) -> Result:
    """Return a result with columns that other tools ask for by their names here (rdf2gephi's)."""
    if unless in result.columns:
        return result
    return replace(result, columns=tuple(names.get(column, column) for column in result.columns))


def add(attributes: dict[str, list[Any]], name: str, values: Sequence[Any]) -> None:
    """Add values to an attribute, each once."""
    present = attributes.setdefault(name, [])
    present.extend(value for value in values if value not in present)


def check_columns(result: Result, required: Sequence[str], source: Path | str | None) -> None:
    """Raise SourceError where the result is no SELECT with the wanted columns."""
    if result.kind != "select":
        raise SourceError("A network is a SELECT query, with ?source and ?target.", source)
    if missing := [f"?{name}" for name in required if name not in result.columns]:
        present = " ".join(f"?{name}" for name in result.columns)
        hint = did_you_mean(missing[0].removeprefix("?"), result.columns)
        message = f"No column {' and '.join(missing)}: found {present}.{hint}"
        raise SourceError(f"{message} A network needs ?source and ?target.", source)


class _Reader:
    """Reads the cells of a result's rows."""

    def __init__(self, result: Result, source: Path | str | None, lists: frozenset[str]):
        self.source, self.lists, self.shorten = source, lists, result.names.shorten
        self.positions = {name: index for index, name in enumerate(result.columns)}
        self.timed = bool({"start", "end"} & set(result.columns))
        self.iris: dict[str, str] = {}
        self.others, self.of_ends = [], []
        for name, index in self.positions.items():
            end, _, attribute = name.partition("_")
            if end in ENDS and attribute:
                self.of_ends.append((end, attribute, index))
            elif name not in OWN_COLUMNS:
                self.others.append((name, index))
        self._names: dict[Term, str] = {}
        self._terms: dict[str, Term] = {}
        self.faults: list[str] = []
        self.line: int | None = None
        self.weighted = False

    def cell(self, row: Sequence[Term | None], name: str) -> Term | None:
        index = self.positions.get(name)
        return None if index is None else row[index]

    def node(self, row: Sequence[Term | None], name: str) -> str | None:
        term = self.cell(row, name)
        if term is None:
            return None
        name_of_node = self._names.get(term)
        if name_of_node is None:
            if isinstance(term, NamedNode):
                name_of_node = self.shorten(term.value)
                self.iris[name_of_node] = term.value
            else:
                name_of_node = str(to_python(term))
            if not name_of_node:
                raise SourceError(f"?{name} is an empty text, which names no node.", self.source)
            if (other := self._terms.setdefault(name_of_node, term)) != term:
                message = f"?{name}: {term} and {other} are two things that would be one node."
                remedy = " Take IRIs, or texts of one kind, such as STR(?x)."
                raise SourceError(message + remedy, self.source)
            self._names[term] = name_of_node
        return name_of_node

    def text(self, row: Sequence[Term | None], name: str) -> str:
        term = self.cell(row, name)
        if term is None:
            return ""
        return self.shorten(term.value) if isinstance(term, NamedNode) else str(to_python(term))

    def weight(self, row: Sequence[Term | None]) -> Number:
        if "weight" not in self.positions:
            return 1
        term = self.cell(row, "weight")
        value = to_python(term)
        if isinstance(value, Decimal):
            value = float(value)
        if value is None:
            return 1
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e300:
            found = f"?weight: found {getattr(term, 'value', term)!r}, expected a number greater"
            raise SourceError(f"{found} than 0 ({self.shown(row)}).", self.source, self.line)
        self.weighted = self.weighted or value != 1
        return value

    def spell(self, row: Sequence[Term | None]) -> Spell | None:
        """Return the years of a row; None where they cannot be, which is noted."""
        try:
            start, end = self.year(row, "start"), self.year(row, "end")
        except ValueError as error:
            fault = str(error)
        else:
            if start is None or end is None or start <= end:
                return (start, end)
            fault = f"?start {start} is after ?end {end}"
        where = f"line {self.line}" if self.line else self.shown(row)
        self.faults.append(f"{fault} ({where})" if len(self.faults) < SHOWN else "")
        return None

    def tell(self) -> None:
        """Say which rows have years that cannot be."""
        if count := len(self.faults):
            more = f"; and {count - SHOWN:,} more" if count > SHOWN else ""
            warn(
                f"{self.source}: the years of {counted(count, 'row')} are left out: "
                f"{'; '.join(self.faults[:SHOWN])}{more}. `govgraph validate` names those of data."
            )

    def shown(self, row: Sequence[Term | None]) -> str:
        """Return what names a row: its values but for years, labels and further texts."""
        return ", ".join(
            f"{name} {self.text(row, name)}"
            for name, index in self.positions.items()
            if row[index] and (name in (*ENDS, "node") or isinstance(row[index], NamedNode))
        )

    def year(self, row: Sequence[Term | None], name: str) -> int | None:
        """Return the year of an integer, a date, or a text such as "1998" or "1998-05-01".

        Raises ValueError for anything else.
        """
        value = to_python(self.cell(row, name))
        if isinstance(value, date):
            return value.year
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        match = _YEAR.match(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError(
                f"?{name}: found {str(value)!r}, expected a year such as 1998 or a date"
            )
        return int(match[0])

    def values(self, term: Term | None, name: str) -> list[Any]:
        """Return the plain values of one cell: several, where the column is a list."""
        if term is None:
            return []
        if isinstance(term, NamedNode):
            return [self.shorten(term.value)]
        value = to_python(term)
        if isinstance(value, Decimal):
            value = int(value) if value == value.to_integral_value() else float(value)
        if name in self.lists and isinstance(value, str):
            parts = (part.strip() for part in value.split(SEPARATOR))
            return [self.shorten(p) if p.startswith("http") else p for p in parts if p]
        return [value]
