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
        ("a: Forum #3", "1: found ` #` in a text without quotes, which ends it. Put the text in"),
    ],
)
def test_lines_to_compare_are_named(text: str, told: str) -> None:
    with pytest.raises(SourceError, match=rf"^f.yaml:{told}"):
        parse_yaml(text, "f.yaml")


@pytest.mark.parametrize("text", ["a: x # y", "a: x  ## y", "a: 'x #3'", "a: x#3", "a: x  #3"])
def test_a_remark_is_one(text: str) -> None:
    parse_yaml(text, "f.yaml")
