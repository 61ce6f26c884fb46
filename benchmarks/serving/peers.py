"""The servers that are measured, each over the same statements, started and stopped."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import pyoxigraph as ox

import govgraph
from benchmarks.generator import plan_for, records, write_nquads
from benchmarks.serving.clients import query_path

START_LIMIT = 180.0
BUNDLED = "bundled"
MAIN = "from govgraph.cli import main; main()"


@dataclass(frozen=True)
class Data:
    """What is served: options for govgraph, and for its peers the union of all graphs."""

    name: str
    options: tuple[str, ...]
    triples: Path
    count: int
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Peer:
    """A server that runs: the address of its endpoint, its process, and how soon it was ready."""

    name: str
    endpoint: str
    pid: int
    ready: float


def make_data(folder: Path, name: str, seed: int = 1) -> Data:
    """Write the statements of a size into a folder; "bundled" is the study."""
    folder.mkdir(parents=True, exist_ok=True)
    options: tuple[str, ...] = ()
    if name == BUNDLED:
        graph = govgraph.open()
    else:
        quads = folder / f"{name}.nq"
        write_nquads(records(plan_for(int(float(name)), seed)), quads)
        options = ("--alone", "--data", str(quads))
        graph = govgraph.open(quads, bundled=False)
    triples = folder / f"{name}.nt"
    default = ox.DefaultGraph()
    graph.view.store.dump(str(triples), format=ox.RdfFormat.N_TRIPLES, from_graph=default)
    labelled = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    found = graph.view.store.quads_for_pattern(None, labelled, None, default)
    names = sorted({q.subject.value for q in found if isinstance(q.subject, ox.NamedNode)})
    count = sum(1 for _ in graph.view.store.quads_for_pattern(None, None, None, default))
    return Data(name, options, triples, count, tuple(names[:: max(1, len(names) // 200)]))


def missing() -> list[str]:
    """Return the peers that are not installed."""
    return [name for name in ("oxigraph", "rdflib-endpoint") if _program(name) is None]


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")


@contextmanager
def running(name: str, data: Data, folder: Path) -> Iterator[Peer]:
    """Run a server until the block ends."""
    port = _free_port()
    address = f"127.0.0.1:{port}"
    if name == "govgraph":
        command = [sys.executable, "-c", MAIN, "serve", "--port", str(port), *data.options]
        endpoint = f"http://{address}/sparql"
    elif name == "oxigraph":
        location = folder / f"oxigraph-{data.name}"
        program = _program("oxigraph") or "oxigraph"
        if not location.exists():
            load = [program, "load", "--location", str(location), "--file", str(data.triples)]
            subprocess.run(load, check=True, capture_output=True)
        command = [program, "serve-read-only", "--location", str(location), "--bind", address]
        endpoint = f"http://{address}/query"
    else:
        program = _program("rdflib-endpoint") or "rdflib-endpoint"
        command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data.triples)]
        endpoint = f"http://{address}/"
    began = time.perf_counter()
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _await(process, endpoint, name, log.name)
        yield Peer(name, endpoint, process.pid, time.perf_counter() - began)
        if process.poll() is not None:
            raise click.ClickException(f"{name} has ended: see {log.name}")
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], endpoint: str, name: str, log: str) -> None:
    deadline = time.perf_counter() + START_LIMIT
    parts = urlsplit(endpoint)
    path = query_path(endpoint, "ASK { ?s ?p ?o }")
    while time.perf_counter() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise click.ClickException(f"{name} did not start: see {log}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def family(pid: int) -> list[int]:
    """Return a process and all those it has started, and they in turn (Linux)."""
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        tasks = Path(f"/proc/{each}/task")
        try:
            for task in tasks.iterdir():
                waiting += [int(p) for p in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def resident(pids: list[int]) -> float:
    """Return the memory of processes in MB, what they share counted once (PSS, Linux)."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(x.split()[1]) for x in text.splitlines() if x.startswith("Pss:")), 0)
    return total / 1000
