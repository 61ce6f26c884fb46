"""What of a study is coded and what is not: documents, passages, cases, as an author wonders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

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


@dataclass(frozen=True)
class Gap:
    """Something that is not coded: its name, its line ("" where it has none), what to do."""

    name: str
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.place, self.name, self.message)))


@dataclass
class Coverage:
    """What is coded of one study; `documents` have the numbers of their passages and statements."""

    study: str
    documents: dict[str, tuple[int, int]] = field(default_factory=dict)
    passages: int = 0
    statements: int = 0
    cases: int = 0
    gaps: list[Gap] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """All of it in a line."""
        counted = (
            (len(self.documents), "document"), (self.passages, "passage"),
            (self.statements, "statement"), (self.cases, "case"),
        )  # fmt: skip
        parts = (f"{n:,} {word}{'s' * (n != 1)}" for n, word in counted)
        return f"{self.study}: {', '.join(parts)}"

    def lines(self) -> Iterator[str]:
        """Yield the summary, and where something is not coded, the numbers and what that is."""
        yield self.summary
        if self.gaps:
            for name, (passages, statements) in self.documents.items():
                yield f"  {name}: {passages:,} passages, {statements:,} statements"
            yield from (f"  {gap}" for gap in self.gaps[:SHOWN])
            if len(self.gaps) > SHOWN:
                yield f"  and {len(self.gaps) - SHOWN:,} more: --format json has all"

    def as_data(self) -> dict[str, Any]:
        """Return it for JSON."""
        rows = [
            {"document": name, "passages": passages, "statements": statements}
            for name, (passages, statements) in self.documents.items()
        ]
        return {**asdict(self), "documents": rows}


def coverage(graph: LocalGraph) -> list[Coverage]:
    """Return what is coded of each study of a graph."""
    return [_Counting(graph, study).count() for study in graph.studies]


class _Counting:
    def __init__(self, graph: LocalGraph, study: Study):
        self.graph, self.study = graph, study
        self.result = Coverage(study.name or "files of no study")

    def count(self) -> Coverage:
        """Count passages by document, then cases; note what is missing."""
        documents = {iri: [0, 0] for iri in map(self.expand, self.study.documents)}
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
            self.result.documents[self.shorten(document)] = passages, said
            if not passages:
                self.gap(document, "a document without passages. Name them under `passages`.")
        own = sorted(case for case in cases if case.startswith(self.study.base))
        arranged = {case for thing, case in self.pairs(_CASE) if thing in self.arrangements}
        self.result.cases = len(own)
        for case in own:
            if case not in arranged:
                self.gap(case, "a case without arrangement. Code one that names it as its `case`.")
        return self.result

    def expand(self, id_: str) -> str:
        names = self.graph.names
        return names.expand(id_) if ":" in id_ else self.study.base + id_

    def shorten(self, iri: str) -> str:
        return self.graph.names.shorten(iri)

    def gap(self, iri: str, message: str) -> None:
        location = self.graph.sources.locate(iri)
        self.result.gaps.append(Gap(self.shorten(iri), str(location or ""), message))

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[str, str]]:
        for quad in self.graph.store.quads_for_pattern(None, predicate, None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield quad.subject.value, quad.object.value

    def members(self, kind: str) -> set[str]:
        node = ox.NamedNode(f"{GG}{kind}")
        quads = self.graph.store.quads_for_pattern(None, _TYPE, node, None)
        return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}

    @cached_property
    def arrangements(self) -> set[str]:
        return self.members("Arrangement")

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
