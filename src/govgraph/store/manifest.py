"""What was pushed to a store: a graph on the store itself, with the checksum of each graph.

Each statement of it has one subject, one predicate and a literal: graph, number, statements,
checksum. Of several about one graph the highest number counts, so that the manifest is only added
to while a push runs, and a push that is cut off leaves nothing false: before a graph is changed it
is noted as underway ("-" for a checksum), and as pushed when what stands there was compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from govgraph.store.reserved import MANIFEST
from govgraph.store.statements import Lines, parsed, written
from govgraph.store.store_graphs import StoreGraphs

STATE: Final = f"{MANIFEST}#state"
UNDERWAY: Final = "-"


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of one graph: `count` statements stood there when it was compared."""

    number: int
    count: int
    checksum: str


@dataclass
class Manifest:
    """The latest entry of each graph ever pushed; `rows` is how many entries stand on the store."""

    entries: dict[str, Entry] = field(default_factory=dict)
    rows: int = 0

    @classmethod
    def read(cls, graphs: StoreGraphs, counts: Mapping[str, int]) -> Manifest:
        """Return what a store says of itself; what makes no sense there is passed over."""
        result = cls()
        for _, lines in graphs.read({MANIFEST: counts[MANIFEST]} if MANIFEST in counts else {}):
            result.rows = len(lines)
            for triple in parsed(lines):
                if triple.predicate.value == STATE and isinstance(triple.object, ox.Literal):
                    result._note(triple.object.value)
        return result

    def underway(self, graphs: Iterable[str]) -> Lines:
        """Note graphs as about to change; returns the statements to add to the store."""
        return self.add(graphs, {}, {})

    def add(
        self, graphs: Iterable[str], counts: Mapping[str, int], checksums: Mapping[str, str]
    ) -> Lines:
        """Note the state of graphs; returns the statements to add to the store."""
        number = 1 + max((entry.number for entry in self.entries.values()), default=0)
        found = {
            graph: Entry(number, counts.get(graph, 0), checksums.get(graph, UNDERWAY))
            for graph in graphs
        }
        self.entries |= found
        self.rows += len(found)
        return _lines(found)

    def forget(self, graph: str) -> None:
        """Drop a graph that is no longer on the store."""
        self.entries.pop(graph, None)

    def lines(self) -> Lines:
        """Return the manifest without what is outdated."""
        self.rows = len(self.entries)
        return _lines(self.entries)

    def _note(self, text: str) -> None:
        match text.split(" "):
            case [graph, number, count, checksum] if number.isdecimal() and count.isdecimal():
                entry = Entry(int(number), int(count), checksum)
                known = self.entries.get(graph)
                if known is None or known.number < entry.number:
                    self.entries[graph] = entry


def _lines(entries: Mapping[str, Entry]) -> Lines:
    subject, predicate = ox.NamedNode(MANIFEST), ox.NamedNode(STATE)
    return written(
        ox.Triple(
            subject,
            predicate,
            ox.Literal(f"{graph} {entry.number} {entry.count} {entry.checksum}"),
        )
        for graph, entry in entries.items()
    )
