"""What a new author gets wrong in a case file: one line for one fault, with place and remedy."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import govgraph
from govgraph import KnowledgeGraph, SourceError
from govgraph.coding.yaml_lines import parse_yaml

CONFLICT = """
conflict/year:
  label: x
  conflictSubject: partnership/first-case-forum
  conflictProperty: startYear
  conflictKind: date
  conflictStatus: unresolved
"""
FORUM_LABEL = 'label: {en: "Forum 21"}\n        nameAs'
FOUNDER = "founder: actor/first-case-alfa"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the case file of a new study, which is right."""
    monkeypatch.chdir(tmp_path)
    govgraph.start_study("s", base="https://s.example/", languages=["en"])
    os.chdir("s")
    return Path("cases/first-case.yaml")


def faults(case: Path) -> list[str]:
    """Return all that is told of a study: errors, or results."""
    try:
        results = KnowledgeGraph.open(study=".").validate().results
    except SourceError as error:
        return str(error).splitlines()
    return [f"{row.place}: {row.message} [{row.shape}]" for row in results]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (FORUM_LABEL, "nameAs", "41: There is no label in any language. Add `label`"),
        ("nameAsPrinted", "nameprinted", "44: unknown key 'nameprinted' of '.*-forum'. Did"),
        ("        startYear", "       startYear", "45: not YAML: .* and indentation"),
        ("startYear: ", "startYear ", "46: not YAML: .* Check colons, quotes and brackets"),
        ("startYear: 2021", "startYear: early 2021", "45: 'startYear' takes a whole number"),
        ("startYear: 2021", "onDate: 3.5.2021", "45: 'onDate' takes a date such as 1992-06-09"),
        ("startYear: 2021", "startYear: 20211", "45: The first year .* Write four digits"),
        (FOUNDER, f"{FOUNDER[:-1]}e", "47: 'actor/first-case-alfe' is described nowhere. Did you"),
        (FOUNDER, "founder: Alfa", "47: 'Alfa' is described nowhere. An id has a kind and a slash"
                                   " before its name, such as actor/alfa."),
        ("founder: ", "fonder: ", "47: 'role/fonder' is no code .* Did you mean 'role/founder'"),
        ("12 persons", "12 persones", "51: 'unit/persones' is no code .* Did you mean"),
        ("type: Forum", "type: Form", "42: unknown type 'Form'. Did you mean 'Forum'"),
        ('"Forum 21 = Alfa', "Forum: Alfa", "59: not YAML: .* Check colons, quotes and"),
        ("passage/first-case/1/1:", "paragraph/1:", "35: `passages` takes ids such as"
                                                    " passage/plan/1, found 'paragraph/1'."),
        ("      # A place.", "      citation: {citedWork: first-case-document}\n      # A place.",
         "36: A citation needs exactly one pointer .* Add `asPrinted`"),
        (r"\Z", f"{CONFLICT}  sides: {{passage/first-case/1/1: in 2021}}\n",
         "88: The conflict does not say which passage holds which value, for two values at least"),
    ],
)  # fmt: skip
def test_one_fault_is_one_line(case: Path, old: str, new: str, told: str) -> None:
    text, count = re.subn(old, new.replace("\\", r"\\"), case.read_text("utf-8"), count=1)
    assert count == 1
    case.write_text(text, "utf-8")
    [line] = faults(case)
    assert re.match(rf"{case}:{told}", line), line


def test_each_passage_that_between_names_beside_sides_is_told(case: Path) -> None:
    sides = "{passage/first-case/1/1: [in 2021, later], passage/first-case/1/2: in 2022}"
    text = case.read_text("utf-8").replace(
        "    # A passage that states",
        "    passage/first-case/1/2: {codingNote: x}\n    passage/first-case/1/3: {codingNote: x}\n"
        "    passage/first-case/1/4: {codingNote: x}\n    # A passage that states",
    )
    named = "[passage/first-case/1/3, passage/first-case/1/4]"
    case.write_text(f"{text}{CONFLICT}  sides: {sides}\n  between: {named}\n", "utf-8")
    told = [line for line in faults(case) if "[ConflictPassagesHold]" in line]
    assert len(told) == 2
    assert "`between` names a passage that holds no value of the conflict." in told[0]


