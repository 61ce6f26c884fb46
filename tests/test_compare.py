"""Comparison of cases: features with their evidence, similarity."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from govgraph.commands.common import Output
from govgraph.compare import (
    Comparison,
    compare_cases,
    overlaps,
    similarity,
)
from govgraph.compare.comparison import (
    VIEWS,
    Case,
    State,
    convergences,
    evidence,
    matrix,
    pairs,
)
from govgraph.compare.features import Statement, arranged
from govgraph.errors import GovgraphError, UsageError
from govgraph.results import Result
from govgraph.results.formats import FORMATS
from reference import run_rdflib, same_answer
from tables_read import READERS

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

PRESENT, ABSENT, MISSING, CONTRADICTORY = State
SECTORS = "PREFIX gg: <https://w3id.org/govgraph/ontology#>\n"


@pytest.fixture(scope="module")
def study(kg: KnowledgeGraph) -> Comparison:
    return kg.compare()


def states(comparison: Comparison, name: str) -> dict[str, str]:
    column = next(column for column in comparison.columns if column.name == name)
    return {case.slug: comparison.state(case, column).value for case in comparison.cases}


def made(
    *rows: tuple[str, str, str | bool | None, str] | tuple[str, str, str, str, str],
) -> Comparison:
    """Return a comparison of statements (case, feature, value, passage, conflict)."""
    statements = [
        Statement(case, ox.Literal(feature), None if value is None else ox.Literal(value), *rest)
        for case, feature, value, *rest in rows
    ]
    return arranged(statements, {Case(s.case, s.case.upper()) for s in statements}, {})


# ------------------------------------------------------------------------------ the study


def test_study_compares_thirteen_cases(study: Comparison) -> None:
    assert [case.slug for case in study.cases] == [
        "belgium", "bogota", "czech-republic", "denmark", "european-union", "france", "germany",
        "italy", "netherlands", "nuevo-leon", "spain", "tijuana", "united-kingdom",
    ]  # fmt: skip
    assert {column.feature for column in study.columns} == {
        "approach", "Arrangement", "participation", "level", "problem", "role", "target", "sector",
        "startYear",
    }  # fmt: skip


def test_only_nuevo_leon_has_a_triple_helix(study: Comparison) -> None:
    found = states(study, "participation:TripleHelixArrangement")
    assert {case for case, state in found.items() if state == "1"} == {"nuevo-leon"}
    # The study names no participants there, so nothing is known.
    assert {case for case, state in found.items() if state == "NA"} == {
        "czech-republic",
        "european-union",
    }
    cell = study.cells["case/nuevo-leon", "participation:TripleHelixArrangement"]
    assert "passage/5/3" in cell.passages


def test_sectors_of_the_study(study: Comparison) -> None:
    private = states(study, "sector:private")
    assert {case for case, state in private.items() if state == "1"} == {
        "bogota", "denmark", "france", "nuevo-leon", "tijuana", "united-kingdom",
    }  # fmt: skip
    government = states(study, "sector:government")
    assert {state for case, state in government.items() if private[case] != "NA"} == {"1"}


def test_police_counts_as_government(kg: KnowledgeGraph) -> None:
    denmark = kg.compare(["denmark"], ["sectors"])
    police = denmark.cells["case/denmark", "sector:police"].passages
    assert set(police) <= set(denmark.cells["case/denmark", "sector:government"].passages)


def test_evidence_leads_to_passages_that_say_so(study: Comparison) -> None:
    _, rows = evidence(study)
    founders = [row for row in rows if row[0] == "case/bogota" and row[1] == "role:founder"]
    assert ("case/bogota", "role:founder", 1, "passage/3.3/3", "") in founders
    # What rests on a coder's reading of a passage says so, such as two years.
    others = {row[1:4] for row in rows if not str(row[3]).startswith("passage/")}
    assert all(str(graph).startswith("graph/reading/") for *_, graph in others)
    assert others > {
        ("startYear:1980s", 1, "graph/reading/2.1/belgium/1"),
        ("startYear:1990s", 1, "graph/reading/2.1/netherlands/5"),
    }


def test_what_a_passage_does_not_say_is_no_evidence(kg: KnowledgeGraph) -> None:
    """Paragraph 4 of section 3.3 names members of the arrangement, not that they are permanent."""
    bogota = kg.compare(["bogota"], ["compositions"])
    [cell] = [cell for (_, name), cell in bogota.cells.items() if "permanent" in name.lower()]
    assert "passage/3.3/3" in cell.passages
    assert "passage/3.3/4" not in cell.passages


def test_years_that_passages_contradict_are_marked(study: Comparison) -> None:
    """France's contracts begin in 1997 by the text, in 2002 by the table, unexplained."""
    cell = study.cells["case/france", "startYear:2000s"]
    assert (cell.state, cell.conflicts) == (CONTRADICTORY, ("conflict/french-contracts-year",))
    # Belgium has another thing of that decade, which nothing disputes.
    cell = study.cells["case/belgium", "startYear:2000s"]
    assert (cell.state, cell.conflicts) == (
        PRESENT,
        ("conflict/spp-shortly-afterwards", "conflict/spp-year"),
    )


