"""Who takes part without a name is a group of a kind, minted in the graph of its passage."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest

import govgraph
from govgraph import KnowledgeGraph
from govgraph.coding.cases import CodedData, load
from govgraph.coding.study import Sources, Study
from govgraph.errors import SourceErrors
from govgraph.explanation import Renderer
from govgraph.results import Result
from govgraph.vocabulary import GG, RDFS, SKOS

BASE = "https://example.org/town/"
KINDS = """\
nodes:
  - {id: actor-kind/police, type: ActorKind, label: {en: Police, es: Policía}, sector: police}
  - {id: actor-kind/wardens, type: ActorKind, label: {en: Wardens}, broader: actor-kind/police}
  - {id: actor-kind/doctors, type: ActorKind, label: {en: Doctors, es: Médicos}}
"""
CASE = """\
id: case/town
label: {en: Town, es: Villa}
place: place/town
passages:
  - {id: passage/1, type: Section, label: {en: One, es: Uno}}
  - id: passage/1/1
    says:
      - {id: place/town, type: City, label: {en: Town, es: Villa}}
      - id: partnership/watch
        type: Partnership
        label: {en: Night Watch, es: Ronda Nocturna, de: Nachtwache}
        case: case/town
%s
"""
FIRST = f"{BASE}passage/1/1"
SECOND = f"{BASE}passage/1/2"


def read(folder: Path, says: str, more: str = "", **files: str) -> CodedData:
    """Load a study of one partnership, of which `says` are further keys; `more` follows."""
    cases = {"a": CASE % says + more, "z-kinds": KINDS} | files
    for name, text in cases.items():
        path = folder / (name.replace("__", ".") if "__" in name else f"{name}.yaml")
        path.write_text(text, encoding="utf-8")
    return load(Sources((Study(folder, BASE, ("en", "es")),)))


def wrong(folder: Path, says: str, more: str = "", **files: str) -> list[str]:
    with pytest.raises(SourceErrors) as caught:
        read(folder, says, more, **files)
    return [str(error).replace(f"{folder.name}/", "") for error in caught.value.errors]


def said(data: CodedData, graph: str, query: str) -> set[tuple[str, ...]]:
    """Return the rows of a pattern in one graph, as short texts."""
    text = (
        f"PREFIX gg: <{GG}> PREFIX rdfs: <{RDFS}> PREFIX skos: <{SKOS}> "
        f"SELECT * {{ GRAPH <{graph}> {{ {query} }} }}"
    )
    rows = data.store.query(text)
    assert isinstance(rows, ox.QuerySolutions)
    return {tuple(str(term).replace(BASE, "").replace(GG, "gg:") for term in row) for row in rows}


PARTICIPANT = "?part gg:participant ?who"
GROUP = "<group/watch/police>"


@pytest.mark.parametrize(
    "says",
    [
        "        participation: {participant: actor-kind/police, role: role/adviser}",
        "        participants: {adviser: actor-kind/police}",
    ],
)
def test_a_kind_that_takes_part_becomes_a_group_in_the_graph_of_its_passage(
    tmp_path: Path, says: str
) -> None:
    data = read(tmp_path, says)
    part = "<participation/watch/police.adviser>"
    assert said(data, FIRST, PARTICIPANT) == {(part, GROUP)}
    assert said(data, FIRST, "?group a gg:ActorGroup ; gg:kind ?kind") == {
        (GROUP, "<actor-kind/police>")
    }
    assert said(data, FIRST, "<https://example.org/town/group/watch/police> rdfs:label ?l") == {
        ('"Police · Night Watch"@en',),
        ('"Policía · Ronda Nocturna"@es',),
        ('"Police · Nachtwache"@de',),  # the kind has no German name: that in the first language
    }
    at = data.sources.locate(f"{BASE}group/watch/police", f"{GG}kind", graph=FIRST)
    assert at is not None
    assert at.line == 13
    assert at == data.sources.locate(
        f"{BASE}participation/watch/police.adviser", f"{GG}participant", graph=FIRST
    )


def test_a_kind_without_a_label_in_a_language_lends_that_of_the_first(tmp_path: Path) -> None:
    data = read(tmp_path, "        participants: actor-kind/wardens")
    labels = said(data, FIRST, "?group a gg:ActorGroup ; rdfs:label ?label")
    assert {label for _, label in labels} == {
        '"Wardens · Night Watch"@en',
        '"Wardens · Ronda Nocturna"@es',
        '"Wardens · Nachtwache"@de',
    }


AGAIN = """\
  - id: passage/1/2
    says:
      - {id: partnership/watch, participants: {funder: actor-kind/police}}
      - {id: finding/f, label: {en: F, es: F}, findingKind: definition, about: group/watch/police}
