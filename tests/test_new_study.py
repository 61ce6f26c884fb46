"""`govgraph new`: a study and files in it, valid as they stand; what an author is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from test_cli import BINARY, ENVIRONMENT

BASE = "https://agua.example/estudo/"
CREATOR = ("--creator", "Ana Silva", "--orcid", "0000-0002-1825-0097")


def run(cwd: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command, which must end with a status and without a traceback."""
    command = [BINARY, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=cwd
    )
    assert done.returncode == status, done
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def study(tmp_path: Path) -> Path:
    languages = ("--language", "en", "--language", "es")
    run(tmp_path, "new", "study", "agua", "--base", BASE, *languages, *CREATOR)
    return tmp_path / "agua"


def test_a_new_study_validates_and_shows_something(study: Path) -> None:
    done = run(study, "validate")
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "the graph: nothing to report",
        "agua: 1 document, 2 passages, 40 statements, 1 case",
    ]
    rows = run(study, "query", "first-query", "--format", "csv").stdout.splitlines()
    assert rows[1] == (
        f"{BASE}partnership/first-case-forum,{BASE}actor/first-case-alfa,Alfa,Founder,"
        f"{BASE}passage/first-case/1/1"
    )
    assert len(rows) == 4
    assert run(study / "cases", "query", "cases").stdout.count("case/first-case") == 1
    assert "security-alliances" not in run(study, "query", "actors", "--format", "json").stdout


def test_its_name_lies_below_its_base_and_its_author_is_named(study: Path) -> None:
    run(study, "build", "--output", "graph")
    void = (study / "graph" / "void.ttl").read_text("utf-8")
    assert f"<{BASE}dataset>" in void
    assert "<https://orcid.org/0000-0002-1825-0097>" in void
    assert "dcterms:license <" not in void  # until the author chooses one
    assert f"<{BASE}actor/first-case-alfa>" in (study / "graph" / "govgraph.ttl").read_text("utf-8")
    assert run(study, "validate").stderr.startswith(
        "the graph: nothing to report"
    )  # graph/ is none


@pytest.mark.parametrize("languages", [["pt"], ["de", "en"], ["no"], ["sr-latn", "zh-hans"]])
def test_its_labels_are_in_its_languages(tmp_path: Path, languages: list[str]) -> None:
    options = [word for language in languages for word in ("--language", language)]
    run(tmp_path, "new", "study", "water", "--base", BASE, *options)
    case = (tmp_path / "water" / "cases" / "first-case.yaml").read_text("utf-8")
    for language in languages:
        assert f'{language}: "Forum 21"' in case.replace('"no"', "no")
    head = (tmp_path / "water" / "codes" / "first-codes.csv").read_text("utf-8").splitlines()[0]
    assert head.startswith(f"list,id,broader,label.{languages[0]}")
    import govgraph

    kg = govgraph.open(study=tmp_path / "water")
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    rows = kg.query(f"SELECT ?l {{ <{BASE}partnership/first-case-forum> <{label}> ?l }}").rows
    assert sorted(str(row[0].language) for row in rows) == sorted(languages)  # type: ignore[union-attr]


