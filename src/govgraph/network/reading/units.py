"""What a node stands for: groups told apart by arrangement, by case or by kind; and which rows.

"The police" who take part in an arrangement are a group of that arrangement, and nobody says that
they are the police of another. A network that takes groups as one says so in its unit.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.reading.rows import Edge, EdgeKey, add
from govgraph.texts.translations import N_

GROUP_OF: Final = "group_of"
"""The attribute of an unnamed group that names the kind of actor it is of."""
SEVERAL: Final = "several"
UNITS: Final[dict[str, tuple[str, str]]] = {
    "arrangement": (N_("groups by arrangement"), N_("A group of one arrangement is a node.")),
    "case": (
        N_("groups by case"),
        N_("The groups of one kind in one case are one node, which nobody says they are."),
    ),
    "kind": (
        N_("groups by kind"),
        N_(
            "The groups of one kind are one node, whatever the case: it tells which kinds of actor"
            " occur together, not who meets whom."
        ),
    ),
}
"""Unit -> what a title says of it, and what a sentence does."""
FILTERS: Final = ("case", "place", "level", "sector")
"""What every network can be narrowed to, whether its query has such a parameter or not."""

Values = Mapping[str, Mapping[str, list[Any]]]
"""Node -> attribute -> values."""


def check_unit(unit: str) -> None:
    """Raise UsageError for what is no unit."""
    if unit not in UNITS:
        raise UsageError(
            f"There is no unit {unit!r}.{did_you_mean(unit, UNITS)} Units: {', '.join(UNITS)}."
        )


def groups_of(nodes: Iterable[str], values: Values, unit: str) -> dict[str, tuple[str, str]]:
    """Return group -> kind and case ("" by kind), for the groups that are no nodes of their own.

    By case, a group of several cases or of none stays what it is: no other is known to be it.
    """
    groups = {}
    for node in nodes if unit != "arrangement" else ():
        kind, case = (values.get(node, {}).get(name, [""]) for name in (GROUP_OF, "case"))
        if kind[0] and (unit == "kind" or case not in ([""], [SEVERAL])):
            groups[node] = (str(kind[0]), "" if unit == "kind" else str(case[0]))
    return groups


def pooled(edges: Mapping[EdgeKey, Edge], new: Mapping[str, str]) -> dict[EdgeKey, Edge]:
    """Return the edges with ends renamed; what then has the same ends and kind is one edge."""
    merged: dict[EdgeKey, Edge] = {}
    for (source, target, kind), edge in edges.items():
        key = (new.get(source, source), new.get(target, target), kind)
        merged[key] = joined(merged[key], edge) if key in merged else edge
    return merged


def joined(one: Edge, other: Edge) -> Edge:
    """Return two edges as one: weights add up, the values of both are kept."""
    values = {name: list(added) for name, added in one.values.items()}
    for name, added in other.values.items():
        add(values, name, added)
    return Edge(one.weight + other.weight, one.spells | other.spells, values)


def narrowed(
    edges: Mapping[EdgeKey, Edge], values: Values, where: Mapping[str, list[str]]
) -> dict[EdgeKey, Edge]:
    """Return the edges that, or an end of which, have one of the values of each filter.

    Raises UsageError for a value that nothing in the network has.
    """
    kept = dict(edges)
    for name, wanted in where.items():
        column = "places" if name == "place" else name
        codes = {_code(value) for value in wanted}
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
            listed = ", ".join(sorted(known)) or "none"
            hint = did_you_mean(code, known)
            raise UsageError(f"Nothing in the network has {name} {code!r}.{hint} Known: {listed}.")
        kept = {key: edge for key, edge in kept.items() if codes & of_edge[key]}
    return kept


def _code(value: Any) -> str:
    return str(value).rpartition("/")[2].removesuffix(">")
