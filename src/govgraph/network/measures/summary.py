"""A network as a whole in numbers: density, components, distances, clustering, mixing.

The definitions of networkx on the simple network, and of `two_mode`; what is undefined (a mean of
nothing, the mixing of a network of one group) is None.
"""

from collections.abc import Sequence
from typing import Final

import networkx as nx
import numpy as np

from govgraph.network.measures import paths, structure, two_mode
from govgraph.network.measures.figures import ei_index, figures, modularity
from govgraph.network.measures.registry import EXACT, GROUPS, Value, measure
from govgraph.network.measures.simple import SimpleNetwork, simplify

FIGURES: Final[dict[str, str]] = {
    "nodes": "number of nodes",
    "first_mode": "number of nodes of the first of two modes",
    "edges": "number of edges, parallel ones and loops included",
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
    "degree_assortativity": "correlation of the degrees at the two ends of an edge",
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
    simple, first = simplify(graph), two_mode.first_mode(graph)
    by_node = measure(graph, ("degree", "component", "louvain")).values
    degree, component, community = (list(node_values.values()) for node_values in by_node.values())
    diameter, mean_distance = _distances(simple, component)
    of_nodes = (graph.nodes[node].get(groups) for node in simple.nodes)
    known = tuple(None if group is None else str(group) for group in of_nodes)
    values: dict[str, Value] = {
        "nodes": len(graph),
        "first_mode": sum(first) if first else None,
        "edges": graph.number_of_edges(),
        "mean_degree": _mean(degree),
        "total_weight": graph.size(weight="weight"),
        "diameter": diameter,
        "mean_distance": mean_distance,
        "ei_index": None if first else ei_index(simple, known),
        "communities": len(set(community)),
        "modularity": modularity(simple, first, structure.runs_of(simple)),
        **figures(simple, first, known),
    }
    return {
        name: float(f"{value:.12g}") if isinstance(value, float) else value
        for name, value in ((name, values.get(name)) for name in FIGURES)
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
