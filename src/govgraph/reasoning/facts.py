"""What is stated, read once: by property and class, with numbers for terms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.reasoning.rule import TYPE
from govgraph.reasoning.strata import Key
from govgraph.reasoning.tables import MASK, SHIFT, Numbers


class Facts:
    """The statements of all graphs; `tables` has pairs by property, and members by class.

    Every literal stays as it is written, if the quads were never in a store.
    """

    def __init__(self, quads: Iterable[ox.Quad]):
        number = self.ids = Numbers()  # looked up millions of times, so without a call
        pairs: dict[Any, set[int]] = defaultdict(set)
        for quad in quads:
            pairs[quad.predicate].add(number[quad.subject] << SHIFT | number[quad.object])
        self.tables: dict[Key, set[int]] = dict(pairs)
        members: dict[int, set[int]] = defaultdict(set)
        for pair in pairs.get(TYPE, ()):
            members[pair & MASK].add(pair >> SHIFT)
        for kind, subjects in members.items():
            self.tables["type", number.term(kind)] = subjects

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[Term, Term]]:
        """Yield subject and value of each statement with `predicate`."""
        term = self.ids.term
        return ((term(pair >> SHIFT), term(pair & MASK)) for pair in self.tables.get(predicate, ()))

    def instances(self, kind: Term) -> Iterator[Term]:
        """Yield what is stated to be of a class."""
        return map(self.ids.term, self.tables.get(("type", kind), ()))


class StoredFacts:
    """The statements of a store, looked up as they are asked for."""

    def __init__(self, store: ox.Store):
        self._store = store

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[Term, Term]]:
        """Yield subject and value of each statement with `predicate`."""
        quads = self._store.quads_for_pattern(None, predicate, None, None)
        return ((quad.subject, quad.object) for quad in quads)

    def instances(self, kind: Term) -> Iterator[Term]:
        """Yield what is stated to be of a class."""
        quads = self._store.quads_for_pattern(None, TYPE, kind, None)
        return (quad.subject for quad in quads)


Source: TypeAlias = Facts | StoredFacts
"""Statements by property and by class."""