"""


def test_two_passages_speak_of_the_same_group_each_in_its_graph(tmp_path: Path) -> None:
    data = read(tmp_path, "        participants: {adviser: actor-kind/police}", AGAIN)
    for graph in (FIRST, SECOND):
        assert {row[-1] for row in said(data, graph, PARTICIPANT)} == {GROUP}
        assert (GROUP, "<actor-kind/police>") in said(data, graph, "?group gg:kind ?kind")
    assert said(data, SECOND, "?finding gg:about ?what") == {("<finding/f>", GROUP)}


CORPS = (
    "      - {id: group/corps, label: {en: The corps, es: El cuerpo}, kind: actor-kind/police}\n"
)


@pytest.mark.parametrize("kind", ["police", "wardens"])
def test_an_explicit_group_takes_part_where_it_is_named(tmp_path: Path, kind: str) -> None:
    says = f"        participation: {{participant: actor-kind/{kind}, group: group/corps}}"
    data = read(tmp_path, says, CORPS)
    assert {row[-1] for row in said(data, FIRST, PARTICIPANT)} == {"<group/corps>"}
    assert ("<group/corps>", f"<actor-kind/{kind}>") in said(data, FIRST, "?g gg:kind ?k")
    assert said(data, FIRST, "?part gg:group ?group") == set()
    assert said(data, FIRST, "?g a gg:ActorGroup ; rdfs:label ?l") == {
        ("<group/corps>", '"The corps"@en'),
        ("<group/corps>", '"El cuerpo"@es'),
    }
    brief = read(tmp_path, "        participants: {adviser: group/corps}", CORPS)
    assert {row[-1] for row in said(brief, FIRST, PARTICIPANT)} == {"<group/corps>"}


def test_tables_and_their_groups(tmp_path: Path) -> None:
    table = (
        "id,passage,participation.participant,participation.role,participation.group\n"
        "partnership/watch,passage/1/1,actor-kind/police,adviser,\n"
        "partnership/watch,passage/1/1,actor-kind/doctors,funder,group/corps\n"
    )
    corps = "nodes: [{id: group/corps, label: {en: Corps, es: Cuerpo}}]"
    data = read(tmp_path, "", rows__csv=table, corps=corps)
    assert {row[-1] for row in said(data, FIRST, PARTICIPANT)} == {GROUP, "<group/corps>"}
    at = data.sources.locate(f"{BASE}group/watch/police", graph=FIRST)
    assert at is not None
    assert (at.path.rpartition("/")[2], at.line) == ("rows.csv", 2)


def test_rdf_files_stay_as_they_are(tmp_path: Path) -> None:
    rdf = (
        f"@prefix gg: <{GG}> . @base <{BASE}> .\n"
        "<partnership/watch> gg:participation <p/1> .\n"
        "<p/1> a gg:Participation ; gg:participant <actor-kind/police> .\n"
    )
    data = read(tmp_path, "", parts__ttl=rdf)
    parts = {q.object.value for q in data.store.quads_for_pattern(None, P, None)}  # type: ignore[union-attr]
    assert parts == {f"{BASE}actor-kind/police"}


P = ox.NamedNode(f"{GG}participant")


@pytest.mark.parametrize(
    ("says", "more", "message"),
    [
        (
            "{participant: actor-kind/police, group: group/corp}",
            CORPS,
            "a.yaml:13: 'group/corp' is described nowhere. Did you mean 'group/corps'?",
        ),
        (
            "{participant: actor-kind/doctors, group: group/corps}",
            CORPS,
            "a.yaml:13: 'group/corps' is of the kind 'actor-kind/police', not "
            "'actor-kind/doctors'. Take another group, or correct one of the kinds.",
        ),
        (
            "{participant: actor/x, group: group/corps}",
            CORPS + "      - {id: actor/x, type: Company, label: {en: X, es: X}}\n",
            "a.yaml:13: `group` goes with a kind of actor as `participant`, found 'actor/x'. "
            "Remove one of the two.",
        ),
        (
            "{participant: actor-kind/police, group: actor/x}",
            "      - {id: actor/x, type: Company, label: {en: X, es: X}}\n",
            "a.yaml:13: `group` takes a group of actors, which 'actor/x' is not. Name it as "
            "`participant`, or give it the `type: ActorGroup`.",
        ),
    ],
)
def test_a_group_that_does_not_fit_is_told_with_its_line(
    tmp_path: Path, says: str, more: str, message: str
) -> None:
    assert wrong(tmp_path, f"        participation: {says}", more) == [message]


# -- what follows, and what is asked ---------------------------------------------------------------

TOWN = """\
        participants: {adviser: actor-kind/police, funder: actor/shop}
      - {id: actor/shop, type: Company, label: {en: Shop, es: Tienda}}
    reads: [{id: actor/shop, sector: private}]
