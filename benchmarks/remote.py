"""`python -m benchmarks.remote`: the stored queries over HTTP, beside the engine's own time.

The study lies on the oxigraph server. Each query is asked three ways: of the same engine with the
same kind of database on disk, in this process, the answer read into a result (the engine's own
time); over HTTP, the answer thrown away unread (the floor of any client); and by
`KnowledgeGraph.at(…).query`. The round trip is what `ASK {}` takes. Seconds are of CPU, of client
and server together, so that other work on the machine counts little.
"""

from __future__ import annotations

import http.client
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click
import pyoxigraph as ox

from benchmarks.measure import ROOT
from govgraph import KnowledgeGraph
from govgraph.api.knowledge_graph import open as open_graph
from govgraph.queries import run
from govgraph.store.answering import RemoteGraph
from govgraph.store.endpoint import Endpoint
from govgraph.store.http import Connection

sys.path.append(str(ROOT / "tests"))
import servers

JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"
FEWEST = 3
"""Runs of a query at least, however long they take."""


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one query: the engine's own, over HTTP unread, and by govgraph over HTTP."""

    slug: str
    engine: float
    floor: float
    govgraph: float


@dataclass(frozen=True)
class Running:
    """The server, and what it and this process have used of the CPU."""

    endpoint: Endpoint
    process: int

    def cpu(self) -> float:
        """Return the milliseconds of CPU that client and server have used up to now."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])  # user and system (proc(5), 14 and 15)
        return 1000 * (time.process_time() + ticks / os.sysconf("SC_CLK_TCK"))

    def mean(self, action: Callable[[], object], seconds: float) -> float:
        """Return the milliseconds of one run, as the mean of runs that take so many seconds."""
        action()
        started, runs = self.cpu(), 0
        while (used := self.cpu() - started) < seconds * 1000 or runs < FEWEST:
            action()
            runs += 1
        return used / runs


@contextmanager
def server(graph: KnowledgeGraph) -> Iterator[Running]:
    """Run the oxigraph server with every graph of the study, the union as its default graph."""
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.oxigraph(Path(folder), union=True) as endpoint,
        closing(Connection(endpoint)) as sender,
    ):
        for name in graph.store.named_graphs():
            sender.send(
                "PUT",
                endpoint.graph_store_url or "",
                params=[("graph", name.value)],
                repeatable=True,
                headers={"Content-Type": TRIPLES},
                body=graph.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name) or b"",
            )
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        yield Running(endpoint, int(children[-1]))


def measured(
    graph: KnowledgeGraph, store: ox.Store, running: Running, seconds: float
) -> Iterator[Timing]:
    """Yield the timing of each stored query."""
    remote = KnowledgeGraph.at(running.endpoint)
    address = urlsplit(running.endpoint.query_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    for slug, query in graph.queries.items():
        headers = {
            "Accept": TRIPLES if query.kind == "graph" else JSON,
            "Content-Type": "application/x-www-form-urlencoded",
        }

        def floor(text: str = query.text, headers: dict[str, str] = headers) -> None:
            connection.request("POST", address.path, urlencode({"query": text}), headers)
            connection.getresponse().read()

        yield Timing(
            slug,
            running.mean(lambda text=query.text: run(text, store), seconds),
            running.mean(floor, seconds),
            running.mean(lambda slug=slug: remote.query(slug), seconds),
        )


@click.command(context_settings={"show_default": True})
@click.option("--seconds", default=0.15, help="Seconds of CPU that each query is measured for.")
@click.option("--slowest", default=10, help="So many of the slowest queries are listed.")
def main(seconds: float, slowest: int) -> None:
    """Measure the stored queries over HTTP, on the oxigraph server."""
    graph = open_graph()
    with tempfile.TemporaryDirectory() as folder, server(graph) as running:
        store = ox.Store(folder)
        store.extend(graph.store)
        view = RemoteGraph(running.endpoint)
        trip = running.mean(lambda: view.client.ask("ASK {}"), 2 * seconds)
        found = list(measured(graph, store, running, seconds))
    total = Timing("all", *(sum(getattr(t, name) for t in found) for name in _COLUMNS))
    click.echo(f"round trip: {trip:.2f} ms; {len(found)} queries\n")
    click.echo(f"| query | {' | '.join(_COLUMNS)} | beyond the engine and a round trip |")
    click.echo("| --- " * 5 + "|")
    for each in [*sorted(found, key=lambda t: -t.govgraph)[:slowest], total]:
        trips = len(found) if each is total else 1
        times = (each.govgraph - trips * trip) / each.engine
        click.echo(
            f"| {each.slug} | {each.engine:.1f} | {each.floor:.1f} | {each.govgraph:.1f} |"
            f" {times:.2f} × |"
        )
    beyond = {t.slug: t.govgraph - 2 * t.engine - trip for t in found}
    beyond = {slug: excess for slug, excess in beyond.items() if excess > 0}
    click.echo(
        f"\n{len(beyond)} of {len(found)} take more than twice the engine and a round trip,"
        f" by {max(beyond.values(), default=0):.1f} ms at most"
    )
    click.echo("\n".join(f"{slug}: {excess:.2f} ms" for slug, excess in beyond.items()), err=True)


_COLUMNS = ("engine", "floor", "govgraph")

if __name__ == "__main__":
    main()
