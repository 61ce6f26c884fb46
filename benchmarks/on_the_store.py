"""`python -m benchmarks.on_the_store`: inference for a store, at home and on it, and validation.

At home, what is asserted is fetched, and what follows is sent back; on the store the rules run as
updates. The results must be equal. Both real servers of the tests, the study and generated data
with seeded mistakes. Seconds on the clock, and of CPU of server and client together, so that other
work on the machine can be told apart; greatest memory of this process and of the server.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from benchmarks.generator import plan_for, records, write_nquads
from benchmarks.measure import ROOT
from govgraph import KnowledgeGraph
from govgraph.api.opening import open_graph
from govgraph.assembly.assemble import read_ontology
from govgraph.scale.on_the_store.inference import infer_on_store
from govgraph.store.endpoint import Endpoint
from govgraph.store.inference import infer_for
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH

sys.path.append(str(ROOT / "tests"))
import servers
from stores import fill, graph_of

STUDY = "study"


def cpu() -> float:
    """Return the CPU seconds of this process and of the servers it started (Linux only)."""
    used = time.process_time()
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def timed(work: Callable[[], Any]) -> tuple[Any, str]:
    """Do some work; return what it gives, and its seconds as text."""
    start, used = time.perf_counter(), cpu()
    found = work()
    return found, f"{time.perf_counter() - start:.1f} s ({cpu() - used:.1f} CPU)"


def asserted(size: str) -> ox.Store:
    """Return the study, or generated data of so many statements, with the ontology."""
    store = ox.Store()
    if size == STUDY:
        left_out = {INFERRED_GRAPH, METADATA_GRAPH}
        study = open_graph().store
        store.extend(q for q in study if getattr(q.graph_name, "value", "") not in left_out)
        return store
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nq"
        write_nquads(records(plan_for(int(float(size)))), path)
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    store.bulk_extend(read_ontology())
    return store


def measure(endpoint: Endpoint, name: str, size: str) -> None:
    """Print the times of one server and size; fails where results differ."""
    store = fill(endpoint, asserted(size))
    at_home, seconds = timed(lambda: infer_for(endpoint))
    click.echo(f"{name} {size} infer: {at_home.count:,} at home {seconds}; {memory()}")
    inferred = graph_of(store)
    report, seconds = timed(KnowledgeGraph.at(endpoint).validate)
    click.echo(f"{name} {size} validate: {len(report.results):,} results {seconds}; {memory()}")
    on_store, seconds = timed(lambda: infer_on_store(store))
    assert on_store.count == at_home.count
    assert graph_of(store) == inferred
    click.echo(f"{name} {size} infer: on the store {seconds}; {memory()}")


def memory() -> str:
    """Return the greatest memory so far of this process and of the server (Linux only)."""
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    peaks = [
        int(line.split()[1])
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return f"memory here {here / 1e3:,.0f} MB, server {sum(peaks) / 1e3:,.0f} MB"


@click.command(context_settings={"show_default": True})
@click.option("--sizes", default="study,1e4,1e5", help="The study, or statements to generate.")
@click.option("--servers", "names", default="virtuoso,oxigraph", help="Servers to measure on.")
def main(sizes: str, names: str) -> None:
    """Measure inference and validation of remote stores."""
    for size in sizes.split(","):
        for name in names.split(","):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "store"
                path.mkdir()
                with getattr(servers, name)(path) as endpoint:
                    measure(endpoint, name, size)


if __name__ == "__main__":
    main()
