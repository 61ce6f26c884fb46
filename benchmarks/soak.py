"""`python -m benchmarks.soak --minutes N`: readers served while others send hostile queries.

Everything on 127.0.0.1, by a server of its own that is stopped at the end. First only readers ask
(the quiet that later latencies are compared with), then a hostile client joins them, with several
queries at a time. (Hostile clients at many addresses are for the reverse proxy to turn away.)
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

import click

from benchmarks.hostile import CROSS, EXPLOSIVE
from benchmarks.serving.clients import Connection, Load, query_path
from benchmarks.serving.peers import BUNDLED, Data, family, make_data, resident, running
from benchmarks.serving.table import insert

READERS = 4
ATTACKERS = 3
PAUSE = 0.05
"""Seconds between two requests of a reader: what is measured is latency, not throughput."""
LIMITS = (
    "--time-limit",
    "5",
    "--memory-limit",
    "300",
    "--result-limit",
    "20",
    "--stall-limit",
    "5",
)
MOST_RATIO, MOST_GROWTH = 3.0, 0.15
FORM = "application/x-www-form-urlencoded"


@dataclass
class Phase:
    """A stretch of time: latencies of each kind of request, and memory in MB."""

    name: str
    loads: dict[str, Load] = field(default_factory=lambda: defaultdict(lambda: Load(0.0)))
    memory: list[tuple[float, float, float, int]] = field(default_factory=list)
    hostile: Counter[str] = field(default_factory=Counter)

    @property
    def errors(self) -> int:
        """Return how many requests of readers failed."""
        return sum(load.errors for load in self.loads.values())

    def p95(self) -> float:
        """Return the p95 of all readers' requests in seconds."""
        whole = Load(1.0, [s for load in self.loads.values() for s in load.latencies])
        return whole.percentile(0.95)


