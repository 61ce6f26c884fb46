"""Co-membership: members of the same groups joined by edges (one-mode projection).

With B the matrix of members by groups, the weights are the off-diagonal of B·Bᵀ (how many groups
two members share), or of B·diag(1/(k-1))·Bᵀ with k the size of a group (Newman 2001, Physical
Review E 64, 016132: a small group joins its members more closely than a large one). Both are
projected for each kind of membership apart, so that edges keep its kind.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Final

from govgraph.network.reading.rows import Edge, EdgeKey, add
from govgraph.network.reading.spells import ALWAYS, Spell, both, meets, merge

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
