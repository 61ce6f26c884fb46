"""Co-membership: members of the same groups joined by edges (one-mode projection).

With B the matrix of members by groups, the weights are the off-diagonal of B·Bᵀ (how many groups
two members share), or of B·diag(1/(k-1))·Bᵀ with k the size of a group (Newman 2001, Physical
Review E 64, 016132: a small group joins its members more closely than a large one). Both are
projected for each kind of membership apart, so that edges keep its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from govgraph.network.reading.rows import Edge, EdgeKey, add
from govgraph.network.reading.spells import ALWAYS, Spell, both, meets, merge

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

LARGE: Final = 20_000
"""Above so many memberships SciPy multiplies the matrices."""

SHARED: Final = "shared"
"""The attribute of an edge that lists the groups both are members of."""

KIND: Final = "co-membership"


def co_members(
    memberships: Mapping[EdgeKey, Edge], *, newman: bool, window: Spell = ALWAYS
) -> tuple[dict[EdgeKey, Edge], set[str]]:
    """Return the edges between members, and all members (also those without any edge).

    A membership is an edge from member to group. Two members are joined as long as both are in
    the group; a group they do not meet in within the window does not join them. An edge lists the
    groups (`shared`) and gathers the values of both memberships.
    """
    groups: dict[tuple[str, str], list[tuple[str, Edge, list[Spell]]]] = defaultdict(list)
    members = set()
    for (member, group, kind), membership in memberships.items():
        members.add(member)
        groups[kind, group].append((member, membership, merge(membership.spells)))
    edges: dict[EdgeKey, Edge] = {}
    for (kind, group), inside in groups.items():
        weight = 1 / (len(inside) - 1) if newman and len(inside) > 1 else 1
        inside.sort(key=lambda member: member[0])
        for (one, left, left_spells), (other, right, right_spells) in combinations(inside, 2):
            spells = both(left_spells or [ALWAYS], right_spells or [ALWAYS])
            if not meets(spells, window):
                continue
            edge = edges.setdefault((one, other, kind or KIND), Edge())
            edge.weight += weight
            edge.spells.update(spells)
            add(edge.values, SHARED, [group])
            for side in (left, right):
                for name, values in side.values.items():
                    add(edge.values, name, values)
    return edges, members


def is_large(memberships: Mapping[EdgeKey, Edge], *, timed: bool) -> bool:
    """Tell whether matrices should do it: many memberships, and no years."""
    return not timed and len(memberships) > LARGE


def project(
    members: Sequence[int] | np.ndarray[Any, Any],
    groups: Sequence[int] | np.ndarray[Any, Any],
    *,
    newman: bool = False,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the edges (one, other, weight) of memberships given as two equally long arrays of int.

    Each edge comes once, one < other, sorted; a membership given twice counts once. Weights are
    integers, or floats for Newman's.
    """
    import numpy as np
    from scipy import sparse

    one, group = np.asarray(members, dtype=np.int32), np.asarray(groups, dtype=np.int32)
    if not len(one):
        return one, one.copy(), np.zeros(0, dtype=np.float64 if newman else np.int32)
    shape = (int(one.max()) + 1, int(group.max()) + 1)
    matrix = sparse.csr_array((np.ones(len(one), dtype=np.int32), (one, group)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    left = matrix
    if newman:
        sizes = np.bincount(matrix.indices, minlength=shape[1])
        share = np.divide(1.0, sizes - 1, out=np.zeros(len(sizes)), where=sizes > 1)
        left = matrix @ sparse.diags_array(share)
    # Symmetric: by columns it is the same as by rows, and comes sorted.
    shared = (left @ matrix.T).tocsc()
    one = np.repeat(np.arange(shape[0], dtype=np.int32), np.diff(shared.indptr))
    once = np.flatnonzero(one < shared.indices)
    return one[once], shared.indices[once], shared.data[once]


def large_network(memberships: Mapping[EdgeKey, Edge], *, newman: bool) -> nx.Graph:
    """Return the projected network of many undated memberships, with weights and kinds only."""
    import networkx as nx

    names = sorted({key[0] for key in memberships})
    index = {name: number for number, name in enumerate(names)}
    by_kind: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    groups: dict[str, int] = {}
    for member, group, kind in memberships:
        members, grouped = by_kind[kind]
        members.append(index[member])
        grouped.append(groups.setdefault(group, len(groups)))
    network = nx.Graph() if len(by_kind) == 1 else nx.MultiGraph()
    network.add_nodes_from(names)
    for kind, (members, grouped) in sorted(by_kind.items()):
        one, other, weight = (part.tolist() for part in project(members, grouped, newman=newman))
        shown = kind or KIND
        for i, j, number in zip(one, other, weight, strict=True):
            key = (shown,) if network.is_multigraph() else ()
            network.add_edge(names[i], names[j], *key, weight=number, kind=shown)
    return network