def test_no_contradiction_where_one_passage_speaks_alone_or_all_agree(study: Comparison) -> None:
    for case, decade in [
        ("netherlands", "1970s"),  # the bureau of 1979: no passage gives it another year
        ("netherlands", "1980s"),  # 1985 in text and table
        ("tijuana", "2000s"),  # 2009 in the table, no year in the text
        ("germany", "1990s"),  # 1995 in the table, no year of the councils in the text
    ]:
        cell = study.cells[f"case/{case}", f"startYear:{decade}"]
        assert (case, cell.state, cell.conflicts) == (case, PRESENT, ())


def test_what_findings_and_numbers_deal_with_counts(study: Comparison) -> None:
    for name, case in [
        ("problem:homicide", "tijuana"), ("problem:organised-crime", "nuevo-leon"),
        ("problem:robbery", "united-kingdom"), ("problem:feeling-of-insecurity", "netherlands"),
        ("level:national", "united-kingdom"), ("approach:partnership", "netherlands"),
    ]:  # fmt: skip
        assert (name, case, states(study, name)[case]) == (name, case, "1")


def test_what_a_country_has_is_not_its_citys(study: Comparison) -> None:
    """Colombia's reform of its security sector, told beside Bogotá, belongs to no case."""
    for name in ("sector:military", "level:national", "problem:organised-crime"):
        assert (name, states(study, name)["bogota"]) == (name, "0")
    assert all("passage/3/5" not in cell.passages for cell in study.cells.values())


