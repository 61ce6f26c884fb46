"""Structural holes (Burt 1992): constraint and effective size of a node's neighbourhood.

As networkx defines them in its documentation: a tie counts by the weights of both directions, and
whoever is tied in either direction is a neighbour. (networkx itself takes a node without outgoing
edges for an isolate, unless SciPy is installed.) The time grows with the square of the degrees.
"""

from __future__ import annotations

from govgraph.network.measures.simple import Simple


def _mutual(network: Simple, *, weighted: bool) -> list[dict[int, float]]:
    """Return for each node its neighbours with the weights of both directions summed."""
    found: list[dict[int, float]] = [{} for _ in network.nodes]
    for source, target, weight in zip(
        network.sources, network.targets, network.weights, strict=True
    ):
        value = weight if weighted else 1.0
        for one, other in ((source, target), (target, source)):
            found[one][other] = found[one].get(other, 0.0) + value
    return found


def _shares(mutual: list[dict[int, float]]) -> list[dict[int, float]]:
    totals = [sum(each.values()) for each in mutual]
    return [
        {other: value / total for other, value in each.items()}
        for each, total in zip(mutual, totals, strict=True)
    ]


def constraint(network: Simple, *, weighted: bool) -> list[float | None]:
    """Return how far each node's investment goes to neighbours tied to each other.

    The sum over neighbours j of (p_ij + sum_q p_iq p_qj) squared; None without neighbours.
    """
    shares = _shares(_mutual(network, weighted=weighted))
    found: list[float | None] = []
    for own in shares:
        invested = dict(own)
        for middle, share in own.items():
            for other, onward in shares[middle].items():
                if other in own:
                    invested[other] += share * onward
        found.append(sum(value * value for value in invested.values()) if own else None)
    return found


def effective_size(network: Simple, *, weighted: bool) -> list[float | None]:
    """Return how many of each node's neighbours are not redundant.

    The sum over neighbours j of 1 - sum_q p_iq m_jq, m scaled by j's greatest; None without any.
    """
    mutual = _mutual(network, weighted=weighted)
    shares = _shares(mutual)
    greatest = [max(each.values(), default=1.0) for each in mutual]
    found: list[float | None] = []
    for own, share in zip(mutual, shares, strict=True):
        redundant = sum(
            share[middle] * tie / greatest[other]
            for middle in own
            for other, tie in mutual[middle].items()
            if other in own
        )
        found.append(len(own) - redundant if own else None)
    return found
