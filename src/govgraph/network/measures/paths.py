"""Measures by shortest paths: distances by SciPy, betweenness by networkx or igraph.

Where `sources` are given, paths are taken from these nodes only and the values are estimates.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import networkx as nx
import numpy as np
from scipy.sparse import csgraph

from govgraph.network.measures.simple import SimpleNetwork, Vector

_CELLS: Final = 4_000_000
"""How many distances are held in memory at a time."""


def distances(
    network: SimpleNetwork, sources: Sequence[int] | None = None, *, weighted: bool = False
) -> Iterator[Vector]:
    """Yield distances from some sources (rows; all nodes if None) to all nodes (columns).

    Edges have the length 1, or `network.lengths` if weighted; inf where no path leads.
    """
    matrix = network.lengths[0] if weighted else network.ones
    starts = range(len(network)) if sources is None else sources
    rows = max(1, _CELLS // max(1, len(network)))
    for first in range(0, len(starts), rows):
        indices = list(starts[first : first + rows])
        yield csgraph.dijkstra(matrix, indices=indices, unweighted=not weighted)


def closeness(
    network: SimpleNetwork, *, weighted: bool, sources: Sequence[int] | None
) -> list[float]:
    """Return closeness in a network that may be in parts (Wasserman and Faust)."""
    count, total = np.zeros(len(network)), np.zeros(len(network))
    for block in distances(network, sources, weighted=weighted):
        reached = np.isfinite(block) & (block > 0)
        count += reached.sum(axis=0)
        total += np.where(reached, block, 0.0).sum(axis=0)
    others = len(network) - 1
    # How many reach a node is estimated by the share of the sources that do.
    share = count / (others if sources is None else len(sources)) if others else count
    nearness = np.divide(count, total, out=np.zeros(len(network)), where=total > 0)
    values: list[float] = (share * nearness * (network.lengths[1] if weighted else 1.0)).tolist()
    return values


def harmonic(
    network: SimpleNetwork, *, weighted: bool, sources: Sequence[int] | None
) -> list[float]:
    """Return the sum of 1/distance from all others."""
    total = np.zeros(len(network))
    for block in distances(network, sources, weighted=weighted):
        total += np.divide(1.0, block, out=np.zeros(block.shape), where=block > 0).sum(axis=0)
    scale = 1.0 if sources is None else (len(network) - 1) / len(sources)
    values: list[float] = (total * scale * (network.lengths[1] if weighted else 1.0)).tolist()
    return values


def betweenness(
    network: SimpleNetwork, *, weighted: bool, sources: Sequence[int] | None, igraph: bool
) -> list[float]:
    """Return the share of the shortest paths between pairs of others that pass through a node."""
    count = len(network)
    scale = max(0, (count - 1) * (count - 2)) / (1 if network.directed else 2)
    if sources is not None:
        scale *= len(sources) / count
    if igraph:
        lengths = network.edge_lengths if weighted else None
        passing = network.igraph.betweenness(
            directed=network.directed, weights=lengths, sources=sources
        )
    else:
        graph, weight = network.networkx, "distance" if weighted else None
        if sources is None:
            by_node = nx.betweenness_centrality(graph, weight=weight, normalized=False)
        else:
            by_node = nx.betweenness_centrality_subset(graph, sources, list(graph), weight=weight)
        passing = list(by_node.values())
    return [value / scale if scale else 0.0 for value in passing]
