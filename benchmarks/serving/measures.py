"""What is measured of one server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from benchmarks.serving.clients import Connection, Load, Reply, load, query_path
from benchmarks.serving.peers import Data, Peer, family, resident

JSON = "application/sparql-results+json"
AGGREGATE = (
    "SELECT ?type (COUNT(?s) AS ?n) (COUNT(DISTINCT ?p) AS ?m) { ?s a ?type ; ?p ?o }"
    " GROUP BY ?type ORDER BY DESC(?n) ?type LIMIT 10"
)
ROWS = 300_000
MANY = "SELECT ?s ?p ?o ?n {{ ?s ?p ?o VALUES ?n {{ 1 2 3 4 5 6 7 8 9 10 11 12 }} }} LIMIT {}"
"""All statements twelve times over, so that the study has enough of them."""
CLIENTS = (1, 8, 32)
_REPEATED = 60
_PATIENCE = 300.0


@dataclass(frozen=True)
class Effort:
    """How much is asked: requests of each kind."""

    cheap: int = 2000
    cheap_slow: int = 300
    aggregate: int = 20
    aggregate_slow: int = 3
    crowd: tuple[int, int] = (128, 400)
    crowd_slow: tuple[int, int] = (128, 4)


SHORT = Effort(400, 60, 6, 2, (128, 20), (128, 1))


@dataclass(frozen=True)
class Repeat:
    """Seconds of a first answer, and of 304 where the client has it."""

    fresh: float
    unchanged: float


@dataclass
class Measured:
    """All of one server over one data set."""

    name: str
    data: str
    ready: float
    cheap: dict[int, Load] = field(default_factory=dict)
    aggregate: float = 0.0
    first: float = 0.0
    total: float = 0.0
    megabytes: float = 0.0
    growth: float = 0.0
    crowd: Load | None = None
    repeats: dict[str, Repeat] = field(default_factory=dict)


async def measure(peer: Peer, data: Data, effort: Effort, say: Callable[[str], None]) -> Measured:
    """Measure a server that runs."""
    slow = peer.name == "rdflib-endpoint"
    found = Measured(peer.name, data.name, peer.ready)
    number = iter(range(10**9))

    def cheap(_: int) -> str:
        each = next(number)
        return _cheap(peer, data.subjects[each % len(data.subjects)], each)

    requests = effort.cheap_slow if slow else effort.cheap
    await load(peer.endpoint, 4, requests // 10, cheap, Accept=JSON)  # warm
    for clients in CLIENTS:
        found.cheap[clients] = await load(peer.endpoint, clients, requests, cheap, Accept=JSON)
        say(f"cheap, {clients} clients: {found.cheap[clients].throughput:.0f}/s")
    times = effort.aggregate_slow if slow else effort.aggregate
    paths = [query_path(peer.endpoint, f"{AGGREGATE} #{n}") for n in range(times)]
    aggregates = await load(peer.endpoint, 1, times, lambda n: paths[n], Accept=JSON)
    found.aggregate = aggregates.percentile(0.5)
    say(f"aggregate: {found.aggregate:.3f} s")
    await _many_rows(peer, found, say)
    clients, each = effort.crowd_slow if slow else effort.crowd
    found.crowd = await load(peer.endpoint, clients, clients * each, cheap, Accept=JSON)
    say(f"{clients} × {each}: {found.crowd.errors} errors")
    if peer.name == "govgraph":
        found.repeats = await _repeats(peer, data)
    return found


async def _many_rows(peer: Peer, found: Measured, say: Callable[[str], None]) -> None:
    """Ask for 30,000 rows, then for 300,000: where memory is flat, they take no more."""
    fewer, _ = await _rows(peer, ROWS // 10)
    found.megabytes, reply = await _rows(peer, ROWS)
    found.growth = found.megabytes - fewer
    found.first, found.total = reply.first, reply.total
    say(f"rows: first {reply.first:.3f} s, all {reply.total:.2f} s, {reply.size / 1e6:.0f} MB sent")


async def _rows(peer: Peer, rows: int) -> tuple[float, Reply]:
    """Ask for many rows; returns the most memory meanwhile in MB, and the answer."""
    connection = Connection(peer.endpoint)
    most = 0.0
    stop = asyncio.Event()

    async def sample() -> None:
        nonlocal most
        while not stop.is_set():
            most = max(most, await asyncio.to_thread(lambda: resident(family(peer.pid))))
            await asyncio.sleep(0.05)

    sampler = asyncio.create_task(sample())
    try:
        async with asyncio.timeout(_PATIENCE):
            path = query_path(peer.endpoint, MANY.format(rows))
            reply = await connection.ask(path, keep=False, Accept="text/csv")
    except TimeoutError:
        reply = Reply(0, {}, b"", 0, _PATIENCE, _PATIENCE)
    finally:
        stop.set()
        await sampler
        connection.close()
    return most, reply


async def _repeats(peer: Peer, data: Data) -> dict[str, Repeat]:
    """Ask each kind of thing twice, one client, one after the other; returns medians."""
    root = peer.endpoint.removesuffix("sparql")
    base = "https://w3id.org/govgraph/"
    things = [each.removeprefix(base) for each in data.subjects if each.startswith(base)]
    things = [each for each in things if not each.startswith(("ontology", "graph/"))][:_REPEATED]
    kinds = {
        "cheap SELECT": [_cheap(peer, each, "again") for each in data.subjects[:_REPEATED]],
        "aggregate": [query_path(peer.endpoint, f"{AGGREGATE} # again {n}") for n in range(5)],
        "resource in Turtle": [f"/{each}.ttl" for each in things],
        "page": [f"/en/{each}.html" for each in things],
    }
    found = {}
    for kind, paths in kinds.items():
        connection = Connection(root)
        await connection.ask("/robots.txt")
        passes: list[list[float]] = []
        etags: dict[str, str] = {}
        for again in (False, True):
            seconds = []
            for path in paths:
                headers = {"If_None_Match": etags[path]} if again and path in etags else {}
                reply = await connection.ask(path, **headers)
                if reply.status in {200, 304}:
                    etags[path] = reply.headers["etag"]
                    seconds.append(reply.total)
            passes.append(seconds)
        connection.close()
        found[kind] = Repeat(*(median(each) for each in passes))
    return found


def _cheap(peer: Peer, subject: str, mark: object) -> str:
    # The mark makes each text another, so that no cache on the way has it.
    return query_path(peer.endpoint, f"SELECT ?p ?o {{ <{subject}> ?p ?o }} LIMIT 20 #{mark}")
