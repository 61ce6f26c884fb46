"""Graphs onto a store: added, replaced, removed; through the Graph Store Protocol or updates.

way                           when
POST of N-Quads               graphs that are new, many at a time, where the server takes it whole
                              (Oxigraph: one transaction)
PUT of N-Triples              any other graph: replaced as a whole
DROP and INSERT DATA in one   where there is no graph store
request

Nothing is sent twice that twice would double: blank nodes come only with what replaces a graph.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from govgraph.errors import RemoteError
from govgraph.rdf.writing import as_quads
from govgraph.store.client import Client
from govgraph.store.lock import Lock
from govgraph.store.statements import Lines

_NO_GRAPH_STORE: Final = frozenset({404, 405, 415, 501})


class Writer:
    """Writes to one store, for a command called `what`; raises RemoteError where it refuses."""

    def __init__(self, client: Client, what: str = "push"):
        self.client, self.endpoint = client, client.endpoint
        self.lock = Lock(client, self.endpoint.query_url, what)
        self._graph_store_url = self.endpoint.graph_store_url
        self._proved = False

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
