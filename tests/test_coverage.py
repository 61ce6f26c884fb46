"""Every statement lies in a passage, every passage of the study has its place."""

from __future__ import annotations

from collections import Counter, defaultdict

import pyoxigraph as ox
import pytest

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import BASE, GG, RDF

PARAGRAPHS = {
    "1": 10, "2": 6, "2.1": 1, "2.1/netherlands": 7, "2.1/belgium": 4, "2.1/france": 4,
    "2.1/spain": 4, "2.1/italy": 6, "2.1/germany": 1, "2.2": 5, "3": 5, "3.1": 2, "3.2": 1,
    "3.3": 4, "4": 2, "5": 5, "6": 4, "6.1": 3, "6.2": 3, "7": 4,
}  # fmt: skip
"""How many paragraphs each section of the study has, counted in its text."""

ROWS = (
    "netherlands", "united-kingdom", "belgium", "france", "spain", "italy", "germany", "denmark",
    "bogota", "tijuana", "monterrey",
)  # fmt: skip
COLUMNS = ("government", "private-initiative", "leaders")


def local(term: ox.NamedNode) -> str:
    return term.value.removeprefix(f"{STUDY}passage/")


@pytest.fixture(scope="module")
def passages(kg: KnowledgeGraph) -> dict[str, list[ox.Quad]]:
    found: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in kg.store:
        if isinstance(quad.graph_name, ox.NamedNode):
            name = quad.graph_name.value
            if name.startswith(f"{STUDY}passage/"):
                found[local(quad.graph_name)].append(quad)
    return found


def test_every_asserted_triple_lies_in_a_passage_or_a_named_graph_of_ours(
    kg: KnowledgeGraph,
) -> None:
    ours = (f"{STUDY}graph/editorial/", f"{BASE}graph/ontology", f"{BASE}graph/metadata")
    ours += (f"{BASE}graph/commons", f"{STUDY}graph/reading/")
    allowed = (f"{STUDY}passage/", *ours, f"{BASE}graph/inferred")
    strays = [
        quad for quad in kg.store if not getattr(quad.graph_name, "value", "").startswith(allowed)
    ]
    assert not strays


def test_every_paragraph_and_row_and_cell_of_the_study_is_a_passage(
    passages: dict[str, list[ox.Quad]],
) -> None:
    expected = {
        f"{section}/{n}" for section, count in PARAGRAPHS.items() for n in range(1, count + 1)
    }
    expected |= {f"table-8.1/{column}" for column in COLUMNS}
    expected |= {f"table-8.3/{row}" for row in ROWS}
    cells = {name for name in passages if name.startswith("table-8.2/") and name.count("/") == 2}
    assert len(cells) == 75
    assert not expected - passages.keys()


def test_a_passage_states_something_or_says_why_not(
    kg: KnowledgeGraph, passages: dict[str, list[ox.Quad]]
) -> None:
    note = ox.NamedNode(f"{GG}codingNote")
    for section, count in PARAGRAPHS.items():
        for n in range(1, count + 1):
            name = f"{section}/{n}"
            passage = ox.NamedNode(f"{STUDY}passage/" + name)
            states = [quad for quad in passages[name] if quad.subject != passage]
            states = states or [each for each in passages if each.startswith(f"{name}/s")]
            says_why_not = any(kg.store.quads_for_pattern(passage, note, None, None))
            assert states or says_why_not, f"passage/{name} states nothing and has no codingNote"


def test_every_finding_lies_in_a_passage(kg: KnowledgeGraph) -> None:
    finding = ox.NamedNode(f"{GG}Finding")
    found = list(kg.store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), finding, None))
    assert len(found) > 200
    said = (f"{STUDY}passage/", f"{BASE}graph/inferred")  # what causes what is a finding too
    assert all(quad.graph_name.value.startswith(said) for quad in found)


def test_every_node_that_a_passage_describes_knows_file_and_line(kg: KnowledgeGraph) -> None:
    for quad in kg.store:
        name = getattr(quad.graph_name, "value", "")
        if name.startswith(f"{STUDY}passage/"):
            entry = kg.sources.locate(quad.subject.value, graph=name)
            assert entry, quad
            assert entry.line > 0


def test_coverage_is_printed(
    kg: KnowledgeGraph, passages: dict[str, list[ox.Quad]], capsys: pytest.CaptureFixture[str]
) -> None:
    by_place: Counter[str] = Counter()
    for name, quads in passages.items():
        place = name.partition("/")[0] if name.startswith("table") else name.rpartition("/")[0]
        by_place[place or name] += len(quads)
    by_case: Counter[str] = Counter()
    listed = {
        (quad.subject.value, local(quad.object))
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(f"{GG}passages"), None, None)
    }
    for name, quads in passages.items():
        named = {quad.object.value for quad in quads if quad.predicate.value == f"{GG}case"}
        named |= {case for case, passage in listed if passage == name}
        for case in named:
            if case.startswith(f"{STUDY}case/"):
                by_case[case.removeprefix(f"{STUDY}case/")] += len(quads)
    with capsys.disabled():
        print("\nstatements by section and table")
        for place, count in sorted(by_place.items()):
            print(f"  {place:<20}{count:>6}")
        print("statements by case")
        for name, count in sorted(by_case.items()):
            print(f"  {name:<20}{count:>6}")
    assert set(PARAGRAPHS) <= by_place.keys()
    assert {"table-8.1", "table-8.2", "table-8.3"} <= by_place.keys()
    assert len(by_case) == 13, "some case has no statement"