@pytest.mark.parametrize(
    ("first", "last", "shift", "told"),
    [
        (15, 15, -2, "15: 'Finding' begins in the first column, as ids or `nodes` do. Begin it"),
        (18, 24, 2, "18: `defaults` takes .*, found 'work/first-case-document'. Begin it further"),
        (27, 66, 2, "27: 'case/first-case' is no key of what begins on line 18. What has an id"),
        (30, 66, -2, "30: 'passages' begins in the first column, as ids or `nodes` do. Begin it"),
        (35, 66, -2, "35: 'passage/first-case/1/1' is no key of what begins on line 27. What has"),
        (41, 51, -2, "41: `passages` takes .* What a passage says begins further right than its"),
        (46, 49, -2, "50: `participants` is written as .*, unlike 'numbers' here. What is no part"),
        (50, 51, 2, "50: `participants` is written as .*, unlike 'numbers' here. What is no part"),
        (50, 51, -2, "51: `observation` belongs to what the number is of, .* begin `numbers`"),
        (50, 51, -4, "50: 'numbers' stands among ids ('passage/first-case/1' on line 33). Begin"),
        (51, 51, -2, "50: `numbers` is written as .*, and begins further right. What is no part"),
        (54, 54, 2, "54: 'actor/first-case-alfa' is no key of what begins on line 41. What has"),
        (54, 54, 4, "54: `numbers` is written as .*, unlike 'actor/first-case-alfa' here. What is"),
        (64, 66, -2, "64: 'reads' stands among ids ('passage/first-case/1' on line 33). Begin it"),
        (41, 41, -2, "54: not YAML: .* this line begins in column 7, line 51 in column 11"),
        (45, 45, 2, "45: not YAML: .* this line begins in column 11, line 44 in column 9"),
    ],
)  # fmt: skip
def test_wrong_indentation_is_told_where_it_is(
    case: Path, first: int, last: int, shift: int, told: str
) -> None:
    lines = case.read_text("utf-8").split("\n")
    for number in range(first - 1, last):
        lines[number] = " " * shift + lines[number] if shift > 0 else lines[number][-shift:]
    case.write_text("\n".join(lines), "utf-8")
    line, *_ = faults(case)
    assert re.match(f"{case}:{told}".replace("('", r"\('").replace("33)", r"33\)"), line), line


def test_a_conflict_without_sides_is_one_line(case: Path) -> None:
    text = case.read_text("utf-8").replace(
        "    # A passage that states",
        "    passage/first-case/1/2: {partnership/first-case-forum: {startYear: 2022}}\n"
        "    # A passage that states",
    )
    between = "[passage/first-case/1/1, passage/first-case/1/2]"
    case.write_text(f"{text}{CONFLICT}  between: {between}\n", "utf-8")
    [line] = faults(case)
    assert "The conflict does not say which passage holds which value" in line


def test_a_document_that_is_no_work_is_told_at_its_line(case: Path) -> None:
    file = Path("study.yaml")
    text = file.read_text("utf-8")
    wrong = {
        "[work/first-case-docment]": "14: 'work/first-case-docment' is described nowhere. Did you"
        " mean 'work/first-case-document'?",
        "[actor/first-case-alfa]": "14: 'actor/first-case-alfa' is no Work. `documents` takes what"
        " was coded.",
    }
    for documents, told in wrong.items():
        file.write_text(text.replace("[work/first-case-document]", documents), "utf-8")
        assert faults(case) == [f"study.yaml:{told}"]


def test_titles_in_other_languages_are_asked_for(tmp_path: Path) -> None:
    govgraph.start_study(
        tmp_path / "s", base="https://s.example/", languages=["pt", "en", "es"], title="Água"
    )
    text = (tmp_path / "s" / "study.yaml").read_text("utf-8")
    assert '  pt: "Água"   # en: …   # es: …\n' in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a:\n  b: 1\n    c: 2",
            "3: .* indentation: this line begins in column 5, line 2 in column 3",
        ),
        (
            "a:\n\n  b: 1\n # no\n c: 2",
            "5: .* indentation: this line begins in column 2, line 3 in",
        ),
        ("a:\n  b: x: y", "2: not YAML: mapping values .* this line begins in column 3, line 1 in"),
        (
            "a: 1\nb: x: y",
            r"2: not YAML: mapping .* context. Check .* and brackets here and above\.$",
        ),
        (
            "a:\n  b: 1\n  b: 2",
            "3: the key 'b' stands twice .first on line 2.. Join them, or",
        ),
        (
            "a: Forum #3",
            "1: found ` #` behind 'Forum', which ends a text. Put the text in quotes; ",
        ),
        (
            "a: Forum # 3 of Alfa",
            "1: found ` #` behind 'Forum', which ends a text. Put the text in",
        ),
        ("a: [12 #3, 4]", "1: found ` #` behind '12', which ends a text. Put the text in quotes; "),
    ],
)
def test_lines_to_compare_are_named(text: str, told: str) -> None:
    with pytest.raises(SourceError, match=rf"^f.yaml:{told}"):
        parse_yaml(text, "f.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: x  # y",
        "a: 7 # y",
        "a: x ## y",
        "a: x #",
        "a: x  ## y",
        "a: 'x #3'",
        "a: x#3",
        "a: x  #3",
    ],
)
def test_a_remark_is_one(text: str) -> None:
    parse_yaml(text, "f.yaml")
