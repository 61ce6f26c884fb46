"""Forty hostile inputs more, each thought of with the manual alone, and what is right for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

import govgraph
from asking import ask, endpoint_of, refused
from faults.new_study import BASE, changed, govgraph_says, refusal
from misbehaving import Handler, serving

LABEL: Final = '{pt: "Forum 21"}'
HEADER: Final = "list,id,broader,label.pt,label.en\n"
PREFIXES: Final = """@prefix gg: <https://w3id.org/govgraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
FORUM: Final = "partnership/first-case-forum"


# -- study.yaml ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('pt: "Agua"', 'pt: ""', "a text is missing here. Give one, or remove the key."),
        ('pt: "Agua"', 'pt: "  "', "a text is missing here. Give one, or remove the key."),
        ("https://agua", "https://ana:secret@agua", "may have ASCII alone, and no `@` or `..`."),
        ("estudo/", "x/../estudo/", "may have ASCII alone, and no `@` or `..`."),
        ("[pt]", "[pt, PT]", "'pt' stands twice under `languages`. Keep one."),
        ("[work/first-case-document]", "[]\nissued: 2026-02-31", "is no date such as 2026-11-30."),
    ],
)
def test_study_yaml_is_refused_at_its_line(study: Path, old: str, new: str, said: str) -> None:
    line = changed(study / "study.yaml", old, new) + new.count("\n")
    found = govgraph_says("validate").lines[0]
    assert found.startswith(f"study.yaml:{line}: "), found
    assert found.endswith(said)


def test_a_version_that_looks_like_a_number_keeps_its_zero(study: Path) -> None:
    changed(study / "study.yaml", "# version: 0.1.0", "version: 1.10")
    assert govgraph.open().study.version == "1.10"


def test_norway_is_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """YAML 1.1 takes `no` for false."""
    monkeypatch.chdir(tmp_path)
    assert govgraph_says("new", "study", "fjord", "--base", BASE, "--language", "no").status == 0
    monkeypatch.chdir("fjord")
    asked = f"SELECT ?l {{ <{BASE}{FORUM}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
    [[label]] = govgraph.open().query(asked).rows
    assert str(label) == '"Forum 21"@no'


# -- case files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (LABEL, '{pt: ""}', "'label' has no text for 'pt'."),
        (LABEL, '"\u3000"', "'label' has no text for 'pt'."),
        (
            "Finding: {case: first-case}",
            "Finding: {case: first-case, id: finding/x}",
            "`defaults` are of several things: remove `id`.",
        ),
        ("startYear: 2021", "startYear: 20:21", "takes a whole number without quotes, found 20:21"),
        ("startYear: 2021", "startYear: 0x7E5", "takes a whole number without quotes, found 0x7E5"),
        ("value: 12 persons", "value: .nan, unit: persons", "without quotes, found .nan."),
        ("startYear: 2021", "startYear\u00a0: 2021", "unknown key 'startYear\\xa0' of "),
        ("about: part", "about: part\u200b", "'part\\u200bnership/first-case-forum'"),
    ],
)
def test_a_case_file_is_refused_at_its_line(study: Path, old: str, new: str, said: str) -> None:
    line = changed(study / "cases/first-case.yaml", old, new)
    found = refusal("validate", status=3)
    assert found.startswith(f"cases/first-case.yaml:{line}: "), found
    assert said in found


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n"])
def test_lines_are_those_of_an_editor_however_they_end(study: Path, ending: str) -> None:
    path = study / "cases/first-case.yaml"
    line = changed(path, "findingKind", "findingKynd")
    path.write_bytes(path.read_text("utf-8").replace("\n", ending).encode())
    assert refusal("validate", status=3).startswith(f"cases/first-case.yaml:{line}: unknown key")


@pytest.mark.parametrize("printed", ["12:30:45", "1e3", "0x1F", "007", "yes", "1_000", "1.10"])
def test_a_name_is_kept_as_printed_whatever_yaml_takes_it_for(study: Path, printed: str) -> None:
    changed(
        study / "cases/first-case.yaml", 'nameAsPrinted: "Forum 21"', f"nameAsPrinted: {printed}"
    )
    asked = "SELECT ?n { ?s <https://w3id.org/govgraph/ontology#nameAsPrinted> ?n }"
    assert [row["n"] for row in govgraph.open().query(asked)] == [printed]


# -- codes, terms, shapes, tables ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("graph,inferred,,A,\n", "'graph/' begins addresses of the site. Take another kind of id."),
        ("query,,,Q,\n", "'query/' begins addresses of the site. Take another kind of id."),
        ("kinds,,,K,\nkinds,index,,I,\n", "it would be the address of something else."),
        ("role,founder,,Fundador,Creator\n", "takes labels here in languages but en and es, and"),
        ("role,xx,xx,X,\n", "'role/xx' is its own `broader`. Take one of them out."),
    ],
)
def test_a_table_of_codes_is_refused_at_its_row(study: Path, rows: str, said: str) -> None:
    (study / "codes/first-codes.csv").write_text(HEADER + rows)
    found = refusal("validate", status=3)
    assert found.startswith(f"codes/first-codes.csv:{rows.count(chr(10)) + 1}: "), found
    assert said in found


def test_a_class_in_the_namespace_of_govgraph_is_refused(study: Path) -> None:
    path = study / "ontology/terms.ttl"
    path.parent.mkdir()
    path.write_text(f'{PREFIXES}gg:Feud a owl:Class ; rdfs:label "x"@pt .\n')
    said = "gg:Feud would be govgraph's own. Give it an address below your base."
    assert refusal("validate", status=3) == f"ontology/terms.ttl:5: {said}"


