"""Measures by paths: distances by SciPy, betweenness by networkx or igraph, brokerage.

Where `sources` are given, paths are taken from these nodes only and the values are estimates.
Brokerage is who stands between two that are not tied to each other (Gould and Fernandez 1989,
Sociological Methodology 19, 89-126): a broker b lies on a path a -> b -> c where a has no edge to
c. Without direction each pair is counted once, and gatekeeper is also what in a directed network
would be the representative.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import networkx as nx
import numpy as np
from scipy.sparse import csgraph

from govgraph.network.measures.simple import SimpleNetwork, Vector

_CELLS: Final = 4_000_000
"""How many distances are held in memory at a time."""
ROLES: Final[dict[str, str]] = {
    "coordinator": "brokers between two of its own group",
    "itinerant": "brokers between two of one other group",
    "gatekeeper": "brokers from another group into its own",
    "representative": "brokers from its own group to another",
    "liaison": "brokers between two different other groups",
}
"""The roles of a broker by the groups of the two it stands between."""


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


def roles(network: SimpleNetwork, groups: Sequence[str | None]) -> list[Counter[str]]:
    """Return for each node how often it has which role; nodes without a group take no part."""
    graph = network.networkx
    after = [set(graph[node]) for node in graph]
    before = [set(graph.pred[node]) for node in graph] if network.directed else after
    by_node = []
    for node, own in enumerate(groups):
        counts: Counter[str] = Counter()
        for first in before[node] if own is not None else ():
            if groups[first] is None:
                continue
            for last in after[node]:
                unordered = not network.directed and last <= first
                if last == first or unordered or groups[last] is None or last in after[first]:
                    continue
                role = _role(groups[first], own, groups[last])
                if not network.directed and role == "representative":
                    role = "gatekeeper"
                counts[role] += 1
        by_node.append(counts)
    return by_node


def brokered(network: SimpleNetwork) -> list[int]:
    """Return how many pairs each node stands between, of whatever group."""
    return [counts.total() for counts in roles(network, [""] * len(network))]


def _role(first: str | None, own: str | None, last: str | None) -> str:
    if first == last:
        return "coordinator" if own == first else "itinerant"
    if own == last:
        return "gatekeeper"
    return "representative" if own == first else "liaison"
