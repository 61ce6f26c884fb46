"""Measures networks of 100,000 nodes and a million edges beside networkx; prints ratios.

`python -m benchmarks.networks [--nodes N] [--quick]`. Times are processor seconds of this process;
of what takes less than a second, the median of three. networkx's eigenvector is stopped after 20
iterations, so that its ratio is a lower bound; "conversion" is the time from a networkx graph to
the engine, paid once for all measures.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from govgraph.network.files.formats import FORMATS, save
from govgraph.network.measures import matrices, structure
from govgraph.network.measures.simple import simplify
from govgraph.network.pictures.style import Style
from govgraph.network.reading.members import project

AIMS = {
    "projection": 100.0, "newman": 100.0, "pagerank": 5.0, "eigenvector": 100.0, "k-core": 50.0,
    "clustering": 100.0,
}  # fmt: skip


def memberships(nodes: int, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Return members and groups of a network whose projection has ten times as many ties.

    Group sizes follow a power law; members join groups the more they are in already.
    """
    draw = np.random.default_rng(seed)
    sizes = np.minimum(2 + (draw.pareto(1.6, nodes) * 1.2).astype(int), 120)
    pairs = np.cumsum(sizes * (sizes - 1) // 2)
    count = int(np.searchsorted(pairs, 10.6 * nodes))
    groups = np.repeat(np.arange(count), sizes[:count])
    favour = np.argsort(draw.random(nodes))
    members = favour[(nodes * draw.random(len(groups)) ** 1.2).astype(int)]
    unique = np.unique(np.stack([members, groups], axis=1), axis=0)
    return unique[:, 0], unique[:, 1]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the processor seconds of some work (if quick, the median of three), and its result."""
    times = []
    while not times or (len(times) < 3 and times[0] < 1):
        start = time.process_time()
        found = work()
        times.append(time.process_time() - start)
    return statistics.median(times), found


def show(name: str, theirs: float, ours: float, note: str = "") -> None:
    """Print one line: networkx, govgraph, ratio, aim."""
    ratio, aim = theirs / ours, AIMS.get(name)
    verdict = "" if aim is None else f"aim x{aim:.0f}: {'reached' if ratio >= aim else 'missed'}"
    print(f"{name:<14}{theirs:>10.3f}{ours:>10.3f}{'x':>4}{ratio:<9.1f}{verdict:<22}{note}")


def iterate(graph: nx.Graph, rounds: int) -> None:
    """Run so many iterations of networkx's eigenvector centrality."""
    try:
        nx.eigenvector_centrality(graph, max_iter=rounds, weight="weight", tol=0)
    except nx.PowerIterationFailedConvergence:
        return


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="leave out what takes networkx long")
    asked = parser.parse_args()

    project([0, 1], [0, 0], newman=True)  # imports are not measured
    nx.pagerank(nx.path_graph(3))
    graph = projections(asked.nodes, quick=asked.quick)
    measures(graph, quick=asked.quick)
    gexf(graph)


def projections(nodes: int, *, quick: bool) -> nx.Graph:
    """Compare projections; returns the projected network."""
    members, groups = memberships(nodes)
    ours, (one, other, weight) = timed(lambda: project(members, groups))
    newman, _ = timed(lambda: project(members, groups, newman=True))
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    ties = zip(one.tolist(), other.tolist(), weight.tolist(), strict=True)
    built, _ = timed(lambda: graph.add_weighted_edges_from(ties))
    print(f"{len(graph):,} nodes, {graph.number_of_edges():,} edges, {len(members):,} memberships")
    print(f"{'':<14}{'networkx':>10}{'govgraph':>10}{'':>4}ratio")
    bipartite = nx.Graph()
    bipartite.add_nodes_from(range(nodes))
    bipartite.add_edges_from(
        (m, ("group", g)) for m, g in zip(members.tolist(), groups.tolist(), strict=True)
    )
    everyone = range(nodes)
    theirs, _ = timed(lambda: nx.bipartite.weighted_projected_graph(bipartite, everyone))
    show("projection", theirs, ours, f"as a networkx graph: {ours + built:.2f} s")
    if not quick:
        theirs, _ = timed(
            lambda: nx.bipartite.collaboration_weighted_projected_graph(bipartite, everyone)
        )
        show("newman", theirs, newman)

    return graph


def measures(graph: nx.Graph, *, quick: bool) -> None:
    """Compare measures."""
    read, simple = timed(lambda: simplify(graph))
    made, _ = timed(lambda: replace(simple).igraph)
    theirs, expected = timed(lambda: nx.pagerank(graph, tol=1e-10))
    ours, found = timed(lambda: matrices.pagerank(simple, weighted=True))
    difference = max(abs(expected[n] - v) for n, v in enumerate(found))
    show("pagerank", theirs, ours, f"greatest difference {difference:.0e}")
    parts = structure.components(simple)
    largest = simple.part([node for node, part in enumerate(parts) if part == 1])
    theirs, _ = timed(lambda: iterate(graph, 20))
    ours, _ = timed(lambda: matrices.eigenvector(largest, weighted=True))
    show("eigenvector", theirs, ours, "networkx: 20 iterations only")
    theirs, expected = timed(lambda: nx.core_number(graph))
    ours, found = timed(lambda: structure.core(simple, igraph=True))
    show("k-core", theirs, ours, f"same values: {list(expected.values()) == found}")
    if not quick:
        theirs, expected = timed(lambda: nx.clustering(graph))
        ours, found = timed(lambda: matrices.clustering(simple, weighted=False))
        difference = max(abs(expected[n] - v) for n, v in enumerate(found))
        show("clustering", theirs, ours, f"greatest difference {difference:.0e}")
    print(f"conversion, once: {read:.2f} s to a simple network, {made:.2f} s to igraph")


def gexf(graph: nx.Graph) -> None:
    """Time the writing of GEXF, with labels, years, kinds, positions and colours."""
    for node, data in graph.nodes(data=True):
        data.update(label=f"Actor {node}", sector="private")
    for number, (_, _, data) in enumerate(graph.edges(data=True)):
        data.update(kind="co-membership", start=1980 + number % 40)
    style = Style({n: (float(n), 0.5) for n in graph}, {}, dict.fromkeys(graph, (0, 90, 180)))
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, (path,) = timed(
            lambda: save(graph, Path(folder) / "x.gexf", FORMATS["gexf"], style)
        )
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        size = path.stat().st_size / 2**20
        verdict = "reached" if seconds <= 8 else "missed"
        print(f"GEXF written in {seconds:.2f} s (aim 8 s: {verdict}), {size:.0f} MiB,"
              f" peak memory grew by {grown:.0f} MiB")  # fmt: skip


if __name__ == "__main__":
    main()
