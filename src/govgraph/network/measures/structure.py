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
    return _ranked(membership.tolist())


def core(network: SimpleNetwork, *, igraph: bool) -> list[int]:
    """Return for each node the greatest k such that it is in the k-core."""
    if igraph:
        return list(network.igraph.coreness(mode="all"))
    return list(nx.core_number(network.networkx).values())


def louvain(network: SimpleNetwork, *, igraph: bool) -> list[int]:
    """Return Louvain communities of the weighted network without its direction."""
    plain = network.undirected
    if igraph:
        from igraph import set_random_number_generator

        set_random_number_generator(random.Random(SEED))  # to draw the same numbers each time
        try:
            found = plain.igraph.community_multilevel(weights=plain.edges[2].tolist())
        finally:
            set_random_number_generator(random)
        return _ranked(found.membership)
    parts = nx.community.louvain_communities(plain.networkx, weight="weight", seed=SEED)
    number_of = {node: number for number, part in enumerate(parts) for node in part}
    return _ranked([number_of[node] for node in plain.networkx])


def _ranked(membership: Sequence[int]) -> list[int]:
    """Return the parts numbered by size from 1, the largest; of equal ones, as they appear."""
    sizes = Counter(membership)
    rank = {part: number for number, (part, _) in enumerate(sizes.most_common(), start=1)}
    return [rank[part] for part in membership]
