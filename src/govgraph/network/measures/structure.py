"""How a network falls into parts: components, cores and communities, numbered from 1.

Part 1 is the largest; of equal ones the first has the first node.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
        with _seeded():
            return _ranked(
                plain.igraph.community_multilevel(weights=plain.edges[2].tolist()).membership
            )
    parts = nx.community.louvain_communities(plain.networkx, weight="weight", seed=SEED)
    number_of = {node: number for number, part in enumerate(parts) for node in part}
    return _ranked([number_of[node] for node in plain.networkx])


def leiden(network: SimpleNetwork) -> list[int]:
    """Return Leiden communities by modularity, of the weighted network without its direction.

    Run until nothing changes, or in a network of over 100,000 edges twice.
    """
    plain = network.undirected
    if not plain.size:
        return _ranked(range(len(plain)))
    rounds = -1 if plain.size <= 100_000 else 2
    with _seeded():
        clustering = plain.igraph.community_leiden(
            objective_function="modularity", weights=plain.edges[2].tolist(), n_iterations=rounds
        )
    return _ranked(clustering.membership)


@contextmanager
def _seeded() -> Iterator[None]:
    """Let igraph draw the same random numbers each time."""
    import igraph

    igraph.set_random_number_generator(random.Random(SEED))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _ranked(membership: Sequence[int]) -> list[int]:
    """Return the parts numbered by size from 1, the largest; of equal ones, as they appear."""
    sizes = Counter(membership)
    rank = {part: number for number, (part, _) in enumerate(sizes.most_common(), start=1)}
    return [rank[part] for part in membership]
