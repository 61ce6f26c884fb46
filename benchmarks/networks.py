"""Measures networks of 100,000 nodes and a million edges beside networkx; prints ratios.

`python -m benchmarks.networks [--nodes N]`. Times are processor seconds of this process;
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
from scipy import sparse

from govgraph.network.files.formats import FORMATS, save
from govgraph.network.measures import centrality, structure
from govgraph.network.measures.simple import simplify
from govgraph.network.pictures.style import Style

AIMS = {"pagerank": 5.0, "eigenvector": 100.0, "k-core": 50.0}


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


def project(members: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ties (one, other, weight) of memberships, by multiplying matrices.

    Each comes once, one < other, sorted; its weight is how many groups both share.
    """
    matrix = sparse.csr_array((np.ones(len(members), dtype=np.int32), (members, groups)))
    shared = sparse.triu(matrix @ matrix.T, k=1, format="csr").sorted_indices().tocoo()
    return shared.row, shared.col, shared.data


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
    asked = parser.parse_args()

    nx.pagerank(nx.path_graph(3))  # imports are not measured
    members, groups = memberships(asked.nodes)
    graph = nx.Graph()
    graph.add_nodes_from(range(asked.nodes))
    ends = (part.tolist() for part in project(members, groups))
    graph.add_weighted_edges_from(zip(*ends, strict=True))
    print(f"{len(graph):,} nodes, {graph.number_of_edges():,} edges")
    print(f"{'':<14}{'networkx':>10}{'govgraph':>10}{'':>4}ratio")
    measures(graph)
    gexf(graph)


def measures(graph: nx.Graph) -> None:
    """Compare measures."""
    read, simple = timed(lambda: simplify(graph))
    made, _ = timed(lambda: replace(simple).igraph)
    theirs, expected = timed(lambda: nx.pagerank(graph, tol=1e-10))
    ours, found = timed(lambda: centrality.pagerank(simple, weighted=True))
    difference = max(abs(expected[n] - v) for n, v in enumerate(found))
    show("pagerank", theirs, ours, f"greatest difference {difference:.0e}")
    parts = structure.components(simple)
    largest = simple.part([node for node, part in enumerate(parts) if part == 1])
    theirs, _ = timed(lambda: iterate(graph, 20))
    ours, _ = timed(lambda: centrality.eigenvector(largest, weighted=True))
    show("eigenvector", theirs, ours, "networkx: 20 iterations only")
    theirs, expected = timed(lambda: nx.core_number(graph))
    ours, found = timed(lambda: list(simple.igraph.coreness(mode="all")))
    show("k-core", theirs, ours, f"same values: {list(expected.values()) == found}")
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