@pytest.mark.parametrize(
    "every", [pytest.param(4, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_features_answer_alike_on_both_engines(kg: KnowledgeGraph, every: int) -> None:
    features = sorted(slug for slug in kg.queries if slug.startswith("compare/"))
    for slug in features[::every]:
        text = kg.queries[slug].text
        assert same_answer(kg.query(slug), run_rdflib(text, kg.dataset)), slug


def test_features_have_a_question_in_two_languages(kg: KnowledgeGraph) -> None:
    features = [query for slug, query in kg.queries.items() if slug.startswith("compare/")]
    assert len(features) == 9
    assert all(query.question and query.translated["question"]["es"] for query in features)


# ------------------------------------------------------------------------------ cells


def test_silence_is_not_absence() -> None:
    found = made(
        ("a", "level", "local", "p1"),
        ("b", "level", "national", "p2"),
        ("c", "sector", "private", "p3"),
    )
    assert states(found, "level:local") == {"a": "1", "b": "0", "c": "NA"}
    assert states(found, "sector:private") == {"a": "NA", "b": "NA", "c": "1"}


def test_described_without_a_value() -> None:
    found = made(("a", "helix", "triple", "p1"), ("b", "helix", None, "p2"))
    assert states(found, "helix:triple") == {"a": "1", "b": "0"}


def test_true_and_false_contradict() -> None:
    found = made(
        ("a", "fell", True, "p1"),
        ("b", "fell", False, "p2"),
        ("c", "fell", True, "p3"),
        ("c", "fell", False, "p10"),
        ("d", "other", True, "p4"),
    )
    assert states(found, "fell") == {"a": "1", "b": "0", "c": "C", "d": "NA"}
    assert found.cells["c", "fell"].passages == ("p3", "p10")


def test_a_conflict_over_all_statements_is_a_contradiction() -> None:
    found = made(
        ("a", "start", "1990s", "p1", "conflict/x"),
        ("b", "start", "1990s", "p1", "conflict/x"),
        ("b", "start", "1990s", "p2", ""),
    )
    assert states(found, "start:1990s") == {"a": "C", "b": "1"}


def test_yes_or_no_and_other_values_do_not_mix() -> None:
    with pytest.raises(UsageError, match="'fell' is true or false in one row"):
        made(("a", "fell", True, "p"), ("b", "fell", "much", "p"))


def test_convergences() -> None:
    found = made(
        *(("a", "x", v, "p") for v in ("all", "some", "one")),
        *(("b", "x", v, "p") for v in ("all", "some")),
        ("c", "x", "all", "p"),
        ("c", "y", "alone", "p"),
    )
    _, rows = convergences(found)
    assert [(row[2], row[3], row[4], row[5]) for row in rows] == [
        ("x:all", 3, 3, "convergence"),
        ("x:some", 2, 3, "divergence"),
        ("x:one", 1, 3, "unique"),
        ("y:alone", 1, 1, "open"),
    ]
    assert rows[1][6] == "A; B"


def test_matrix_view() -> None:
    found = made(("a", "x", "one", "p"), ("b", "x", "two", "p"), ("c", "y", True, "p"))
    assert matrix(found) == (
        ("feature", "a", "b", "c"),
        [("x:one", 1, 0, "NA"), ("x:two", 0, 1, "NA"), ("y", "NA", "NA", 1)],
    )


# ------------------------------------------------------------------------------ similarity


def test_jaccard_counts_only_what_is_known_of_both() -> None:
    found = made(
        *(("a", "x", v, "p") for v in ("1", "2", "3")),
        *(("b", "x", v, "p") for v in ("2", "3", "4")),
        ("b", "y", "only b is described", "p"),
        ("c", "y", "only b is described", "p"),
    )
    index = similarity(found)
    assert index["a", "b"] == 2 / 4
    assert index["b", "c"] == 1
    assert index["a", "c"] is None
    assert index["a", "a"] == 1


def test_an_index_tells_on_how_many_features_it_rests() -> None:
    found = made(
        *(("a", "x", v, "p") for v in ("1", "2", "3")),
        *(("b", "x", v, "p") for v in ("2", "3", "4")),
        ("c", "x", "4", "p"),
        ("d", "y", "only d is described", "p"),
    )
    assert overlaps(found)["a", "b"] == (2, 4)
    assert pairs(found) == (
        ("case", "other", "similarity", "both", "either"),
        [
            ("a", "b", 0.5, 2, 4), ("b", "c", 0.333, 1, 3), ("a", "c", 0.0, 0, 4),
            ("a", "d", "NA", 0, 0), ("b", "d", "NA", 0, 0), ("c", "d", "NA", 0, 0),
        ],
    )  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.sets(st.sampled_from("12345"), min_size=1), min_size=2
    )
)
def test_similarity_is_the_jaccard_index(sets: dict[str, set[str]]) -> None:
    found = made(*((case, "x", v, "p") for case in sets for v in sorted(sets[case])))
    index = similarity(found)
    for a, b in itertools.product(sets, repeat=2):
        assert index[a, b] == pytest.approx(len(sets[a] & sets[b]) / len(sets[a] | sets[b]))


# ------------------------------------------------------------------------------ own queries


def test_a_query_of_ones_own(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """A feature may be a yes or no that a SPARQL query works out."""
    path = tmp_path / "police-law.rq"
    path.write_text(
        SECTORS
        + """SELECT ?case ("has-law" AS ?feature) ?value ?passage {
          GRAPH ?passage { ?thing gg:case ?case } ?thing a gg:Arrangement
          BIND(EXISTS { ?law gg:case ?case ; a gg:Law } AS ?value)
        }""",
        encoding="utf-8",
    )
    found = compare_cases(kg, ["france", "Nuevo León, Mexico"], [path, "sectors"])
    assert states(found, "has-law") == {"france": "1", "nuevo-leon": "0"}


@pytest.mark.parametrize(
    ("query", "error", "message"),
    [
        ("SELECT ?case ?value { ?case ?p ?value }", UsageError, r"selects \?case \?feature"),
        (
            "SELECT ?case ?feature ?value ?passage { VALUES ?value { 1 } ?case a ?feature "
            "FILTER(false) }",
            None,
            "",
        ),
        (
            'SELECT ?case ?feature ?value ?passage { BIND("x" AS ?feature) }',
            GovgraphError,
            "row 1 lacks",
        ),
    ],
)
def test_queries_that_do_not_fit(
    kg: KnowledgeGraph, tmp_path: Path, query: str, error: type[Exception] | None, message: str
) -> None:
    path = tmp_path / "own.rq"
    path.write_text(SECTORS + query, encoding="utf-8")
    if error is None:
        assert kg.compare(features=[path]).columns == ()
        return
    with pytest.raises(error, match=message):
        kg.compare(features=[path])


def test_unknown_case_and_feature(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="case 'bogotta'"):
        kg.compare(["bogotta"])
    with pytest.raises(UsageError, match="Did you mean 'sectors'"):
        kg.compare(features=["sector"])


# ------------------------------------------------------------------------------ command


def invoke(*arguments: str) -> tuple[int, str]:
    from govgraph.commands.asking import compare

    outcome = CliRunner().invoke(compare, arguments)
    if isinstance(outcome.exception, GovgraphError):
        return outcome.exception.exit_code, str(outcome.exception)
    return outcome.exit_code, outcome.stdout


@pytest.mark.usefixtures("kg")
def test_command_speaks_spanish_and_markdown() -> None:
    code, text = invoke("bogota", "tijuana", "--feature", "levels", "--lang", "es", "-f", "md")
    assert code == 0
    assert "| Niveles de gobierno | Local | level:local | 2 | 2 | convergence |" in text
    assert "Bogotá, Colombia; Tijuana, México" in text


@pytest.mark.usefixtures("kg")
def test_command_shows_what_is_only_contested() -> None:
    arguments = ["france", "--feature", "start-years", "--show", "evidence", "--format", "csv"]
    code, text = invoke(*arguments)
    assert code == 0
    assert (
        "case/france,startYear:2000s,C,passage/table-8.3/france,conflict/french-contracts-year"
        in text.splitlines()
    )


@pytest.fixture(scope="module")
def three(kg: KnowledgeGraph) -> Comparison:
    return kg.compare(["nuevo-leon", "tijuana", "united-kingdom"], ["sectors"])


def plain(cell: str) -> str:
    """Return a number as every format writes it, 1.0 as 1."""
    return cell.removesuffix(".0")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_comes_in_every_format(view: str, three: Comparison, tmp_path: Path) -> None:
    """Ids of cases with a hyphen name columns, though they cannot name a variable of SPARQL."""
    columns, rows = VIEWS[view](three)
    expected = [list(columns), *([plain(str(cell)) for cell in row] for row in rows)]
    assert len(expected) > 1
    different = []
    for name in READERS:
        path = tmp_path / f"{view}.{name}"
        Output(str(path), name).write(Result.of_rows(columns, rows))
        found = [[plain(cell) for cell in row] for row in READERS[name](path)]
        different += [name] if found != expected else []
    assert different == []
    assert set(READERS) == {name for name, each in FORMATS.items() if "select" in each.kinds}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.docx"], "tells no format"),
    ],
)
def test_command_refuses(arguments: list[str], message: str) -> None:
    code, text = invoke(*arguments)
    assert code == 2
    assert message in text


@pytest.mark.whole
def test_features_are_quick_on_a_database_on_disk(tmp_path: Path) -> None:
    """At 10^5 statements a pattern in the wrong place took 12.6 s; all take some tenths of one."""
    from benchmarks.generator import plan_for, records, write_nquads

    dump = tmp_path / "dump.nq"
    write_nquads(records(plan_for(100_000, error_share=0)), dump)
    database = ox.Store(str(tmp_path / "database"))
    database.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS)
    answers, slow = 0, {}
    for path in sorted((Path(__file__).parents[1] / "queries/compare").glob("*.rq")):
        begin = time.process_time()
        found = database.query(path.read_text("utf-8"), use_default_graph_as_union=True)
        answers += len(list(found))  # type: ignore[arg-type]
        if (seconds := time.process_time() - begin) > 2:
            slow[path.name] = seconds
    assert answers > 5_000
    assert slow == {}
