"""Measures of a node's surroundings from sparse matrices, for large networks.

The definitions are networkx's. Matrices are multiplied a slice of rows at a time: the square of
the adjacency matrix of a large network does not fit in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from govgraph.network.measures.simple import Simple

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

_ROWS: Final = 1_000
_SETTLED: Final = 1e-13
_STEPS: Final = 400


def _adjacency(network: Simple, *, weighted: bool) -> sparse.csr_array:
    matrix = network.matrix.copy()
    if not weighted:
        matrix.data[:] = 1.0
    return matrix


def _slices(count: int) -> Iterator[slice]:
    return (slice(start, start + _ROWS) for start in range(0, count, _ROWS))


def eigenvector(network: Simple, *, weighted: bool) -> tuple[list[float], bool]:
    """Return the eigenvector centrality of a connected undirected network, and whether it settled.

    Lanczos' iteration from the vector of degrees (Golub and Van Loan, Matrix Computations, 10.1):
    the tridiagonal matrix it builds soon has the greatest eigenvalue. Sums are NumPy's own, since
    a threaded BLAS costs more than it saves here.
    """
    import numpy as np
    from scipy.linalg import eigh_tridiagonal

    matrix = _adjacency(network, weighted=weighted)
    first = matrix.sum(axis=1)
    basis = [first / np.sqrt(np.add.reduce(first * first))]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        step = matrix @ basis[-1]
        diagonal.append(float(np.add.reduce(step * basis[-1])))
        step -= diagonal[-1] * basis[-1]
        if beside:
            step -= beside[-1] * basis[-2]
        beside.append(float(np.sqrt(np.add.reduce(step * step))))
        last = len(diagonal) - 1
        done = beside[-1] < _SETTLED * abs(diagonal[0])
        if done or len(basis) == _STEPS or last % 10 == 9:
            _, shares = eigh_tridiagonal(
                diagonal, beside[:-1], select="i", select_range=(last, last)
            )
            settled = done or abs(beside[-1] * shares[-1, 0]) < _SETTLED * abs(diagonal[0])
            if settled or len(basis) == _STEPS:
                break
        basis.append(step / beside[-1])
    found = np.zeros(len(network))
    for vector, share in zip(basis, shares[:, 0], strict=True):
        found += share * vector
    found = np.abs(found)  # of one sign, by Perron and Frobenius
    length = np.sqrt(np.add.reduce(found * found))
    return (found / length).tolist(), bool(settled)


def clustering(network: Simple, *, weighted: bool) -> list[float]:
    """Return the local clustering coefficients, weighted by the geometric mean of a triangle's
    weights over the greatest (Onnela et al. 2005; directed: Fagiolo 2007); 0 below two neighbours.
    """
    import numpy as np

    weights = _adjacency(network, weighted=weighted)
    if weights.nnz:
        weights.data = np.cbrt(weights.data / weights.data.max())
    ones = _adjacency(network, weighted=False)
    if network.directed:
        both = ones.multiply(ones.T).sum(axis=1)
        weights, total = weights + weights.T, ones.sum(axis=1) + ones.sum(axis=0)
        pairs = 2 * (total * (total - 1) - 2 * both)
    else:
        total = ones.sum(axis=1)
        pairs = total * (total - 1)
    weights = weights.tocsr()
    closed = _closed(weights, weights)
    shares = np.divide(closed, pairs, out=np.zeros(len(network)), where=pairs > 0)
    return shares.tolist()  # type: ignore[no-any-return]


def _closed(one: sparse.csr_array, other: sparse.csr_array) -> np.ndarray[Any, Any]:
    """Return the diagonal of one @ other @ one.T."""
    import numpy as np

    parts = [(one[rows] @ other).multiply(one[rows]).sum(axis=1) for rows in _slices(one.shape[0])]
    return np.concatenate(parts) if parts else np.zeros(0)


def _mutual(network: Simple, *, weighted: bool) -> sparse.csr_array:
    matrix = _adjacency(network, weighted=weighted)
    return (matrix + matrix.T).tocsr()


def _scaled(matrix: sparse.csr_array, by: np.ndarray[Any, Any]) -> sparse.csr_array:
    """Return the matrix with each row divided by a number; rows of zeros stay."""
    import numpy as np
    from scipy import sparse

    factor = np.divide(1.0, by, out=np.zeros(len(by)), where=by > 0)
    return (sparse.diags_array(factor) @ matrix).tocsr()


def constraint(network: Simple, *, weighted: bool) -> list[float | None]:
    """Return Burt's constraint; None for a node without neighbours."""
    import numpy as np

    mutual = _mutual(network, weighted=weighted)
    share = _scaled(mutual, mutual.sum(axis=1))
    ties = mutual.astype(bool).astype(float)
    parts = []
    for rows in _slices(len(network)):
        invested = (share[rows] @ share + share[rows]).multiply(ties[rows]).tocsr()
        invested.data **= 2
        parts.append(invested.sum(axis=1))
    found = np.concatenate(parts) if parts else np.zeros(0)
    return _without_isolates(found, mutual)


def effective_size(network: Simple, *, weighted: bool) -> list[float | None]:
    """Return Burt's effective size of each node's neighbourhood; None without neighbours."""
    import numpy as np

    mutual = _mutual(network, weighted=weighted)
    share = _scaled(mutual, mutual.sum(axis=1))
    greatest = mutual.max(axis=1).toarray().ravel() if mutual.nnz else np.zeros(len(network))
    strength = _scaled(mutual, greatest).T.tocsr()
    ties = mutual.astype(bool).astype(float)
    parts = [
        ties[rows].sum(axis=1) - (share[rows] @ strength).multiply(ties[rows]).sum(axis=1)
        for rows in _slices(len(network))
    ]
    return _without_isolates(np.concatenate(parts) if parts else np.zeros(0), mutual)


def _without_isolates(values: np.ndarray[Any, Any], mutual: sparse.csr_array) -> list[float | None]:
    isolated = mutual.sum(axis=1) == 0
    return [None if alone else float(v) for v, alone in zip(values, isolated, strict=True)]
