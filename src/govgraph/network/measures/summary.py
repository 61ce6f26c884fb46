"""A network as a whole in numbers: density, components, distances, clustering, mixing.

networkx's definitions on the simple network; what is undefined (a mean of nothing, the mixing of a
network of one group) is None.
"""

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import networkx as nx
import numpy as np

from govgraph.network.measures import paths
from govgraph.network.measures.registry import EXACT, GROUPS, Value, measure
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


def summarise(graph: nx.Graph, *, groups: str = GROUPS) -> dict[str, Value]:
    """Return every figure of a network, floats with 12 significant digits.

    `groups` is the attribute that assortativity is by. Distances are left out (None) where a
    network is too large to take them all.
    """
    simple = simplify(graph)
    by_node = measure(graph, ("degree", "component", "clustering", "louvain")).values
    degree, component, clustering, community = (
        list(node_values.values()) for node_values in by_node.values()
    )
    parts = Counter(component)
    diameter, mean_distance = _distances(simple, component)
    network, undirected = simple.networkx, simple.undirected.networkx
    group_of = (graph.nodes[node].get(groups) for node in simple.nodes)
    values: dict[str, Value] = {
        "nodes": len(graph),
        "edges": graph.number_of_edges(),
        "isolates": len(graph) - len({*simple.edges[0].tolist(), *simple.edges[1].tolist()}),
        "density": float(nx.density(network)),
        "mean_degree": _mean(degree),
        "total_weight": graph.size(weight="weight"),
        "components": len(parts),
        "largest_component": parts[1] / len(graph) if parts else None,
        "diameter": diameter,
        "mean_distance": mean_distance,
        "transitivity": float(nx.transitivity(undirected)),
        "mean_clustering": _mean(clustering),
        "reciprocity": nx.reciprocity(network) if simple.directed and simple.size else None,
        "degree_assortativity": _degree_assortativity(network),
        "assortativity": _assortativity(network, list(group_of)),
        "communities": len(set(community)),
        "modularity": _modularity(undirected, community),
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


def _degree_assortativity(network: nx.Graph) -> float | None:
    """Return the correlation of degrees along edges: from out- to in-degree, if directed."""
    if network.size() < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where all degrees are the same there is none
        correlation = float(nx.degree_pearson_correlation_coefficient(network))
    # what rounding leaves of no correlation is noise, another on each machine
    return round(correlation, 12) + 0.0 if math.isfinite(correlation) else None


def _assortativity(network: nx.Graph, groups: Sequence[Any]) -> float | None:
    """Return Newman's assortativity coefficient of the edges between nodes that have a group."""
    group_of = {node: str(group) for node, group in enumerate(groups) if group is not None}
    grouped = network.subgraph(group_of).copy()
    nx.set_node_attributes(grouped, group_of, "group")
    tied = {group_of[end] for edge in grouped.edges for end in edge}
    return nx.attribute_assortativity_coefficient(grouped, "group") if len(tied) > 1 else None


def _modularity(network: nx.Graph, communities: Sequence[Value]) -> float | None:
    if not network.size():
        return None
    parts: dict[Value, list[int]] = {}
    for node, community in enumerate(communities):
        parts.setdefault(community, []).append(node)
    return float(nx.community.modularity(network, parts.values(), weight="weight"))
