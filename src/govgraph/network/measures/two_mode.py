"""Networks of two modes, such as actors and arrangements, measured as such.

Density, degree, betweenness and closeness after Borgatti and Everett (1997, Social Networks 19,
243-269): over what a network of two modes can have. Clustering after Robins and Alexander (2004,
Computational & Mathematical Organization Theory 10, 69-94): four-cycles over paths of three ties.
Modularity and its communities after Barber (2007, Physical Review E 76, 066102).
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

import networkx as nx
import numpy as np
from scipy import sparse

from govgraph.network.measures import structure
from govgraph.network.measures.simple import Numbers, SimpleNetwork, Vector
from govgraph.network.reading.values import SEPARATOR

MODE: Final = "mode"
"""The attribute that tells the nodes of the two modes apart."""


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


def scales(first: Sequence[bool]) -> dict[str, list[float]]:
    """Return for each node the most that one of its mode can have.

    The other mode's nodes, the pairs it is between, the least sum of distances.
    """
    sizes = Counter(first)

    def pairs(own: int, other: int) -> float:
        whole, rest = divmod(own - 1, other) if other else (0, 0)
        most = other**2 * (whole + 1) ** 2 + other * (whole + 1) * (2 * rest - whole - 1)
        return (most - rest * (2 * whole - rest + 3)) / 2

    def each(value: dict[bool, float]) -> list[float]:
        return [value[mode] for mode in first]

    both = (True, False)
    return {
        "degree_centrality": each({mode: sizes[not mode] for mode in both}),
        "betweenness": each({mode: pairs(sizes[mode], sizes[not mode]) for mode in both}),
        "closeness": each({mode: sizes[not mode] + 2 * (sizes[mode] - 1) for mode in both}),
    }


def communities(
    network: SimpleNetwork, first: Sequence[bool], runs: int, *, igraph: bool = False
) -> tuple[list[int], float]:
    """Return the communities of most modularity in several seeded runs, and that.

    Of one mode by Louvain's method. Of two, rows and columns of the incidence take turns to join
    the community that they are tied to more than by chance (Barber's BRIM).
    """
    if not first:
        return structure.communities(network, igraph=igraph, runs=runs)
    matrix = incidence(network, first)
    (rows, columns), ties = matrix.shape, max(float(matrix.sum()), 1.0)
    surplus = matrix / ties - np.outer(matrix.sum(axis=1), matrix.sum(axis=0)) / ties**2
    numbers, count, found = (
        random.Random(structure.SEED),
        min(rows, columns),
        np.zeros(len(first), dtype=int),
    )
    best, sides = 0.0, np.array(first)
    for _ in range(runs):
        of_column, reached, quality = np.array(numbers.choices(range(count), k=columns)), 0.0, -1.0
        while reached > quality + 1e-12:
            quality = reached
            of_row = _gain(surplus, of_column, count).argmax(axis=1)
            gain = _gain(surplus.T, of_row, count)
            of_column, reached = gain.argmax(axis=1), float(gain.max(axis=1).sum())
        if reached > best + 1e-12:
            best, found[sides], found[~sides] = reached, of_row, of_column
    return structure.ranked(found.tolist()), best


def _gain(surplus: Vector, of_column: Numbers, count: int) -> Vector:
    """Return what each row has more than by chance of each of the columns' communities."""
    gain = np.zeros((count, len(surplus)))
    np.add.at(gain, of_column, surplus.T)
    return np.round(gain.T, 12)
