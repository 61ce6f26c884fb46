"""How like cases are: the Jaccard index of their features.

Jaccard (1901): features both have / features either has. Only features known of both cases count,
so that what the passages leave out makes no two cases like or unlike. Where nothing is known of
both, or neither has anything, the index is undefined (None), and never taken for 0. An index of
three features says less than one of thirty: `overlaps` tells on how many it rests.
"""

from collections.abc import Mapping
from itertools import product
from typing import TypeAlias

from govgraph.compare.comparison import Comparison, State

Overlaps: TypeAlias = Mapping[tuple[str, str], tuple[int, int]]
"""(case id, case id) -> features known of both cases: how many both have, how many either has."""
Similarity: TypeAlias = Mapping[tuple[str, str], float | None]
"""(case id, case id) -> index in [0, 1], or None; both orders are there, and each case itself."""


def overlaps(comparison: Comparison) -> Overlaps:
    """Return for every pair of cases how many features both have, and how many either has."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for one, other in product(comparison.cases, repeat=2):
        both = either = 0
        for column in comparison.columns:
            states = (comparison.state(one, column), comparison.state(other, column))
            if all(state.known for state in states):
                both += states == (State.PRESENT, State.PRESENT)
                either += State.PRESENT in states
        counts[one.id, other.id] = both, either
    return counts


def similarity(comparison: Comparison) -> Similarity:
    """Return the Jaccard index of every pair of cases."""
    counts = overlaps(comparison)
    return {pair: both / either if either else None for pair, (both, either) in counts.items()}
