"""Measures from the sparse adjacency matrix, where networkx is too slow or wrong (3.6: constraint
and effective size of all nodes); the definitions are networkx's.

Matrices are multiplied some rows at a time: the square of the adjacency matrix of a large network
does not fit in memory.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, eigs, eigsh

from govgraph.network.measures.simple import SimpleNetwork, Vector

DAMPING: Final = 0.85
_ROUNDS: Final = 245
"""Iterations of PageRank: 0.85 to this power is below the precision of a double."""
_DENSE: Final = 300
"""Up to so many nodes all eigenvectors are computed; above, only the first, by iteration."""
_ROWS: Final = 1_000


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
    """Return the share of visits of a random walk that starts anew with probability 1 - DAMPING.

    A node without outgoing edges leads everywhere alike. The number of iterations is fixed, so
    that no rounding decides when to stop.
    """
    count = len(network)
    matrix = _adjacency(network, weighted=weighted)
    out = matrix.sum(axis=1)
    onward = _scaled(matrix, out).T.tocsr()
    rank = np.full(count, 1 / max(count, 1))
    for _ in range(_ROUNDS):
        lost = rank[out == 0].sum()
        rank = DAMPING * (onward @ rank) + (1 - DAMPING + DAMPING * lost) / count
    shares: list[float] = (rank / rank.sum()).tolist()
    return shares


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
