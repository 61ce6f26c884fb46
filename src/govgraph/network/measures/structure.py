"""How a network falls into parts, components, cores and communities, and into two modes.

Parts are numbered from 1, the largest; of equal ones the first has the first node. A network of two
modes, such as actors and arrangements, is measured as such: density, degree, betweenness and
closeness after Borgatti and Everett (1997, Social Networks 19, 243-269), over what a network of two
modes can have; clustering after Robins and Alexander (2004, Computational & Mathematical
Organization Theory 10, 69-94), four-cycles over paths of three ties; modularity and its communities
after Barber (2007, Physical Review E 76, 066102).
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

import networkx as nx
import numpy as np
from networkx.algorithms import bipartite
from scipy import sparse
from scipy.sparse import csgraph

from govgraph.network.measures.simple import Numbers, SimpleNetwork, Vector
from govgraph.network.reading.projection import MODE
from govgraph.network.reading.values import SEPARATOR

SEED: Final = 42


def _betweenness(graph: nx.Graph, first: Sequence[int]) -> dict[int, float]:
    """Return networkx's values, which divides by 0 where a mode has one node: a star then."""
    is_star = 1 in (len(first), len(graph) - len(first))
    of_two = None if is_star else bipartite.betweenness_centrality(graph, first)
    return of_two or nx.betweenness_centrality(graph)  # type: ignore[no-any-return]


def _closeness(graph: nx.Graph, first: Sequence[int]) -> dict[int, float]:
    """Return networkx's values; in a part, over what that part can have, times its share."""
    top, values = set(first), {}
    for node, lengths in nx.all_pairs_shortest_path_length(graph):
        alike = sum((end in top) == (node in top) for end in lengths)
        least, share = len(lengths) + alike - 2, (len(lengths) - 1) / max(len(graph) - 1, 1)
        values[node] = share * least / max(sum(lengths.values()), 1)
    return values


OF_TWO_MODES: Final = {
    "degree_centrality": bipartite.degree_centrality,
    "betweenness": _betweenness,
    "closeness": _closeness,
}
"""Measures that two modes have by a definition of their own."""


def first_mode(graph: nx.Graph) -> list[bool]:
    """Return for each node whether it is of the first mode; [] for a network of one mode."""
    modes = str(graph.graph.get("modes") or "").split(SEPARATOR)
    first = [mode == modes[0] for _, mode in graph.nodes(data=MODE)]
    return first if len(modes) == 2 and any(first) and not all(first) else []


def incidence(network: SimpleNetwork, first: Sequence[bool]) -> Vector:
    """Return the matrix of the first mode by the second, 1 where two are tied."""
    rows, columns = np.flatnonzero(first), np.flatnonzero(~np.array(first, dtype=bool))
    matrix: Vector = network.ones[rows][:, columns].toarray()
    return matrix


def closure(matrix: Vector) -> float | None:
    """Return 4 times the four-cycles over the paths of three ties; None where there is no path."""
    shared = sparse.csr_array(matrix) @ matrix.T  # without threads, which cost more than they save
    np.fill_diagonal(shared, 0)
    paths = (np.outer(matrix.sum(axis=1) - 1, matrix.sum(axis=0) - 1) * matrix).sum()
    return float((shared * (shared - 1)).sum() / paths) if paths else None


def components(network: SimpleNetwork, *, strong: bool = False) -> list[int]:
    """Return the number of each node's component, direction aside unless `strong`."""
    kind = "strong" if strong else "weak"
    _, membership = csgraph.connected_components(network.weights, connection=kind)
    return ranked(membership.tolist())


def _louvain(network: SimpleNetwork, *, igraph: bool, runs: int) -> tuple[list[int], float]:
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
                clustering = plain.igraph.community_multilevel(weights=plain.edges[2].tolist())
            finally:
                set_random_number_generator(random)
            quality, membership = clustering.modularity, clustering.membership
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


def communities(
    network: SimpleNetwork, first: Sequence[bool], most: int = 100, *, igraph: bool = False
) -> tuple[list[int], float]:
    """Return the communities of most modularity in several seeded runs, and that.

    There are fewer runs where there are many ties. Of one mode by Louvain's method; of two, rows
    and columns of the incidence take turns to join the community that they are tied to more than
    by chance (Barber's BRIM).
    """
    runs = max(1, min(most, 200_000 // max(network.size, 1)))
    if not first:
        return _louvain(network, igraph=igraph, runs=runs)
    matrix = incidence(network, first)
    (rows, columns), ties = matrix.shape, max(float(matrix.sum()), 1.0)
    surplus = matrix / ties - np.outer(matrix.sum(axis=1), matrix.sum(axis=0)) / ties**2
    numbers, count = random.Random(SEED), min(rows, columns)
    communities = np.zeros(len(first), dtype=int)
    best, sides = 0.0, np.array(first)
    for _ in range(runs):
        of_column, reached, quality = np.array(numbers.choices(range(count), k=columns)), 0.0, -1.0
        while reached > quality + 1e-12:
            quality = reached
            of_row = _gain(surplus, of_column, count).argmax(axis=1)
            gain = _gain(surplus.T, of_row, count)
            of_column, reached = gain.argmax(axis=1), float(gain.max(axis=1).sum())
        if reached > best + 1e-12:
            best, communities[sides], communities[~sides] = reached, of_row, of_column
    return ranked(communities.tolist()), best


def _gain(surplus: Vector, of_column: Numbers, count: int) -> Vector:
    """Return what each row has more than by chance of each of the columns' communities."""
    gain = np.zeros((count, len(surplus)))
    np.add.at(gain, of_column, surplus.T)
    return np.round(gain.T, 12)
