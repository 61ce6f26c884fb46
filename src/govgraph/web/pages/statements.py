"""The statements of a resource, grouped, each with what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from govgraph.explanation import Proof, Source
from govgraph.explanation.sources import sources_of
from govgraph.results import sort_key
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, RDFS, SKOS
from govgraph.web.pages.reading import LABEL, TYPE, Reading, natural, remembered

Node = Any

PAGE_SIZE: Final = 120
"""Statements of one kind (said, inferred, pointing here) on one page of a resource."""

_FIRST: Final = (
    TYPE, LABEL, f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{GG}nameAsPrinted",
    f"{SKOS}definition", f"{RDFS}comment",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One value of a property (or one subject, where it points here) with its evidence.

    sources   the graphs that assert it, with citations and lines; () where it is inferred
    proof     the proof of an inferred one
    """

    triple: ox.Triple
    sources: tuple[Source, ...] = ()
    proof: Proof | None = None


@dataclass
class Group:
    """The statements with one predicate."""

    predicate: str
    statements: list[Statement] = field(default_factory=list)


@remembered
def statements_of(reading: Reading, iri: str) -> tuple[list[Statement], list[Statement]]:
    """Return what is said of a resource, and what follows; each by predicate, then by value.

    What a passage says and what is inferred as well counts as said.
    """
    return _split(reading, reading.store.quads_for_pattern(ox.NamedNode(iri), None, None, None))


@remembered
def pointing_to(reading: Reading, iri: str) -> list[Statement]:
    """Return the asserted statements whose value is a resource, by predicate and subject."""
    quads = reading.store.quads_for_pattern(None, None, ox.NamedNode(iri), None)
    kept = (q for q in quads if not str(getattr(q.subject, "value", "")).startswith(_PARTITION))
    return _split(reading, kept, proofs=False)[0]


_CITATION: Final = f"{BASE}citation/"
_PARTITION: Final = f"{BASE}partition/"


def said_in(reading: Reading, graph: str) -> dict[str, list[Statement]]:
    """Return what a named graph says, by subject; without what describes the graph itself
    and its citations.
    """
    found: dict[str, list[Statement]] = defaultdict(list)
    quads = reading.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    for quad in sorted(quads, key=lambda q: _order(q.triple)):
        subject = getattr(quad.subject, "value", "")
        if subject and subject != graph and not subject.startswith(_CITATION):
            found[subject].append(Statement(quad.triple))
    return dict(sorted(found.items(), key=lambda item: natural(item[0])))


def _split(
    reading: Reading, quads: Iterable[ox.Quad], *, proofs: bool = True
) -> tuple[list[Statement], list[Statement]]:
    graphs: dict[ox.Triple, list[Node]] = defaultdict(list)
    for quad in quads:
        graphs[quad.triple].append(quad.graph_name)
    said, inferred = [], []
    for triple in sorted(graphs, key=_order):
        names = [g for g in graphs[triple] if getattr(g, "value", "") != INFERRED_GRAPH]
        if names:
            sources = sources_of(reading.store, triple, names, reading.graph.sources)
            said.append(Statement(triple, tuple(sorted(sources, key=lambda s: natural(s.graph)))))
        elif proofs:
            inferred.append(Statement(triple, proof=reading.proof(triple)))
    return said, inferred


def _order(triple: ox.Triple) -> tuple[Any, ...]:
    name = triple.predicate.value
    place = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    foreign = not name.startswith(GG)
    value = triple.object
    by_value = natural(value.value) if isinstance(value, ox.NamedNode) else ()
    subject = natural(getattr(triple.subject, "value", ""))
    return (place, foreign, name, subject, by_value, sort_key(value))


def grouped(statements: Sequence[Statement]) -> list[Group]:
    """Return statements in groups of one predicate, in the order given."""
    groups: list[Group] = []
    for each in statements:
        name = each.triple.predicate.value
        if not groups or groups[-1].predicate != name:
            groups.append(Group(name))
        groups[-1].statements.append(each)
    return groups


def page_of(statements: Sequence[Statement], number: int) -> Sequence[Statement]:
    """Return the statements of one page, counted from 1."""
    return statements[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]


def pages_needed(*lists: Sequence[Statement]) -> int:
    """Return how many pages the longest of the lists fills; at least one."""
    return max(1, *(-(-len(each) // PAGE_SIZE) for each in lists))
