"""What the coder reads into a passage lies apart from what the passage says, and is told apart."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import govgraph
from govgraph import KnowledgeGraph
from govgraph.coding.cases import load
from govgraph.coding.study import TEMPORARY_BASE, Sources
from govgraph.errors import SourceErrors
from govgraph.explanation import Renderer
from govgraph.vocabulary import BASE, GG
from govgraph.web.pages.resource import resource_page

CASE = """\
case/a:
  label: {en: A, es: A}
  place: p
  passages:
    passage/1: {label: {en: One, es: Uno}}
    passage/1/1:
      place/p: {type: Area, label: {en: P, es: P}}
      partnership/c:
        type: Partnership
        label: {en: Council, es: Consejo}
        case: a
        appliesIn: p
        participants: actor/y
      actor/x: {type: Government, label: {en: X, es: X}}
      actor/y: {type: Company, label: {en: Y, es: Y}}
      reads:
        actor/x: {sector: government}
        actor/y: {sector: private}
        partnership/c: {participants: {founder: actor/x}, level: local}
    passage/1/1/s2:
      citation: {citedWork: w, asPrinted: "(W, 2001)"}
      partnership/c: {startYear: 1998}
    passage/1/1/s4:
      partnership/c: {endYear: 2001}
    passage/1/2:
      citation: {citedWork: w, asPrinted: "(W, 2001)"}
      finding/f:
        label: {en: It works., es: Funciona.}
        findingKind: assessment
        about: partnership/c
        attributedTo: actor/x
work/w:
  label: {en: W 2001, es: W 2001}
  citedAs: W
  year: 2001
  workKind: book
"""
READING = f"{TEMPORARY_BASE}graph/reading/1/1"


def write(folder: Path, text: str = CASE) -> Path:
    path = folder / "a.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return govgraph.open([write(tmp_path_factory.mktemp("read"))], bundled=False)


def test_a_reading_is_a_graph_with_basis_and_passage(graph: KnowledgeGraph) -> None:
    assert graph.validate().results == []
    rows = graph.query(
        f"SELECT ?g ?basis ?passage {{ GRAPH ?g {{ ?g a <{GG}Reading> ; <{GG}basis> ?basis ;"
        f" <{GG}restsOn> ?passage }} }}"
    )
    assert [tuple(str(row[name]) for name in ("g", "basis", "passage")) for row in rows] == [
        (READING, f"{BASE}basis/reading", f"{TEMPORARY_BASE}passage/1/1")
    ]


def graphs_of(graph: KnowledgeGraph, key: str) -> set[str]:
    rows = graph.query(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s <{GG}{key}> ?o }} }}")
    found = {str(row["g"]).removeprefix(TEMPORARY_BASE) for row in rows}
    return found - {f"{BASE}graph/ontology", f"{BASE}graph/inferred"}


def test_what_is_read_stands_in_no_passage(graph: KnowledgeGraph) -> None:
    assert graphs_of(graph, "sector") == graphs_of(graph, "level") == {"graph/reading/1/1"}
    assert graphs_of(graph, "participant") == {"passage/1/1", "graph/reading/1/1"}


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        (("actor/x", "sector"), "coder's reading of passage/1/1 (a.yaml:17)"),
        (("partnership/c", "level"), "coder's reading of passage/1/1 (a.yaml:19)"),
        (("partnership/c", "appliesIn"), "said in passage/1/1 (a.yaml:12)"),
        (
            ("partnership/c", "startYear"),
            "said in passage/1/1/s2 (a.yaml:22), according to work/w (W, 2001)",
        ),
        (("partnership/c", "endYear"), "said in passage/1/1/s4 (a.yaml:24), which cites nothing"),
        (("finding/f", "about"), "said in passage/1/2 (a.yaml:30), according to actor/x"),
        (
            ("passage/1/2", "position"),
            "said in passage/1/2 (a.yaml:25); the passage cites work/w (W, 2001)",
        ),
    ],
)
def test_each_statement_says_on_whose_word(
    graph: KnowledgeGraph, statement: tuple[str, str], word: str
) -> None:
    proofs = graph.explain(*statement)
    text = Renderer(graph.explainer.schema, graph.names).text(proofs)
    lines = re.sub(r"[^\s(]+/a\.yaml", "a.yaml", text).splitlines()
    assert f"  {word}" in lines


@pytest.mark.parametrize("key", ["alignment: {target: sdg:16, restsOn: passage/1/1}"])
def test_what_no_passage_says_is_refused_in_one(tmp_path: Path, key: str) -> None:
    text = CASE.replace("  actor/y: {type", f"  actor/y: {{{key}, type")
    with pytest.raises(SourceErrors) as told:
        load(Sources(data=(write(tmp_path, text),)))
    name = key.partition(":")[0]
    assert str(told.value).endswith(
        f"a.yaml:15: no passage says `{name}`: it is your reading. Write it under `reads`, "
        "beside `says`, or outside of passages."
    )


@pytest.mark.parametrize("study", ["security-alliances", "rwanda-gacaca"])
def test_no_passage_holds_an_editorial_statement(study: str) -> None:
    kg = govgraph.open(study=study)
    ours = "a gg:EditorialStatement", "a gg:Conflict"
    about = " UNION ".join(f"{{ ?s {kind} }}" for kind in ours)
    rows = kg.query(
        f"PREFIX gg: <{GG}> SELECT DISTINCT ?g ?s {{ GRAPH ?g {{ ?s ?p ?o }} {about}"
        " FILTER(CONTAINS(STR(?g), '/passage/')) }"
    )
    assert list(rows) == []
    for key in ("sector", "alignment", "identityLink", "basis", "restsOn"):
        assert not kg.query(
            f"ASK {{ GRAPH ?g {{ ?s <{GG}{key}> ?o }} FILTER(CONTAINS(STR(?g), '/passage/')) }}"
        ), key


def test_pages_tell_what_is_said_from_what_is_read(graph: KnowledgeGraph) -> None:
    def page(path: str) -> str:
        text = resource_page(graph, f"{TEMPORARY_BASE}{path}", "en")
        return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", text)))

    passage = page("passage/1/1")
    said, _, read = passage.partition("What its coder reads into it")
    assert ("Y sector" in read, "sector Private initiative" in said) == (True, False)
    assert "coder's reading of" in page("actor/x")
    assert re.search("according to +W 2001", page("partnership/c"))
    assert "(W, 2001)" in page("passage/1/2")  # which says once what it cites
