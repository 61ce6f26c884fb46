"""What a researcher met who tried a study of her own: each fault is told or gone."""

from __future__ import annotations

import time
from pathlib import Path

import pyoxigraph as ox
import pytest

import govgraph
from govgraph import KnowledgeGraph
from govgraph.errors import SourceErrors
from govgraph.resources import bundled
from govgraph.vocabulary import GG
from govgraph.web.pages.reading import reading_of
from test_brief import BRIEF, WORKS
from test_new_study import run

STUDY = """\
base: https://s.example/
title: S
languages: [pt]
documents: [work/w]
"""
CASE = BRIEF.replace("name: P", "label: P")
LAW = CASE.replace(
    "    actor/y: Y\n",
    "    actor/y: Y\n    instrument/lei: {type: Law, label: Lei, onDate: 2008-10-24}\n",
)


def study(folder: Path, case: str = CASE, **files: str) -> Path:
    """Write a study and return its folder; `files` have names such as `codes__own_csv`."""
    given = {"study_yaml": STUDY, "works_yaml": WORKS, "case_yaml": case, **files}
    for name, text in given.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def opened(folder: Path, case: str = CASE, **files: str) -> KnowledgeGraph:
    return govgraph.open(study=study(folder, case, **files))


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            "members: 12 persons", "members: 1.300 persons",
            "'value' takes a number such as 8.9 (not 1.300: write 1300 or 1.3) without quotes, "
            "found 1.300. What is no number belongs in `dateAsPrinted` or `asPrinted`.",
        ),
        (
            "type: Area", "type: https://s.example/ontology#Aera",
            "unknown type 'https://s.example/ontology#Aera'. Did you mean 'Area'?",
        ),
        ("type: Area", "type: gg:Aera", "unknown type 'gg:Aera'. Did you mean 'Area'?"),
        (
            "    actor/z: Z", "    actor/z: Z\n    conflict/c: {conflictProperty: ano}",
            "unknown key 'ano' in 'conflictProperty'.",
        ),
        (
            "founder: [", "weir-guard: [",
            "'role/weir-guard' is no code of the list 'role' (see docs/terms.md). "
            "Correct it, or add a row for it to a table in codes/ (docs/coding.md).",
        ),
    ],
)  # fmt: skip
def test_what_passed_is_refused(tmp_path: Path, old: str, new: str, error: str) -> None:
    with pytest.raises(SourceErrors) as told:
        opened(tmp_path, CASE.replace(old, new))
    assert told.value.errors[0].message == error


def test_one_passage_twice_in_a_file(tmp_path: Path) -> None:
    case = "id: case/a\ntype: Case\nlabel: A\nplace: p\npassages:\n" + 2 * "  - id: passage/1/1\n"
    with pytest.raises(
        SourceErrors, match=r"'passage/1/1' is described here and at .*:6. Keep one"
    ):
        opened(tmp_path, case)


def test_a_study_of_another_ending_and_a_document_that_is_none(tmp_path: Path) -> None:
    folder = study(tmp_path)
    (folder / "study.yaml").write_text(STUDY.replace("work/w", "work/v"), "utf-8")
    done = run(folder, "validate", status=3)
    assert "study.yaml:4: 'work/v' is described nowhere. Correct the id" in done.stderr
    (folder / "study.yaml").rename(folder / "study.yml")
    done = run(folder, "validate", status=3)
    assert "study.yml: a study is named study.yaml. Rename this file." in done.stderr


def test_a_day_is_on_the_timeline_and_begins_in_networks(tmp_path: Path) -> None:
    kg = opened(tmp_path, LAW.replace("Lei,", "Lei, participants: {leader: actor/x},"))
    rows = [(int(row["year"]), str(row["name"])) for row in kg.query("timeline")]
    assert (2008, "Lei") in rows
    assert [int(row["year"]) for row in kg.query("first-year-by-case")] == [2008]
    assert kg.network("participation").nodes["instrument/lei"]["start"] == 2008
    assert "2000s" in {column.label for column in kg.compare().columns}


@pytest.mark.parametrize(
    ("old", "new", "shape"),
    [
        ("onDate: 2008-10-24", "onDate: 2008-10-24, startYear: 1998", "YearOfDay"),
        ("members: 12 persons", "members: 250 percent", "PercentOfWhole"),
        ("members: 12 persons", "change: 250 percent", ""),
        ("members: 12 persons", "members: {value: 12 persons, sampleSize: 0}", "SampleSizeFromOne"),
    ],
)
def test_numbers_that_mean_nothing(tmp_path: Path, old: str, new: str, shape: str) -> None:
    results = opened(tmp_path, LAW.replace(old, new)).validate().results
    assert {result.shape for result in results} == {shape} - {""}


def test_a_conflict_names_years_that_are_stated(tmp_path: Path) -> None:
    passage = "  passage/1/3: {partnership/c: {startYear: YEAR}}\n"
    conflict = (
        "conflict/c: {label: C, conflictSubject: partnership/c, conflictProperty: startYear,\n"
        "  conflictKind: date, conflictStatus: unresolved,\n"
        "  sides: {passage/1/1: 2001, passage/1/3: YEAR}}\n"
    )
    case = CASE.replace("label: Conselho", "label: Conselho\n      startYear: 2001")
    case += passage.replace("YEAR", "2002")
    wrong = (
        "This passage gives `startYear` as 2002, not as 2003. Correct the side, or code what the"
    )
    for year, messages in (("2002", []), ("2003", [f"{wrong} passage says."])):
        editorial = conflict.replace("YEAR", year)
        kg = opened(tmp_path, case, editorial__conflicts_yaml=editorial)
        results = kg.validate().results
        assert [result.message for result in results] == messages
        assert {result.shape for result in results} == ({"SideAsStated"} if messages else set())


