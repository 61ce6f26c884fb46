"""Who did not take part is never counted: not inferred, not in answers, not in networks."""

from __future__ import annotations

import pytest

import govgraph
from govgraph import KnowledgeGraph

CASE = """\
id: case/x
type: Case
label: {en: X, es: Equis}
place: place/rwanda
passages:
  - {id: passage/x, type: Section, label: {en: X, es: Equis}}
  - id: passage/x/1
    type: Paragraph
    partOf: passage/x
    position: 1
    says:
      - id: partnership/table
        type: Roundtable
        label: {en: Round table, es: Mesa redonda}
        case: case/x
        appliesIn: place/rwanda
        participation:
          - {participant: actor/town, role: role/convener}
        nonParticipation:
          - {nonParticipant: actor/force, roleNotTaken: role/member, certainty: certainty/low}
      - id: actor/town
        type: LocalAuthority
        label: {en: Town, es: Pueblo}
        funds: actor/force
      - {id: actor/force, type: PoliceForce, label: {en: Force, es: Cuerpo}}
    reads:
      - {id: actor/town, sector: sector/local-government}
      - {id: actor/force, sector: sector/police}
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("absent") / "x.yaml"
    path.write_text(CASE, encoding="utf-8")
    return govgraph.open([path], bundled=False)


def test_the_case_conforms(graph: KnowledgeGraph) -> None:
    assert [(row.shape, row.message) for row in graph.validate().results] == []


def test_what_follows_is_nothing_of_a_participation(graph: KnowledgeGraph) -> None:
    answer = graph.query(
        "PREFIX gg: <https://w3id.org/govgraph/ontology#> SELECT ?thing ?property {"
        " GRAPH <https://w3id.org/govgraph/graph/inferred> { ?thing ?property ?value }"
        " VALUES ?property { gg:involves gg:involvedIn gg:involvesSector gg:participationIn }"
        " FILTER(CONTAINS(STR(?thing), 'force') || CONTAINS(STR(?value), 'force')"
        " || CONTAINS(STR(?value), 'police')) }"
    )
    assert list(answer) == []
    answer = graph.query(
        "PREFIX gg: <https://w3id.org/govgraph/ontology#> SELECT ?thing {"
        " ?thing a gg:PoliceInvolvingArrangement }"
    )
    assert list(answer) == []


@pytest.mark.parametrize("name", ["who-takes-part", "takes-part-in", "actors-of-case"])
def test_no_stored_query_counts_it(graph: KnowledgeGraph, name: str) -> None:
    parameters = {
        "who-takes-part": {"arrangement": "partnership/table"},
        "takes-part-in": {"actor": "actor/force"},
        "actors-of-case": {"case": "case/x"},
    }
    rows = list(graph.query(name, **parameters[name]))
    assert "force" not in str(rows)
    assert bool(rows) is (name != "takes-part-in")


@pytest.mark.parametrize("name", ["actors", "participation", "sectors"])
def test_no_network_has_it(graph: KnowledgeGraph, name: str) -> None:
    assert "actor/force" not in str(graph.network(name).nodes)
    assert "sector/police" not in str(graph.network(name).nodes)


def test_the_whole_graph_has_the_relation_of_the_two_and_no_absence(graph: KnowledgeGraph) -> None:
    network = graph.network("everything")
    kinds = {data["kind"] for _, _, data in network.edges(data=True)}
    assert "funds" in kinds
    assert not {kind for kind in kinds if "non" in kind.lower() or "NotTaken" in kind}
