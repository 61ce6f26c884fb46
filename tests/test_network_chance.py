"""Two modes and chance: against networkx, against enumeration of all there is, by hand."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from networkx.algorithms import bipartite

from govgraph.errors import UsageError
from govgraph.network.measures import structure
from govgraph.network.measures.chance import (
    Chance,
    chance,
    null_model,
    of_nodes,
)
from govgraph.network.measures.figures import ei_index, figures, mixing, summarise
from govgraph.network.measures.registry import measure
from govgraph.network.measures.simple import simplify

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

DRAWS = 2_000


def two_modes(ties: list[tuple[str, str]]) -> nx.Graph:
    """Return a network of actors (letters) and events (numbers)."""
    graph = nx.Graph(ties, modes="actor|event")
    nx.set_node_attributes(graph, {n: "actor" if n.isalpha() else "event" for n in graph}, "mode")
    return graph


SMALL = two_modes([(a, b) for a, b in ("a1", "a2", "b2", "b3", "c1", "c3", "d3")])


def members(graph: nx.Graph) -> nx.Graph:
    """Return its actors, tied by the events they share."""
    actors = [node for node, mode in graph.nodes(data="mode") if mode == "actor"]
    joined = bipartite.weighted_projected_graph(graph, actors)
    for node in joined:
        joined.nodes[node]["member_of"] = "|".join(sorted(graph[node]))
    return joined


def all_incidences(like: Any) -> list[Any]:
    """Return every matrix of 0 and 1 with the sums of a matrix."""
    rows, columns = (like.sum(axis=axis).astype(int).tolist() for axis in (1, 0))
    choices = [list(itertools.combinations(range(len(columns)), size)) for size in rows]
    found = []
    for chosen in itertools.product(*choices):
        matrix = np.zeros((len(rows), len(columns)))
        for row, places in enumerate(chosen):
            matrix[row, list(places)] = 1
        if matrix.sum(axis=0).tolist() == columns:
            found.append(matrix)
    return found


def as_likely(drawn: list[Any], possible: set[Any]) -> bool:
    """Whether every possible one comes, all as often but for what three standard errors allow."""
    share = 1 / len(possible)
    error = 3 * math.sqrt(share * (1 - share) / len(drawn) * 3)  # draws in a row are alike
    return {*drawn} == possible and all(
        abs(drawn.count(one) / len(drawn) - share) < max(error, 0.02) for one in possible
    )


def within_three_errors(value: Chance, enumerated: list[float]) -> None:
    assert value.mean is not None
    error = np.std(enumerated) / math.sqrt(DRAWS)
    assert abs(value.mean - np.mean(enumerated)) <= 3 * max(error * 1.5, 1e-9)


def closeness(graph: nx.Graph, first: list[str]) -> dict[str, float]:
    """Return networkx's values in each part by itself, times the share of the network it is."""
    found = {}
    for nodes in nx.connected_components(graph):
        part = graph.subgraph(nodes)
        of_part = bipartite.closeness_centrality(part, [node for node in first if node in nodes])
        share = (len(nodes) - 1) / (len(graph) - 1)
        found |= {node: value * share for node, value in of_part.items()}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_two_modes_are_measured_as_networkx_has_them(seed: int) -> None:
    made = bipartite.random_graph(7, 5, 0.35, seed=seed)
    graph = two_modes([(chr(97 + a), str(b)) for a, b in made.edges])
    first = [node for node in graph if node.isalpha()]
    found = measure(graph, ["degree_centrality", "betweenness", "closeness"]).values
    for name, expected in (
        ("degree_centrality", bipartite.degree_centrality(graph, first)),
        ("betweenness", bipartite.betweenness_centrality(graph, first)),
        ("closeness", closeness(graph, first)),
    ):
        assert found[name] == pytest.approx(expected, abs=1e-9)
    values = summarise(graph)
    assert values["density"] == pytest.approx(bipartite.density(graph, first), abs=1e-9)
    assert values["robins_alexander"] == pytest.approx(
        bipartite.robins_alexander_clustering(graph), abs=1e-9
    )
    assert values["first_mode"] == len(first)
    assert values["transitivity"] is values["mean_clustering"] is None
    assert set(measure(graph, ["clustering"]).values["clustering"].values()) == {None}


