"""Where each statement was written: from graph, subject, predicate and value to file and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple


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


class SourceMap:
    """Looks up the line of a statement.

    Values are compared as text: the IRI, or the lexical form of a literal as written.
    """

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)

    def add(self, graph: str, subject: str, predicate: str, value: str, location: Location) -> None:
        """Remember that a value was written at `location`."""
        self._entries[subject].append(Entry(graph, predicate, value, location))

    def locate(
        self, subject: str, predicate: str = "", value: str = "", graph: str = ""
    ) -> Location | None:
        """Return the line that best fits: same value, else same predicate, else the node."""
        best: tuple[int, Location] | None = None
        for entry in self._entries.get(subject, ()):
            if graph and entry.graph != graph:
                continue
            if predicate and entry.predicate not in (predicate, ""):
                continue
            if not predicate and entry.predicate:
                continue
            score = (entry.predicate == predicate) + 2 * bool(value and entry.value == value)
            if best is None or score > best[0]:
                best = (score, entry.location)
        return best[1] if best else None

    def locations(self, subject: str, predicate: str, value: str) -> list[Entry]:
        """Return every place where exactly this statement was written, in reading order."""
        return [
            entry
            for entry in self._entries.get(subject, ())
            if entry.predicate == predicate and entry.value == value
        ]

    def subjects(self) -> Iterator[str]:
        """Yield every subject that was written somewhere."""
        return iter(self._entries)

    def dump(self) -> dict[str, list[list[str | int]]]:
        """Return the map as JSON data: subject -> [graph, predicate, value, path, line]."""
        return {
            subject: [[e.graph, e.predicate, e.value, *e.location] for e in entries]
            for subject, entries in sorted(self._entries.items())
        }

    @classmethod
    def restore(cls, dumped: dict[str, list[list[str | int]]]) -> SourceMap:
        """Return the map that `dump` wrote."""
        result = cls()
        for subject, rows in dumped.items():
            for graph, predicate, value, path, line in rows:
                location = Location(str(path), int(line))
                result.add(str(graph), subject, str(predicate), str(value), location)
        return result
