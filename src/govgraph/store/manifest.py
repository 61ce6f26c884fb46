"""What was pushed to a store: a graph on the store itself, with the checksum of each graph.

Each statement of it has one subject, one predicate and a literal: graph, a number that is always 1,
statements, checksum. Before a graph is changed it is noted as underway ("-" for a checksum), and as
pushed when what stands there was compared, so that a push that is cut off leaves nothing false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from govgraph.store.reserved import MANIFEST
from govgraph.store.statements import BLANK, batches, parsed
from govgraph.store.store_graphs import StoreGraphs

STATE: Final = f"{MANIFEST}#state"
STATEMENTS: Final = 250
"""Statements deleted and inserted by one request: Virtuoso refuses much longer ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of one graph: `count` statements stood there when it was compared."""

    checksum: str
    count: int


UNDERWAY: Final = Entry("-", 0)


class Manifest:
    """The entry of each graph ever pushed to a store, `counts` of whose graphs are given."""

    def __init__(self, graphs: StoreGraphs, counts: Mapping[str, int]):
        self.entries: dict[str, Entry] = {}
        self._client = graphs.client
        own = {MANIFEST: counts[MANIFEST]} if MANIFEST in counts else {}
        lines = [line for _, lines in graphs.read(own) for line in lines if BLANK not in line]
        for triple in parsed(lines):
            if triple.predicate.value == STATE and isinstance(triple.object, ox.Literal):
                match triple.object.value.split(" "):
                    case [graph, "1", count, checksum] if count.isdecimal():
                        self.entries[graph] = Entry(checksum, int(count))
        current = {_line(graph, entry) for graph, entry in self.entries.items()}
        self._change(set(lines) - current, current.difference(lines))

    def note(self, changes: Mapping[str, Entry]) -> None:
        """Note the states of graphs."""
        changed = [graph for graph in changes if self.entries.get(graph) != changes[graph]]
        for some in batches(changed, STATEMENTS):
            outdated = [graph for graph in some if graph in self.entries]
            self._change(
                [_line(graph, self.entries[graph]) for graph in outdated],
                [_line(graph, changes[graph]) for graph in some],
            )
        self.entries |= changes

    def forget(self, graphs: Iterable[str]) -> None:
        """Drop graphs that are no longer on the store."""
        self._change([_line(graph, self.entries.pop(graph)) for graph in graphs], [])

    def _change(self, outdated: Iterable[bytes], current: Iterable[bytes]) -> None:
        changes = [("DELETE", line) for line in outdated] + [("INSERT", line) for line in current]
        for some in batches(changes, 2 * STATEMENTS):
            operations = []
            for word in ("DELETE", "INSERT"):
                if lines := b"".join(line for operation, line in some if operation == word):
                    data = f"{{ GRAPH <{MANIFEST}> {{\n{lines.decode()}}} }}"
                    operations.append(f"{word} DATA {data}")
            self._client.update(" ;\n".join(operations), repeatable=True)


def _line(graph: str, entry: Entry) -> bytes:
    state = ox.Literal(f"{graph} 1 {entry.count} {entry.checksum}")
    return f"<{MANIFEST}> <{STATE}> {state} .\n".encode()
