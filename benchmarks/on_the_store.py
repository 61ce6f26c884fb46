"""`python -m benchmarks.on_the_store`: inference and validation of a store, each in two ways.

On the store: rules as updates, shapes as queries. Fetched: what rules or shapes speak of is read
from the store and worked on here; what was inferred is sent back. The results must be equal. Both
real servers of the tests, the study and generated data with seeded mistakes. Seconds on the clock,
and of CPU of server and client together, so that other work on the machine can be told apart.
"""

from __future__ import annotations

import os
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
from govgraph.api.opening import open_graph
from govgraph.assembly.assemble import read_ontology
from govgraph.reasoning import Bounds
from govgraph.scale.on_the_store import inference, validation
from govgraph.scale.on_the_store.working import WorkingGraph
from govgraph.shapes.engines import run as run_here
from govgraph.shapes.engines import shapes_text
from govgraph.store.answering import RemoteView
from govgraph.store.endpoint import Endpoint
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, RDF, RDFS

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


def fetched(rows: validation.Ask) -> ox.Store:
    """Return what shapes speak of: statements of every property they name."""
    shapes = ox.Store()
    shapes.bulk_load(shapes_text(), format=ox.RdfFormat.N_TRIPLES)
    named = {q.object.value for q in shapes if isinstance(q.object, ox.NamedNode)}
    named |= {f"{RDF}type", f"{RDFS}subClassOf"}
    named |= {f"https://w3id.org/govgraph/ontology#{n}" for n in ("conflictSubject",)}
    values = " ".join(f"<{iri}>" for iri in sorted(named))
    store = ox.Store()
    query = f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?p {{ {values} }} ?s ?p ?o }}"
    store.bulk_extend(ox.Quad(*row) for row in rows(query))
    return store


def measure(endpoint: Endpoint, name: str, size: str) -> None:
    """Print the four times of one server and size; fails where results differ."""
    there = fill(endpoint, asserted(size))
    found, seconds = timed(lambda: inference.infer_on_store(there))
    by_rules = graph_of(there)
    working = WorkingGraph.begin(there)
    _, other = timed(lambda: inference._fetched(there, working, Bounds(), "measured"))
    assert graph_of(there) == by_rules
    assert not found.fetched
    click.echo(f"{name} {size} infer: {found.count:,} on the store {seconds}, fetched {other}")
    view = RemoteView(endpoint)

    def rows(query: str) -> validation.Rows:
        return view.answer(query).rows

    results, seconds = timed(lambda: validation.run(rows))
    same, other = timed(lambda: run_here(fetched(rows)))
    assert results == same
    click.echo(
        f"{name} {size} validate: {len(results):,} results, on the store {seconds}, fetched {other}"
    )


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
