"""How like cases are: the Jaccard index of their features, and clusters by average linkage.

Jaccard (1901): features both have / features either has. Only features known of both cases count,
so that what the passages leave out makes no two cases like or unlike. Where nothing is known of
both, or neither has anything, the index is undefined (None), and never taken for 0. An index of
three features says less than one of thirty: `overlaps` tells on how many it rests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

from govgraph.compare.comparison import Comparison, State

Overlaps: TypeAlias = Mapping[tuple[str, str], tuple[int, int]]
"""(case id, case id) -> features known of both cases: how many both have, how many either has."""
Similarity: TypeAlias = Mapping[tuple[str, str], float | None]
"""(case id, case id) -> index in [0, 1], or None; both orders are there, and each case itself."""


@dataclass(frozen=True)
class Merge:
    """One step of the clustering: two clusters of case ids that become one, at a similarity.

    `features` is the least number of features on which an index between them rests.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    similarity: float
    features: int


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


def clusters(comparison: Comparison) -> tuple[Merge, ...]:
    """Return the merges of average linkage (UPGMA), the most similar clusters first.

    The similarity of two clusters is the mean of the defined indices between their cases; clusters
    between which none is defined are never merged. Of equal similarities the first by id wins.
    """
    index, counts = similarity(comparison), overlaps(comparison)
    groups: list[tuple[str, ...]] = [(case.id,) for case in comparison.cases]
    merges = []
    while candidates := [
        (-mean, left, right)
        for left, right in combinations(sorted(groups), 2)
        if (mean := _mean(index, left, right)) is not None
    ]:
        mean, left, right = min(candidates)
        features = min(either for pair in product(left, right) if (either := counts[pair][1]))
        merges.append(Merge(left, right, -mean, features))
        groups = [group for group in groups if group not in (left, right)] + [left + right]
    return tuple(merges)


def leaf_order(comparison: Comparison) -> tuple[str, ...]:
    """Return the case ids in the order of the clusters' leaves, largest cluster first."""
    groups: set[tuple[str, ...]] = {(case.id,) for case in comparison.cases}
    for merge in clusters(comparison):
        groups -= {merge.left, merge.right}
        groups.add(merge.left + merge.right)
    ordered = sorted(groups, key=lambda group: (-len(group), group))
    return tuple(case for group in ordered for case in group)


def _mean(index: Similarity, left: tuple[str, ...], right: tuple[str, ...]) -> float | None:
    defined = [value for one in left for other in right if (value := index[one, other]) is not None]
    # Rounded, so that sums in another order do not break a tie.
    return round(sum(defined) / len(defined), 12) if defined else None
