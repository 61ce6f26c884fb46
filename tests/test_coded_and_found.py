"""What the YAML files say of a topic is what queries find and comparisons count: no difference.

The files are read here with PyYAML alone, so that a slip of our reader cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from govgraph import KnowledgeGraph, resources

STUDIES = {
    "kg": resources.default_study(),
    "second": resources.default_study().parent / "rwanda-gacaca",
}
LISTS = {
    "problem": "addresses", "approach": "approach", "level": "level", "place": "place",
    "principle": "principle", "setting": "setting",
}  # fmt: skip
"""The lists of topics, and the key under which an arrangement or case has one of each."""
COMPARED = {"problem": "problems", "approach": "approaches", "level": "levels"}
"""The lists that are features of cases, and the query that compares them."""
RECOMMENDED = "finding-kind/recommendation"


class Said(NamedTuple):
    """What one passage says of one thing, and what the file takes for granted of it."""

    passage: str
    thing: str
    keys: dict[str, Any]
    defaults: dict[str, Any]

    def values(self, key: str) -> list[str]:
        """Return the values of a key, with the word before the slash where it is left out."""
        found = self.keys.get(key, self.defaults.get(key, []))
        kind = {key: name for name, key in LISTS.items()} | {
            "case": "case",
            "findingKind": "finding-kind",
        }
        return [
            value if "/" in value or key not in kind else f"{kind[key]}/{value}"
            for value in (found if isinstance(found, list) else [found])
            if isinstance(value, str)
        ]

    def topics(self) -> list[str]:
        """Return all that it speaks of, whatever it says of that."""
        keys = ("about", "cause", "effect", "addressee", "recommends")
        return [value for key in keys for value in self.values(key)]


@cache
def statements(study: Path) -> list[Said]:
    files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(study.glob("**/*.yaml"))]
    return [said for file in files for said in read(file, "", "", file.get("defaults", {}))]


def read(node: Any, name: str, passage: str, defaults: dict[str, Any]) -> Iterator[Said]:
    """Yield what stands in a part of a file: things in lists, or under their ids."""
    if isinstance(node, list):
        for item in node:
            yield from read(item, "", passage, defaults)
    elif isinstance(node, dict):
        thing = node.get("id") or (name if "/" in name else f"nameless {id(node)}")
        passage = thing if thing.startswith("passage/") else passage
        kind = thing.partition("/")[0]
        usual = {"finding": "Finding", "event": "Event"}.get(kind, "")
        usual = "Arrangement" if kind in ("partnership", "instrument") else usual
        yield Said(passage, thing, node, defaults.get(usual, {}))
        for key, value in node.items():
            yield from read(value, key, passage, {} if key == "defaults" else defaults)


def together(said: list[Said], key: str) -> dict[str, set[str]]:
    """Return all values of a key of each thing, whichever passage says so."""
    found: dict[str, set[str]] = {}
    for each in said:
        found.setdefault(each.thing, set()).update(each.values(key))
    return found


def coded_findings(study: Path) -> dict[str, set[tuple[str, str]]]:
    """Return for each topic which findings are about it, in which passages."""
    topics: dict[str, set[tuple[str, str]]] = {}
    for each in statements(study):
        if each.thing.startswith("finding/") and each.values("findingKind"):
            for topic in each.topics():
                if topic.partition("/")[0] in LISTS:
                    topics.setdefault(topic, set()).add((each.passage, each.thing))
    return topics


def coded_features(study: Path, kind: str) -> set[tuple[str, str, str]]:
    """Return which case has which code of a list in which passage."""
    said = statements(study)
    cases, kinds, models = (together(said, key) for key in ("case", "findingKind", "model"))
    followers = [
        (model, case) for case, of in models.items() if case.startswith("case/") for model in of
    ]
    features = set()
    for each in said:
        of = {each.thing} if each.thing.startswith("case/") else cases[each.thing]
        values = {*each.values(LISTS[kind])}
        if not each.thing.startswith("case/") and not (
            kind != "problem" and RECOMMENDED in kinds[each.thing]
        ):
            values |= {value for value in each.topics() if value.startswith(f"{kind}/")}
        features |= {(case, value, each.passage) for case in of for value in values}
        if kind == "approach":
            features |= {
                (case, value, each.passage)
                for model, case in followers
                if model == each.thing
                for value in each.values("approach")
            }
    return {row for row in features if row[2]}


def short(iri: str) -> str:
    """Return the last two words of an IRI; of a passage or of what is read in it, the passage."""
    for mark in ("/graph/reading/", "/passage/"):
        _, found, rest = iri.partition(mark)
        if found:
            return f"passage/{rest}"
    return "/".join(iri.split("/")[-2:])


def answers(kg: KnowledgeGraph, query: str, **arguments: str) -> list[dict[str, str]]:
    result = kg.query(query, **arguments)
    texts = ([short(str(getattr(term, "value", ""))) for term in row] for row in result.rows)
    return [dict(zip(result.columns, row, strict=True)) for row in texts]


@pytest.mark.parametrize("graph", STUDIES)
def test_findings_about_a_topic_are_those_that_the_files_code(
    graph: str, request: pytest.FixtureRequest
) -> None:
    kg: KnowledgeGraph = request.getfixturevalue(graph)
    coded = coded_findings(STUDIES[graph])
    assert len({topic.partition("/")[0] for topic in coded}) >= 2
    differences = {}
    for topic, expected in coded.items():
        rows = answers(kg, "findings-about", topic=topic)
        found = {(row["passage"], row["finding"]) for row in rows}
        if found != expected:
            differences[topic] = found ^ expected
    assert differences == {}


@pytest.mark.parametrize("graph", STUDIES)
@pytest.mark.parametrize("kind", COMPARED)
def test_comparison_counts_what_the_files_code(
    graph: str, kind: str, request: pytest.FixtureRequest
) -> None:
    kg: KnowledgeGraph = request.getfixturevalue(graph)
    rows = answers(kg, f"compare/{COMPARED[kind]}")
    compared = {(row["case"], row["value"], row["passage"]) for row in rows}
    assert compared ^ coded_features(STUDIES[graph], kind) == set()


def test_topics_of_findings_of_the_first_study() -> None:
    """What the trial of version 0.2 counted, but for what was coded or taken back since."""
    coded = coded_findings(STUDIES["kg"])
    findings = {topic: {finding for _, finding in rows} for topic, rows in coded.items()}
    expected = {
        "homicide": 8, "insecurity": 18, "crime": 21, "violence": 21, "poverty": 3,
        "unemployment": 2,
    }  # fmt: skip
    assert {topic: len(findings[f"problem/{topic}"]) for topic in expected} == expected
    by_list = {
        name: len({f for topic, of in findings.items() if topic.startswith(f"{name}/") for f in of})
        for name in ("principle", "level", "setting")
    }
    assert by_list == {"principle": 12, "level": 33, "setting": 3}


@pytest.mark.parametrize(
    ("feature", "case", "passage"),
    [
        ("problem:homicide", "tijuana", "passage/4/1"),
        ("problem:organised-crime", "nuevo-leon", "passage/5/1"),
        ("problem:violence", "nuevo-leon", "passage/5/5"),
        ("problem:robbery", "united-kingdom", "passage/2.1/netherlands/6"),
        ("problem:domestic-violence", "united-kingdom", "passage/2.1/netherlands/6"),
        ("problem:drug-related-crime", "united-kingdom", "passage/2.1/netherlands/6"),
        ("problem:drug-trafficking", "tijuana", "passage/4/1"),
        ("problem:feeling-of-insecurity", "netherlands", "passage/2.1/netherlands/1"),
        ("problem:drug-use", "netherlands", "passage/2.1/netherlands/1"),
        ("problem:social-exclusion", "belgium", "passage/2.1/belgium/4"),
        ("problem:social-exclusion", "france", "passage/2.1/france/1/s6"),
        ("problem:juvenile-delinquency", "denmark", "passage/table-8.3/denmark"),
        ("level:national", "united-kingdom", "passage/2.1/netherlands/6"),
        ("level:local", "nuevo-leon", "passage/5/1"),
        ("approach:partnership", "netherlands", "passage/2.1/netherlands/7"),
        ("approach:partnership", "france", "passage/2.1/france/1/s5"),
    ],
)
def test_what_a_case_is_told_by_is_no_zero(
    kg: KnowledgeGraph, feature: str, case: str, passage: str
) -> None:
    comparison = kg.compare([case])
    cell = comparison.cells[f"case/{case}", feature]
    assert cell.state.value == "1"
    assert passage in cell.passages


def test_what_spain_should_learn_is_no_feature_of_its_arrangements(kg: KnowledgeGraph) -> None:
    cells = kg.compare(["spain"], ["sdg-targets"]).cells
    assert ("case/spain", "target:17.17") not in cells
