"""What a node stands for: groups by arrangement, case or kind; and networks of a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest

from govgraph.errors import UsageError

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

GROUPS = """SELECT ?group ?kind ?of {
  ?of <https://w3id.org/govgraph/ontology#participation>/
    <https://w3id.org/govgraph/ontology#participant> ?group .
  ?group a <https://w3id.org/govgraph/ontology#ActorGroup> ;
    <https://w3id.org/govgraph/ontology#kind> ?kind }"""


def test_by_case_the_police_of_two_cases_are_two(kg: KnowledgeGraph) -> None:
    network = kg.network("actors")
    assert network.graph["unit"] == "case"
    assert "(groups by case)" in network.graph["title"]
    assert "which nobody says they are" in network.graph["description"]
    police = {
        node: data
        for node, data in network.nodes(data=True)
        if node.startswith("actor-kind/police@")
    }
    assert len(police) > 2
    denmark = police["actor-kind/police@denmark"]
    assert denmark["label"] == "Police · Denmark"
    assert (denmark["kind"], denmark["sector"], denmark["case"]) == (
        "ActorGroup",
        "police",
        "denmark",
    )
    assert denmark["group_of"] == "actor-kind/police"
    assert denmark["iri"].endswith("/actor-kind/police")
    assert "actor-kind/police" not in network


def test_pooling_makes_the_brokers(kg: KnowledgeGraph) -> None:
    """The number that a reviewer would refuse: of Government, over ten cases."""
    kinds, cases = (nx.Graph(kg.network(name)) for name in ("kinds", "actors"))
    pooled = nx.betweenness_centrality(kinds)["actor-kind/government"]
    by_case = nx.betweenness_centrality(cases)
    assert pooled > 0.1
    assert max(v for n, v in by_case.items() if n.startswith("actor-kind/government@")) < 0.01
    pooled_actors = kg.network("actors", unit="kind").edges(data=True)
    assert nx.utils.edges_equal(kg.network("kinds").edges(data=True), pooled_actors)


def test_by_arrangement_every_group_is_itself(kg: KnowledgeGraph) -> None:
    network = kg.network("participation", unit="arrangement")
    said = {str(row["group"]) for row in kg.query(GROUPS)}
    groups = {data["iri"] for _, data in network.nodes(data=True) if data["kind"] == "ActorGroup"}
    assert groups == said
    one = network.nodes["group/dk-local-councils/police"]
    assert one["label"] == "Police · Local councils of Denmark"


def test_a_pooled_node_knows_what_is_said_of_any_of_its_groups(kg: KnowledgeGraph) -> None:
    apart, by_case = (kg.network("participation", unit=unit) for unit in ("arrangement", "case"))
    node = "actor-kind/government@italy"
    groups = [
        name for name, data in apart.nodes(data=True)
        if (data.get("group_of"), data.get("case")) == ("actor-kind/government", "italy")
    ]  # fmt: skip
    assert groups
    passages = [apart.nodes[group].get("passages", "").split("|") for group in groups]
    assert set(by_case.nodes[node].get("passages", "").split("|")) == {
        p for each in passages for p in each
    }
    assert by_case.degree(node, weight="weight") == sum(
        apart.degree(group, weight="weight") for group in groups
    )


def test_any_network_is_narrowed(kg: KnowledgeGraph) -> None:
    network = kg.network("participation", case="case/bogota")
    arrangements = {d["case"] for _, d in network.nodes(data=True) if "level" in d}
    assert arrangements == {"bogota"}
    local = kg.network("participation", level=["local"])
    assert {d["level"] for n, d in local.nodes(data=True) if "level" in d} >= {"local"}
    assert 0 < len(local) < len(kg.network("participation"))
    private = kg.network("actors", sector="private")
    assert {"private" in d["sector"] for _, d in private.nodes(data=True)} == {True}
    assert len(kg.network("causal", case="bogota")) > 1


def test_what_is_no_unit_and_no_case_is_named(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"no unit 'cases'\. Did you mean 'case'\?"):
        kg.network("actors", unit="cases")
    with pytest.raises(UsageError, match=r"has case 'bogot'\. Did you mean 'bogota'\? Known: belg"):
        kg.network("actors", case="bogot")
    with pytest.raises(UsageError, match="has no parameter 'colour'"):
        kg.network("actors", colour="red")


NAMES = [
    "actors", "kinds", "participation", "sectors", "sdg", "cases", "citations", "influence",
    "causal", "succession", "everything",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_network_says_what_it_is(name: str, kg: KnowledgeGraph) -> None:
    told = [kg.network(name, lang=lang).graph["description"] for lang in ("en", "es")]
    english, spanish = told
    assert "Nodes are" in english
    assert "a tie" in english
    assert "Coded by" in english
    assert "Los nodos son" in spanish
    assert "un vínculo" in spanish