WRONG = {
    "no base": ("x --language pt", "a study needs a base, such as --base https://example.org/"),
    "no language": ("x --base https://x.example/", "a study needs a language"),
    "a relative base": ("x --base study/ --language pt", "no absolute IRI such as https://"),
    "a base without a slash": ("x --base https://x.example/x --language pt", "must end with /"),
    "govgraph's base": ("x --base https://w3id.org/govgraph/ --language pt", "govgraph's own"),
    "the base of a bundled study": (
        "x --base https://w3id.org/govgraph/security-alliances/ --language pt",
        "overlaps",
    ),
    "the base of a study beside": (f"x --base {BASE} --language pt", "overlaps"),
    "a tag that is none": (
        "x --base https://x.example/ --language portuguese-brazil",
        "'portuguese-brazil' is no language tag (BCP 47), such as en, es-MX or pt.",
    ),
    "a licence that is no IRI": (
        "x --base https://x.example/ --language pt --licence CC-BY-4.0",
        "the licence 'CC-BY-4.0' is no IRI. Give its address, such as https://creativecommons.org/",
    ),
    "an ORCID that is mistyped": (
        "x --base https://x.example/ --language pt --creator A --orcid 0000-0002-1825-0098",
        "is mistyped: its last digit would be 7.",
    ),
    "an ORCID of nobody": (
        "x --base https://x.example/ --language pt --orcid 0000-0002-1825-0097",
        "name the creator too",
    ),
    "a name that is no slug": ("My_Study --base https://x.example/ --language pt", "is no slug"),
    "a folder that is there": ("agua --base https://x.example/ --language pt", "exists already"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_a_study_cannot_be_is_said_in_a_line(study: Path, name: str) -> None:
    arguments, message = WRONG[name]
    before = sorted(study.parent.rglob("*"))
    done = run(study.parent, "new", "study", *arguments.split(), status=2)
    assert done.stderr.startswith("govgraph: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(study.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("languages", "section", "lacking"),
    [
        (["de", "pt"], "# ein Abschnitt", "pt"),
        (["es-MX"], "# una sección", ""),
        (["pt", "fr", "en"], "# a section", "pt, fr"),
    ],
)
def test_comments_are_in_the_first_language_that_the_interface_has(
    tmp_path: Path, languages: list[str], section: str, lacking: str
) -> None:
    options = [word for language in languages for word in ("--language", language)]
    said = run(tmp_path, "new", "study", "water", "--base", BASE, *options).stderr.splitlines()
    note = (
        f"The interface has no {lacking}: pages will be in English around what you write in it."
        " It has en, de, es."
    )
    assert said[:-1] == ([note] if lacking else [])
    case = (tmp_path / "water/cases/first-case.yaml").read_text("utf-8")
    assert f"  {section}\n" in case
    english = (
        "for each passage" in case,
        "A study for" in (tmp_path / "water/README.md").read_text(),
    )
    assert english == (languages[0] == "pt",) * 2
    assert not {"PATH", "SLUG", "LANGUAGE", "BASE"} & set(re.findall("[A-Z]{4,}", case))
    run(tmp_path / "water", "new", "case", "second")
    assert f"  {section}\n" in (tmp_path / "water/cases/second.yaml").read_text("utf-8")
    assert "nothing to report" in run(tmp_path / "water", "validate").stderr


def test_a_study_lies_in_no_other(study: Path) -> None:
    arguments = ("new", "study", "inner", "--base", "https://x.example/", "--language", "pt")
    assert "would lie in the study" in run(study / "cases", *arguments, status=2).stderr


def test_files_are_started_in_their_folder_and_never_overwritten(study: Path) -> None:
    cases = study / "cases"
    for kind, slug, path in (
        ("case", "second", "second.yaml"),
        ("codes", "second", "../codes/second.csv"),
        ("query", "second", "../queries/second.rq"),
        ("table", "rows", "../tables/rows.csv"),
    ):
        done = run(cases, "new", kind, slug)
        assert done.stdout == f"{path}\n"
        again = run(cases, "new", kind, slug, status=2)
        assert "exists already" in again.stderr
    assert run(study, "validate").stderr.splitlines()[0] == "the graph: nothing to report"
    assert run(study, "query", "second", "--format", "csv").stdout.count("\n") == 10
    assert run(study, "new", "case", "third", "--output", "more").stdout == "more/third.yaml\n"


def test_outside_any_study_a_case_is_started_here(tmp_path: Path) -> None:
    assert run(tmp_path, "new", "case", "town").stdout == "town.yaml\n"
    done = run(tmp_path, "validate", "town.yaml")
    assert "names are below the temporary base https://study.example/" in done.stderr


def test_templates_know_nothing_of_any_study() -> None:
    import govgraph

    folder = Path(govgraph.__file__).parent / "templates"
    text = "".join(path.read_text("utf-8") for path in folder.iterdir()).lower()
    words = ("bogot", "tijuana", "mexico", "colombia", "crime", "police", "security", "alianza")
    assert [word for word in words if word in text] == []


def test_an_author_is_told_what_is_not_coded(study: Path) -> None:
    case = study / "cases" / "first-case.yaml"
    text = case.read_text("utf-8")
    more = (
        "    passage/first-case/1/2: {type: Paragraph, partOf: passage/first-case/1, position: 2}\n"
        "    passage/first-case/1/3:\n      type: Paragraph\n"
        "      partOf: passage/first-case/1\n      position: 3\n"
        '      codingNote: {en: "Says nothing.", es: "No dice nada."}\n'
    )
    case.write_text(
        text.replace("    # A passage that states nothing", f"{more}    # A passage", 1)
        + 'case/second: {label: {en: "B", es: "B"}, place: place/first-case}\n',
        encoding="utf-8",
    )
    line = case.read_text("utf-8").splitlines().index(more.splitlines()[0]) + 1
    last = len(case.read_text("utf-8").splitlines())
    yaml = study / "study.yaml"
    document = "documents: [work/first-case-document"
    yaml.write_text(
        yaml.read_text("utf-8").replace(document, f"{document}, work/second"), encoding="utf-8"
    )
    works = '  - {id: work/second, type: Work, label: {en: "W", es: "W"}, citedAs: W, year: 2020}\n'
    (study / "works.yaml").write_text(f"nodes:\n{works}", encoding="utf-8")
    told = run(study, "validate", "--severity", "violation").stderr.splitlines()[1:]
    assert told == [
        "agua: 2 documents, 4 passages, 40 statements, 2 cases",
        "  work/first-case-document: 4 passages, 40 statements",
        "  work/second: 0 passages, 0 statements",
        f"  cases/first-case.yaml:{line}: passage/first-case/1/2: nothing is coded. List what it"
        " `says`, or give a `codingNote`.",
        "  works.yaml:2: work/second: a document without passages. Name them under `passages`.",
        f"  cases/first-case.yaml:{last}: case/second: a case without arrangement. Code one that"
        " names it as its `case`.",
    ]
    report = json.loads(run(study, "validate", "-f", "json", "--severity", "violation").stdout)
    (coverage,) = report["coverage"]
    assert coverage["documents"]["work/second"] == {"passage": 0, "statement": 0}
    assert [gap["name"] for gap in coverage["gaps"]] == [
        "passage/first-case/1/2", "work/second", "case/second",
    ]  # fmt: skip


def test_a_validation_after_a_change_takes_half_a_second_of_cpu(study: Path) -> None:
    case = study / "cases" / "first-case.yaml"
    times = []
    for number in range(3):
        case.write_text(f"{case.read_text('utf-8')}# {number}\n", encoding="utf-8")
        before = os.times()
        run(study, "validate")
        after = os.times()
        user = after.children_user - before.children_user
        times.append(user + after.children_system - before.children_system)
    assert min(times) < 1, times  # 0.45 s on a quiet machine


def test_a_label_in_another_language_than_the_first_is_only_asked_for(study: Path) -> None:
    case = study / "cases" / "first-case.yaml"
    text = case.read_text("utf-8").replace('{en: "Forum 21", es: "Forum 21"}', '{en: "Forum 21"}')
    case.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if 'label: {en: "Forum 21"}' in row)
    said = f"cases/first-case.yaml:{line}: Warning: partnership/first-case-forum: "
    assert run(study, "validate").stdout.startswith(said)
    assert run(study, "validate", "--strict", status=1).stdout.startswith(said)
