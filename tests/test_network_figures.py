"""Figures of whole networks, and networks over time."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from engines import ENGINES, summarised
from govgraph.network.measures.figures import summarise
from govgraph.network.measures.registry import measure

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

STUDY = (
    "actors",
    "succession",
    *(
        pytest.param(name, marks=pytest.mark.whole)
        for name in ("cases", "participation", "influence", "citations", "sectors")
    ),
)


def simple(graph: nx.Graph) -> nx.Graph:
    """Return the graph without loops and with parallel edges made one."""
    merged = nx.DiGraph() if graph.is_directed() else nx.Graph()
    merged.add_nodes_from(graph)
    merged.add_edges_from((u, v) for u, v in graph.edges() if u != v)
    return merged


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", STUDY)
def test_figures_are_networkxs(name: str, engine: str, kg: KnowledgeGraph) -> None:
    graph = kg.network(name)
    plain, found = simple(graph), summarised(graph, engine, groups="kind")
    undirected = plain.to_undirected()
    largest = undirected.subgraph(max(nx.connected_components(undirected), key=len))
    grouped = plain.subgraph([n for n, d in graph.nodes(data=True) if d.get("kind")]).copy()
    nx.set_node_attributes(grouped, dict(graph.nodes(data="kind")), "kind")
    expected = {
        "edges": graph.number_of_edges(),
        "isolates": nx.number_of_isolates(plain),
        "density": nx.density(plain),
        "total_weight": graph.size(weight="weight"),
        "components": nx.number_connected_components(undirected),
        "largest_component": len(largest) / len(graph),
        "diameter": nx.diameter(largest),
        "mean_distance": nx.average_shortest_path_length(largest),
        "transitivity": nx.transitivity(undirected),
        "mean_clustering": nx.average_clustering(plain),
        "reciprocity": nx.overall_reciprocity(plain) if plain.is_directed() else None,
        "degree_assortativity": nx.degree_assortativity_coefficient(plain),
        "assortativity": nx.attribute_assortativity_coefficient(grouped, "kind"),
    }
    if graph.graph.get("modes"):  # what one mode only has, test_network_chance aside
        first = [
            node
            for node, mode in graph.nodes(data="mode")
            if mode in graph.graph["modes"].split("|")[:1]
        ]
        expected |= {"density": nx.bipartite.density(undirected, first)}
        expected |= dict.fromkeys(
            ("transitivity", "mean_clustering", "reciprocity", "assortativity")
        )
        del expected["degree_assortativity"]
    for key, value in expected.items():
        if value is None or math.isnan(value):
            assert found[key] is None, key
        else:
            assert found[key] == pytest.approx(value), key


def test_modularity_is_networkxs(kg: KnowledgeGraph) -> None:
    graph = kg.network("actors")
    parts: dict[Any, set[Hashable]] = {}
    for node, community in measure(graph, ["louvain"]).values["louvain"].items():
        parts.setdefault(community, set()).add(node)
    found = summarise(graph)
    assert found["modularity"] == pytest.approx(nx.community.modularity(graph, parts.values()))
    assert found["communities"] == len(parts)


def test_no_correlation_of_degrees_is_nought_on_every_machine() -> None:
    graph = nx.Graph([(0, 1), (0, 4), (0, 5), (1, 4), (1, 5), (2, 3), (3, 4), (3, 5), (4, 5)])
    assert 0 < abs(nx.degree_pearson_correlation_coefficient(graph)) < 1e-15
    assert str(summarise(graph)["degree_assortativity"]) == "0.0"
