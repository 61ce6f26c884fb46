"""Measures: networkx's definitions on every kind of network, and igraph's equal to networkx's."""

from __future__ import annotations

import math
from collections.abc import Hashable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import ENGINES, measured, summarised
from govgraph.errors import UsageError
from govgraph.network.measures import centrality, registry
from govgraph.network.measures.centrality import ROLES, roles
from govgraph.network.measures.figures import FIGURES
from govgraph.network.measures.registry import (
    MEASURES,
    Measure,
    annotate,
    measure,
    parse_measures,
    uses_igraph,
)
from govgraph.network.measures.simple import simplify
from govgraph.network.reading.values import about

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
COUNTED = {
    "degree": lambda g: g.degree(),
    "in_degree": lambda g: g.in_degree(),
    "out_degree": lambda g: g.out_degree(),
    "strength": lambda g: g.degree(weight="weight"),
    "in_strength": lambda g: g.in_degree(weight="weight"),
    "out_strength": lambda g: g.out_degree(weight="weight"),
    "degree_centrality": nx.degree_centrality,
}


def simple(graph: nx.Graph) -> nx.Graph:
    """Return the graph without loops, parallel edges summed; `length` is 1/weight, exactly."""
    merged = nx.DiGraph() if graph.is_directed() else nx.Graph()
    merged.add_nodes_from(graph)
    for u, v, weight in graph.edges(data="weight", default=1):
        if u != v:
            before = merged.edges[u, v]["weight"] if merged.has_edge(u, v) else 0
            merged.add_edge(u, v, weight=before + weight)
    for _, _, data in merged.edges(data=True):
        data["length"] = 1 / Fraction(data["weight"]).limit_denominator(10**6)
    return merged


def oracle(graph: nx.Graph, name: str) -> dict[Hashable, Any] | None:  # noqa: PLR0911
    """Return networkx's own values, None for a measure that networkx does not have."""
    if name in COUNTED:
        return dict(COUNTED[name](graph))
    plain, base = simple(graph), name.removeprefix("weighted_")
    length, weight = (None, None) if base == name else ("length", "weight")
    match base:
        case "betweenness":
            return nx.betweenness_centrality(plain, weight=length)
        case "closeness":
            return nx.closeness_centrality(plain, distance=length)
        case "harmonic":
            return nx.harmonic_centrality(plain, distance=length)
        case "pagerank":
            return nx.pagerank(plain, weight=weight, tol=1e-14, max_iter=10_000) if plain else {}
        case "core":
            return nx.core_number(plain)
        case "clustering":
            return nx.clustering(plain, weight=weight)
        case "eigenvector":
            return eigenvector(plain, weight)
        case "constraint" | "effective_size":
            # Of all nodes at once networkx 3.6 divides weights by the greatest of the other node;
            # of listed nodes it does as it documents, but takes sinks for isolates.
            function = nx.constraint if base == "constraint" else nx.effective_size
            found = function(plain, nodes=list(plain), weight=weight)
            return {n: v for n, v in found.items() if plain.degree(n) == 0 or len(plain[n])}
    return None


def eigenvector(plain: nx.Graph, weight: str | None) -> dict[Hashable, float]:
    parts = (nx.strongly_connected_components if plain.is_directed() else nx.connected_components)(
        plain
    )
    order = {node: number for number, node in enumerate(plain)}
    ranked = sorted(parts, key=lambda part: (-len(part), min(order[node] for node in part)))
    found = dict.fromkeys(plain, 0.0)
    if ranked and len(ranked[0]) > 1:
        part = plain.subgraph(ranked[0])
        found |= nx.eigenvector_centrality(part, weight=weight, tol=1e-13, max_iter=10**6)
    return found


def assert_as_networkx(graph: nx.Graph, names: list[str], engine: str) -> None:
    measures = measured(graph, names, engine)
    assert measures.notes == {}
    for name in names:
        expected = oracle(graph, name)
        if expected is None:
            continue
        assert set(measures.values[name]) == set(graph)
        for node, value in expected.items():
            found = measures.values[name][node]
            if isinstance(value, float) and math.isnan(value):
                assert found is None, (name, node)
            else:
                assert found == pytest.approx(float(value), rel=1e-10, abs=1e-10), (name, node)


TESTED_APART = {
    "brokerage", "coordinator", "itinerant", "gatekeeper", "representative", "liaison",
    "component", "louvain",
}  # fmt: skip
"""Measures that networkx does not have, or numbers otherwise."""


def test_every_measure_has_values_to_be_compared_with() -> None:
    graph = nx.gnp_random_graph(12, 0.4, seed=1, directed=True)
    unchecked = {name for name in suitable(graph) if oracle(graph, name) is None}
    assert unchecked == TESTED_APART, "add the measure to `oracle`, or a test of its own"


def suitable(graph: nx.Graph) -> list[str]:
    return parse_measures("all", directed=graph.is_directed())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", STUDY)
