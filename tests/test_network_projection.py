"""Networks from queries: the stored ones, one's own, co-membership, years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govgraph.errors import SourceError, UsageError
from govgraph.network.reading.projection import co_members, network_queries
from govgraph.network.reading.rows import Edge, read_nodes
from govgraph.network.reading.spells import both, merge, spells_of, text
from govgraph.queries import load_library, unmet
from reference import run_rdflib, same_answer

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

QUERIES = Path(__file__).parents[1] / "queries"
LIBRARY = load_library(QUERIES)
NETWORKS = {slug: query for slug, query in LIBRARY.items() if slug.startswith("networks/")}
NAMES = list(network_queries(LIBRARY))
GG = "https://w3id.org/govgraph/ontology#"


def own(folder: Path, query: str) -> Path:
    path = folder / "mine.rq"
    path.write_text(query, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_network_is_a_graph_with_typed_attributes(name: str, kg: KnowledgeGraph) -> None:
    network = kg.network(name)
    assert len(network) > 5
    assert network.number_of_edges() > 5
    assert network.graph["name"] == name
    for node, data in network.nodes(data=True):
        assert data["label"], node
        assert data["iri"].startswith("http")
        assert {type(value) for value in data.values()} <= {str, int, float, bool}
        assert "/" not in data.get("sector", "")
    for _, _, data in network.edges(data=True):
        assert data["kind"]
        assert data["weight"] > 0
        assert all(isinstance(data[key], int) for key in ("start", "end") if key in data)


@pytest.mark.parametrize("slug", NETWORKS)
def test_a_network_query_answers_as_expected(slug: str, kg: KnowledgeGraph) -> None:
    query = NETWORKS[slug]
    assert query.path
    assert unmet(query.expect, kg.query(query.path)) == []
    assert {*query.translated["question"]} == {*query.translated["summary"]} == {"es"}
    assert "network" in query.tags


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.xdist_group("query-library")  # so that one worker alone loads rdflib's copy
@pytest.mark.parametrize("slug", ["networks/actors", "networks/influence", "networks/citations"])
def test_rdflib_agrees(slug: str, kg: KnowledgeGraph) -> None:
    query = NETWORKS[slug]
    assert query.path
    mine, other = kg.query(query.path), run_rdflib(query.text, kg.dataset)
    lists = [number for number, name in enumerate(mine.columns) if name == "passages"]

    def comparable(rows: tuple[tuple[object, ...], ...]) -> list[list[str]]:
        # The order inside GROUP_CONCAT is open.
        return sorted(
            [
                str(sorted(str(getattr(cell, "value", cell)).split("|"))) if n in lists
                else str(getattr(cell, "value", cell))
                for n, cell in enumerate(row)
            ]
            for row in rows
        )  # fmt: skip

    if lists:
        assert comparable(mine.rows) == comparable(other.rows)
    else:
        assert same_answer(mine, other)


def test_actors_who_share_an_arrangement_are_tied(kg: KnowledgeGraph) -> None:
    network = kg.network("actors")
    tie = network.edges["actor/el-tiempo", "actor/chamber-of-commerce-bogota"]
    assert tie["shared"] == "instrument/bogota-como-vamos"
    assert (tie["weight"], tie["start"], tie["kind"]) == (1, 1998, "co-membership")
    assert "passage/3.3/3" in tie["passages"]
    assert network.nodes["actor/el-tiempo"]["label"] == "El Tiempo"
    assert network.nodes["actor/el-tiempo"]["sector"] == "private"
    assert network.nodes["actor/el-tiempo"]["roles"] == "founder|initiator"


def test_labels_come_in_the_language_asked_for(kg: KnowledgeGraph) -> None:
    assert kg.network("sectors", lang="es").nodes["sector/private"]["label"] == "Iniciativa privada"
    assert kg.network("sectors", lang="fr").nodes["sector/private"]["label"] == "Private initiative"


def test_kinds_run_side_by_side(kg: KnowledgeGraph) -> None:
    network = kg.network("participation")
    assert isinstance(network, nx.MultiGraph)
    roles = network["actor/el-tiempo"]["instrument/bogota-como-vamos"]
    assert set(roles) >= {"founder", "initiator"}


def test_cases_are_tied_by_what_a_handful_of_them_have(kg: KnowledgeGraph) -> None:
    network = kg.network("cases")
    assert (len(network), network.number_of_edges(), network.is_multigraph()) == (13, 39, False)
    tie = network.edges["case/belgium", "case/france"]
    assert tie["weight"] == len(tie["shared"].split("|")) == 7
    holders: dict[str, int] = {}
    for _, shared in network.nodes(data="member_of"):
        for feature in filter(None, (shared or "").split("|")):
            holders[feature] = holders.get(feature, 0) + 1
    assert max(holders.values()) == 5
    assert not {"sector/government", "sector/society"} & {*holders}
    assert "features that at most five cases have" in network.graph["description"]
    assert set(tie["features"].split("|")) <= {
        "aim", "approach", "arrangement", "criterion", "level", "model", "principle", "problem",
        "role", "sector", "setting",
    }  # fmt: skip


def test_a_group_may_be_too_large_to_tie(tmp_path: Path, kg: KnowledgeGraph) -> None:
    rows = (
        "(<urn:a> <urn:x>) (<urn:b> <urn:x>) (<urn:a> <urn:y>) (<urn:b> <urn:y>) (<urn:c> <urn:y>)"
    )
    text = f"SELECT * {{ VALUES (?source ?target) {{ {rows} }} }}"
    path = tmp_path / "mine.rq"
    path.write_text("#+ network: {project: co-membership, most: 2}\n" + text, encoding="utf-8")
    network = kg.network(path)
    assert list(network.edges(data="weight")) == [("urn:a", "urn:b", 1)]
    assert "urn:c" in network
    path.write_text("#+ network: {project: co-membership, most: 1}\n" + text, encoding="utf-8")
    with pytest.raises(SourceError, match="expected a number"):
        kg.network(path)


def test_succession_points_forwards(kg: KnowledgeGraph) -> None:
    network = kg.network("succession")
    assert network.is_directed()
    assert nx.is_directed_acyclic_graph(network)
    later = "instrument/be-security-and-prevention-contracts"
    assert network.edges["instrument/be-prevention-contracts", later]["kind"] == "replaced by"


def test_the_whole_graph_has_no_schema_in_it(kg: KnowledgeGraph) -> None:
    network = kg.network("everything")
    assert isinstance(network, nx.MultiDiGraph)
    terms = {f"{GG}{kind}" for _, _, kind in network.edges(keys=True)}
    declared = {str(row["p"]) for row in kg.query(
        "SELECT ?p { ?p a <http://www.w3.org/2002/07/owl#ObjectProperty> }"
    )}  # fmt: skip
    assert terms <= declared
    ours = ("https://w3id.org/govgraph/", "http://metadata.un.org/sdg/")
    assert all(data["iri"].startswith(ours) for _, data in network.nodes(data=True))
    assert not any(node.startswith(("gg:", "graph/", "query/")) for node in network)
    # Once each, however many passages say it.
    assert network.number_of_edges() == len(set(network.edges(keys=True)))


def test_a_network_of_some_years(kg: KnowledgeGraph) -> None:
    every = kg.network("actors")
    early = kg.network("actors", end=1996, undated=False)
    assert 0 < len(early) < len(every)
    assert "actor/el-tiempo" not in early
    assert all(data["start"] <= 1996 for _, _, data in early.edges(data=True))
    undated = kg.network("actors", end=1900)
    assert 0 < undated.number_of_edges() < every.number_of_edges()
    assert not any("start" in data for _, _, data in undated.edges(data=True))
    assert kg.network("actors", start=1996).graph["start"] == 1996


def test_ones_own_query(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = own(
        tmp_path,
        f"PREFIX gg: <{GG}> SELECT ?source ?target ?source_colour ?note {{"
        " ?target gg:participation/gg:participant ?source"
        ' BIND("blue" AS ?source_colour) BIND(true AS ?note) }',
    )
    network = kg.network(path)
    assert isinstance(network, nx.DiGraph)
    assert network.graph["name"] == "mine"
    tie = network.edges["actor/el-tiempo", "instrument/bogota-como-vamos"]
    assert tie["note"] is True
    assert tie["weight"] >= 1
    assert network.nodes["actor/el-tiempo"]["colour"] == "blue"
    assert network.nodes["actor/el-tiempo"]["kind"] == "NewsOutlet"


def rows(values: str, header: str = "") -> str:
    return f"{header}SELECT * {{ VALUES ({values} }}"


def test_rows_of_one_edge_add_up(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = own(tmp_path, rows(
        '?source ?target ?kind ?weight ?start ?end ?tags) {'
        ' ("a" "b" "k" 2 1990 1992 "x|y") ("b" "a" "k" 0.5 "1995" UNDEF "y|z")'
        ' ("a" "b" "l" UNDEF UNDEF UNDEF UNDEF) }',
        "#+ network: {directed: false, lists: [tags], nodes: null}\n",
    ))  # fmt: skip
    network = kg.network(path)
    assert isinstance(network, nx.MultiGraph)
    tie = network["a"]["b"]["k"]
    assert tie["weight"] == 2.5
    assert tie["tags"] == "x|y|z"
    assert (tie["start"], tie.get("end")) == (1990, None)
    assert tie["periods"] == "1990/1992|1995/.."
    assert network["a"]["b"]["l"] == {"weight": 1, "kind": "l"}
    assert set(kg.network(path, start=1993, end=1994, undated=False)) == set()
    assert network.nodes["a"] == {"label": "a"}


def test_values_keep_their_type(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = own(tmp_path, rows(
        '?source ?target ?n ?d ?b ?day ?iri) {'
        ' (<urn:a> <urn:b> 3 2.5 true "2001-02-03"^^<http://www.w3.org/2001/XMLSchema#date>'
        " <https://w3id.org/govgraph/security-alliances/place/bogota>) }"
    ))  # fmt: skip
    tie = kg.network(path).edges["urn:a", "urn:b"]
    assert (tie["n"], tie["d"], tie["b"], tie["iri"]) == (3, 2.5, True, "place/bogota")
    assert tie["day"].year == 2001


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?from ?to { ?from ?p ?to }", "No column ?source and ?target"),
        ("SELECT ?sorce ?target { ?sorce ?p ?target }", "Did you mean 'sorce'"),
        ("ASK { ?s ?p ?o }", "SELECT"),
        (rows('?source ?target ?weight) { ("a" "b" "many") }'), "number greater than 0"),
        (rows('?source ?target ?weight) { ("a" "b" -1) }'), "number greater than 0"),
        (rows('?source ?target ?weight) { ("a" "b" 0) }'), "(source a, target b)"),
        (rows('?source ?target) { ("" "b") }'), "names no node"),
        (rows('?source ?target) { ("a" "b") }', "#+ network: {project: newmann}\n"), "'newman'"),
        (rows('?source ?target) { ("a" "b") }', "#+ network: {directed: 1}\n"), "true or false"),
        (rows('?source ?target) { ("a" "b") }', "#+ network: {arrows: true}\n"), "Unknown key"),
        (rows('?source ?target) { ("a" "b") }', "#+ network: {lists: tags}\n"), "a list"),
        (rows('?source ?target) { ("a" "b") }', "#+ network: {nodes: 3}\n"), "stored query"),
    ],
)
def test_a_query_that_is_no_network_is_refused(
    query: str, message: str, tmp_path: Path, kg: KnowledgeGraph
) -> None:
    path = own(tmp_path, query)
    with pytest.raises(SourceError) as caught:
        kg.network(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


BAD_YEARS = """?source ?target ?start ?end) {
 (<urn:a> <urn:b> 2000 1990) (<urn:a> <urn:b> 1991 1993) (<urn:a> <urn:c> 2007 2006)
 (<urn:c> <urn:d> "soon" UNDEF) (<urn:d> <urn:e> 1980 1979) (<urn:d> <urn:e> 1981 1979) }"""


def test_years_that_cannot_be_are_left_out_with_a_warning(
    tmp_path: Path, kg: KnowledgeGraph, recwarn: pytest.WarningsRecorder
) -> None:
    network = kg.network(own(tmp_path, rows(BAD_YEARS, "#+ network: {nodes: null}\n")))
    edges = network.edges(data=True)
    ties = {tuple(ends): (tie.get("start"), tie.get("end")) for *ends, tie in edges}
    assert ties == {
        ("urn:a", "urn:b"): (1991, 1993),
        ("urn:a", "urn:c"): (None, None),
        ("urn:c", "urn:d"): (None, None),
        ("urn:d", "urn:e"): (None, None),
    }
    [said] = [str(warning.message) for warning in recwarn]
    assert "mine.rq: the years of 5 rows are left out: ?start" in said
    assert "?start: found 'soon', expected a year such as 1998 or a date (source urn:c" in said
    assert "?start 2007 is after ?end 2006 (source urn:a, target urn:c)" in said
    assert said.count("(source ") == 3
    assert "; and 2 more." in said


def test_years_of_a_node_that_cannot_be_are_left_out(
    tmp_path: Path, kg: KnowledgeGraph, recwarn: pytest.WarningsRecorder
) -> None:
    query = "SELECT * { VALUES (?node ?start ?end) { (<urn:a> 2000 1990) (<urn:b> 1990 UNDEF) } }"
    result = kg.query(query)
    found = {node: values for node, _, values in read_nodes(result, "nodes", ())}
    assert found == {"urn:a": {}, "urn:b": {"start": [1990]}}
    assert "(node urn:a)" in " ".join(str(warning.message) for warning in recwarn)


def test_unknown_names_are_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="Did you mean 'actors'"):
        kg.network("actrs")
    with pytest.raises(UsageError, match="no span of years"):
        kg.network("actors", start=2000, end=1990)


MEMBERSHIPS = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 6)), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(MEMBERSHIPS, st.booleans())
def test_co_membership_is_that_of_networkx(pairs: set[tuple[int, int]], newman: bool) -> None:
    bipartite = nx.Graph((f"m{member}", f"g{group}") for member, group in pairs)
    members = sorted({f"m{member}" for member, _ in pairs})
    oracle = (
        nx.bipartite.collaboration_weighted_projected_graph
        if newman
        else nx.bipartite.weighted_projected_graph
    )(bipartite, members)
    expected = {frozenset(ends): w for *ends, w in oracle.edges(data="weight")}

    memberships = {(f"m{member}", f"g{group}", ""): Edge(1) for member, group in sorted(pairs)}
    ties, parted = co_members(memberships, newman=newman)
    assert parted == set()
    assert {frozenset(key[:2]): pytest.approx(tie.weight) for key, tie in ties.items()} == expected


def test_members_who_never_meet_are_not_tied() -> None:
    memberships = {
        ("a", "x", ""): Edge(1, {(1980, 1985)}),
        ("b", "x", ""): Edge(1, {(1986, None)}),
        ("c", "x", ""): Edge(1, {(1984, 1990)}),
    }
    ties, parted = co_members(memberships, newman=False)
    assert parted == {("a", "b")}
    assert {key[:2]: merge(tie.spells) for key, tie in ties.items()} == {
        ("a", "c"): [(1984, 1985)],
        ("b", "c"): [(1986, 1990)],
    }
    late, _ = co_members(memberships, newman=False, window=(1988, 1999))
    assert [key[:2] for key in late] == [("b", "c")]


SPELL = st.tuples(st.none() | st.integers(1900, 1950), st.none() | st.integers(1950, 2000))


def years(spells: list[tuple[int | None, int | None]]) -> set[int]:
    return {year for start, end in spells for year in range(start or 1890, (end or 2010) + 1)}


@given(st.lists(SPELL, max_size=4), st.lists(SPELL, max_size=4))
def test_spells(
    one: list[tuple[int | None, int | None]], other: list[tuple[int | None, int | None]]
) -> None:
    assert years(merge(one)) == years(one)
    assert merge(merge(one)) == merge(one)
    assert years(both(one, other)) == years(one) & years(other)


def test_spells_as_a_reader_sees_them() -> None:
    assert text([(1983, 1985), (1992, None)]) == "1983-1985, 1992-"
    assert text([(1990, 1990), (None, 3)]) == "1990, -3"
    assert merge([(1990, 1992), (1993, 1995), (1997, 1997)]) == [(1990, 1995), (1997, 1997)]
    assert spells_of({"start": 1990}) == [(1990, None)]
