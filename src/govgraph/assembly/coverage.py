"""What of a study is coded and what is not: documents, passages, cases, as an author wonders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from govgraph.assembly.local import LocalGraph
from govgraph.coding.study import Study
from govgraph.vocabulary import GG, RDF

SHOWN: Final = 20
"""How many things of a kind are named in text."""
_PASSAGES, _PART_OF, _CITATION, _CASE = (
    ox.NamedNode(f"{GG}{name}") for name in ("passages", "partOf", "citation", "case")
)
_TYPE: Final = ox.NamedNode(f"{RDF}type")
_EXPLAINED: Final = tuple(ox.NamedNode(f"{GG}{name}") for name in ("codingNote", "discusses"))
_HEADS: Final = tuple(ox.NamedNode(f"{GG}{name}") for name in ("TableColumn", "TableRow"))
"""Passages that need say nothing."""


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
    return ", ".join(f"{n:,} {word}{'s' * (n != 1)}" for word, n in counts.items())


def coverage(graph: LocalGraph) -> list[Coverage]:
    """Return what is coded of each study of a graph."""
    return [_Counting(graph, study).count() for study in graph.studies]


class _Counting:
    def __init__(self, graph: LocalGraph, study: Study):
        self.graph, self.study = graph, study
        self.result = Coverage(study.name or "files of no study")

    def count(self) -> Coverage:
        """Count passages by document, then cases; note what is missing."""
        documents = {self.expand(id_): [0, 0] for id_ in self.study.documents}
        wholes: dict[str, set[str]] = defaultdict(set)  # all that a passage lies in: it is inferred
        for part, whole in self.pairs(_PART_OF):
            wholes[part].add(whole)
        holders: dict[str, set[str]] = defaultdict(set)
        for holder, passage in self.pairs(_PASSAGES):
            holders[passage].add(holder)
        cases, works = self.members("Case"), self.members("Work")
        has_parts = set().union(*wholes.values())
        for passage in sorted({*wholes, *has_parts, *holders}):
            if not passage.startswith(self.study.base):
                continue
            said = self.statements(passage)
            self.result.passages += 1
            self.result.statements += said
            within = (passage, *wholes.get(passage, ()))
            for document in {d for each in within for d in holders.get(each, ())} & works:
                numbers = documents.setdefault(document, [0, 0])
                numbers[0] += 1
                numbers[1] += said
            if not (said or passage in has_parts or self.is_explained(passage)):
                self.gap(passage, "nothing is coded. List what it `says`, or give a `codingNote`.")
        for document, (passages, said) in sorted(documents.items()):
            counts = {"passage": passages, "statement": said}
            self.result.documents[self.graph.names.shorten(document)] = counts
            if not passages:
                self.gap(document, "a document without passages. Name them under `passages`.")
        own = sorted(case for case in cases if case.startswith(self.study.base))
        arrangements = self.members("Arrangement")
        arranged = {case for thing, case in self.pairs(_CASE) if thing in arrangements}
        self.result.cases = len(own)
        for case in own:
            if case not in arranged:
                self.gap(case, "a case without arrangement. Code one that names it as its `case`.")
        return self.result

    def expand(self, id_: str) -> str:
        names = self.graph.names
        return names.expand(id_) if ":" in id_ else self.study.base + id_

    def gap(self, iri: str, message: str) -> None:
        place, name = str(self.graph.sources.locate(iri) or ""), self.graph.names.shorten(iri)
        self.result.gaps.append({"place": place, "name": name, "message": message})

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[str, str]]:
        for quad in self.graph.store.quads_for_pattern(None, predicate, None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield quad.subject.value, quad.object.value

    def members(self, kind: str) -> set[str]:
        node = ox.NamedNode(f"{GG}{kind}")
        quads = self.graph.store.quads_for_pattern(None, _TYPE, node, None)
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    def statements(self, passage: str) -> int:
        """Return how much a passage states, beside what is said of itself and its citations."""
        node = ox.NamedNode(passage)
        quads = list(self.graph.store.quads_for_pattern(None, None, None, node))
        apart = {node, *(quad.object for quad in quads if quad.predicate == _CITATION)}
        return sum(quad.subject not in apart for quad in quads)

    def is_explained(self, passage: str) -> bool:
        """Whether it heads a column or row, or says why nothing in it is coded."""
        quads = list(self.graph.store.quads_for_pattern(ox.NamedNode(passage), None, None, None))
        return any(quad.predicate in _EXPLAINED or quad.object in _HEADS for quad in quads)
