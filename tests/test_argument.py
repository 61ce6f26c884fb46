"""The argument as data: what acts upon what, on whose word; who is told to do what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from govgraph.vocabulary import BASE

if TYPE_CHECKING:
    import networkx as nx

    from govgraph import KnowledgeGraph


@pytest.fixture(scope="module")
def causal(kg: KnowledgeGraph) -> nx.MultiDiGraph:
    return kg.network("causal")


def answers(
    kg: KnowledgeGraph, query: str, *columns: str, **arguments: str
) -> list[tuple[str, ...]]:
    rows = kg.query(query, **arguments)
    return [tuple(str(row[column]).removeprefix(BASE) for column in columns) for row in rows]


def ties(graph: nx.MultiDiGraph, **wanted: str) -> set[tuple[str, str]]:
    """Return the ends of the edges that have these attributes, as the last words of their ids."""
    return {
        (str(cause).rpartition("/")[2], str(effect).rpartition("/")[2])
        for cause, effect, data in graph.edges(data=True)
        if all(data.get(key) == value for key, value in wanted.items())
    }


def test_what_lowers_violence_and_on_whose_word(kg: KnowledgeGraph) -> None:
    found = answers(
        kg, "causes-of", "directionName", "causeName", "source", effect="problem/violence"
    )
    assert sorted(found) == [
        ("Lowers", "Leaders of criminal organisations who live without attacking each other",
         "Study of governance for citizen security in Europe, Colombia and Mexico"),
        ("Lowers", "Social capital", "Acero (2008)"),
        ("Lowers", "Society organised in broad networks", "Cuellar (2000)"),
        ("Prevents", "Social capital", "Acero (2008)"),
        ("Raises", "Insecurity", "Carrión (2005)"),
    ]  # fmt: skip


def test_what_violence_does(kg: KnowledgeGraph) -> None:
    found = answers(kg, "effects-of", "directionName", "effectName", cause="problem/violence")
    assert sorted(found) == [
        ("Lowers", "Economic competitiveness"),
        ("Lowers", "Well-being of citizens"),
        ("Raises", "Collaboration across sectors"),
        ("Raises", "Criticism of the Belgian government over its police in 1985"),
        ("Raises", "Insecurity"),
        ("Raises", "Insecurity"),
    ]


def test_what_the_spanish_government_is_told_to_do(kg: KnowledgeGraph) -> None:
    found = answers(
        kg, "recommendations-to", "recommendedName", "source", addressee="actor/spanish-government"
    )
    assert [row for row in sorted(found) if "Pascual" in row[1]] == [
        ("Broad support in society", "Pascual (2010)"),
        ("Citizen participation", "Pascual (2010)"),
    ]
    assert len(found) == 4


def test_who_is_spoken_of_is_not_told_to_act(kg: KnowledgeGraph) -> None:
    """The Spanish government is to let citizens take part; it is not the citizens who are told."""
    told = answers(kg, "recommendations-to", "recommended", addressee="actor-kind/citizens")
    assert {passage for passage in told if "social-support" in passage[0]} == set()
    assert len(told) == 4


def test_the_causal_network_is_signed_and_has_its_evidence(causal: nx.MultiDiGraph) -> None:
    signs = Counter((data["kind"], data["sign"]) for _, _, data in causal.edges(data=True))
    assert {sign for kind, sign in signs if kind in ("raises", "makes possible")} == {1}
    assert {sign for kind, sign in signs if kind in ("lowers", "prevents")} == {-1}
    assert all(data["passages"] and data["words"] for _, _, data in causal.edges(data=True))
    assert {kind: number for (kind, _), number in signs.items()} == {
        "raises": 61, "lowers": 23, "makes possible": 18, "prevents": 9,
    }  # fmt: skip


def test_what_prevents_what(causal: nx.MultiDiGraph) -> None:
    assert ties(causal, kind="prevents") == {
        ("child-abuse", "effective-institutions"),
        ("homicide", "effective-institutions"),
        ("human-trafficking", "effective-institutions"),
        ("sexual-violence", "effective-institutions"),
        ("lack-of-means", "government-acting-alone"),
        ("mistrust", "long-term-strategy"),
        ("no-elected-members", "local-prevention-policies"),
        ("scale-of-challenges", "government-acting-alone"),
        ("social-capital", "violence"),
    }


def test_violence_and_insecurity_feed_each_other(causal: nx.MultiDiGraph) -> None:
    raised = ties(causal, kind="raises")
    assert {("violence", "insecurity"), ("insecurity", "violence")} <= raised


def test_statements_of_one_tie_add_up(causal: nx.MultiDiGraph) -> None:
    """Two passages say that violence makes insecurity: one edge of weight 2."""
    [found] = [
        data
        for cause, effect, data in causal.edges(data=True)
        if str(cause).endswith("problem/violence") and str(effect).endswith("problem/insecurity")
    ]
    assert found["weight"] == 2
    assert len(found["passages"].split("|")) == 2


def test_every_recommendation_of_both_studies_says_what_is_to_be_done(
    kg: KnowledgeGraph, second: KnowledgeGraph
) -> None:
    asked = """PREFIX gg: <https://w3id.org/govgraph/ontology#>
SELECT (COUNT(DISTINCT ?finding) AS ?all) (COUNT(DISTINCT ?told) AS ?addressed) WHERE {
  ?finding gg:findingKind <https://w3id.org/govgraph/finding-kind/recommendation> ;
    gg:recommends ?what .
  OPTIONAL { ?finding gg:addressee ?actor BIND(?finding AS ?told) }
}"""
    assert [tuple(row.values()) for row in kg.query(asked)] == [(37, 20)]
    assert [tuple(row.values()) for row in second.query(asked)] == [(0, 0)]
