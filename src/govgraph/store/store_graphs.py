"""What stands on a store: its named graphs, how large they are, and their statements; changed.

Everything is read by SELECT, which every store has: small graphs many at a time, and each answer
held against the count of the graph, so that a silent limit on rows, an answer cut short or a store
that changes meanwhile is found out. Past such a limit a graph is read page by page.

Graphs are written through the Graph Store Protocol, or by updates:

POST of N-Quads               graphs that are new, many at a time, where the server takes it whole
                              (Oxigraph: one transaction)
PUT of N-Triples              any other graph: replaced as a whole
DROP and INSERT DATA in one   where there is no graph store
request

Nothing is sent twice that twice would double: blank nodes come only with what replaces a graph.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import RemoteError
from govgraph.rdf.writing import as_quads
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.lock import is_reserved, warn_of_others
from govgraph.store.statements import Lines, batches, in_order, parsed, settled, written

ROWS: Final = 20_000  # statements asked for at a time, where there is no lower limit

GRAPHS: Final = 1_000  # graphs asked for at a time

NAMES: Final = ("s", "p", "o", "g")
Progress = Callable[[int, int], None]  # called with the number of statements done and of all
_NO_GRAPH_STORE: Final = frozenset({404, 405, 415, 501})
_LIMITED: Final = (
    "The store limits the rows of an answer without saying so: raise the limit (ResultSetMaxRows on"
    " Virtuoso)."
)


class StoreGraphs:
    """The named graphs of a store, without those that a store or a push keeps for itself.

    Blank nodes are labelled by content, so that graphs can be compared; with `relabel=False` they
    have the labels of the store, which one node has in every graph. Raises RemoteError where the
    store refuses what is asked or sent.
    """

    def __init__(self, endpoint: Endpoint, *, relabel: bool = True):
        self.endpoint, self.client, self._relabel = endpoint, Client(endpoint), relabel
        self.name = endpoint.query_url
        self._rows = ROWS
        self._graph_store_url, self._proved = endpoint.graph_store_url, False

    def counts(self) -> dict[str, int]:
        """Return the number of statements of each named graph, by its IRI in order.

        Says where another run is at work. Raises RemoteError where the store does not answer, or
        holds back some of its graphs.
        """
        if self._relabel:  # else who asks has looked, or has the lock
            warn_of_others(self.client)
        counts = self.all_counts().items()
        server = self.client.server
        return in_order({graph: n for graph, n in counts if not is_reserved(graph, server)})

    def all_counts(self) -> dict[str, int]:
        """Return the number of statements of every named graph."""
        one = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
        answer: Iterable[Any] = self.client.rows(one)
        number = sum(int(number.value) for (number,) in answer)
        grouped = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        counts = self._numbers(grouped)
        page, offset = len(counts), 0
        while 0 < len(counts) < number:
            # the outer query, so that Virtuoso does not limit the rows that it sorts
            ordered = f"SELECT ?g ?n {{ {{ {grouped} ORDER BY ?g }} }}"
            more = self._numbers(f"{ordered} LIMIT {page} OFFSET {offset}")
            if not more:
                break
            counts |= more
            offset += page
        if len(counts) != number:
            raise self._error(f"found {len(counts):,} of {number:,} graphs. {_LIMITED}")
        return counts

    def counts_of(self, graphs: Iterable[str]) -> dict[str, int]:
        """Return the number of statements of some graphs, in their order; 0 for none."""
        graphs = list(graphs)
        counts: dict[str, int] = {}
        for some in batches(graphs, GRAPHS):
            names = " ".join(f"<{graph}>" for graph in some)
            counts |= self._numbers(
                f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"
                " GROUP BY ?g"
            )
        return {graph: counts.get(graph, 0) for graph in graphs}

    def read(self, counts: Mapping[str, int]) -> Iterator[tuple[str, Lines]]:
        """Yield graphs in the order of `counts`, which tells how many statements each has.

        Raises RemoteError where more or fewer come.
        """
        for batch in self._in_batches(counts):
            yield from self._read_batch(batch, counts)

    def fetch(
        self, counts: Mapping[str, int], progress: Progress = lambda done, total: None
    ) -> ox.Store:
        """Return graphs as a store in memory."""
        store, done = ox.Store(), 0
        for graph, lines in self.read(counts):
            name = ox.NamedNode(graph)  # bulk_load would give blank nodes new labels
            store.bulk_extend(
                ox.Quad(t.subject, t.predicate, t.object, name) for t in parsed(lines)
            )
            progress(done := done + len(lines), sum(counts.values()))
        return store

    def add_new(self, graphs: Mapping[str, Lines]) -> bool:
        """Add new graphs without blank nodes by one request; False where it may take only some."""
        if not self.client.server.startswith("Oxigraph"):
            return False
        body = b"".join(as_quads(lines, graph) for graph, lines in graphs.items())
        return self._stored("POST", "application/n-quads", body)

    def replace(self, graph: str, lines: Lines) -> None:
        """Put a graph in the place of what stands there, as a whole."""
        body = b"".join(lines)
        if self._stored("PUT", "application/n-triples", body, [("graph", graph)]):
            return
        insert = f"INSERT DATA {{ GRAPH <{graph}> {{\n{body.decode()}}} }}"
        self.client.update(f"DROP SILENT GRAPH <{graph}> ;\n{insert}", repeatable=True)

    def remove(self, graph: str) -> None:
        """Take a graph away; nothing happens where there is none."""
        self.client.update(f"DROP SILENT GRAPH <{graph}>", repeatable=True)

    def _stored(
        self, method: str, media_type: str, body: bytes, params: Sequence[tuple[str, str]] = ()
    ) -> bool:
        """Send to the graph store; False where there is none, as the first answer may tell."""
        if self._graph_store_url is None:
            return False
        try:
            self.client.connection.send(
                method,
                self._graph_store_url,
                repeatable=True,
                params=params,
                headers={"Content-Type": media_type},
                body=body,
            )
        except RemoteError as error:
            if self._proved or error.status not in _NO_GRAPH_STORE:
                raise
            self._graph_store_url = None
            return False
        self._proved = True
        return True

    def _in_batches(self, counts: Mapping[str, int]) -> Iterator[list[str]]:
        """Yield graphs that are asked for together, at least one at a time."""
        batch: list[str] = []
        size = 0
        for graph, count in counts.items():
            if batch and (size + count > self._rows or len(batch) >= GRAPHS):
                yield batch
                batch, size = [], 0
            batch.append(graph)
            size += count
        if batch:
            yield batch

    def _read_batch(
        self, batch: list[str], counts: Mapping[str, int]
    ) -> Iterator[tuple[str, Lines]]:
        expected = sum(counts[graph] for graph in batch)
        lines_of = self._statements(_select(batch)) if expected else {}
        if others := lines_of.keys() - set(batch):
            raise self._error(f"found statements of graph {min(others)}, which was not asked for.")
        got = sum(len(lines) for lines in lines_of.values())
        if got < expected and len(batch) > 1:  # is it a limit on rows?
            self._rows = min(self._rows, max(1, got))
            yield from self.read({graph: counts[graph] for graph in batch})
            return
        if got < expected:
            lines_of = {batch[0]: self._paged(batch[0], lines_of.get(batch[0], []), expected)}
        for graph in batch:
            listed = lines_of.get(graph, [])
            lines = settled(listed) if self._relabel else sorted(set(listed))
            if len(lines) != counts[graph]:
                raise self._error(
                    f"graph {graph}: found {len(lines):,} statements, its count is"
                    f" {counts[graph]:,}. Does something else write to the store? Try again."
                )
            yield graph, lines

    def _paged(self, graph: str, first: Lines, expected: int) -> Lines:
        page, rows = len(first), set[bytes]()
        for offset in range(0, expected, page) if page else ():
            query = f"SELECT * {{ {{ {_select([graph])} ORDER BY ?s ?p ?o }} }}"
            rows.update(self._statements(f"{query} LIMIT {page} OFFSET {offset}").get(graph, []))
        if len(rows) < expected:
            raise self._error(
                f"graph {graph}: found {len(rows):,} of its {expected:,} statements. {_LIMITED}"
            )
        return list(rows)

    def _statements(self, query: str) -> dict[str, Lines]:
        result = self.client.query(query, whole=False)
        if not set(NAMES) <= set(result.columns):
            raise self._error(f"found columns {', '.join(result.columns)}, expected s, p, o, g.")
        triples: dict[str, list[ox.Triple]] = defaultdict(list)
        rows: Iterable[Any] = result.with_columns(NAMES).rows
        try:
            for subject, predicate, value, graph in rows:
                if subject is not None:  # Virtuoso answers no rows by one without values
                    triples[graph.value].append(ox.Triple(subject, predicate, value))
        except (TypeError, AttributeError) as error:
            raise self._error(f"found what is no statement ({error}).") from None
        return {graph: written(triples[graph]) for graph in triples}

    def _numbers(self, query: str) -> dict[str, int]:
        rows: Iterable[Any] = self.client.query(query, whole=False).rows
        # Virtuoso answers no rows by one without values
        return {g.value: int(n.value) for g, n in rows if isinstance(g, ox.NamedNode)}

    def _error(self, message: str) -> RemoteError:
        return RemoteError(message, self.endpoint.query_url)


def _select(graphs: Iterable[str]) -> str:
    names = " ".join(f"<{graph}>" for graph in graphs)
    return f"SELECT ?s ?p ?o ?g {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"
