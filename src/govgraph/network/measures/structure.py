"""How a network falls into parts: components, cores and communities, numbered from 1.

Part 1 is the largest; of equal ones the first has the first node.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

import networkx as nx
from scipy.sparse import csgraph

from govgraph.network.measures.simple import SimpleNetwork

SEED: Final = 42


def components(network: SimpleNetwork, *, strong: bool = False) -> list[int]:
    """Return the number of each node's component, direction aside unless `strong`."""
    kind = "strong" if strong else "weak"
    _, membership = csgraph.connected_components(network.weights, connection=kind)
    return ranked(membership.tolist())


def core(network: SimpleNetwork, *, igraph: bool) -> list[int]:
    """Return for each node the greatest k such that it is in the k-core."""
    if igraph:
        return list(network.igraph.coreness(mode="all"))
    return list(nx.core_number(network.networkx).values())


def runs_of(network: SimpleNetwork) -> int:
    """Return in how many runs communities are looked for: 100, fewer where there are many ties."""
    return max(1, min(100, 200_000 // max(network.size, 1)))


def communities(network: SimpleNetwork, *, igraph: bool, runs: int) -> tuple[list[int], float]:
    """Return the communities of most modularity in several seeded runs of Louvain, and that.

    Of the weighted network without its direction.
    """
    plain = network.undirected
    best: tuple[float, list[int]] = (-1.0, list(range(len(network))))
    for run in range(runs if network.size else 0):
        if igraph:
            from igraph import set_random_number_generator

            set_random_number_generator(random.Random(SEED + run))  # the same numbers each time
            try:
                found = plain.igraph.community_multilevel(weights=plain.edges[2].tolist())
            finally:
                set_random_number_generator(random)
            quality, membership = found.modularity, found.membership
        else:
            graph = plain.networkx
            parts = nx.community.louvain_communities(graph, weight="weight", seed=SEED + run)
            quality = nx.community.modularity(graph, parts, weight="weight")
            number_of = {node: number for number, part in enumerate(parts) for node in part}
            membership = [number_of[node] for node in graph]
        if quality > best[0] + 1e-12:
            best = (quality, membership)
    return ranked(best[1]), best[0]


def ranked(membership: Sequence[int]) -> list[int]:
    """Return the parts numbered by size from 1, the largest; of equal ones, as they appear."""
    sizes = Counter(membership)
    rank = {part: number for number, (part, _) in enumerate(sizes.most_common(), start=1)}
    return [rank[part] for part in membership]
