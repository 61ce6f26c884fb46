"""What of a study is coded and what is not: documents, passages, cases, as an author wonders."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from govgraph.assembly.assemble import LocalGraph
from govgraph.coding.study import Study
from govgraph.errors import counted
from govgraph.explanation.proof import documents
from govgraph.vocabulary import GG

SHOWN: Final = 20
"""How many things of a kind are named in text."""
_PASSAGES: Final = """SELECT DISTINCT ?passage ?explained {
  { ?passage gg:partOf ?whole } UNION { ?part gg:partOf ?passage } UNION
  { ?work gg:passages ?passage }
  BIND(EXISTS { ?other gg:partOf ?passage } || EXISTS { ?passage gg:codingNote|gg:discusses ?why }
    || EXISTS { ?passage a gg:TableColumn } || EXISTS { ?passage a gg:TableRow } AS ?explained)
  FILTER(isIRI(?passage)) } ORDER BY ?passage"""
"""Passages, and whether they need state nothing: wholes, heads of columns and rows, with a note."""
_STATEMENTS: Final = """SELECT ?passage (COUNT(*) AS ?count) { GRAPH ?passage { ?s ?p ?o
  FILTER(?s != ?passage) FILTER NOT EXISTS { ?by gg:citation ?s } } } GROUP BY ?passage"""
"""How much each passage states, beside what is said of itself and its citations."""
_CASES: Final = """SELECT DISTINCT ?case ?arranged { ?case a gg:Case
  BIND(EXISTS { ?thing a gg:Arrangement ; gg:case ?case } AS ?arranged) } ORDER BY ?case"""


@dataclass
class Coverage:
    """What is coded of one study.

    documents   numbers of passages and statements of each document
    gaps        what is not coded: its name, its place ("" where it has none), what to do
    """

    study: str
    documents: dict[str, dict[str, int]] = field(default_factory=dict)
    passages: int = 0
    statements: int = 0
    cases: int = 0
    gaps: list[dict[str, str]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield all of it in a line, and where something is not coded, what that is."""
        counts = {
            "document": len(self.documents), "passage": self.passages,
            "statement": self.statements, "case": self.cases,
        }  # fmt: skip
        yield f"{self.study}: {_counted(counts)}"
        for name, counts in self.documents.items() if self.gaps else ():
            yield f"  {name}: {_counted(counts)}"
        for gap in self.gaps[:SHOWN]:
            yield f"  {': '.join(filter(None, gap.values()))}"
        if len(self.gaps) > SHOWN:
            yield f"  and {len(self.gaps) - SHOWN:,} more: --format json has all"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(counted(n, word) for word, n in counts.items())


def coverage(graph: LocalGraph, study: Study) -> Coverage:
    """Count a study's passages in a graph by document, then its cases; note what is missing."""
    result, names = Coverage(study.name or "files of no study"), graph.names
    cases, counts = _pairs(graph, study, _CASES), dict(_pairs(graph, study, _STATEMENTS))
    result.cases = len(cases)

    def gap(iri: str, message: str) -> None:
        place, name = str(graph.sources.locate(iri) or ""), names.shorten(iri)
        result.gaps.append({"place": place, "name": name, "message": message})

    expanded = (names.expand(id_) if ":" in id_ else study.base + id_ for id_ in study.documents)
    by_document = {iri: {"passage": 0, "statement": 0} for iri in expanded}
    for passage, explained in _pairs(graph, study, _PASSAGES):
        said = int(counts.get(passage, 0))
        result.passages += 1
        result.statements += said
        for document in documents(graph.store, passage):
            numbers = by_document.setdefault(document, {"passage": 0, "statement": 0})
            numbers["passage"] += 1
            numbers["statement"] += said
        if not said and explained == "false":
            gap(passage, "nothing is coded. List what it `says`, or give a `codingNote`.")
    for document, numbers in sorted(by_document.items()):
        result.documents[names.shorten(document)] = numbers
        if not numbers["passage"]:
            gap(document, "a document without passages. Name them under `passages`.")
    for case, arranged in cases:
        if arranged == "false":
            gap(case, "a case without arrangement. Code one that names it as its `case`.")
    return result


def _pairs(graph: LocalGraph, study: Study, query: str) -> list[tuple[str, str]]:
    """Return rows of a thing of the study and a value, over the union of all graphs, as text."""
    rows: Any = graph.store.query(query, prefixes={"gg": GG}, use_default_graph_as_union=True)
    pairs = ((thing.value, value.value) for thing, value in rows)
    return [(thing, value) for thing, value in pairs if thing.startswith(study.base)]
