"""Graphs onto a store: replaced, added to, removed; through the Graph Store Protocol or updates.

way                          when
POST of N-Quads              graphs that are new, many at a time, where the server takes it whole
                             (Oxigraph: one transaction)
PUT of N-Triples             any other graph up to `LARGE`, or of any size where a store cannot
                             move graphs (Virtuoso takes minutes): replaced as a whole
POST to a graph that stands  larger ones; then MOVE, so that nobody sees half of it
aside, then MOVE
DROP and INSERT DATA in one  where there is no graph store; more than `STATEMENTS` are inserted
request                      aside piece by piece, then moved

Nothing is sent twice that twice would double: blank nodes are only added to graphs aside, which a
new attempt begins anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from govgraph.errors import RemoteError, UsageError
from govgraph.store.client import Client
from govgraph.store.differences import as_quads
from govgraph.store.lock import Lock
from govgraph.store.reserved import STAGING
from govgraph.store.statements import Lines, components, parsed, split, written

LARGE: Final = 32 << 20
"""Bytes up to which a graph is sent in one request."""
PIECE: Final = 8 << 20
"""Bytes of one piece of a larger one."""
STATEMENTS: Final = 500
"""Statements in one INSERT DATA: Virtuoso refuses much longer ones."""

_NO_GRAPH_STORE: Final = frozenset({404, 405, 415, 501})


class Writer:
    """Writes to one store, for a command called `what`; raises RemoteError where it refuses."""

    def __init__(self, client: Client, what: str = "push"):
        self.client, self.endpoint = client, client.endpoint
        self.lock = Lock(_Notes(self), self.endpoint.query_url, what)
        self._by_graph_store = self.endpoint.graph_store_url is not None
        self._proved = False
        if not self._by_graph_store and self.endpoint.update_url is None:
            raise UsageError(
                f"{self.endpoint.query_url}: where to write is not known. Set"
                " GOVGRAPH_GRAPH_STORE_URL or GOVGRAPH_UPDATE_URL."
            )

    @property
    def takes_quads(self) -> bool:
        """Whether several new graphs can be added by one request, all or none."""
        return self._by_graph_store and self.client.server.startswith("Oxigraph")

    @property
    def _moves(self) -> bool:
        """Whether a graph can be moved at once. Virtuoso moves it statement by statement."""
        virtuoso = self.client.server.startswith("Virtuoso")
        return self.endpoint.update_url is not None and not virtuoso

    def add_new(self, graphs: Mapping[str, Lines]) -> None:
        """Add graphs without blank nodes to a store that takes quads."""
        body = b"".join(as_quads(lines, graph) for graph, lines in graphs.items())
        url = self.endpoint.graph_store_url or ""
        self.client.connection.send(
            "POST", url, repeatable=True, headers={"Content-Type": "application/n-quads"}, body=body
        )

    def replace(self, graph: str, lines: Lines) -> None:
        """Put a graph in the place of what stands there, as a whole where the store can."""
        size = sum(map(len, lines))
        whole = size <= LARGE or not self._moves
        if whole and self._stored("PUT", graph, lines):
            return
        if not self._by_graph_store and len(lines) <= STATEMENTS:
            self._update(f"DROP SILENT GRAPH <{graph}> ;\n{_insert(graph, lines)}")
            return
        aside = f"{STAGING}{hashlib.sha256(graph.encode()).hexdigest()}"
        self._replace_by_way_of(aside, graph, lines)

    def append(self, graph: str, lines: Lines) -> None:
        """Add lines without blank nodes to a graph."""
        if not self._stored("POST", graph, lines):
            for start in range(0, len(lines), STATEMENTS):
                self._update(_insert(graph, lines[start : start + STATEMENTS]))

    def remove(self, graph: str) -> None:
        """Take a graph away; nothing happens where there is none."""
        if not self._stored("DELETE", graph, []):
            self._update(f"DROP SILENT GRAPH <{graph}>")

    def _replace_by_way_of(self, aside: str, graph: str, lines: Lines) -> None:
        with self.lock.disturbing():
            self._move_by_way_of(aside, graph, lines)

    def _move_by_way_of(self, aside: str, graph: str, lines: Lines) -> None:
        self.remove(aside)
        for piece, blank in pieces(lines, PIECE, 0 if self._by_graph_store else STATEMENTS):
            if self._by_graph_store:
                self._stored("POST", aside, piece, repeatable=not blank)
            else:
                self._update(_insert(aside, piece), repeatable=not blank)
        # Not to be repeated: where it was done, nothing is left to move.
        self._update(f"MOVE GRAPH <{aside}> TO GRAPH <{graph}>", repeatable=False)

    def _stored(self, method: str, graph: str, lines: Lines, *, repeatable: bool = True) -> bool:
        """Send to the graph store; False where there is none, as the first answer may tell."""
        if not self._by_graph_store:
            return False
        try:
            self.client.connection.send(
                method,
                self.endpoint.graph_store_url or "",
                repeatable=repeatable,
                params=[("graph", graph)],
                headers={"Content-Type": "application/n-triples"} if lines else {},
                body=b"".join(lines),
            )
        except RemoteError as error:
            unknown = not self._proved and error.status in _NO_GRAPH_STORE
            if unknown and self.endpoint.update_url is not None:
                self._by_graph_store = False
                return False
            if method != "DELETE" or error.status != 404:
                raise
        self._proved = True
        return True

    def _update(self, text: str, *, repeatable: bool = True) -> None:
        self.client.update(text, repeatable=repeatable)


class _Notes:
    """The notes of a lock: added to their graph, taken out by an update, or with all of it."""

    def __init__(self, writer: Writer):
        self.rows, self._writer = writer.client.rows, writer

    def add(self, graph: str, line: str) -> None:
        self._writer.append(graph, [line.encode()])

    def take(self, graph: str, line: str) -> None:
        try:
            self._writer.client.update(
                f"DELETE DATA {{ GRAPH <{graph}> {{ {line} }} }}", repeatable=True
            )
        except (RemoteError, UsageError):  # it has no update, or not for us
            self._writer.remove(graph)


def pieces(lines: Iterable[bytes], size: int, most: int) -> Iterator[tuple[Lines, bool]]:
    """Yield lines in pieces of about `size` bytes, and `most` lines unless 0.

    The second value tells whether there may be blank nodes in a piece; all statements that share
    one are in the same piece, as its label means nothing in another request.
    """
    plain, blank = split(lines)
    triples = parsed(blank)
    groups = components(triples)
    shared = {triple for group in groups for triple in group}
    plain += written(triple for triple in triples if triple not in shared)
    for units, has_blank in (
        ([written(group) for group in groups], True),
        ([[line] for line in plain], False),
    ):
        piece: Lines = []
        held = 0
        for unit in units:
            if piece and (held >= size or (most and len(piece) + len(unit) > most)):
                yield piece, has_blank
                piece, held = [], 0
            piece += unit
            held += sum(map(len, unit))
        if piece:
            yield piece, has_blank


def _insert(graph: str, lines: Lines) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{\n{b''.join(lines).decode()}}} }}"
