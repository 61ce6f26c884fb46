"""Brokerage: who stands between two that are not tied to each other (Gould and Fernandez 1989,
Sociological Methodology 19, 89-126).

A broker b lies on a path a -> b -> c where a has no edge to c. Without direction each pair is
counted once, and gatekeeper is also what in a directed network would be the representative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from govgraph.network.measures.simple import Simple

ROLES: Final[dict[str, str]] = {
    "coordinator": "brokers between two of its own group",
    "itinerant": "brokers between two of one other group",
    "gatekeeper": "brokers from another group into its own",
    "representative": "brokers from its own group to another",
    "liaison": "brokers between two different other groups",
}
"""The roles of a broker by the groups of the two it stands between."""


def brokerage(network: Simple) -> list[int]:
    """Return how many pairs each node stands between."""
    after = network.neighbours
    before = _before(network)
    found = []
    for node, leads in enumerate(after):
        total = 0
        for first in before[node]:
            onward = after[first]
            small, large = (leads, onward) if len(leads) < len(onward) else (onward, leads)
            closed = sum(1 for each in small if each in large)
            total += len(leads) - (first in leads) - closed
        found.append(total if network.directed else total // 2)
    return found


def roles(network: Simple, groups: Sequence[str | None]) -> list[Counter[str]]:
    """Return for each node how often it has which role; nodes without a group take no part."""
    after = network.neighbours
    before = _before(network)
    found = []
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
        found.append(counts)
    return found


def _role(first: str | None, own: str | None, last: str | None) -> str:
    if first == last:
        return "coordinator" if own == first else "itinerant"
    if own == last:
        return "gatekeeper"
    return "representative" if own == first else "liaison"


def _before(network: Simple) -> list[list[int]]:
    """Return for each node the nodes with an edge to it."""
    found: list[list[int]] = [[] for _ in network.nodes]
    for node, leads in enumerate(network.neighbours):
        for each in leads:
            found[each].append(node)
    return found
