"""Brokerage: who stands between two that are not tied to each other (Gould and Fernandez 1989,
Sociological Methodology 19, 89-126).

A broker b lies on a path a -> b -> c where a has no edge to c.
Without direction each pair is counted once, and gatekeeper is also what in a directed network
would be the representative.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from govgraph.network.measures.simple import SimpleNetwork

ROLES: Final[dict[str, str]] = {
    "coordinator": "brokers between two of its own group",
    "itinerant": "brokers between two of one other group",
    "gatekeeper": "brokers from another group into its own",
    "representative": "brokers from its own group to another",
    "liaison": "brokers between two different other groups",
}
"""The roles of a broker by the groups of the two it stands between."""


def roles(network: SimpleNetwork, groups: Sequence[str | None]) -> list[Counter[str]]:
    """Return for each node how often it has which role; nodes without a group take no part."""
    graph = network.networkx
    after = [set(graph[node]) for node in graph]
    before = [set(graph.pred[node]) for node in graph] if network.directed else after
    by_node = []
    for node, own in enumerate(groups):
        counts: Counter[str] = Counter()
        for first in before[node] if own is not None else ():
            if groups[first] is None:
                continue
            for last in after[node]:
                unordered = not network.directed and last <= first
                if last == first or unordered or groups[last] is None or last in after[first]:
                    continue
                role = _role(groups[first], own, groups[last])
                if not network.directed and role == "representative":
                    role = "gatekeeper"
                counts[role] += 1
        by_node.append(counts)
    return by_node


def pairs(network: SimpleNetwork) -> list[int]:
    """Return how many pairs each node stands between, of whatever group."""
    return [counts.total() for counts in roles(network, [""] * len(network))]


def _role(first: str | None, own: str | None, last: str | None) -> str:
    if first == last:
        return "coordinator" if own == first else "itinerant"
    if own == last:
        return "gatekeeper"
    return "representative" if own == first else "liaison"