def _paths(data: Data, endpoint: str) -> dict[str, str]:
    """Return what readers ask; `{n}` makes each request another."""
    subject = data.subjects[len(data.subjects) // 2]
    return {
        "cheap SELECT": query_path(endpoint, f"SELECT ?p ?o {{ <{subject}> ?p ?o }} LIMIT 20 #")
        + "{n}",
        "repeated SELECT": query_path(endpoint, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        "stored query": "/query/founders-of.csv",
        "resource": "/case/bogota.ttl",
        "page": "/en/case/bogota.html",
    }


async def _reader(url: str, paths: dict[str, str], source: str, phase: Phase, stop: float) -> None:
    connection = Connection(url, source)
    for number, (kind, path) in zip(
        itertools.count(), itertools.cycle(paths.items()), strict=False
    ):
        if time.monotonic() > stop:
            break
        load = phase.loads[kind]
        try:
            async with asyncio.timeout(30):
                reply = await connection.ask(path.replace("{n}", f"{id(phase)}-{source}-{number}"))
            load.latencies.append(reply.total)
            load.errors += reply.status != 200
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            load.errors += 1
            connection.close()
        await asyncio.sleep(PAUSE)
    connection.close()


async def _attacker(url: str, source: str, first: int, phase: Phase, stop: float) -> None:
    """Send one hostile thing after another, in the order of the list; some leave early."""
    names = list(EXPLOSIVE)
    for number in itertools.count(first):
        if time.monotonic() > stop:
            return
        name = names[number % len(names)]
        try:
            async with asyncio.timeout(20):
                if number % 7 == 6:
                    await _leave(url, source, number)
                    phase.hostile["left early"] += 1
                else:
                    status = await _post(url, source, f"{EXPLOSIVE[name][0]} #{number}")
                    fits = status in EXPLOSIVE[name][1]
                    phase.hostile[f"{status}{'' if fits else ' UNEXPECTED: ' + name}"] += 1
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            phase.hostile[type(error).__name__] += 1
        await asyncio.sleep(0)


async def _post(url: str, source: str, text: str) -> int:
    parts = urlsplit(url)
    body = urlencode({"query": text}).encode()
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port, local_addr=(source, 0)
    )
    try:
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return int((await reader.readuntil(b"\r\n")).split()[1])
    finally:
        writer.close()


async def _leave(url: str, source: str, number: int) -> None:
    """Ask for endless rows, and hang up after the first."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port, local_addr=(source, 0)
    )
    path = query_path("/sparql", f"SELECT * {{ {CROSS} }} #{number}")
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await reader.read(1000)
    writer.close()


async def _watch(pid: int, phase: Phase, began: float, stop: float) -> None:
    while time.monotonic() < stop:
        parent, others = resident([pid]), family(pid)[1:]
        memory = await asyncio.to_thread(resident, others)
        phase.memory.append((time.monotonic() - began, parent, memory, len(others)))
        await asyncio.sleep(max(1.0, (stop - began) / 200))


async def _phase(name: str, pid: int, endpoint: str, data: Data, seconds: float) -> Phase:
    phase, began = Phase(name), time.monotonic()
    stop = began + seconds
    paths = _paths(data, endpoint)
    work = [_reader(endpoint, paths, f"127.0.0.{n}", phase, stop) for n in range(2, 2 + READERS)]
    if name == "hostile":
        work += [_attacker(endpoint, "127.0.1.1", n * 4, phase, stop) for n in range(ATTACKERS)]
    await asyncio.gather(*work, _watch(pid, phase, began, stop))
    return phase


@click.command(context_settings={"show_default": True})
@click.option("--minutes", type=click.FloatRange(0.5, 600), default=60.0)
@click.option("--output", type=click.Path(path_type=Path), default=Path("build/soak"))
@click.option("--page", type=click.Path(path_type=Path, exists=True), help="Renew this page too.")
def main(minutes: float, output: Path, page: Path | None) -> None:
    """Serve readers and a hostile client at once; exit 1 where the server does not bear it.

    A fifth of the time, five minutes at most, is quiet. Writes soak.md.
    """
    output.mkdir(parents=True, exist_ok=True)
    seconds = minutes * 60
    quiet = min(300.0, seconds / 5)
    with TemporaryDirectory(prefix="govgraph-soak-") as name:
        folder = Path(name)
        bundled = make_data(folder, BUNDLED)
        data = Data(bundled.name, LIMITS, bundled.triples, bundled.count, bundled.subjects)
        with running("govgraph", data, folder) as peer:  # raises where it has died at the end
            phases = [
                asyncio.run(_phase(each, peer.pid, peer.endpoint, data, length))
                for each, length in (("warm", 5.0), ("quiet", quiet), ("hostile", seconds - quiet))
            ]
    text, good = report(phases[1], phases[2], minutes)
    (output / "soak.md").write_text(text, encoding="utf-8")
    if page:
        insert(page, text, "soak")
    click.echo(text)
    raise click.exceptions.Exit(0 if good else 1)


def report(quiet: Phase, hostile: Phase, minutes: float) -> tuple[str, bool]:
    rows = [
        "| request | quiet, p95, ms | hostile, p95, ms | answers | errors |",
        "|---|---|---|---|---|",
    ]
    for kind, load in hostile.loads.items():
        before, after = (each.loads[kind].percentile(0.95) * 1000 for each in (quiet, hostile))
        rows.append(
            f"| {kind} | {before:.1f} | {after:.1f} | {len(load.latencies):,} | {load.errors} |"
        )
    ratio = hostile.p95() / max(quiet.p95(), 1e-6)
    quarter = max(1, len(hostile.memory) // 4)
    # in the first, the server reads what its pages show
    early, late = hostile.memory[quarter : 2 * quarter], hostile.memory[-quarter:]
    grown = [_mean(late, i) / max(_mean(early, i), 1.0) - 1 for i in (1, 2)]
    unexpected = [each for each in hostile.hostile if "UNEXPECTED" in each]
    errors = quiet.errors + hostile.errors
    checks = {
        f"the server lived for {minutes:g} minutes, without a restart": True,
        f"readers' p95 of all requests, hostile over quiet: {ratio:.1f} (at most {MOST_RATIO:g})": (
            ratio <= MOST_RATIO
        ),
        f"errors readers saw: {errors}": not errors,
        f"memory of the server, last quarter over second: {grown[0]:+.0%}"
        f" ({_mean(late, 1):.0f} MB)": grown[0] <= MOST_GROWTH,
        f"memory of the workers, likewise: {grown[1]:+.0%} ({_mean(late, 2):.0f} MB, at most"
        f" {max(each[2] for each in hostile.memory):.0f} MB)": grown[1] <= 2 * MOST_GROWTH,
        f"hostile requests: {_counts(hostile.hostile)}": not unexpected,
    }
    lines = [f"- {'yes' if good else '**no**'}: {what}" for what, good in checks.items()]
    return "\n".join([*rows, "", *lines, ""]), all(checks.values())


def _mean(rows: list[tuple[float, float, float, int]], column: int) -> float:
    return sum(row[column] for row in rows) / len(rows) if rows else 0.0


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count:,} × {each}" for each, count in sorted(counter.items())) or "none"


if __name__ == "__main__":
    main()