"""


def open_town(folder: Path, says: str = TOWN, more: str = "") -> KnowledgeGraph:
    (folder / "study.yaml").write_text(f"title: {{en: T}}\nbase: {BASE}\nlanguages: [en, es]\n")
    for name, text in (("a", CASE % says + more), ("kinds", KINDS)):
        (folder / "cases").mkdir(exist_ok=True)
        (folder / "cases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return govgraph.open(study=folder)


def dicts(result: Result) -> list[dict[str, str]]:
    """Return the rows of a result, without the cells that are empty."""
    rows = csv.DictReader(io.StringIO(result.to_csv()))
    return [{name: value for name, value in row.items() if value} for row in rows]


def test_the_sector_of_a_group_is_that_of_its_kind_and_the_proof_says_so(tmp_path: Path) -> None:
    graph = open_town(tmp_path)
    ask = f"PREFIX gg: <{GG}> ASK {{ <{BASE}partnership/watch> a gg:PublicPrivateArrangement }}"
    assert graph.query(ask).boolean
    proofs = graph.explain("partnership/watch", "gg:involvesSector", "sector/police")
    why = Renderer(graph.explainer.schema, graph.names).text(proofs)
    assert "gg:involves o gg:sector" in why
    assert "gg:kind o gg:sector" in why
    assert "participation/watch/police.adviser gg:participant group/watch/police" in why
    assert "group/watch/police gg:kind actor-kind/police\n" in why
    assert "said in passage/1/1" in why


def test_a_kind_that_takes_part_in_rdf_is_refused_and_contradicts_the_ontology(
    tmp_path: Path,
) -> None:
    (tmp_path / "more.ttl").write_text(
        f"@prefix gg: <{GG}> . @base <{BASE}> .\n<partnership/watch> gg:participation <p/1> .\n"
        "<p/1> a gg:Participation ; gg:participant <actor-kind/police> .\n"
    )
    graph = open_town(tmp_path)
    shapes = {(r.focus.removeprefix(BASE), r.shape) for r in graph.validate().results}
    assert ("p/1", "ParticipantIsActor") in shapes
    assert "actor-kind/police" in str(graph.contradictions())


def test_kinds_are_nodes_of_networks_and_no_kind_is_tied_to_a_broader_one(tmp_path: Path) -> None:
    says = TOWN.replace("funder: actor/shop", "funder: [actor/shop, actor-kind/wardens]")
    network = open_town(tmp_path, says).network("kinds")
    assert set(network) == {"actor-kind/police", "actor-kind/wardens", "actor/shop"}
    assert {frozenset(tie) for tie in network.edges()} == {
        frozenset({"actor/shop", "actor-kind/police"}),
        frozenset({"actor/shop", "actor-kind/wardens"}),
    }
    assert network.nodes["actor-kind/wardens"]["broader"] == "actor-kind/police"
    assert network.nodes["actor-kind/police"]["roles"] == "adviser"


def test_queries_roll_groups_up_to_kinds_and_the_broader_ones(tmp_path: Path) -> None:
    graph = open_town(tmp_path, TOWN.replace("actor-kind/police", "actor-kind/wardens"))
    involved = graph.query("most-involved-actors", least=1)
    assert [(row["name"], row["arrangements"]) for row in dicts(involved)] == [
        ("Police", "1"), ("Wardens", "1"), ("Shop", "1"),
    ]  # fmt: skip
    for name in ("actor-kind/police", "Police", "wardens"):  # a kind, not one group of it
        taking_part = graph.query("takes-part-in", actor=name)
        assert [row["name"] for row in dicts(taking_part)] == ["Night Watch"]
    who = dicts(graph.query("who-takes-part", arrangement="partnership/watch"))
    assert [(row["name"], row.get("kind")) for row in who] == [
        ("Shop", None), ("Wardens · Night Watch", "Wardens"),
    ]  # fmt: skip


def test_org_has_agents_as_members_and_collaborations_of_organisations_only(tmp_path: Path) -> None:
    org = "http://www.w3.org/ns/org#"

    def exported(says: str) -> set[str]:
        rows = open_town(tmp_path, says).query("organisations-as-org").rows
        return {f"{s.value} {p.value} {o.value}".replace(BASE, "").replace(org, "org:")
                for s, p, o in rows}  # fmt: skip

    mixed = exported(TOWN)
    part = "participation/watch/police.adviser"
    assert f"{part} org:member group/watch/police" in mixed
    assert any(each.endswith("foaf/0.1/Group") for each in mixed)
    assert not any("OrganizationalCollaboration" in each for each in mixed)
    alone = exported(TOWN.replace("adviser: actor-kind/police, ", ""))
    assert any(each.endswith("org:OrganizationalCollaboration") for each in alone)
