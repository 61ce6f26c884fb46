"""Push: what changed, graph by graph, onto a store, compared with what then stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from govgraph.errors import GovgraphError, RemoteError
from govgraph.store.comparing import Difference, compare
from govgraph.store.graph_sources import GraphSource
from govgraph.store.manifest import Manifest
from govgraph.store.reserved import MANIFEST, STAGING
from govgraph.store.statements import Lines, checksum, names_blank
from govgraph.store.store_graphs import StoreGraphs
from govgraph.store.writing import LARGE, Writer

BATCH: Final = 8 << 20
"""Bytes of the graphs that are written, compared and noted together."""
GRAPHS: Final = 2_000
"""How many graphs at most are in a batch."""

Progress = Callable[[int, int], None]
"""Called with the number of statements done and of all."""


@dataclass
class Outcome:
    """What a push did: graphs written, left as they were, and removed.

    `rewritten` counts statements that the store writes otherwise with the same value; `lost` holds
    the graphs that stand otherwise than they were sent.
    """

    graphs: int = 0
    statements: int = 0
    written: int = 0
    sent: int = 0
    unchanged: int = 0
    removed: int = 0
    rewritten: int = 0
    lost: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        otherwise = f", {self.rewritten:,} of the same value" if self.rewritten else ""
        lost = f", {len(self.lost):,} graphs stand otherwise" if self.lost else ""
        return (
            f"{self.written:,} graphs written ({self.sent:,} statements), {self.unchanged:,}"
            f" unchanged, {self.removed:,} removed; compared{otherwise}{lost}"
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
    return _Push(source, graphs, progress).run(compare_all=compare_all, keep=keep)


class _Push:
    def __init__(self, source: GraphSource, graphs: StoreGraphs, progress: Progress):
        self.source, self.graphs, self.progress = source, graphs, progress
        self.writer = Writer(graphs.client)
        self.outcome = Outcome()

    def run(self, *, compare_all: bool, keep: bool) -> Outcome:
        wanted = _pushable(self.source)
        self.graphs.client.ask("ASK {}")  # tells whether a server is there, and which
        with self.writer.lock.held():
            return self._run(wanted, compare_all=compare_all, keep=keep)

    def _run(self, wanted: Mapping[str, int], *, compare_all: bool, keep: bool) -> Outcome:
        stands = self.graphs.all_counts()
        self.manifest = Manifest.read(self.graphs, stands)
        outcome, total = self.outcome, sum(wanted.values())
        outcome.graphs, outcome.statements = len(wanted), total
        self._remove_leftovers(stands)
        batch: dict[str, Lines] = {}
        size = done = 0
        for graph, lines in self.source.read(wanted):
            done += len(lines)
            known = self.manifest.entries.get(graph)
            noted = known is not None and (known.checksum, known.count) == (
                checksum(lines),
                stands.get(graph, 0),
            )
            if noted and not compare_all:
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
            self._remove(wanted, stands)
        self._check(wanted)
        if self.manifest.rows != len(self.manifest.entries):
            self.writer.replace(MANIFEST, self.manifest.lines())
        return outcome

    def _finish(self, batch: dict[str, Lines], stands: Mapping[str, int], look: bool) -> None:
        """Write the graphs of a batch and compare them; with `look`, compare them before."""
        if look:
            there = self._compare({graph: batch[graph] for graph in batch if graph in stands})
            same = {graph for graph, found in there.items() if found[0].equal}
            self.outcome.unchanged += len(same)
            self._note({graph: batch[graph] for graph in sorted(same)}, there)
            batch = {graph: lines for graph, lines in batch.items() if graph not in same}
        if not batch:
            return
        self._write(batch, stands)
        found = self._compare(batch)
        self.outcome.written += len(batch)
        self.outcome.sent += sum(map(len, batch.values()))
        self.outcome.rewritten += sum(difference.rewritten for difference, _ in found.values())
        self.outcome.lost += [
            difference for difference, _ in found.values() if not difference.equal
        ]
        self._note(batch, found)

    def _write(self, batch: Mapping[str, Lines], stands: Mapping[str, int]) -> None:
        self.writer.append(MANIFEST, self.manifest.underway(batch))
        new = {
            graph: lines
            for graph, lines in batch.items()
            if self.writer.takes_quads and graph not in stands and _goes_along(lines)
        }
        if new:
            self.writer.add_new(new)
        for graph, lines in batch.items():
            if graph not in new:
                self.writer.replace(graph, lines)

    def _compare(self, batch: Mapping[str, Lines]) -> dict[str, tuple[Difference, int]]:
        """Return what differs between graphs and what stands, and how much stands, by graph."""
        expected = {graph: len(lines) for graph, lines in batch.items()}
        return {
            graph: (compare(graph, batch[graph], lines), len(lines))
            for graph, lines in self.graphs.read_about(expected)
        }

    def _note(
        self, batch: Mapping[str, Lines], found: Mapping[str, tuple[Difference, int]]
    ) -> None:
        """Note the graphs that stand as they should, where that is not noted yet."""
        counts = {graph: found[graph][1] for graph in batch if found[graph][0].equal}
        sums = {graph: checksum(batch[graph]) for graph in counts}
        entries = self.manifest.entries
        changed = [
            graph
            for graph in counts
            if graph not in entries
            or (entries[graph].checksum, entries[graph].count) != (sums[graph], counts[graph])
        ]
        if changed:
            self.writer.append(MANIFEST, self.manifest.add(changed, counts, sums))

    def _remove(self, wanted: Mapping[str, int], stands: Mapping[str, int]) -> None:
        for graph in sorted(self.manifest.entries.keys() - wanted.keys()):
            if graph in stands:
                self.writer.remove(graph)
                self.outcome.removed += 1
            self.manifest.forget(graph)

    def _remove_leftovers(self, stands: Mapping[str, int]) -> None:
        """Remove what a push that was cut off had set aside."""
        for graph in stands:
            if graph.startswith(STAGING):
                self.writer.remove(graph)

    def _check(self, wanted: Mapping[str, int]) -> None:
        """Hold the counts of all graphs against what was noted when they were compared."""
        stands = self.graphs.all_counts()
        lost = {difference.graph for difference in self.outcome.lost}
        for graph in wanted:
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


def _goes_along(lines: Lines) -> bool:
    """Whether a graph may be sent with others: small, and nothing that twice would double."""
    return sum(map(len, lines)) <= LARGE and not names_blank(lines)
