"""Edges of a network kept, joined and projected, before networkx has them.

Co-membership joins members of the same groups (one-mode projection). With B the matrix of members
by groups, the weights are the off-diagonal of B·Bᵀ (how many groups two members share), or of
B·diag(1/(k-1))·Bᵀ with k the size of a group (Newman 2001, Physical Review E 64, 016132: a small
group joins its members more closely than a large one). Both are projected for each kind of
membership apart, so that edges keep its kind.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, Final, TypeAlias

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.reading.rows import Edge, EdgeKey, add
from govgraph.network.reading.spells import ALWAYS, Spell, both, dated, meets, merge

SHARED: Final = "shared"
"""The attribute of an edge that lists the groups both are members of."""
KIND: Final = "co-membership"
Edges: TypeAlias = Mapping[EdgeKey, Edge]


def co_members(
    memberships: Edges, *, newman: bool, window: Spell = ALWAYS
) -> tuple[dict[EdgeKey, Edge], set[str]]:
    """Return the edges between members, and all members (also those without any edge).

    A membership is an edge from member to group. Two members are joined as long as both are in
    the group; a group they do not meet in within the window does not join them. An edge lists the
    groups (`shared`) and gathers the values of both memberships.
    """
    groups: dict[tuple[str, str], list[tuple[str, Edge, list[Spell]]]] = defaultdict(list)
    for (member, group, kind), membership in memberships.items():
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
    return edges, {member for member, _, _ in memberships}


def joined(edges: Edges, key_of: Callable[[EdgeKey], EdgeKey]) -> dict[EdgeKey, Edge]:
    """Return the edges under other keys; where two then have the same, weights and values add."""
    found: dict[EdgeKey, Edge] = {}
    for key, edge in edges.items():
        if (new := key_of(key)) not in found:
            found[new] = edge
            continue
        one = found[new]
        values = {name: list(known) for name, known in one.values.items()}
        for name, known in edge.values.items():
            add(values, name, known)
        found[new] = Edge(one.weight + edge.weight, one.spells | edge.spells, values)
    return found


def within(edges: Edges, window: Spell, *, undated: bool) -> dict[EdgeKey, Edge]:
    """Return the edges with a year in the window, and undated ones where they are wanted."""
    return {
        key: edge
        for key, edge in edges.items()
        if (undated and (not edge.spells or ALWAYS in edge.spells))
        or meets(dated(edge.spells), window)
    }


def narrowed(
    edges: Edges, values: Mapping[str, Mapping[str, list[Any]]], where: Mapping[str, list[str]]
) -> dict[EdgeKey, Edge]:
    """Return the edges that, or an end of which, have one of the values of each filter.

    `values` are those of nodes by attribute. Raises UsageError for a value that nothing has.
    """
    kept = dict(edges)
    for name, wanted in where.items():
        column, codes = "places" if name == "place" else name, set(map(_code, wanted))
        of_edge = {
            key: {
                _code(value)
                for attributes in (edge.values, values.get(key[0], {}), values.get(key[1], {}))
                for value in attributes.get(column, ())
            }
            for key, edge in edges.items()
        }
        known = {code for found in of_edge.values() for code in found}
        for code in sorted(codes - known):
            listed, hint = ", ".join(sorted(known)) or "none", did_you_mean(code, known)
            raise UsageError(f"Nothing in the network has {name} {code!r}.{hint} Known: {listed}.")
        kept = {key: edge for key, edge in kept.items() if codes & of_edge[key]}
    return kept


def _code(value: Any) -> str:
    return str(value).rpartition("/")[2].removesuffix(">")