def test_every_measure_of_the_study_is_networkxs(
    name: str, engine: str, kg: KnowledgeGraph
) -> None:
    graph = kg.network(name)
    graph.graph.pop("modes", None)  # of two modes, measures are others
    assert_as_networkx(graph, suitable(graph), engine)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    """Small graphs of every kind: directed or not, parallel edges, loops, parts, weights."""
    kind = draw(st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]))
    count = draw(st.integers(0, 9))
    graph = kind()
    graph.add_nodes_from(range(count))
    if count:
        node = st.integers(0, count - 1)
        weight = st.sampled_from([1, 2, 3, 0.5, 1 / 3])
        for u, v, w in draw(st.lists(st.tuples(node, node, weight), max_size=20)):
            graph.add_edge(u, v, weight=w)
    return graph


# Fewer measures for networks drawn at random: eigenvectors of ties in size or value are ambiguous.
DRAWN = [name for name in MEASURES if "eigenvector" not in name]


@settings(max_examples=60, deadline=None)
@given(graphs(), st.sampled_from(ENGINES))
def test_every_measure_of_any_network_is_networkxs(graph: nx.Graph, engine: str) -> None:
    assert_as_networkx(graph, [name for name in suitable(graph) if name in DRAWN], engine)


def test_eigenvector_where_it_is_defined() -> None:
    for graph in (nx.karate_club_graph(), nx.path_graph(12), nx.star_graph(5)):
        for engine in ENGINES:
            assert_as_networkx(graph, ["eigenvector", "weighted_eigenvector"], engine)
    nothing = nx.empty_graph(3)
    assert list(measure(nothing, ["eigenvector"]).values["eigenvector"].values()) == [0, 0, 0]
    acyclic = nx.DiGraph([(0, 1), (1, 2)])
    assert set(measure(acyclic, ["eigenvector"]).values["eigenvector"].values()) == {0}


@pytest.mark.parametrize("graph", [nx.Graph(), nx.MultiDiGraph(), nx.empty_graph(1)], ids=str)
@pytest.mark.parametrize("engine", ENGINES)
def test_no_network_is_too_small(graph: nx.Graph, engine: str) -> None:
    names = suitable(graph)
    found = measured(graph, names, engine)
    assert set(found.values) == set(names)
    assert all(len(values) == len(graph) for values in found.values.values())
    if len(graph):
        assert found.values["component"] == {0: 1}
        assert found.values["constraint"] == {0: None}
        assert found.values["betweenness"] == {0: 0.0}
    summary = summarised(graph, engine)
    assert list(summary) == list(FIGURES)
    assert summary["nodes"] == len(graph)
    assert summary["density"] == 0


def test_paths_of_equal_length_are_equal() -> None:
    """1/3 + 1/3 + 1/3 is 1, though not always in floating point."""
    graph = nx.Graph()
    nx.add_path(graph, "axyb", weight=3)
    graph.add_edge("a", "b", weight=1)
    graph.add_edge("a", "m", weight=7)
    for engine in ENGINES:
        values = measured(graph, ["weighted_betweenness"], engine).values
        assert values["weighted_betweenness"]["x"] == pytest.approx(3 / 6)


@pytest.mark.parametrize("engine", ENGINES)
def test_communities_and_components_are_numbered_by_size(engine: str) -> None:
    graph = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(6))
    values = measured(graph, ["component", "louvain"], engine).values
    for found in values.values():
        assert [found[node] for node in graph] == [2] * 4 + [1] * 6


@pytest.mark.parametrize("name", ["actors", "cases"])
def test_communities_are_as_good_as_networkxs(name: str, kg: KnowledgeGraph) -> None:
    plain = simple(kg.network(name))
    best = nx.community.modularity(
        plain, nx.community.louvain_communities(plain, seed=1), weight="weight"
    )
    for engine in ENGINES:
        values = measured(plain, ["louvain"], engine).values
        for found in values.values():
            parts: dict[Any, set[Hashable]] = {}
            for node, community in found.items():
                parts.setdefault(community, set()).add(node)
            assert nx.community.modularity(plain, parts.values(), weight="weight") > best - 0.03


def brute_force_brokerage(graph: nx.Graph, node: Hashable) -> int:
    before = graph.predecessors(node) if graph.is_directed() else graph[node]
    pairs = [(a, c) for a in before for c in graph[node] if a != c and not graph.has_edge(a, c)]
    return len(pairs) if graph.is_directed() else len(pairs) // 2


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_brokerage(graph: nx.Graph) -> None:
    plain = simple(graph)
    nx.set_node_attributes(plain, {node: "odd" if node % 2 else "even" for node in plain}, "sector")
    names = ["brokerage", *(n for n in ROLES if plain.is_directed() or n != "representative")]
    values = measure(plain, names).values
    for node in plain:
        total = values["brokerage"][node]
        assert total == brute_force_brokerage(plain, node)
        assert total == sum(values[name][node] or 0 for name in names if name != "brokerage")


