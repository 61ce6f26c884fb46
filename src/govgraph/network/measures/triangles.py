"""Clustering in plain Python: networkx needs NumPy as soon as there are weights or directions.

The definitions are networkx's: the geometric mean of the weights of a triangle, over the greatest
weight of all (Onnela et al. 2005, Physical Review E 71, 065103), and, where edges have directions,
all eight kinds of triangle (Fagiolo 2007, Physical Review E 76, 026107).
"""

from __future__ import annotations

from govgraph.network.measures.simple import Simple


def clustering(network: Simple, *, weighted: bool) -> list[float]:
    """Return the local clustering coefficients; 0 for a node with fewer than two neighbours."""
    greatest = max(network.weights, default=1.0)
    strength: list[dict[int, float]] = [{} for _ in network.nodes]
    degree, mutual = [0] * len(network), [0] * len(network)
    for source, target, weight in zip(
        network.sources, network.targets, network.weights, strict=True
    ):
        value = (weight / greatest) ** (1 / 3) if weighted else 1.0
        for one, other in ((source, target), (target, source)):
            degree[one] += 1
            mutual[one] += other in strength[one]
            strength[one][other] = strength[one].get(other, 0.0) + value
    found = []
    for node, own in enumerate(strength):
        closed = sum(
            value * own[third] * onward
            for other, value in own.items()
            for third, onward in _smaller(own, strength[other])
        )
        pairs = degree[node] * (degree[node] - 1)
        if network.directed:
            pairs = 2 * (pairs - 2 * mutual[node])
        found.append(closed / pairs if pairs else 0.0)
    return found


def _smaller(own: dict[int, float], other: dict[int, float]) -> list[tuple[int, float]]:
    """Return the entries of `other` whose key is in `own`."""
    if len(own) < len(other):
        return [(key, other[key]) for key in own if key in other]
    return [(key, value) for key, value in other.items() if key in own]
