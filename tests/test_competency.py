"""Forty questions of a scholar, put to the graph: it must answer as the text does.

`competency/questions.yaml` has them with their answers from the text, `competency/asked.yaml` how
each is asked. Where they differ, coding or query is wrong; a gap that is known says why.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from govgraph.compare.comparison import evidence
from govgraph.results import display

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

FOLDER = Path(__file__).parent / "competency"
QUESTIONS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "questions.yaml").read_text("utf-8"))
ASKED: dict[str, list[dict[str, Any]]] = yaml.safe_load((FOLDER / "asked.yaml").read_text("utf-8"))

Row = dict[str, str]


def answer(kg: KnowledgeGraph, asked: dict[str, Any]) -> list[Row]:
    """Return the rows of what is asked, all as text."""
    if "query" in asked:
        result = kg.query(asked["query"], **asked.get("with", {}))
        shown = [[display(term, kg.names) if term else "" for term in row] for row in result.rows]
        return [dict(zip(result.columns, row, strict=True)) for row in shown]
    if "compare" in asked:
        columns, rows = evidence(kg.compare(asked["compare"], [asked["feature"]]))
        return [dict(zip(columns, map(str, row), strict=True)) for row in rows]
    return [{check.claim: check.verdict} for check in kg.claims()]


def faults(kg: KnowledgeGraph, asked: dict[str, Any]) -> list[str]:
    rows = answer(kg, asked)
    wanted = [*asked.get("holds", []), *({k: v} for k, v in asked.get("claims", {}).items())]
    found = [f"no row has {entry}" for entry in wanted if not any(fits(r, entry) for r in rows)]
    found += [
        f"a row has {entry}"
        for entry in asked.get("lacks", [])
        if any(fits(row, entry) for row in rows)
    ]
    if len(rows) != asked.get("rows", len(rows)):
        found.append(f"{len(rows)} rows, expected {asked['rows']}")
    return found


def fits(row: Row, entry: dict[str, Any]) -> bool:
    """Tell whether a row has the values of an entry; what is no column is a mistake of ours."""
    return all(
        fnmatchcase(row[key], str(value)) for key, value in entry.items() if key in row
    ) and (entry.keys() <= row.keys())


def test_there_are_forty_each_with_an_answer_of_the_text_and_a_way_to_ask() -> None:
    assert [each["id"] for each in QUESTIONS] == [f"q{number:02}" for number in range(1, 41)]
    assert all(set(each) == {"id", "question", "answer", "where"} for each in QUESTIONS)
    assert set(ASKED) == {each["id"] for each in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each["id"])
def test_the_graph_answers_as_the_text_does(kg: KnowledgeGraph, question: dict[str, Any]) -> None:
    found = {str(asked): faults(kg, asked) for asked in ASKED[question["id"]] if "gap" not in asked}
    assert {asked: each for asked, each in found.items() if each} == {}, question["question"]


def test_a_known_gap_is_still_one(kg: KnowledgeGraph) -> None:
    """What is answered by now is no gap any more."""
    gaps = {
        (name, asked["gap"]): faults(kg, asked)
        for name, several in ASKED.items()
        for asked in several
        if "gap" in asked
    }
    assert [key for key, found in gaps.items() if not found] == []
    assert all(key[1].strip() for key in gaps)
