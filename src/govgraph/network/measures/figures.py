"""Figures of a whole network: density, components, distances, clustering, mixing, communities.

networkx's definitions on the simple network; what is undefined (a mean of nothing, the mixing of a
network of one group) is None.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from govgraph.network.measures.centrality import Value, choose_engine, measure
from govgraph.network.measures.engines import Engine
from govgraph.network.measures.simple import Simple, simplify

if TYPE_CHECKING:
    import networkx as nx

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


def figures(graph: nx.Graph, *, engine: str = "auto", groups: str = "sector") -> dict[str, Value]:
    """Return every figure of a network; `groups` is the attribute that assortativity is by.

    Distances are left out (None) where a network is too large to take them all.
    """
    simple = simplify(graph)
    chosen = choose_engine(simple, engine)
    found = measure(graph, ("degree", "component", "clustering", "louvain"), engine=engine).values
    degrees, clustering = list(found["degree"].values()), list(found["clustering"].values())
    parts = Counter(found["component"].values())
    diameter, mean_distance = _distances(simple, chosen, list(found["component"].values()))
    return {
        "nodes": len(graph),
        "edges": graph.number_of_edges(),
        "isolates": sum(1 for each in _touched(simple) if not each),
        "density": _density(simple),
        "mean_degree": _mean(degrees),
        "total_weight": graph.size(weight="weight"),
        "components": len(parts),
        "largest_component": max(parts.values()) / len(graph) if parts else None,
        "diameter": diameter,
        "mean_distance": mean_distance,
        "transitivity": _transitivity(simple.undirected, chosen),
        "mean_clustering": _mean(clustering),
        "reciprocity": _reciprocity(simple),
        "degree_assortativity": _degree_assortativity(simple),
        "assortativity": _assortativity(simple, graph.nodes, groups),
        "communities": len(set(found["louvain"].values())),
        "modularity": _modularity(simple.undirected, list(found["louvain"].values())),
    }


def _mean(values: Sequence[Value]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _touched(simple: Simple) -> list[bool]:
    touched = [False] * len(simple)
    for end in (*simple.sources, *simple.targets):
        touched[end] = True
    return touched


def _density(simple: Simple) -> float:
    pairs = len(simple) * (len(simple) - 1)
    return simple.size * (1 if simple.directed else 2) / pairs if pairs else 0.0


def _distances(
    simple: Simple, engine: Engine, component: Sequence[Value]
) -> tuple[int | None, float | None]:
    """Return the diameter and mean distance of the largest component; None for a single node."""
    inside = [number for number, part in enumerate(component) if part == 1]
    if len(inside) < 2 or len(inside) > engine.exact_up_to:
        return None, None
    part = type(engine)(simple.undirected.part(inside))
    greatest, total = 0, 0.0
    for node in range(len(inside)):
        found = part.distances(node, weighted=False).values()
        greatest, total = max(greatest, int(max(found))), total + sum(found)
    return greatest, total / (len(inside) * (len(inside) - 1))


def _transitivity(simple: Simple, engine: Engine) -> float:
    if engine.name == "igraph":
        found = simple.igraph.transitivity_undirected()
        return 0.0 if math.isnan(found) else float(found)
    neighbours = simple.neighbours
    closed = sum(
        len(neighbours[source].keys() & neighbours[target].keys())
        for source, target in zip(simple.sources, simple.targets, strict=True)
    )
    paths = sum(len(each) * (len(each) - 1) for each in neighbours) / 2
    return closed / paths if paths else 0.0


def _reciprocity(simple: Simple) -> float | None:
    if not simple.directed or not simple.size:
        return None
    arcs = set(zip(simple.sources, simple.targets, strict=True))
    return sum((target, source) in arcs for source, target in arcs) / len(arcs)


def _degree_assortativity(simple: Simple) -> float | None:
    """Return the correlation of degrees along edges: from out- to in-degree, if directed."""
    leaving, arriving = [0] * len(simple), [0] * len(simple)
    for source, target in zip(simple.sources, simple.targets, strict=True):
        leaving[source] += 1
        arriving[target] += 1
    if not simple.directed:
        leaving = arriving = [a + b for a, b in zip(leaving, arriving, strict=True)]
    pairs = Counter(
        (leaving[source], arriving[target])
        for source, target in zip(simple.sources, simple.targets, strict=True)
    )
    if not simple.directed:
        pairs += Counter({(y, x): number for (x, y), number in pairs.items()})
    count = sum(pairs.values())
    if not count:
        return None
    mean_x = sum(x * n for (x, _), n in pairs.items()) / count
    mean_y = sum(y * n for (_, y), n in pairs.items()) / count
    varied_x = sum((x - mean_x) ** 2 * n for (x, _), n in pairs.items())
    varied_y = sum((y - mean_y) ** 2 * n for (_, y), n in pairs.items())
    shared = sum((x - mean_x) * (y - mean_y) * n for (x, y), n in pairs.items())
    spread = math.sqrt(varied_x * varied_y)
    return shared / spread if spread > 1e-12 else None


def _assortativity(
    simple: Simple, nodes: Mapping[Hashable, Mapping[str, object]], groups: str
) -> float | None:
    """Return Newman's assortativity coefficient of the edges between nodes that have a group."""
    group = [nodes[node].get(groups) for node in simple.nodes]
    pairs: Counter[tuple[str, str]] = Counter()
    for source, target in zip(simple.sources, simple.targets, strict=True):
        one, other = group[source], group[target]
        if one is not None and other is not None:
            pairs[str(one), str(other)] += 1
            if not simple.directed:
                pairs[str(other), str(one)] += 1
    count = sum(pairs.values())
    if not count:
        return None
    inside = sum(number for (one, other), number in pairs.items() if one == other) / count
    leaving: Counter[str] = Counter()
    arriving: Counter[str] = Counter()
    for (one, other), number in pairs.items():
        leaving[one] += number
        arriving[other] += number
    chance = sum(leaving[each] * arriving[each] for each in leaving) / count**2
    return (inside - chance) / (1 - chance) if chance < 1 else None


def _modularity(simple: Simple, communities: Sequence[Value]) -> float | None:
    total = sum(simple.weights)
    if not total:
        return None
    inside: defaultdict[Value, float] = defaultdict(float)
    strength: defaultdict[Value, float] = defaultdict(float)
    for source, target, weight in zip(simple.sources, simple.targets, simple.weights, strict=True):
        one, other = communities[source], communities[target]
        strength[one] += weight
        strength[other] += weight
        if one == other:
            inside[one] += weight
    return sum(
        inside[each] / total - (strength[each] / (2 * total)) ** 2
        for each in sorted(strength, key=str)
    )
