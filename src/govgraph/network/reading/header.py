"""What a query's header says of the network it gives: the `network` key.

#+ network: {project: co-membership, modes: [actor, arrangement], lists: [passages], unit: case}

"The police" who take part in an arrangement are a group of that arrangement, and nobody says that
they are the police of another. A network that takes groups as one says so in its unit.
"""

from dataclasses import dataclass
from typing import Final

from govgraph.queries import StoredQuery
from govgraph.queries.header import read_header
from govgraph.texts import N_

PROJECTIONS: Final = ("co-membership", "newman")
"""Weights of a pair of members: how many groups they share, or 1/(size - 1) for each of these."""
UNITS: Final[dict[str, tuple[str, str]]] = {
    "arrangement": (N_("groups by arrangement"), N_("A group of one arrangement is a node.")),
    "case": (N_("groups by case"),
             N_("The groups of one kind in one case are one node, which nobody says they are.")),
    "kind": (N_("groups by kind"),
             N_("The groups of one kind are one node, whatever the case: it tells which kinds of"
                " actor occur together, not who meets whom.")),
}  # fmt: skip
"""Unit -> what a title says of it, and what a sentence does."""
DEFAULT_NODES: Final = "networks/nodes/things"
_KEYS: Final = ("project", "directed", "nodes", "lists", "kind", "unit", "modes", "most")


@dataclass(frozen=True)
class NetworkHeader:
    """The `network` key of a query header.

    project    one of PROJECTIONS, or None where the rows are the edges themselves
    directed   whether ?source -> ?target has a direction; never where it is projected
    nodes      the stored query that describes the nodes, or None
    lists      columns that hold several values, separated by "|"
    kind       the kind of edges where there is no ?kind column
    unit       what groups without a name are told apart by, where nobody says: one of UNITS
    modes      what ?source and ?target are called where every edge runs from one to the other
    most       of how many members a group may be to tie them; None for any
    """

    project: str | None = None
    directed: bool = True
    nodes: str | None = DEFAULT_NODES
    lists: frozenset[str] = frozenset()
    kind: str = ""
    unit: str = "case"
    modes: tuple[str, ...] = ()
    most: int | None = None


def network_header(query: StoredQuery) -> NetworkHeader:
    """Return what the header of a query says of its network; SourceError where it does not fit."""
    header = read_header(query.text, query.path or f"<{query.slug}>")
    if header is None or "network" not in header.data:
        return NetworkHeader()
    header.check_keys(header.data["network"], _KEYS, "network")
    projections = " or ".join(map(repr, PROJECTIONS))
    project = header.value(
        "network", "project", expected=projections, fits=(None, *PROJECTIONS).__contains__
    )
    directed = header.truth("network", "directed")
    if project is not None and directed:
        raise header.error("A projected network has no direction: drop 'directed'.", "network")
    nodes = header.value(
        "network", "nodes", expected="the name of a stored query",
        fits=lambda value: value is None or isinstance(value, str), default=DEFAULT_NODES,
    )  # fmt: skip
    modes = header.texts("network", "modes", expected="two words such as [actor, arrangement]")
    if len(set(modes)) != 2 * bool(modes):
        raise header.error("modes: expected two words such as [actor, arrangement].", "network")
    return NetworkHeader(
        project,
        project is None and directed is not False,
        nodes,
        frozenset(header.texts("network", "lists", expected="a list of columns like [passages]")),
        header.text("network", "kind"),
        header.value(
            "network", "unit", expected=" or ".join(UNITS), fits=UNITS.__contains__, default="case"
        ),
        tuple(modes),
        header.value("network", "most", expected="a number", kind=int, fits=lambda most: most > 1),
    )