def test_a_shape_that_no_engine_takes_is_told_in_one_line(study: Path) -> None:
    path = study / "ontology/shapes/own.ttl"
    path.parent.mkdir(parents=True)
    odd = 'sh:targetClass gg:Actor ; sh:property [ sh:path rdfs:label ; sh:pattern "(" ]'
    path.write_text(f"{PREFIXES}gg:S a sh:NodeShape ; {odd} .\n")
    said = refusal("validate", status=3)
    assert "regex parse error: ( ^ error: unclosed group. A study's own lie in" in said


def test_a_table_has_no_character_that_no_text_has(study: Path) -> None:
    (study / "t.csv").write_bytes(b"id,type,label.pt\nactor/a,Company,A\nactor/b,Company,B\0\n")
    said = "t.csv:3: the character U+0000. Delete it."
    assert refusal("validate", status=3) == said


def test_a_file_without_ending_is_named_as_such(study: Path) -> None:
    Path("cases/data").write_text("x")
    said = refusal("validate", "cases/data", status=3)
    assert said.startswith("cases/data: cannot read extensionless files. Known: .csv, ")


# -- queries and what they are asked with ----------------------------------------------------------


def test_standard_input_is_always_sparql(study: Path) -> None:
    """Also where there is no brace, a byte order mark, nothing at all, or no UTF-8."""
    assert govgraph_says("query", "-", stdin=b"DESCRIBE <http://e.org/>").lines == []
    assert govgraph_says("query", "-", stdin=b"\xef\xbb\xbfASK {}").out == "true\n"
    assert "expected SELECT, ASK, CONSTRUCT or DESCRIBE" in refusal("query", "-", status=3)
    bad = refusal("query", "-", status=3, stdin=b'ASK {\n ?s ?p "\xe9" }')
    assert bad == "<query>:2: byte 0xe9 is not UTF-8. Save the file as UTF-8."


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300"])
def test_no_clock_waits_so_long(study: Path, seconds: str) -> None:
    said = refusal("query", "-", "--timeout", seconds, status=2, stdin=b"ASK {}")
    assert said.startswith("timeout: found ")
    assert said.endswith(", expected seconds such as 60.")


def test_python_has_no_such_time_either(study: Path) -> None:
    with pytest.raises(govgraph.UsageError, match="timeout: found -1, expected seconds"):
        govgraph.open().query("ASK {}", timeout=-1)


def test_a_value_that_nothing_has_is_a_finding(study: Path) -> None:
    for value in ("2020", "02021"):
        said = govgraph_says("explain", FORUM, "startYear", value)
        assert (said.status, said.lines) == (
            1,
            [f"govgraph: nothing in the graph says or implies: {FORUM} startYear {value}"],
        )
    assert "nothing has that name" in refusal("explain", FORUM, "a", "nope", status=2)
    kg = govgraph.open()
    assert [len(kg.explain(FORUM, "startYear", year)) for year in (2021, 2020)] == [1, 0]


def test_a_file_that_is_none_does_not_conform(study: Path) -> None:
    kg = govgraph.open()
    with pytest.raises(govgraph.UsageError, match=r"cases/nope.yaml: no such file is read"):
        kg.validate(["cases/nope.yaml"])
    assert kg.validate("cases/first-case.yaml").conforms


# -- what is written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output",
    ["study.yaml", "cases/first-case.yaml", "codes/first-codes.csv", "queries/first-query.rq",
     "answer.csv", "cases/answer.ttl"],
)  # fmt: skip
def test_no_answer_takes_the_place_of_a_file_of_the_study(study: Path, output: str) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    said = refusal("query", "first-query", "-f", "csv", "-o", output, status=2)
    assert said.startswith(f"{output} would be read as a file of the study. Write it")
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_an_answer_beside_the_study_is_written(study: Path) -> None:
    assert govgraph_says("query", "first-query", "-o", "../answer.csv").status == 0
    assert Path("../answer.csv").read_text().count("\n") == 4
    assert govgraph_says("query", "first-query", "-o", "answer.json").status == 0


@pytest.mark.parametrize("slug", ["", ".", "..", "a b"])
def test_a_file_is_not_started_under_no_name(study: Path, slug: str) -> None:
    assert "is no slug: use lower-case letters" in refusal("new", "case", slug, status=2)


# -- stores that answer oddly ----------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["token", "password", "user"])
def test_a_secret_with_a_line_break_is_not_told(setting: str) -> None:
    secrets = {"user": "ana", setting: "s3cret\n"}
    with pytest.raises(govgraph.UsageError, match=f"^{setting}: it holds a line break") as error:
        endpoint_of("http://127.0.0.1:1/query", **secrets)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("wait", ["banana", "-5", "1e999"])
def test_a_pause_that_is_none_is_like_no_pause(wait: str) -> None:
    answers = iter([429, 200])

    def behave(handler: Handler) -> None:
        handler.answer(next(answers), Retry_After=wait)

    with serving(behave) as asked:
        assert ask(asked.url)
        assert len(asked) == 2


def test_a_part_of_an_answer_is_none() -> None:
    said, times = refused(lambda handler: handler.answer(206))
    assert "Half an answer is none: ask the server" in said
    assert times == 1


def test_rows_are_no_answer_to_a_question_of_yes_or_no() -> None:
    row = {"x": {"type": "literal", "value": "a"}}
    rows = {"head": {"vars": ["x"]}, "results": {"bindings": [row]}}
    said, _ = refused(lambda handler: handler.answer(body=json.dumps(rows).encode()))
    assert said.endswith("rows answer a SELECT, yes or no an ASK: these are rows.")
