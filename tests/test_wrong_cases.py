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
        ("nameAsPrinted", "nameprinted", "44: unknown key 'nameprinted'. Did you mean"),
        ("        startYear", "       startYear", "45: not YAML: this line begins in column"
                                             " 8, line 41 in column 7 and line 44 in column 9."),
        ("startYear: ", "startYear ", "45: not YAML: no colon and blank stand between key"),
        ("startYear: 2021", "startYear: early 2021", "45: 'startYear' takes a whole number"),
        ("startYear: 2021", "onDate: 3.5.2021", "45: 'onDate' takes a date such as 1992-06-09"),
        ("startYear: 2021", "startYear: 20211", "45: The first year .* Write four digits"),
        (FOUNDER, f"{FOUNDER[:-1]}e", "47: 'actor/first-case-alfe' is described nowhere. Did you"),
        (FOUNDER, "founder: Alfa", "47: 'Alfa' is described nowhere. An id has a kind and a slash"
                                   " before its name, such as actor/alfa."),
        ("founder: ", "fonder: ", "47: 'role/fonder' is no code .* Did you mean 'role/founder'"),
        ("12 persons", "12 persones", "51: 'unit/persones' is no code .* Did you mean"),
        ("type: Forum", "type: Form", "42: unknown type 'Form'. Did you mean 'Forum'"),
        ('"Forum 21 = Alfa', "Forum: Alfa", "59: not YAML: a comma or a } is missing in what"
                                          " opens here. A text .* in it needs quotes"),
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


@pytest.mark.parametrize(
    ("first", "last", "shift", "told"),
    [
        # a whole block
        (27, 66, 2, "27: the thing 'case/first-case' stands within another, that of line 18."),
        (30, 66, -2, "30: 'passages' belongs to nothing here. Begin it further right"),
        (35, 66, -2, "35: the thing 'passage/first-case/1/1' stands within another, that of"),
        (41, 51, -2, "41: `passages` takes .* What a passage says begins further right than its"),
        (50, 51, -2, "35: `observation` belongs to what the number is of, .* begin `numbers`"),
        (54, 54, 2, "54: the thing 'actor/first-case-alfa' stands within another, that of line 41"),
        (64, 66, -2, "64: 'reads' stands among passages. Begin it further right, under one."),
        # its first line alone
        (27, 27, 2, "27: 'case/first-case' holds nothing. Begin what belongs to it further right"),
        (41, 41, -2, "54: not YAML: this line begins in column 7, line 41 in column 5 and line 50"),
        (45, 45, 2, "45: not YAML: this line begins further right than line 44, which has its"),
        (20, 20, 1, "20: not YAML: this line begins further right than line 19, which has its"),
        (21, 21, -2, "22: not YAML: this line begins further right than line 21, which has its"),
        # all but its first line
        (31, 66, -2, "30: 'passages' holds nothing. Begin what belongs to it further right"),
        (42, 51, -2, "41: 'partnership/first-case-forum' holds nothing. Begin what belongs to it"),
        (47, 49, -2, "46: 'participants' holds nothing. Begin what belongs to it further right"),
        (65, 66, -2, "64: 'reads' holds nothing. Begin what belongs to it further right than it"),
        (66, 66, -2, "66: the key 'actor/first-case-beta' stands twice .first on line 55"),
    ],
)  # fmt: skip
def test_wrong_indentation_is_told_where_it_is(
    case: Path, first: int, last: int, shift: int, told: str
) -> None:
    lines = case.read_text("utf-8").split("\n")
    for number in range(first - 1, last):
        line = lines[number]
        lines[number] = " " * shift + line if shift > 0 else line[-shift:]
    case.write_text("\n".join(lines), "utf-8")
    line, *_ = faults(case)
    assert re.match(rf"{case}:{told}", line), line


@pytest.mark.parametrize("shift", [1, 2])
def test_indentation_that_means_the_same_is_no_fault(case: Path, shift: int) -> None:
    lines = case.read_text("utf-8").split("\n")
    lines[41:51] = [" " * shift + line for line in lines[41:51]]
    case.write_text("\n".join(lines), "utf-8")
    assert faults(case) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n  b: Forum: Alfa", "2: not YAML: a colon and a blank stand within a text. Put the"),
        ("a:\n  b: x: y: z", "2: not YAML: a colon and a blank stand within a text. Put the"),
        ("a: Projet #3", "1: found ` #` in a text without quotes, which ends it. Put the text in"),
        ("a: [x, y # z\n]", "1: found ` #` in a text without quotes"),
        ("a: 'l'eau'\nb: 1", "1: not YAML: a text in quotes, or a bracket, ends and more follows"),
        ('a: "x\nb: 1\nc: 2', "1: not YAML: the text in quotes that begins here has no end."),
        ("a: {b: {c: d}\ne: 1", r"1: not YAML: a comma or a } is missing .* \(seen on line 2\)"),
        ("a: @x", "1: not YAML: no text begins with '@'. Put it in quotes."),
        ("a:\n- b: 1\n   c: 2", "3: not YAML: this line begins further right than line 2, which"),
        (
            "a:\n  b: 1\n  - c",
            "3: not YAML: a hyphen stands in the column of keys. Begin it further",
        ),
        ("a:\n- b: 1\n c: 2", "3: not YAML: this line begins in column 2, line 2 in column 1"),
        ("a: >\n  text # 3\nb: x   # said", ""),
        ("a: one text\n  on two lines", ""),
    ],
)
def test_what_ends_or_breaks_a_text_is_told(text: str, told: str) -> None:
    if not told:
        parse_yaml(text, "f.yaml")
        return
    with pytest.raises(SourceError) as error:
        parse_yaml(text, "f.yaml")
    assert re.match(f"f.yaml:{told}", str(error.value)), error.value


def test_one_wrong_side_or_between_alone_is_one_line(case: Path) -> None:
    two = case.read_text("utf-8").replace(
        "    # A passage that states",
        "    passage/first-case/1/2: {partnership/first-case-forum: {startYear: 2022}}\n"
        "    # A passage that states",
    )
    sides = "{passage/first-case/1/1: 2021, passage/first-case/1/2: 2022}"
    case.write_text(f"{two}{CONFLICT}  sides: {sides}\n", "utf-8")
    assert faults(case) == []
    case.write_text(f"{two}{CONFLICT}  sides: {sides.replace('2022', '2023')}\n", "utf-8")
    [line] = faults(case)
    assert "This passage gives `startYear` as 2022, not as 2023. Correct the side" in line
    between = "[passage/first-case/1/1, passage/first-case/1/2]"
    case.write_text(f"{two}{CONFLICT}  between: {between}\n", "utf-8")
    [line] = faults(case)
    assert "The conflict does not say which passage holds which value" in line


def test_a_document_that_is_no_work_of_the_study_is_told_at_its_line(case: Path) -> None:
    file = Path("study.yaml")
    text = file.read_text("utf-8").replace(
        "[work/first-case-document]", "[work/first-case-docment]"
    )
    file.write_text(text, "utf-8")
    [line] = faults(case)
    assert re.fullmatch(
        r"study.yaml:\d+: 'work/first-case-docment' is described nowhere. Did you mean"
        r" 'work/first-case-document'\?",
        line,
    )
    assert "docment" in text.splitlines()[int(line.split(":")[1]) - 1]


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
