"""Figures of a whole network from its matrix: of one at hand, or of a thousand drawn at random."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from scipy.sparse import csgraph

from govgraph.network.measures import structure, two_mode
from govgraph.network.measures.matrices import triangles
from govgraph.network.measures.simple import SimpleNetwork, Vector

Groups: TypeAlias = tuple[str | None, ...]
"""The group of each node, None where it has none."""


def figures(
    network: SimpleNetwork, first: Sequence[bool], groups: Groups
) -> dict[str, float | None]:
    """Return what is quick to compute; of two modes, as a network of two modes has it."""
    ones, count = network.ones, max(len(network), 1)
    out, into, ties = ones.sum(axis=1), ones.sum(axis=0), float(ones.sum())
    parts, part = csgraph.connected_components(ones, directed=False)
    found: dict[str, float | None] = {
        "isolates": int((out + into == 0).sum()),
        "components": parts,
        "largest_component": float(np.bincount(part).max() / count) if parts else None,
    }
    if first:
        matrix = two_mode.incidence(network, first)
        ends = np.nonzero(matrix)
        return found | {
            "density": float(matrix.mean()) if matrix.size else None,
            "robins_alexander": two_mode.closure(matrix),
            "degree_assortativity": _correlation(
                matrix.sum(axis=1)[ends[0]], matrix.sum(axis=0)[ends[1]]
            ),
        }
    undirected = network.undirected.ones
    around, pairs = triangles(undirected)
    entries = ones.tocoo()
    own, own_pairs = triangles(ones) if network.directed else (around, pairs)
    clustering = np.divide(own, own_pairs, out=np.zeros(len(own)), where=own_pairs > 0)
    return found | {
        "density": ties / (count * (count - 1)) if count > 1 else 0.0,
        "transitivity": float(around.sum() / pairs.sum()) if pairs.any() else 0.0,
        "mean_clustering": float(clustering.mean()) if len(network) else None,
        "reciprocity": (
            float(ones.multiply(ones.T).sum() / ties) if network.directed and ties else None
        ),
        "degree_assortativity": _correlation(out[entries.row], into[entries.col]),
        "assortativity": _assortativity(mixing(network, groups)),
    }


def _correlation(one: Vector, other: Vector) -> float | None:
    """Return a correlation; what rounding leaves of none is noise, another on each machine."""
    if len(one) < 2 or not np.ptp(one) or not np.ptp(other):
        return None
    return round(float(np.corrcoef(one, other)[0, 1]), 12) + 0.0


def mixing(network: SimpleNetwork, groups: Groups) -> Vector | None:
    """Return the share of ties from group to group; None where they touch fewer than two."""
    inside = _inside(groups)
    if not inside.size:
        return None
    counts: Vector = inside.T @ (network.ones @ inside)
    several = (counts.sum(axis=0) + counts.sum(axis=1) > 0).sum() > 1
    return counts / counts.sum() if several else None


@lru_cache(maxsize=8)
def _inside(groups: Groups) -> Vector:
    """Return the matrix of nodes by groups, 1 where a node is of a group."""
    names = sorted({group for group in groups if group is not None})
    return np.array([[group == name for name in names] for group in groups], dtype=float)


def _assortativity(mixed: Vector | None) -> float | None:
    """Return Newman's assortativity coefficient (2003, Physical Review E 67, 026126)."""
    if mixed is None:
        return None
    expected = float((mixed.sum(axis=0) * mixed.sum(axis=1)).sum())
    return (float(np.trace(mixed)) - expected) / (1 - expected) if expected < 1 else None


def ei_index(network: SimpleNetwork, groups: Groups) -> float | None:
    """Return ties to other groups less ties inside, over both (Krackhardt and Stern 1988)."""
    mixed = mixing(network, groups)
    return None if mixed is None else 1 - 2 * float(np.trace(mixed))


def modularity(network: SimpleNetwork, first: Sequence[bool], runs: int) -> float | None:
    """Return the greatest modularity of several seeded runs, Barber's where there are two modes."""
    if not network.size:
        return None
    if first:
        return two_mode.barber(two_mode.incidence(network, first), structure.SEED, runs)[0]
    return structure.communities(network, igraph=False, runs=runs)[1]
