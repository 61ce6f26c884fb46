"""What changes a store: a push of a graph, and inference from what the store asserts.

A push writes what changed, graph by graph, and compares it with what then stands there.
What was pushed is noted in a graph on the store itself, with the checksum of each graph. Each
statement of it has one subject, one predicate and a literal: graph, a number that is always 1,
statements, checksum. Before a graph is changed it is noted as underway ("-" for a checksum), and as
pushed when what stands there was compared, so that a push that is cut off leaves nothing false.

For inference the statements of the store are fetched, inferred from here, and the result sent back.
What is asserted are all graphs but the inferred one, the metadata, and those that the server and
govgraph keep for themselves; and the default graph, where it is not the union of the others. Other
data sets on the same store are asserted too, and reasoned over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError, RemoteError
from govgraph.reasoning import Caution, Inferred, infer
from govgraph.store import statements
from govgraph.store.endpoint import Endpoint
from govgraph.store.graph_sources import GraphSource
from govgraph.store.lock import MANIFEST, Lock
from govgraph.store.statements import BLANK, Difference, Lines, checksum
from govgraph.store.store_graphs import Progress, StoreGraphs
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH

STATE: Final = f"{MANIFEST}#state"
STATEMENTS: Final = 250
"""Statements deleted and inserted by one request: Virtuoso refuses much longer ones."""
BATCH: Final = 8 << 20  # bytes of the graphs that are written, compared and noted together
GRAPHS: Final = 2_000  # how many graphs at most are in a batch


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
        for triple in statements.parsed(lines):
            if triple.predicate.value == STATE and isinstance(triple.object, ox.Literal):
                match triple.object.value.split(" "):
                    case [graph, "1", count, checksum] if count.isdecimal():
                        self.entries[graph] = Entry(checksum, int(count))
        current = {_line(graph, entry) for graph, entry in self.entries.items()}
        self._change((line, b"") for line in set(lines) - current)
        self._change((b"", line) for line in current.difference(lines))

    def note(self, changes: Mapping[str, Entry | None]) -> None:
        """Note the states of graphs; None of those that are no longer on the store."""
        noted = ((graph, self.entries.pop(graph, None), changes[graph]) for graph in changes)
        self._change((_line(graph, a), _line(graph, b)) for graph, a, b in noted if a != b)
        self.entries |= {graph: entry for graph, entry in changes.items() if entry}

    def _change(self, lines: Iterable[tuple[bytes, bytes]]) -> None:
        """Put a line in the place of another, b"" for none, both by the same request."""
        for some in statements.batches(lines, STATEMENTS):
            changes = zip(("DELETE", "INSERT"), map(b"".join, zip(*some, strict=True)), strict=True)
            operations = (
                f"{word} DATA {{ GRAPH <{MANIFEST}> {{\n{changed.decode()}}} }}"
                for word, changed in changes
                if changed
            )
            self._client.update(" ;\n".join(operations), repeatable=True)


def _line(graph: str, entry: Entry | None) -> bytes:
    if entry is None:
        return b""
    state = ox.Literal(f"{graph} 1 {entry.count} {entry.checksum}")
    return f"<{MANIFEST}> <{STATE}> {state} .\n".encode()


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
    lock = Lock(graphs.client, "push")
    with lock.held():
        work = _Push(graphs, lock, Outcome(looked=compare_all))
        batch: dict[str, Lines] = {}
        size, done, total = 0, 0, sum(counts.values())
        for graph, lines in source.read(counts):
            done += len(lines)
            entry = Entry(checksum(lines), work.stands.get(graph, 0))
            if work.manifest.entries.get(graph) == entry and not compare_all:
                work.outcome.unchanged += 1
                continue
            batch[graph] = lines
            size += sum(map(len, lines))
            if size >= BATCH or len(batch) >= GRAPHS:
                work.finish(batch)
                batch, size = {}, 0
                progress(done, total)
        work.finish(batch)
        progress(total, total)
        if not keep:
            work.remove_all_but(counts)
        work.check(counts)
    return work.outcome


class _Push:
    def __init__(self, graphs: StoreGraphs, lock: Lock, outcome: Outcome):
        self.graphs, self.lock, self.outcome = graphs, lock, outcome
        self.stands = graphs.all_counts()
        self.manifest = Manifest(graphs, self.stands)

    def finish(self, batch: dict[str, Lines]) -> None:
        """Write the graphs of a batch and compare them; where all are looked at, also before."""
        if self.outcome.looked:
            there = {graph: lines for graph, lines in batch.items() if graph in self.stands}
            differences = self._compare(there)
            same = {difference.graph for difference in differences if difference.equal}
            self.outcome.unchanged += len(same)
            batch = {graph: lines for graph, lines in batch.items() if graph not in same}
        if not batch:
            return
        self._write(batch)
        differences = self._compare(batch)
        self.outcome.written += len(batch)
        self.outcome.sent += sum(map(len, batch.values()))
        self.outcome.rewritten += sum(difference.rewritten for difference in differences)
        self.outcome.lost += [difference for difference in differences if not difference.equal]

    def _write(self, batch: Mapping[str, Lines]) -> None:
        self.lock.half_done = True
        self.manifest.note(dict.fromkeys(batch, UNDERWAY))
        new = {
            graph: lines
            for graph, lines in batch.items()
            if graph not in self.stands and not statements.names_blank(lines)
        }
        added = new if new and self.graphs.add_new(new) else {}
        for graph, lines in batch.items():
            if graph not in added:
                self.graphs.replace(graph, lines)

    def _compare(self, batch: Mapping[str, Lines]) -> list[Difference]:
        differences, equal = [], {}
        for graph, lines in self.graphs.read(self.graphs.counts_of(batch)):
            difference = statements.compare(graph, batch[graph], lines)
            differences.append(difference)
            if difference.equal:
                equal[graph] = Entry(checksum(batch[graph]), len(lines))
        self.manifest.note(equal)
        return differences

    def remove_all_but(self, counts: Mapping[str, int]) -> None:
        """Remove what was pushed before and is none of these graphs."""
        gone = sorted(self.manifest.entries.keys() - counts.keys())
        for graph in gone:
            if graph in self.stands:
                self.lock.half_done = True
                self.graphs.remove(graph)
                self.outcome.removed += 1
        self.manifest.note(dict.fromkeys(gone))

    def check(self, counts: Mapping[str, int]) -> None:
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


# -- inference -----------------------------------------------------------------------------------


def infer_for(endpoint: Endpoint) -> Inferred:
    """Replace the inferred graph of a store by what follows from its asserted statements.

    Raises RemoteError where the store cannot be read or changed, or holds the result otherwise
    than it was sent, and where another run is at work on it; nothing else of it is changed.
    """
    graphs = StoreGraphs(endpoint, relabel=False)
    with Lock(graphs.client, "infer").held():
        inferred = named(infer(asserted(graphs)))
        _replace(graphs, statements.settled(statements.written(inferred.triples)))
    return inferred


def named(inferred: Inferred) -> Inferred:
    """Return what is not about blank nodes, which a store would make others of; count the rest."""
    blank = ox.BlankNode
    triples = [t for t in inferred.triples if blank not in (type(t.subject), type(t.object))]
    left_out = len(inferred.triples) - len(triples)
    cautions = list(inferred.cautions)
    if left_out:
        message = f"{left_out} inferred statements about blank nodes are left out: they need IRIs."
        cautions.append(Caution("blank-node", "", message))
    return replace(inferred, triples=triples, cautions=cautions)


def asserted(graphs: StoreGraphs) -> ox.Store:
    """Return what is asserted on a store."""
    not_asserted = (INFERRED_GRAPH, METADATA_GRAPH)
    counts = graphs.counts().items()
    store = graphs.fetch({graph: count for graph, count in counts if graph not in not_asserted})
    if not graphs.client.has_union():
        rows = graphs.client.rows("SELECT ?s ?p ?o { ?s ?p ?o }")
        store.extend(ox.Quad(*row) for row in rows)  # type: ignore[arg-type]
    return store


def _replace(graphs: StoreGraphs, lines: list[bytes]) -> None:
    """Put lines in the place of the inferred graph, and hold what then stands against them."""
    if not lines:
        graphs.remove(INFERRED_GRAPH)
        return
    graphs.replace(INFERRED_GRAPH, lines)
    stands = dict(graphs.read(graphs.counts_of([INFERRED_GRAPH])))[INFERRED_GRAPH]
    difference = statements.compare(INFERRED_GRAPH, lines, stands)
    if not difference.equal:
        lost = b"".join((difference.only_a or difference.only_b)[:1]).decode().strip()
        raise RemoteError(
            f"the store holds {len(difference.only_a) + len(difference.only_b):,} inferred"
            f" statements otherwise than they were sent, such as {lost}",
            graphs.name,
        )
