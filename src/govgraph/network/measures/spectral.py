"""PageRank and eigenvector centrality by power iteration, as networkx defines them.

networkx needs SciPy for PageRank; at the size of a case study plain Python is quicker than its
import. One iteration multiplies by the adjacency matrix once.
"""

from __future__ import annotations

from typing import Final

from govgraph.network.measures.simple import Simple

DAMPING: Final = 0.85
_PRECISION: Final = 1e-13
_BUDGET: Final = 20_000_000
"""How many edges may be gone over before an iteration that does not settle is stopped."""


def pagerank(network: Simple, *, weighted: bool) -> list[float]:
    """Return PageRank with damping 0.85; who leads nowhere leads everywhere alike.

    An edge passes on a share by its weight. The values sum to 1; [] for no nodes.
    """
    count = len(network)
    if not count:
        return []
    out = [
        [(target, weight if weighted else 1.0) for target, weight in found.items()]
        for found in network.neighbours
    ]
    totals = [sum(weight for _, weight in each) for each in out]
    rank = [1 / count] * count
    for _ in range(10_000):
        lost = sum(value for value, total in zip(rank, totals, strict=True) if not total)
        after = [(1 - DAMPING + DAMPING * lost) / count] * count
        for value, each, total in zip(rank, out, totals, strict=True):
            if total:
                share = DAMPING * value / total
                for target, weight in each:
                    after[target] += share * weight
        change = sum(abs(a - b) for a, b in zip(after, rank, strict=True))
        rank = after
        if change < _PRECISION:
            break
    total = sum(rank)
    return [value / total for value in rank]


def eigenvector(network: Simple, *, weighted: bool) -> tuple[list[float], bool]:
    """Return the eigenvector centrality of a connected network, and whether it settled.

    The left eigenvector of the largest eigenvalue, of length 1: a node counts for those that
    point to it. Iterates A + I, which has the same eigenvectors and settles if A is bipartite.
    """
    count = len(network)
    out = [
        [(target, weight if weighted else 1.0) for target, weight in found.items()]
        for found in network.neighbours
    ]
    value = [count**-0.5] * count
    edges = max(1, sum(map(len, out)))
    for _ in range(max(200, _BUDGET // edges)):
        after = list(value)
        for at, each in zip(value, out, strict=True):
            for target, weight in each:
                after[target] += at * weight
        length = sum(each * each for each in after) ** 0.5
        after = [each / length for each in after]
        change = max(abs(a - b) for a, b in zip(after, value, strict=True))
        value = after
        if change < _PRECISION:
            return value, True
    return value, False
