"""`python -m benchmarks.push`: push to the oxigraph server beside its own upload of one file.

Both in one run, each on a server of its own with a new database: the server's upload is one POST
of the N-Quads file to /store; the push sends whole graphs in transactions of about 8 MB, reads
everything back and compares it. Runs alternate; the median of each counts.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from benchmarks.generator import plan_for, records, write_nquads
from govgraph.store.endpoint import Endpoint

GOVGRAPH: Final = (sys.executable, "-c", "from govgraph.cli import main; main()")


@dataclass(frozen=True)
class Run:
    """Seconds on the clock, and of CPU in the server."""

    wall: float
    server: float


def upload(endpoint: Endpoint, path: Path) -> None:
    """Have the server load one file."""
    parts = urlsplit(endpoint.graph_store_url or "")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=3600)
    with path.open("rb") as stream:
        headers = {
            "Content-Type": "application/n-quads",
            "Content-Length": str(path.stat().st_size),
        }
        connection.request("POST", parts.path, stream, headers)
        response = connection.getresponse()
        response.read()
    assert response.status == 204, response.status
    connection.close()


def push(endpoint: Endpoint, path: Path) -> None:
    """Run `govgraph push` in a process of its own, the reading of the file included."""
    subprocess.run([*GOVGRAPH, "push", endpoint.query_url, str(path)], check=True)


def measured(work: Callable[[Endpoint, Path], None], path: Path, on_disk: bool) -> Run:
    """Run something once on a new server."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder), on_disk) as found:
        endpoint, process = found
        begun, busy = time.perf_counter(), _cpu(process)
        work(endpoint, path)
        return Run(time.perf_counter() - begun, _cpu(process) - busy)


@contextmanager
def _server(folder: Path, on_disk: bool) -> Iterator[tuple[Endpoint, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "oxigraph"),
        "serve",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    command += ["--location", str(folder / "store")] if on_disk else []
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                http.client.HTTPConnection("127.0.0.1", port).connect()
                break
            except OSError:
                time.sleep(0.05)
        yield Endpoint.of(f"http://127.0.0.1:{port}/query", timeout=3600), process.pid
    finally:
        process.terminate()
        process.wait(30)


def _cpu(pid: int) -> float:
    """Return the seconds of CPU a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@click.command(context_settings={"show_default": True})
@click.option("--statements", default="1e6", help="Statements to generate.")
@click.option("--runs", default=3, help="Runs of each; the median counts.")
@click.option("--disk/--memory", "on_disk", default=True, help="Where the server keeps its data.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the figures as JSON here.")
def main(statements: str, runs: int, on_disk: bool, output: Path | None) -> None:
    """Measure push beside the oxigraph server's own upload of one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nq"
        count = write_nquads(records(plan_for(int(float(statements)))), path)
        found: dict[str, list[Run]] = {"upload": [], "push": []}
        for _ in range(runs):
            for name, work in (("upload", upload), ("push", push)):
                found[name].append(measured(work, path, on_disk))
                click.echo(f"{name}: {found[name][-1]}", err=True)
    median = {
        name: {
            "seconds": statistics.median(run.wall for run in each),
            "server_cpu_seconds": statistics.median(run.server for run in each),
        }
        for name, each in found.items()
    }
    ratio = median["upload"]["seconds"] / median["push"]["seconds"]
    figures = {"statements": count, "runs": runs, "on_disk": on_disk, **median, "ratio": ratio}
    text = json.dumps(figures, indent=2) + "\n"
    click.echo(text, nl=False)
    if output:
        output.write_text(text)


if __name__ == "__main__":
    main()
