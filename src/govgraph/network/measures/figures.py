"""A network as a whole in numbers: density, components, distances, clustering, mixing.

The definitions of networkx on the simple network, and of `two_mode`; what is undefined (a mean of
nothing, the mixing of a network of one group) is None. `figures` is what is quick to compute, also
of a thousand networks drawn at random.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import networkx as nx
import numpy as np
from scipy.sparse import csgraph

from govgraph.network.measures import centrality, structure
from govgraph.network.measures.centrality import triangles
from govgraph.network.measures.registry import EXACT, GROUPS, Value, uses_igraph
from govgraph.network.measures.simple import Groups, SimpleNetwork, Vector, groups_of, simplify
from govgraph.network.reading.spells import ALWAYS, spells_of

FIGURES: Final[dict[str, str]] = {
    "nodes": "number of nodes",
    "first_mode": "number of nodes of the first of two modes",
    "edges": "number of edges, parallel ones and loops included",
    "undated": "number of edges without a year",
    "isolates": "number of nodes without an edge to another",
    "density": "share of the pairs of nodes that are tied; of two modes, of one from each",
    "mean_degree": "mean number of edges at a node",
    "total_weight": "sum of the weights of all edges",
    "components": "number of components, direction aside",
    "largest_component": "share of the nodes that are in the largest component",
    "diameter": "longest shortest path in the largest component, direction aside",
    "mean_distance": "mean shortest path in the largest component, direction aside",
    "transitivity": "share of the paths of two edges that are closed, direction aside",
    "mean_clustering": "mean of the clustering coefficients",
    "robins_alexander": "share of the paths of three edges that are closed (two modes)",
    "reciprocity": "share of the edges that run both ways (directed networks)",
    "degree_assortativity": "correlation of the degrees at both ends (two modes: first, second)",
    "assortativity": "how far edges stay inside a group (by sector): 1 always, 0 as by chance",
    "ei_index": "edges to other groups less those inside, over both (by sector)",
    "communities": "number of communities, isolates among them",
    "modularity": "greatest modularity of up to 100 seeded runs (Louvain; two modes: Barber)",
}
"""Name and meaning of every figure."""


def summarise(graph: nx.Graph, *, groups: str = GROUPS) -> dict[str, Value]:
    """Return every figure of a network, floats with 12 significant digits.

    `groups` is the attribute that assortativity is by. Distances are left out (None) where a
    network is too large to take them all.
    """
    simple, first = simplify(graph), structure.first_mode(graph)
    community, quality = structure.communities(simple, first, igraph=uses_igraph(simple))
    group_of, count = groups_of(graph, groups), len(graph)
    diameter, mean_distance = _distances(simple)
    values: dict[str, Value] = {
        "nodes": count,
        "first_mode": sum(first) if first else None,
        "edges": graph.number_of_edges(),
        "undated": sum(spells_of(data) == [ALWAYS] for *_, data in graph.edges(data=True)),
        "mean_degree": 2 * graph.number_of_edges() / count if count else None,
        "total_weight": graph.size(weight="weight"),
        "diameter": diameter,
        "mean_distance": mean_distance,
        "ei_index": None if first else ei_index(simple, group_of),
        "communities": len(set(community)),
        "modularity": quality if simple.size else None,
        **figures(simple, first, group_of),
    }
    return {
        name: float(f"{value:.12g}") if isinstance(value, float) else value
        for name, value in ((name, values.get(name)) for name in FIGURES)
    }


def _distances(simple: SimpleNetwork) -> tuple[int | None, float | None]:
    """Return the diameter and mean distance of the largest component; None for a single node."""
    parts = structure.components(simple)
    inside = [number for number, part in enumerate(parts) if part == 1]
    if not 2 <= len(inside) <= EXACT:
        return None, None
    greatest, total = 0, 0.0
    for block in centrality.distances(simple.undirected.part(inside)):
        greatest, total = max(greatest, int(block.max())), total + float(block.sum())
    return greatest, total / (len(inside) * (len(inside) - 1))


def figures(
    network: SimpleNetwork, first: Sequence[bool], groups: Groups
) -> dict[str, float | None]:
    """Return what is quick to compute; of two modes, as a network of two modes has it."""
    ones, count = network.ones, max(len(network), 1)
    out, into, ties = ones.sum(axis=1), ones.sum(axis=0), float(ones.sum())
    parts, part = csgraph.connected_components(ones, directed=False)
    of_any: dict[str, float | None] = {
        "isolates": int((out + into == 0).sum()),
        "components": parts,
        "largest_component": float(np.bincount(part).max() / count) if parts else None,
    }
    if first:
        matrix = structure.incidence(network, first)
        ends = np.nonzero(matrix)
        return of_any | {
            "density": float(matrix.mean()) if matrix.size else None,
            "robins_alexander": structure.closure(matrix),
            "degree_assortativity": _correlation(
                matrix.sum(axis=1)[ends[0]], matrix.sum(axis=0)[ends[1]]
            ),
        }
    undirected = network.undirected.ones
    around, pairs = triangles(undirected)
    entries = ones.tocoo()
    own, own_pairs = triangles(ones) if network.directed else (around, pairs)
    clustering = np.divide(own, own_pairs, out=np.zeros(len(own)), where=own_pairs > 0)
    return of_any | {
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
