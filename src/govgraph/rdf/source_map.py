"""Where each statement was written: from graph, subject, predicate and value to file and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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


class SourceMap:
    """Looks up the line of a statement.

    Values are compared as text: the IRI, or the lexical form of a literal as written.
    """

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)

    def add(self, graph: str, subject: str, predicate: str, value: str, location: Location) -> None:
        """Remember that a value was written at `location`."""
        self._entries[subject].append(Entry(graph, predicate, value, location))

    def entries(self, subject: str) -> Sequence[Entry]:
        """Return every value written of a subject."""
        return self._entries.get(subject, ())

    def locate(
        self, subject: str, predicate: str = "", value: str = "", graph: str = ""
    ) -> Location | None:
        """Return the line that best fits: same value, else same predicate, else the node.

        The same value under another key may be what a statement follows from.
        """

        def fit(entry: Entry) -> int:
            same_value = bool(value and entry.value == value)
            other = entry.predicate not in (predicate, "") and not (predicate and same_value)
            if other or (graph and entry.graph != graph):
                return -1
            return (entry.predicate == predicate) + 2 * same_value

        best = max(self.entries(subject), key=fit, default=None)
        return best.location if best and fit(best) >= 0 else None

    def dump(self) -> dict[str, Any]:
        """Return the map as JSON data."""
        return dict(sorted(self._entries.items()))

    @classmethod
    def restore(cls, dumped: dict[str, Any]) -> SourceMap:
        """Return the map that `dump` wrote."""
        result = cls()
        for subject, rows in dumped.items():
            result._entries[subject] = [Entry(g, p, v, Location(*at)) for g, p, v, at in rows]
        return result