def test_many_conflicts_are_held_against_their_passages_in_time() -> None:
    said = (
        f"<e> {{ <c{n}> gg:conflictSubject <t{n}> ; gg:conflictProperty gg:startYear ;"
        f' gg:side <s{n}> . <s{n}> gg:heldIn <p{n}> ; gg:conflictValue "in {1900 + n % 3}" }}\n'
        f"<p{n}> {{ <p{n}> a gg:Paragraph . <t{n}> gg:startYear 1901 }}\n"
        for n in range(1800)
    )
    store = ox.Store()
    prefixes = f"@prefix gg: <{GG}> . @base <https://x.example/> .\n"
    store.bulk_load(prefixes + "".join(said), format=ox.RdfFormat.TRIG)
    query = (bundled("ontology") / "shapes" / "sides.rq").read_text("utf-8")
    begin = time.process_time()
    rows = list(store.query(query, use_default_graph_as_union=True))
    assert time.process_time() - begin < 2  # 0.1 s; it took 6, and for twice as many 24
    assert len(rows) == 2400


def test_lists_that_nobody_can_pair_are_refused_with_what_to_write(tmp_path: Path) -> None:
    case = CASE.replace("label: Conselho", "label: Conselho\n      startYear: 2001")
    case += "  passage/1/3: {partnership/c: {startYear: 2002}}\n"
    old = (
        "conflict/c: {label: C, conflictSubject: partnership/c, conflictProperty: startYear,\n"
        "  conflictKind: date, conflictStatus: unresolved, conflictValue: [2001, 2002],\n"
        "  between: [passage/1/1, passage/1/3]}\n"
    )
    results = opened(tmp_path, case, editorial__conflicts_yaml=old).validate().results
    found = {result.shape: result for result in results}
    assert "ConflictHasSides" in found
    assert found["ConflictHasSides"].severity == "Violation"
    assert "`sides: {passage/" in found["ConflictHasSides"].message
    assert found["ConflictHasSides"].path.endswith("conflicts.yaml")


def test_a_side_names_its_passage(tmp_path: Path) -> None:
    conflict = (
        "conflict/c: {label: C, conflictSubject: partnership/c, conflictProperty: startYear,\n"
        "  conflictKind: date, conflictStatus: unresolved, sides: [2001, 2002]}\n"
    )
    with pytest.raises(SourceErrors, match=r"`sides` is written as in \{passage/report/1/3: in"):
        opened(tmp_path, CASE, editorial__conflicts_yaml=conflict)


def test_govgraphs_codes_get_names_in_the_studys_language(tmp_path: Path) -> None:
    codes = "list,id,broader,label.pt\nrole,founder,,Fundador\nrole,,,Papéis\n"
    kg = opened(tmp_path, codes__own_csv=codes)
    assert {str(row["role"]) for row in kg.query("who-takes-part")} >= {"Fundador"}
    with pytest.raises(SourceErrors, match="'role/founder' is govgraph's own and takes labels"):
        opened(tmp_path, codes__own_csv=codes.replace("founder,,", "founder,member,"))


def test_a_network_of_one_node_has_no_page(tmp_path: Path) -> None:
    assert "cases" not in reading_of(opened(tmp_path)).networks
    assert "participation" in reading_of(opened(tmp_path)).networks


def test_what_a_query_cannot_ask_of_is_said(tmp_path: Path) -> None:
    done = run(study(tmp_path), "query", "is-triple-helix")
    assert "arrangement: any (none in the data has an answer; name one with -p" in done.stderr


def test_uses_of_a_code_are_those_of_the_study(tmp_path: Path) -> None:
    kg = opened(tmp_path)
    uses = {
        str(row["concept"]).rpartition("/")[2]: int(row["uses"])
        for row in kg.query("code-list", scheme="scheme/certainty")
    }
    assert uses == {"high": 0, "medium": 0, "low": 0}


def test_results_of_an_evaluation(tmp_path: Path) -> None:
    numbers = (
        "change: {value: -49.2 percent, group: actor/x, comparisonGroup: actor/y, "
        "design: matched-comparison,\n          significance: not-significant, sampleSize: 167}"
    )
    kg = opened(tmp_path, CASE.replace("members: 12 persons", numbers))
    assert kg.validate().results == []
    [row] = [row for row in kg.query("numbers-of-the-study") if row.get("sampleSize")]
    columns = ("group", "comparedWith", "design", "significance", "sampleSize")
    assert [str(row[column]) for column in columns] == [
        "X", "Y", "Matched comparison", "Not significant", "167",
    ]  # fmt: skip


def test_two_offices_in_one_language_each(tmp_path: Path) -> None:
    person = (
        "    person/a:\n      {label: A, nameAsPrinted: A, tenure: [\n"
        "      {office: mayor, jurisdiction: p}, {office: minister, jurisdiction: q}]}\n"
        "    place/q: {type: Area, label: {en: Q}}\n"
    )
    kg = opened(tmp_path, CASE.replace("    actor/y: Y\n", "    actor/y: Y\n" + person))
    rows = list(kg.query("persons-and-offices"))
    assert {(str(row["office"]), str(row["jurisdiction"])) for row in rows} == {
        ("Mayor", "P"), ("Minister", "Q"),
    }  # fmt: skip
