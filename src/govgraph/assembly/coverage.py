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
    wholes = _values(graph.store, _PART_OF)  # all that a passage lies in: it is inferred
    holders = defaultdict(set)
    for holder, passages in _values(graph.store, _PASSAGES).items():
        for passage in passages:
            holders[passage].add(holder)
    return [_of_study(graph, study, wholes, holders) for study in graph.studies]


def _of_study(
    graph: LocalGraph, study: Study, wholes: dict[str, set[str]], holders: dict[str, set[str]]
) -> Coverage:
    """Count the passages of a study by document, then its cases; note what is missing."""
    result, names = Coverage(study.name or "files of no study"), graph.names

    def gap(iri: str, message: str) -> None:
        place, name = str(graph.sources.locate(iri) or ""), names.shorten(iri)
        result.gaps.append({"place": place, "name": name, "message": message})

    expanded = (names.expand(id_) if ":" in id_ else study.base + id_ for id_ in study.documents)
    documents = {iri: {"passage": 0, "statement": 0} for iri in expanded}
    works, has_parts = _members(graph.store, "Work"), set().union(*wholes.values())
    for passage in sorted({*wholes, *has_parts, *holders}):
        if not passage.startswith(study.base):
            continue
        said = _statements(graph.store, passage)
        result.passages += 1
        result.statements += said
        within = (passage, *wholes.get(passage, ()))
        for document in {d for each in within for d in holders.get(each, ())} & works:
            numbers = documents.setdefault(document, {"passage": 0, "statement": 0})
            numbers["passage"] += 1
            numbers["statement"] += said
        if not (said or passage in has_parts or _is_explained(graph.store, passage)):
            gap(passage, "nothing is coded. List what it `says`, or give a `codingNote`.")
    for document, numbers in sorted(documents.items()):
        result.documents[names.shorten(document)] = numbers
        if document not in works:
            gap(document, "no such Work is described. Correct `documents` of study.yaml.")
        elif not numbers["passage"]:
            gap(document, "a document without passages. Name them under `passages`.")
    arrangements, cases = _members(graph.store, "Arrangement"), _values(graph.store, _CASE)
    arranged = {case for thing in arrangements for case in cases.get(thing, ())}
    own = [case for case in _members(graph.store, "Case") if case.startswith(study.base)]
    result.cases = len(own)
    for case in sorted(set(own) - arranged):
        gap(case, "a case without arrangement. Code one that names it as its `case`.")
    return result


def _values(store: ox.Store, predicate: ox.NamedNode) -> dict[str, set[str]]:
    """Return the things that each thing has under a property."""
    result: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, predicate, None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            result[quad.subject.value].add(quad.object.value)
    return result


def _members(store: ox.Store, kind: str) -> set[str]:
    quads = store.quads_for_pattern(None, _TYPE, ox.NamedNode(f"{GG}{kind}"), None)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _statements(store: ox.Store, passage: str) -> int:
    """Return how much a passage states, beside what is said of itself and its citations."""
    node = ox.NamedNode(passage)
    quads = list(store.quads_for_pattern(None, None, None, node))
    apart = {node, *(quad.object for quad in quads if quad.predicate == _CITATION)}
    return sum(quad.subject not in apart for quad in quads)


def _is_explained(store: ox.Store, passage: str) -> bool:
    """Whether it heads a column or row, or says why nothing in it is coded."""
    quads = list(store.quads_for_pattern(ox.NamedNode(passage), None, None, None))
    return any(quad.predicate in _EXPLAINED or quad.object in _HEADS for quad in quads)