def test_the_greatest_modularity_of_two_modes_is_that_of_all_partitions() -> None:
    matrix = structure.incidence(simplify(SMALL), structure.first_mode(SMALL))
    rows, columns = matrix.shape
    ties = matrix.sum()
    surplus = (matrix - np.outer(matrix.sum(axis=1), matrix.sum(axis=0)) / ties) / ties
    best = max(
        surplus[np.equal.outer(parts[:rows], parts[rows:])].sum()
        for parts in map(np.array, itertools.product(range(3), repeat=rows + columns))
    )
    assert structure.communities(simplify(SMALL), structure.first_mode(SMALL), 100)[
        1
    ] == pytest.approx(best, abs=1e-9)


def test_trades_give_every_incidence_alike() -> None:
    model = null_model(SMALL)
    matrix = structure.incidence(model.simple, model.first)
    possible = {each.tobytes() for each in all_incidences(matrix)}
    drawn = [structure.incidence(network, model.first).tobytes() for network in model.drawn(DRAWS)]
    assert len(possible) > 5
    assert as_likely(drawn, possible)


@pytest.mark.parametrize(
    "graph",
    [
        nx.Graph([(0, 1), (1, 2), (2, 3), (3, 4)]),
        nx.DiGraph([(0, 1), (1, 2), (2, 0), (2, 3)]),
        nx.DiGraph([(0, 1), (1, 2), (2, 0)]),
    ],
    ids=["ties", "arcs", "circle"],
)  # fmt: skip
def test_switches_give_every_network_alike(graph: nx.Graph) -> None:
    directed, size = graph.is_directed(), len(graph)
    pairs = list((itertools.permutations if directed else itertools.combinations)(range(size), 2))
    degrees = [dict(graph.out_degree), dict(graph.in_degree)] if directed else [dict(graph.degree)]
    possible = set()
    for chosen in itertools.combinations(pairs, graph.number_of_edges()):
        other = type(graph)(chosen)
        other.add_nodes_from(graph)
        views = [other.out_degree, other.in_degree] if directed else [other.degree]
        if [dict(view) for view in views] == degrees:
            possible.add(frozenset(chosen))
    model = null_model(graph)
    drawn = []
    for network in model.drawn(DRAWS):
        ends = zip(*(end.tolist() for end in network.edges[:2]), strict=True)
        drawn.append(frozenset(ends))
    assert as_likely(drawn, possible)


def test_figures_of_shared_events_are_those_of_all_incidences() -> None:
    graph = members(SMALL)
    found, notes = chance(graph, DRAWS, communities=False)
    assert notes == []
    incidence = structure.incidence(simplify(SMALL), structure.first_mode(SMALL))
    enumerated = []
    for matrix in all_incidences(incidence):
        shared = matrix @ matrix.T
        np.fill_diagonal(shared, 0)
        enumerated.append(nx.from_numpy_array(shared))
    within_three_errors(found["density"], [nx.density(each) for each in enumerated])
    within_three_errors(found["mean_clustering"], [nx.average_clustering(e) for e in enumerated])
    assert found["density"].observed == pytest.approx(nx.density(graph))


@pytest.mark.parametrize("name", ["actors", "influence", "cases", "participation"])
def test_figures_are_networkxs(name: str, kg: KnowledgeGraph) -> None:
    graph = kg.network(name)
    simple = simplify(graph)
    values = figures(simple, [], tuple(graph.nodes[n].get("sector") for n in simple.nodes))
    plain, undirected = simple.networkx, simple.undirected.networkx
    assert values["density"] == pytest.approx(nx.density(plain), abs=1e-12)
    assert values["transitivity"] == pytest.approx(nx.transitivity(undirected), abs=1e-12)
    assert values["mean_clustering"] == pytest.approx(nx.average_clustering(plain), abs=1e-12)
    assert values["components"] == nx.number_connected_components(undirected)
    degrees = nx.degree_pearson_correlation_coefficient(plain)
    assert values["degree_assortativity"] == pytest.approx(degrees, abs=1e-9)


