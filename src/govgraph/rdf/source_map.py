"""Where each statement was written: from graph, subject, predicate and value to file and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple


class Location(NamedTuple):
    """A line (from 1) of a source file; `path` is relative to the data folder it came from."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Entry(NamedTuple):
    """One written value: `predicate` and `value` are "" for the node itself."""

    graph: str
    predicate: str
    value: str
    location: Location


@dataclass
class TableSource:
    """Where the statements of a table were written, column by column.

    `lines` are those of the rows. `nodes` are the subject and the graph of each row, "" where the
    row has no such node; `values` the columns of statements of a node (its number, predicate, which
    of the texts each row has, the texts); `links` lead from a node to another of the same row.
    """

    path: str
    lines: Sequence[int]
    nodes: list[tuple[Sequence[str], Sequence[str]]] = field(default_factory=list)
    values: list[tuple[int, str, Sequence[int], list[tuple[str, ...]]]] = field(
        default_factory=list
    )
    links: list[tuple[int, str, int]] = field(default_factory=list)

    @cached_property
    def rows(self) -> dict[str, list[tuple[int, int]]]:
        """Each subject with its (row, number of the node), made when it is first asked for."""
        result: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, (subjects, _) in enumerate(self.nodes):
            for row, subject in enumerate(subjects):
                if subject:
                    result[subject].append((row, number))
        return result

    def entries(self, subject: str) -> Iterator[Entry]:
        """Yield every value written of a subject, row by row."""
        for row, number in sorted(self.rows.get(subject, ())):
            location, graph = Location(self.path, self.lines[row]), self.nodes[number][1][row]
            yield Entry(graph, "", "", location)
            for node, predicate, codes, texts in self.values:
                if node == number:
                    for text in texts[codes[row]]:
                        yield Entry(graph, predicate, text, location)
            for node, predicate, other in self.links:
                if node == number and self.nodes[other][0][row]:
                    yield Entry(graph, predicate, self.nodes[other][0][row], location)


class SourceMap:
    """Looks up the line of a statement.

    Values are compared as text: the IRI, or the lexical form of a literal as written.
    """

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self.tables: list[TableSource] = []

    def add(self, graph: str, subject: str, predicate: str, value: str, location: Location) -> None:
        """Remember that a value was written at `location`."""
        self._entries[subject].append(Entry(graph, predicate, value, location))

    def entries(self, subject: str) -> Iterator[Entry]:
        """Yield every value written of a subject."""
        yield from self._entries.get(subject, ())
        for table in self.tables:
            yield from table.entries(subject)

    def written(self) -> dict[tuple[str, str, str], dict[str, Location]]:
        """Return every value written outside tables, by graph, subject and predicate."""
        result: dict[tuple[str, str, str], dict[str, Location]] = defaultdict(dict)
        for subject, entries in self._entries.items():
            for graph, predicate, value, location in entries:
                if predicate:
                    result[graph, subject, predicate].setdefault(value, location)
        return result

    def locate(
        self, subject: str, predicate: str = "", value: str = "", graph: str = ""
    ) -> Location | None:
        """Return the line that best fits: same value, else same predicate, else the node.

        The same value under another key may be what a statement follows from.
        """
        best: tuple[int, Location] | None = None
        for entry in self.entries(subject):
            if graph and entry.graph != graph:
                continue
            same_value = bool(value and entry.value == value)
            if predicate and entry.predicate not in (predicate, "") and not same_value:
                continue
            if not predicate and entry.predicate:
                continue
            score = (entry.predicate == predicate) + 2 * same_value
            if best is None or score > best[0]:
                best = (score, entry.location)
        return best[1] if best else None

    def dump(self) -> dict[str, Any]:
        """Return the map as JSON data."""
        tables = [
            (table.path, list(table.lines), table.nodes, table.values, table.links)
            for table in self.tables
        ]
        return {"entries": dict(sorted(self._entries.items())), "tables": tables}

    @classmethod
    def restore(cls, dumped: dict[str, Any]) -> SourceMap:
        """Return the map that `dump` wrote."""
        result = cls()
        for subject, rows in dumped["entries"].items():
            for graph, predicate, value, location in rows:
                result.add(graph, subject, predicate, value, Location(*location))
        result.tables = [TableSource(*table) for table in dumped["tables"]]
        return result