def test_roles_of_brokers() -> None:
    graph = nx.DiGraph([("a1", "a2"), ("a2", "a3"), ("a2", "b1"), ("b2", "a2"), ("b2", "c1")])
    network = simplify(graph)
    groups = [str(node)[0] for node in network.nodes]
    found = roles(network, groups)[network.nodes.index("a2")]
    assert found == {"coordinator": 1, "representative": 1, "gatekeeper": 1, "itinerant": 1}
    nobody = roles(network, [None] * len(network))
    assert not any(nobody)


def test_large_networks_are_sampled_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.barabasi_albert_graph(300, 3, seed=1)
    exact = measure(graph, ["betweenness", "closeness", "weighted_harmonic"])
    assert not exact.notes
    for engine in ENGINES:
        for limit in ("EXACT", "EXACT_NETWORKX"):
            monkeypatch.setattr(registry, limit, 200)
        monkeypatch.setattr(registry, "SAMPLE", 100)
        found = measured(graph, list(exact.values), engine)
        assert set(found.notes.values()) == {"approximate, 100 of 300 sources"}
        for name, values in exact.values.items():
            # The hub is the hub, and the values are near.
            assert max(values, key=values.get) == max(
                found.values[name], key=found.values[name].get
            )  # type: ignore[arg-type]
            wrong = [abs(values[n] - found.values[name][n]) for n in graph]  # type: ignore[operator]
            assert sum(wrong) / sum(values.values()) < 0.25  # type: ignore[arg-type]
    annotate(graph, found)
    assert about(graph, "titles")["betweenness"] == "betweenness (approximate, 100 of 300 sources)"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("directed", [False, True])
def test_a_sample_of_all_sources_is_exact(engine: str, directed: bool) -> None:
    graph = nx.gnp_random_graph(30, 0.1, seed=2, directed=directed)
    network, everyone = simplify(graph), range(30)
    igraph = engine == "igraph"
    for expected, found in (
        (nx.betweenness_centrality,
         centrality.betweenness(network, weighted=False, sources=everyone, igraph=igraph)),
        (nx.closeness_centrality, centrality.closeness(network, weighted=False, sources=everyone)),
        (nx.harmonic_centrality, centrality.harmonic(network, weighted=False, sources=everyone)),
    ):  # fmt: skip
        scale = 29 / 30 if expected is not nx.betweenness_centrality else 1
        assert found == pytest.approx([value * scale for value in expected(graph).values()])


def test_the_size_of_a_network_decides_the_engine() -> None:
    assert not uses_igraph(simplify(nx.path_graph(1_000)))
    assert uses_igraph(simplify(nx.path_graph(1_001)))
    assert uses_igraph(simplify(nx.complete_graph(150)))


def test_the_same_network_gives_the_same_values(kg: KnowledgeGraph) -> None:
    graph = kg.network("actors")
    for engine in ENGINES:
        assert measured(graph, suitable(graph), engine) == measured(graph, suitable(graph), engine)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("betweness", "Did you mean 'betweenness'"),
        ("in_degree", "take 'degree'"),
        ("representative", "take 'gatekeeper'"),
        ("weighted_core", "There is no measure"),
    ],
)
def test_unknown_measures_are_refused(given: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_measures(given, directed=False)


def test_a_measure_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for, computed, written to the nodes and described follows from the entry."""
    squared = Measure(
        "squared",
        "the square of the degree",
        lambda task, _: [d**2 for _, d in task.graph.degree()],
    )
    monkeypatch.setitem(MEASURES, "squared", squared)
    graph = nx.path_graph(["https://example.org/a", "https://example.org/b"])
    assert "squared" in parse_measures("all", directed=False)
    measures = measure(graph, parse_measures("squared", directed=False))
    annotate(graph, measures)
    assert dict(graph.nodes(data="squared")) == dict.fromkeys(graph, 1)


def test_floats_have_as_many_digits_as_every_machine_computes_alike() -> None:
    graph = nx.karate_club_graph()
    values = measure(graph, parse_measures("all", directed=False)).values
    too_long = [
        (name, value)
        for name, by_node in values.items()
        for value in by_node.values()
        if isinstance(value, float)
        and value != (round(value, 10) if "eigenvector" in name else float(f"{value:.12g}"))
    ]
    assert too_long == []


def test_lists_of_measures() -> None:
    assert parse_measures("degree, weighted-betweenness,degree", directed=False) == [
        "degree", "weighted_betweenness",
    ]  # fmt: skip
    assert parse_measures("none", directed=False) == []
    assert set(parse_measures("all", directed=True)) == set(MEASURES)


@pytest.mark.parametrize("weight", [0, -1, math.inf, math.nan, "heavy", True])
def test_a_weight_that_is_no_length_is_refused(weight: object) -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=weight)
    with pytest.raises(UsageError, match="edge 'a' to 'b': the weight is"):
        measure(graph, ["pagerank"])
