"""Measures of nodes: from the sparse adjacency matrix, by shortest paths, by brokerage.

The definitions are networkx's. The matrix serves where networkx is too slow or wrong (3.6:
constraint and effective size of all nodes); matrices are multiplied some rows at a time, since the
square of that of a large network does not fit in memory. Distances are SciPy's, betweenness
networkx's or igraph's; where `sources` are given, paths are taken from these nodes only and the
values are estimates. Brokerage is who stands between two that are not tied to each other (Gould and
Fernandez 1989, Sociological Methodology 19, 89-126): a broker b lies on a path a -> b -> c where a
has no edge to c. Without direction each pair is counted once, and gatekeeper is also what in a
directed network would be the representative.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import ArpackNoConvergence, eigs, eigsh

from govgraph.network.measures.simple import SimpleNetwork, Vector

DAMPING: Final = 0.85
_ROUNDS: Final = 1_000
"""Iterations of PageRank after which 0.85 to their power is nothing."""
_DENSE: Final = 300
"""Up to so many nodes all eigenvectors are computed; above, only the first, by iteration."""
_ROWS: Final = 1_000
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


def _adjacency(network: SimpleNetwork, *, weighted: bool) -> sparse.csr_array:
    return network.weights if weighted else network.ones


def _by_rows(count: int, values: Callable[[slice], Vector]) -> Vector:
    """Return the values of all rows, computed for some rows at a time."""
    parts = [values(slice(start, start + _ROWS)) for start in range(0, count, _ROWS)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _scaled(matrix: sparse.csr_array, by: Vector) -> sparse.csr_array:
    """Return the matrix with each row divided by a number; rows of zeros stay."""
    factor = np.divide(1.0, by, out=np.zeros(len(by)), where=by > 0)
    return (sparse.diags_array(factor) @ matrix).tocsr()


def pagerank(network: SimpleNetwork, *, weighted: bool) -> list[float]:
    """Return the share of visits of a random walk that starts anew with probability 1 - DAMPING."""
    weight, count = "weight" if weighted else None, max(len(network), 1)
    found = nx.pagerank(
        network.networkx, DAMPING, max_iter=_ROUNDS, tol=1e-14 / count, weight=weight
    )
    return list(found.values())


def eigenvector(network: SimpleNetwork, *, weighted: bool) -> list[float] | None:
    """Return the eigenvector centrality of a (strongly) connected network of two or more nodes.

    The left eigenvector of the greatest eigenvalue, of length 1: a node counts for those that
    point to it. None where the iteration does not settle.
    """
    matrix = _adjacency(network, weighted=weighted).T.tocsr()
    if len(network) <= _DENSE:
        solve = np.linalg.eig if network.directed else np.linalg.eigh
        eigenvalues, eigenvectors = solve(matrix.toarray())
        vector = eigenvectors[:, int(np.argmax(eigenvalues.real))]
    else:
        solve, which = (eigs, "LR") if network.directed else (eigsh, "LA")
        try:
            vector = solve(matrix, k=1, which=which, v0=matrix.sum(axis=1))[1][:, 0]
        except ArpackNoConvergence:
            return None
    vector = np.abs(vector.real)  # of one sign, by Perron and Frobenius
    centrality: list[float] = (vector / np.sqrt((vector**2).sum())).tolist()
    return centrality


def triangles(ones: sparse.csr_array) -> tuple[Vector, Vector]:
    """Return closed and all pairs of neighbours of each node, as Fagiolo (2007) has directed ones.

    In a network without direction twice the triangles, and degree times one less.
    """
    both, mutual = (ones + ones.T).tocsr(), ones.multiply(ones.T).sum(axis=1)
    closed = _by_rows(
        both.shape[0], lambda rows: (both[rows] @ both).multiply(both[rows]).sum(axis=1)
    )
    degree = both.sum(axis=1)
    return closed / 2, degree * (degree - 1) - 2 * mutual


def _mutual(network: SimpleNetwork, *, weighted: bool) -> sparse.csr_array:
    matrix = _adjacency(network, weighted=weighted)
    return (matrix + matrix.T).tocsr()


def constraint(network: SimpleNetwork, *, weighted: bool) -> list[float | None]:
    """Return how far each node's contacts are tied to each other (Burt 1992); None for isolates.

    The sum over neighbours j of (p_ij + sum_q p_iq p_qj) squared, where an edge counts by the
    weights of both directions.
    """
    mutual = _mutual(network, weighted=weighted)
    share = _scaled(mutual, mutual.sum(axis=1))
    tied = mutual.astype(bool).astype(float)

    def values(rows: slice) -> Vector:
        invested = (share[rows] @ share + share[rows]).multiply(tied[rows]).tocsr()
        invested.data **= 2
        return invested.sum(axis=1)  # type: ignore[no-any-return]

    return _without_isolates(_by_rows(len(network), values), mutual)


def effective_size(network: SimpleNetwork, *, weighted: bool) -> list[float | None]:
    """Return how many of each node's contacts are not redundant (Burt 1992); None for isolates."""
    mutual = _mutual(network, weighted=weighted)
    share = _scaled(mutual, mutual.sum(axis=1))
    greatest = mutual.max(axis=1).toarray().ravel() if mutual.nnz else np.zeros(len(network))
    strength = _scaled(mutual, greatest).T.tocsr()
    tied = mutual.astype(bool).astype(float)
    values = _by_rows(
        len(network),
        lambda rows: (
            tied[rows].sum(axis=1) - (share[rows] @ strength).multiply(tied[rows]).sum(axis=1)
        ),
    )
    return _without_isolates(values, mutual)


def _without_isolates(values: Vector, mutual: sparse.csr_array) -> list[float | None]:
    isolated = mutual.sum(axis=1) == 0
    return [None if alone else float(v) for v, alone in zip(values, isolated, strict=True)]


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


def _role(first: str | None, own: str | None, last: str | None) -> str:
    if first == last:
        return "coordinator" if own == first else "itinerant"
    if own == last:
        return "gatekeeper"
    return "representative" if own == first else "liaison"
