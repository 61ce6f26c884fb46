"""What stored queries are asked of where nobody says, and what a study expects of their answers."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner

import govgraph
from first_study import READING, STUDY
from govgraph.cli import group
from govgraph.coding.study import Study
from govgraph.errors import SourceError
from govgraph.queries import Defaults, load_libraries, parse_query, resolve_iri, unmet
from govgraph.queries.sparql import outline
from govgraph.resources import default_study
from govgraph.results import display
from own_study import own_study
from reference import run_rdflib

DATA = """
@prefix gg: <https://w3id.org/govgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <http://x/> .
gg:Alliance rdfs:subClassOf gg:Partnership .
:town a gg:Case ; gg:passages :p1 .
:a a gg:Alliance ; gg:case :town ; gg:involves :one , :two ; gg:startYear 1998 .
:b a gg:Alliance ; gg:case :town ; gg:involves :one , :three ; gg:startYear 2001 .
:c a gg:Law ; gg:case :city ; gg:involves :one , :two , :three ; gg:startYear 2001 .
"""
GG = "PREFIX gg: <https://w3id.org/govgraph/ontology#>\n"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://x/g"))
    return store


def taken(store: ox.Store, params: str, body: str, **arguments: str) -> dict[str, str]:
    query = parse_query(f"#+ params: {params}\n{GG}{body}")
    terms = Defaults(store).terms(query, arguments, resolve_iri)
    return {name: ", ".join(map(display, terms[name])) for name in terms if name not in arguments}


CASES = [
    # the thing with the most answers; of :a and :b, which have two each, the first
    ("{x: {type: iri, default: data}}", "SELECT ?y { VALUES ?x { UNDEF } ?x gg:involves ?y }", "c"),
    (
        "{x: {type: iri, class: gg:Partnership, default: data}}",
        "SELECT ?y { VALUES ?x { UNDEF } ?x gg:involves ?y }",
        "a",
    ),
    (
        "{x: {type: iri, default: gg:Alliance}}",
        "SELECT ?y WHERE { VALUES ?x { UNDEF } ?x gg:involves ?y } ORDER BY ?y LIMIT 1",
        "a",
    ),
    ("{x: {type: iri, default: data}}", "ASK { VALUES ?x { UNDEF } ?x gg:involves ?y }", "c"),
    (
        "{x: {type: iri, default: data}}",
        "CONSTRUCT { ?x a ?y } WHERE"
        " { { SELECT ?x ?y { VALUES ?x { UNDEF } ?x gg:involves ?y } } }",
        "c",
    ),
    # nothing has an answer, or the pattern does not show the variable
    ("{x: {type: iri, default: data}}", "ASK { VALUES ?x { UNDEF } ?x gg:endYear ?y }", None),
    (
        "{x: {type: iri, default: gg:Contract}}",
        "ASK { VALUES ?x { UNDEF } ?x gg:involves ?y }",
        None,
    ),
    (
        "{x: {type: iri, default: data}}",
        "ASK { { SELECT ?y { VALUES ?x { UNDEF } ?x gg:involves ?y } } }",
        None,
    ),
]


@pytest.mark.parametrize(("params", "body", "expected"), CASES)
def test_what_gives_the_most_answers_is_taken(
    store: ox.Store, params: str, body: str, expected: str | None
) -> None:
    found = taken(store, params, body)
    assert found == ({} if expected is None else {"x": f"http://x/{expected}"})


def test_a_value_that_is_given_narrows_what_is_taken_for_the_others(store: ox.Store) -> None:
    params = "{x: {type: iri, default: data}, year: {type: integer, default: data}}"
    body = "ASK { VALUES ?x { UNDEF } VALUES ?year { UNDEF } ?x gg:startYear ?year ; gg:case ?c }"
    assert taken(store, params, body) == {"x": "http://x/a", "year": "1998"}
    assert taken(store, params, body, year="2001") == {"x": "http://x/b"}
    assert taken(store, params, body, x="http://x/c", year="2001") == {}


def test_in_any_tool_the_query_answers_for_all(store: ox.Store) -> None:
    text = f"{GG}SELECT ?x {{ VALUES ?x {{ UNDEF }} ?x gg:startYear ?year }}"
    query = parse_query(f"#+ params: {{x: {{type: iri, default: data}}}}\n{text}")
    graph = rdflib.Graph().parse(data=DATA, format="turtle")
    assert len(run_rdflib(query.text, graph)) == 3
    assert len(list(store.query(query.text, use_default_graph_as_union=True))) == 3


def test_labels_are_asked_for_in_the_language_of_the_study(store: ox.Store) -> None:
    query = parse_query('#+ params: {lang: {type: lang}}\nASK { VALUES ?lang { "en" } }')
    assert Defaults(store).terms(query, {}) == {}
    assert Defaults(store, "de").terms(query, {}) == {"lang": (ox.Literal("de"),)}
    asked = Defaults(store, "de").terms(query, {"lang": "es"})
    assert asked == {"lang": (ox.Literal("es"),)}


def test_the_command_says_which_it_took() -> None:
    result = CliRunner().invoke(group, ["query", "actors-of-case", "--format", "csv"])
    assert result.exit_code == 0
    assert "case: case/belgium (from the data)" in result.stderr.splitlines()
    given = ["query", "actors-of-case", "--param", "case=denmark", "--format", "csv"]
    assert "from the data" not in CliRunner().invoke(group, given).stderr


# ------------------------------------------------------------------------------ promises


def library(folder: Path, **files: str) -> Study:
    for name, text in files.items():
        path = folder / "queries" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Study(folder, "https://example.org/mine/")


def test_a_study_says_what_it_expects_of_any_query(tmp_path: Path, store: ox.Store) -> None:
    study = library(
        tmp_path,
        mine_rq="SELECT ?n { VALUES (?n) { (1) (2) } }",
        expected__mine_csv="n\n1\n2\n",
        expected__cases_csv="case\n",
        expected__expect_yaml="mine: {min_rows: 3}\nfounders-of: {params: {lang: es}, rows: 0}\n",
    )
    queries = load_libraries([study])
    assert queries["mine"].iri.value == "https://example.org/mine/query/mine"
    assert queries["cases"].iri.value == "https://w3id.org/govgraph/query/cases"
    (founders,) = queries["founders-of"].promises
    assert (dict(founders.params), founders.rows) == ({"lang": "es"}, 0)
    result = govgraph.queries.run(queries["mine"].text, store)
    assert unmet(queries["mine"].expect, result) == []
    (own,) = queries["mine"].promises
    assert unmet(own, result) == ["expected at least 3 rows, found 2"]


def test_a_file_without_rows_promises_nothing(tmp_path: Path, store: ox.Store) -> None:
    study = library(tmp_path, a_rq="SELECT ?n { FILTER(false) }", expected__a_csv="n\n")
    query = load_libraries([study])["a"]
    result = govgraph.queries.run("SELECT ?n { VALUES ?n { 1 } FILTER(false) }", store)
    assert unmet(query.expect, result) == [
        "a.csv: no row is expected. Say `rows: 0` where that is right."
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"expected__expect_yaml": "cases: {}\nfounder-of: {rows: 1}\n"},
            "expect.yaml:2: There is no stored query 'founder-of'. Did you mean 'founders-of'?",
        ),
        ({"expected__casas_csv": "n\n"}, "casas.csv: There is no stored query 'casas'."),
        (
            {"expected__expect_yaml": "cases:\n  row: 1\n"},
            "expect.yaml:2: Unknown key 'row' in the header. Did you mean 'rows'?",
        ),
        ({"expected__expect_yaml": "cases:\n  params: 3\n"}, "expect.yaml:2: params: found 3,"),
        ({"expected__expect_yaml": "- cases\n"}, "expect.yaml:1: The header: found"),
    ],
)
def test_what_cannot_be_expected_is_said(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(SourceError) as caught:
        load_libraries([library(tmp_path, **files)])
    assert message in str(caught.value)


def test_the_id_of_a_query_is_looked_up_in_the_study_first(tmp_path: Path) -> None:
    study = library(tmp_path, claims__mine_rq="ASK {}")
    (tmp_path / "study.yaml").write_text(
        "title: {en: Mine}\nbase: https://example.org/mine/\nlanguages: [en]\n"
    )
    assert study.queries == {"https://example.org/mine/query/claims/mine"}
    names = govgraph.open(study=tmp_path).names
    assert names.expand("query/claims/mine") == "https://example.org/mine/query/claims/mine"
    assert names.expand("query/claims/years-apart") == (
        "https://w3id.org/govgraph/query/claims/years-apart"
    )
    bundled = govgraph.open().names
    assert bundled.expand("query/claims/world-rate") == f"{STUDY}query/claims/world-rate"


def test_names_fall_back_to_english_where_a_language_has_none() -> None:
    """Codes are named in English and Spanish; the studies of others are in any language."""
    graph = govgraph.open(study=Path(__file__).parent / "fixtures" / "aguas")
    (row,) = graph.query("numbers-of-the-study")
    assert (row["unit"], row["value"]) == ("Number", 40)
    assert {row["sector"] for row in graph.query("who-takes-part")} == {
        "Local government",
        "Private initiative",
        "Society",
    }


def test_each_name_that_a_query_gives_in_a_language_falls_back() -> None:
    faults = []
    for slug, query in load_libraries([Study(default_study(), STUDY)]).items():
        blocks = re.findall(r"OPTIONAL \{[^{}]*LANG\(\?\w+\) = \?lang[^{}]*\}", query.text)
        faults += [
            f"{slug}: {block}"
            for block in blocks
            if block.replace("?lang", '"en"') not in query.text
        ]
    assert faults == []


def test_a_code_of_ones_own_is_named_beside_those_of_the_commons(tmp_path: Path) -> None:
    """Two roles of one actor, one named in Portuguese and one in English, are two rows."""
    (tmp_path / "study.yaml").write_text(
        "title: X\nbase: https://x.example.org/\nlanguages: [pt]\n", "utf-8"
    )
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "c.csv").write_text("list,id,label.pt\nrole,guarda,Guarda\n", "utf-8")
    (tmp_path / "x.yaml").write_text(
        "id: case/x\ntype: Case\nlabel: {pt: X}\nplace: place/brazil\npassages:\n"
        "  - id: passage/x/1\n    type: Paragraph\n    says:\n"
        "      - {id: partnership/f, type: Forum, label: {pt: F}, case: case/x, participation:\n"
        "          [{participant: actor/a, role: [role/guarda, role/founder]}]}\n"
        "      - {id: actor/a, type: PublicBody, label: {pt: A}}\n",
        "utf-8",
    )
    graph = govgraph.open(study=tmp_path)
    for language in ("pt", "en", "fr"):
        rows = graph.query("who-takes-part", lang=language)
        assert sorted(row["role"] for row in rows) == ["Founder", "Guarda"], language


def test_a_check_reads_the_study_once() -> None:
    done = CliRunner().invoke(group, ["queries", "--check", "cases"])
    assert done.exit_code == 0
    assert done.stderr == f"{READING}1 query, 0 unmet expectations\n"


@pytest.mark.whole
def test_what_has_an_answer_is_known_from_a_row_of_any(
    kg: govgraph.KnowledgeGraph, tmp_path: Path
) -> None:
    for graph in (kg, govgraph.open(study=own_study(tmp_path))):
        for slug, query in graph.queries.items():
            if outline(query.text).has_service:  # which would ask another endpoint
                assert not graph.defaults.answers(query), slug
                continue
            answer = graph.query(slug)
            if answer.kind == "ask" and query.parameters:  # a no to nothing in particular is none
                assert graph.defaults.answers(query) == answer.boolean, slug
            else:
                assert graph.defaults.answers(query) == bool(len(answer)), slug
