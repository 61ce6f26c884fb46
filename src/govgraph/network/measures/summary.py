"""A network as a whole in numbers: density, components, distances, clustering, mixing.

networkx's definitions on the simple network; what is undefined (a mean of nothing, the mixing of a
network of one group) is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import networkx as nx
import numpy as np

from govgraph.network.measures import matrices, paths
from govgraph.network.measures.centrality import measure
from govgraph.network.measures.registry import EXACT, Value
from govgraph.network.measures.simple import SimpleNetwork, simplify

FIGURES: Final[dict[str, str]] = {
    "nodes": "number of nodes",
    "edges": "number of edges, parallel ones and loops included",
    "isolates": "number of nodes without an edge to another",
    "density": "share of the pairs of nodes that are tied",
    "mean_degree": "mean number of edges at a node",
    "total_weight": "sum of the weights of all edges",
    "components": "number of components, direction aside",
    "largest_component": "share of the nodes that are in the largest component",
    "diameter": "longest shortest path in the largest component, direction aside",
    "mean_distance": "mean shortest path in the largest component, direction aside",
    "transitivity": "share of the paths of two edges that are closed, direction aside",
    "mean_clustering": "mean of the clustering coefficients",
    "reciprocity": "share of the edges that run both ways (directed networks)",
    "degree_assortativity": "correlation of the degrees at the two ends of an edge",
    "assortativity": "how far edges stay inside a group (by sector): 1 always, 0 as by chance",
    "communities": "number of Louvain communities",
    "modularity": "modularity of the Louvain communities",
}
"""Name and meaning of every figure."""


def summarise(graph: nx.Graph, *, engine: str = "auto", groups: str = "sector") -> dict[str, Value]:
    """Return every figure of a network, floats with 12 significant digits.

    `groups` is the attribute that assortativity is by. Distances are left out (None) where a
    network is too large to take them all.
    """
    simple = simplify(graph)
    by_node = measure(graph, ("degree", "component", "clustering", "louvain"), engine=engine).values
    degree, component, clustering, community = (
        list(node_values.values()) for node_values in by_node.values()
    )
    parts = Counter(component)
    diameter, mean_distance = _distances(simple, component)
    pairs = len(simple) * (len(simple) - 1)
    values: dict[str, Value] = {
        "nodes": len(graph),
        "edges": graph.number_of_edges(),
        "isolates": len(graph) - len({*simple.edges[0].tolist(), *simple.edges[1].tolist()}),
        "density": simple.size * (1 if simple.directed else 2) / pairs if pairs else 0.0,
        "mean_degree": _mean(degree),
        "total_weight": graph.size(weight="weight"),
        "components": len(parts),
        "largest_component": parts[1] / len(graph) if parts else None,
        "diameter": diameter,
        "mean_distance": mean_distance,
        "transitivity": matrices.transitivity(simple),
        "mean_clustering": _mean(clustering),
        "reciprocity": _reciprocity(simple),
        "degree_assortativity": _degree_assortativity(simple),
        "assortativity": _assortativity(simple, graph.nodes, groups),
        "communities": len(set(community)),
        "modularity": _modularity(simple.undirected, community),
    }
    return {
        name: float(f"{value:.12g}") if isinstance(value, float) else value
        for name, value in values.items()
    }


def _mean(values: Sequence[Value]) -> float | None:
    return float(np.mean(np.array(values, dtype=float))) if values else None


def _distances(
    simple: SimpleNetwork, component: Sequence[Value]
) -> tuple[int | None, float | None]:
    """Return the diameter and mean distance of the largest component; None for a single node."""
    inside = [number for number, part in enumerate(component) if part == 1]
    if not 2 <= len(inside) <= EXACT:
        return None, None
    greatest, total = 0, 0.0
    for block in paths.distances(simple.undirected.part(inside)):
        greatest, total = max(greatest, int(block.max())), total + float(block.sum())
    return greatest, total / (len(inside) * (len(inside) - 1))


def _reciprocity(simple: SimpleNetwork) -> float | None:
    if not simple.directed or not simple.size:
        return None
    return int(simple.ones.multiply(simple.ones.T).nnz) / simple.size


def _ends(simple: SimpleNetwork, values: np.ndarray[Any, Any]) -> tuple[Any, Any]:
    """Return the values at both ends of every edge, undirected ones both ways round."""
    first, last = values[simple.edges[0]], values[simple.edges[1]]
    if simple.directed:
        return first, last
    return np.concatenate([first, last]), np.concatenate([last, first])


def _degree_assortativity(simple: SimpleNetwork) -> float | None:
    """Return the correlation of degrees along edges: from out- to in-degree, if directed."""
    if not simple.size:
        return None
    first, _ = _ends(simple, simple.ones.sum(axis=1))
    _, last = _ends(simple, simple.ones.sum(axis=0))
    if np.ptp(first) == 0 or np.ptp(last) == 0:
        return None
    return float(np.corrcoef(first, last)[0, 1])


def _assortativity(
    simple: SimpleNetwork, nodes: Mapping[Hashable, Mapping[str, object]], groups: str
) -> float | None:
    """Return Newman's assortativity coefficient of the edges between nodes that have a group."""
    group = [nodes[node].get(groups) for node in simple.nodes]
    names = sorted({str(g) for g in group if g is not None})
    codes = {name: code for code, name in enumerate(names)}
    numbers = np.array([-1 if g is None else codes[str(g)] for g in group], dtype=int)
    first, last = _ends(simple, numbers)
    grouped = (first >= 0) & (last >= 0)
    if not grouped.any():
        return None
    mixing = np.zeros((len(codes), len(codes)))
    np.add.at(mixing, (first[grouped], last[grouped]), 1 / grouped.sum())
    chance = float((mixing.sum(axis=1) * mixing.sum(axis=0)).sum())
    return (float(np.trace(mixing)) - chance) / (1 - chance) if chance < 1 - 1e-12 else None


def _modularity(simple: SimpleNetwork, communities: Sequence[Value]) -> float | None:
    if not simple.size:
        return None
    first, last = _ends(simple, np.array(communities, dtype=int))
    both = np.tile(simple.edges[2], 2)
    strength = np.bincount(first, both) / both.sum()
    inside = float(both[first == last].sum() / both.sum())
    return inside - float((strength**2).sum())