def test_groups_of_brokers_are_dealt_out_anew() -> None:
    graph = nx.Graph([("a", "b"), ("b", "c"), ("b", "d")])
    groups = dict(zip("abcd", "xxyy", strict=True))
    nx.set_node_attributes(graph, groups, "sector")
    found = of_nodes(graph, ["coordinator", "liaison", "gatekeeper", "itinerant"], DRAWS)
    dealt = set(itertools.permutations("xxyy"))
    # b stands between a and c, a and d, c and d.
    inside = np.mean([
        sum(deal[1] == deal[one] == deal[other] for one, other in ((0, 2), (0, 3), (2, 3)))
        for deal in dealt
    ])  # fmt: skip
    assert found["gatekeeper"]["b"].observed == 2
    assert found["coordinator"]["b"].mean == pytest.approx(inside, abs=1e-9)
    assert found["itinerant"]["b"].mean == pytest.approx(1, abs=0.05)


def test_ei_index_by_hand() -> None:
    graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("a", "e")])
    groups = ("x", "x", "y", "y", None)
    simple = simplify(graph)
    assert ei_index(simple, groups) == pytest.approx((1 - 2) / 3)
    assert mixing(simple, ("x",) * 5) is None


def test_the_same_network_has_the_same_chance(kg: KnowledgeGraph) -> None:
    network = kg.network("actors")
    one, other = (chance(network, 30, communities=False) for _ in range(2))
    assert one == other
    table = network.beside_chance(["degree", "gatekeeper"], 20)
    assert {"degree_expected", "degree_z", "gatekeeper_z"} <= {*table.columns}


def test_what_holds_of_the_study_by_chance(kg: KnowledgeGraph) -> None:
    """Modularity is what cliques of arrangements give; sectors do keep together."""
    found, notes = chance(kg.network("kinds"), 40)
    for name in ("modularity", "mean_clustering"):
        assert abs(found[name].z or 0) < 3, name
    assert (found["assortativity"].z or 0) > 2
    assert any("have no sector" in note for note in notes)


def test_where_there_is_no_null_model_it_says_why() -> None:
    with pytest.raises(UsageError, match="no other network has as many ties at each node"):
        chance(nx.complete_graph(4), 50)
    with pytest.raises(UsageError, match="no other network has as many memberships"):
        chance(two_modes([("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]), 50)
    with pytest.raises(UsageError, match="0 random networks say nothing"):
        chance(SMALL, 0)
    with pytest.raises(UsageError, match="at most 3,000 nodes"):
        chance(nx.path_graph(3001), 50)


def test_two_modes_of_which_one_has_a_single_node_are_a_star() -> None:
    """Where networkx divides by zero: one arrangement, as a small study has."""
    star = nx.Graph([("a", "x"), ("b", "x"), ("c", "x")], modes="actor|event")
    star.add_node("d")
    for node in star:
        star.nodes[node]["mode"] = "event" if node == "x" else "actor"
    between = measure(star, "betweenness").values["betweenness"]
    assert between == {"a": 0, "b": 0, "c": 0, "d": 0, "x": 0.5}  # of six pairs three meet in x
    pair = nx.Graph([("a", "x")], modes="actor|event")
    pair.nodes["a"]["mode"], pair.nodes["x"]["mode"] = "actor", "event"
    assert measure(pair, "betweenness").values["betweenness"] == {"a": 0, "x": 0}


def test_a_pair_apart_is_not_nearer_than_who_reaches_the_rest() -> None:
    """networkx's closeness of two modes is above 1 for a pair that nothing ties to the others."""
    graph = two_modes([("a", "1"), ("b", "1"), ("b", "2"), ("c", "2"), ("z", "9")])
    near = measure(graph, "closeness").values["closeness"]
    assert max(near.values()) <= 1
    assert near["z"] == pytest.approx(1 / 6)
    assert near["b"] > near["z"]


def test_what_is_no_quantity_or_the_same_by_chance_has_no_expected_value() -> None:
    graph = two_modes([(a, b) for a in "abcd" for b in "123" if a + b not in {"a1", "b2", "c3"}])
    found = of_nodes(graph, ["degree", "component", "louvain", "betweenness"], 30)
    assert set(found) == {"degree", "betweenness"}
    assert {value.z for value in found["degree"].values()} == {None}
