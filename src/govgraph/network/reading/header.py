"""What a query's header says of the network it gives: the `network` key.

#+ network:
#+   project: co-membership     # ?source members of ?target: link members that share targets
#+   directed: false
#+   nodes: networks/nodes/things
#+   lists: [passages]
#+   isolates: true
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from govgraph.errors import SourceError, did_you_mean
from govgraph.queries import StoredQuery
from govgraph.queries.header import Header, read_header

PROJECTIONS: Final = ("co-membership", "newman")
"""Weights of a pair of members: how many groups they share, or 1/(size - 1) for each of these."""

DEFAULT_NODES: Final = "networks/nodes/things"
_KEYS: Final = ("project", "directed", "nodes", "lists", "isolates", "kind")


@dataclass(frozen=True)
class NetworkHeader:
    """The `network` key of a query header.

    project    one of PROJECTIONS, or None where the rows are the edges themselves
    directed   whether ?source -> ?target has a direction; never where it is projected
    nodes      the stored query that describes the nodes, or None
    lists      columns that hold several values, separated by "|"
    isolates   whether a node that the nodes query names is kept without any edge
    kind       the kind of edges where there is no ?kind column
    """

    project: str | None = None
    directed: bool = True
    nodes: str | None = DEFAULT_NODES
    lists: frozenset[str] = frozenset()
    isolates: bool = False
    kind: str = ""


def network_header(query: StoredQuery) -> NetworkHeader:
    """Return what the header of a query says of its network; SourceError where it does not fit."""
    header = read_header(query.text, query.path or f"<{query.slug}>")
    if header is None or "network" not in header.data:
        return NetworkHeader()
    data: Any = header.data["network"]
    header.check_keys(data, _KEYS, "network")
    project = data.get("project")
    if project is not None and project not in PROJECTIONS:
        raise _misfit(header, "project", project, f"one of {', '.join(PROJECTIONS)}", PROJECTIONS)
    for key in ("directed", "isolates"):
        if not isinstance(data.get(key, False), bool):
            raise _misfit(header, key, data[key], "true or false")
    nodes = data.get("nodes", DEFAULT_NODES)
    if nodes is not None and not isinstance(nodes, str):
        raise _misfit(header, "nodes", nodes, "the name of a stored query")
    lists = data.get("lists", [])
    if not isinstance(lists, list) or not all(isinstance(item, str) for item in lists):
        raise _misfit(header, "lists", lists, "a list of columns such as [passages]")
    kind = data.get("kind", "")
    if not isinstance(kind, str):
        raise _misfit(header, "kind", kind, "a text such as co-membership")
    if project is not None and data.get("directed"):
        raise header.error("A projected network has no direction: drop 'directed'.", "network")
    return NetworkHeader(
        project,
        bool(data.get("directed", True)) and project is None,
        nodes,
        frozenset(lists),
        bool(data.get("isolates", False)),
        kind,
    )


def _misfit(
    header: Header, key: str, found: object, expected: str, choices: tuple[str, ...] = ()
) -> SourceError:
    hint = did_you_mean(str(found), choices)
    message = f"network.{key}: found {found!r}, expected {expected}.{hint}"
    return header.error(message, "network", key)
