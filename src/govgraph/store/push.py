"""Push: what changed, graph by graph, onto a store, compared with what then stands there.

What was pushed is noted in a graph on the store itself, with the checksum of each graph. Each
statement of it has one subject, one predicate and a literal: graph, a number that is always 1,
statements, checksum. Before a graph is changed it is noted as underway ("-" for a checksum), and as
pushed when what stands there was compared, so that a push that is cut off leaves nothing false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError, RemoteError
from govgraph.store.graph_sources import GraphSource
from govgraph.store.lock import MANIFEST, Lock
from govgraph.store.statements import (
    BLANK,
    Difference,
    Lines,
    batches,
    checksum,
    compare,
    names_blank,
    parsed,
)
from govgraph.store.store_graphs import Progress, StoreGraphs

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


BATCH: Final = 8 << 20  # bytes of the graphs that are written, compared and noted together
GRAPHS: Final = 2_000  # how many graphs at most are in a batch


@dataclass
class Outcome:
    """What a push did: graphs written, left as they were, and removed.

    `looked` says that what is unchanged was compared too, not only its checksum and count;
    `rewritten` counts statements that the store writes otherwise with the same value; `lost` holds
    the graphs that stand otherwise than they were sent.
    """

    written: int = 0
    sent: int = 0
    unchanged: int = 0
    removed: int = 0
    looked: bool = False
    rewritten: int = 0
    lost: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        otherwise = f", {self.rewritten:,} of the same value" if self.rewritten else ""
        lost = f", {len(self.lost):,} graphs stand otherwise" if self.lost else ""
        compared = ", compared statement by statement" if self.written else ""
        how = "statement by statement" if self.looked else "by checksum and count"
        return (
            f"{self.written:,} graphs written ({self.sent:,} statements){compared}{otherwise}{lost}"
            f"; {self.unchanged:,} unchanged, {how}; {self.removed:,} removed"
        )


def push(
    source: GraphSource,
    graphs: StoreGraphs,
    *,
    compare_all: bool = False,
    keep: bool = False,
    progress: Progress = lambda done, total: None,
) -> Outcome:
    """Make the graphs of a source stand on a store, and remove those pushed before and gone since.

    A graph whose checksum and count the store has noted is left alone; with `compare_all` what
    stands there is looked at instead. With `keep` nothing is removed. A push that was interrupted
    is finished by the next one. Raises RemoteError where the store fails or another run is at work
    on it, GovgraphError for what cannot be pushed.
    """
    counts = _pushable(source)
    graphs.client.ask("ASK {}")  # tells whether a server is there, and which
    work = _Push(source, graphs, progress)
    with work.lock.held():
        return work.run(counts, compare_all=compare_all, keep=keep)


class _Push:
    def __init__(self, source: GraphSource, graphs: StoreGraphs, progress: Progress):
        self.source, self.graphs, self.progress = source, graphs, progress
        self.lock = Lock(graphs.client, "push")
        self.outcome = Outcome()

    def run(self, counts: Mapping[str, int], *, compare_all: bool, keep: bool) -> Outcome:
        stands = self.graphs.all_counts()
        self.manifest = Manifest(self.graphs, stands)
        outcome, total = self.outcome, sum(counts.values())
        outcome.looked = compare_all
        batch: dict[str, Lines] = {}
        size = done = 0
        for graph, lines in self.source.read(counts):
            done += len(lines)
            entry = Entry(checksum(lines), stands.get(graph, 0))
            if self.manifest.entries.get(graph) == entry and not compare_all:
                outcome.unchanged += 1
                continue
            batch[graph] = lines
            size += sum(map(len, lines))
            if size >= BATCH or len(batch) >= GRAPHS:
                self._finish(batch, stands, compare_all)
                batch, size = {}, 0
                self.progress(done, total)
        self._finish(batch, stands, compare_all)
        self.progress(total, total)
        if not keep:
            self._remove(counts, stands)
        self._check(counts)
        return outcome

    def _finish(self, batch: dict[str, Lines], stands: Mapping[str, int], look: bool) -> None:
        """Write the graphs of a batch and compare them; with `look`, compare them before."""
        if look:
            differences = self._compare({graph: batch[graph] for graph in batch if graph in stands})
            same = {difference.graph for difference in differences if difference.equal}
            self.outcome.unchanged += len(same)
            batch = {graph: lines for graph, lines in batch.items() if graph not in same}
        if not batch:
            return
        self._write(batch, stands)
        differences = self._compare(batch)
        self.outcome.written += len(batch)
        self.outcome.sent += sum(map(len, batch.values()))
        self.outcome.rewritten += sum(difference.rewritten for difference in differences)
        self.outcome.lost += [difference for difference in differences if not difference.equal]

    def _write(self, batch: Mapping[str, Lines], stands: Mapping[str, int]) -> None:
        self.lock.half_done = True
        self.manifest.note(dict.fromkeys(batch, UNDERWAY))
        new = {
            graph: lines
            for graph, lines in batch.items()
            if graph not in stands and not names_blank(lines)
        }
        added = new if new and self.graphs.add_new(new) else {}
        for graph, lines in batch.items():
            if graph not in added:
                self.graphs.replace(graph, lines)

    def _compare(self, batch: Mapping[str, Lines]) -> list[Difference]:
        """Compare graphs with what stands, and note those that stand as they should."""
        differences, equal = [], {}
        for graph, lines in self.graphs.read(self.graphs.counts_of(batch)):
            difference = compare(graph, batch[graph], lines)
            differences.append(difference)
            if difference.equal:
                equal[graph] = Entry(checksum(batch[graph]), len(lines))
        self.manifest.note(equal)
        return differences

    def _remove(self, counts: Mapping[str, int], stands: Mapping[str, int]) -> None:
        gone = sorted(self.manifest.entries.keys() - counts.keys())
        for graph in gone:
            if graph in stands:
                self.lock.half_done = True
                self.graphs.remove(graph)
                self.outcome.removed += 1
        self.manifest.forget(gone)

    def _check(self, counts: Mapping[str, int]) -> None:
        """Hold the counts of all graphs against what was noted when they were compared."""
        stands = self.graphs.all_counts()
        lost = {difference.graph for difference in self.outcome.lost}
        for graph in counts:
            noted = self.manifest.entries[graph].count
            if graph not in lost and stands.get(graph, 0) != noted:
                raise RemoteError(
                    f"graph {graph}: {stands.get(graph, 0):,} statements stand, {noted:,} stood"
                    " when it was compared. Does something else write to the store? Push again.",
                    self.graphs.name,
                )


def _pushable(source: GraphSource) -> dict[str, int]:
    """Return the graphs of a source; raises GovgraphError for none and for reserved names."""
    counts = source.counts()
    if not counts:
        raise GovgraphError(f"{source.name}: found no statement, so nothing is pushed.")
    if "" in counts:
        raise GovgraphError(
            f"{source.name}: {counts['']:,} statements are in no named graph, expected all in one."
            " Give the file with --data, which puts them in a graph named after it."
        )
    if own := [graph for graph in counts if graph.startswith(MANIFEST)]:
        raise GovgraphError(f"{source.name}: graph {own[0]} is kept for push. Rename it.")
    return counts
