"""What is stated, read once and kept as numbers: a table for each class and each property.

Terms are numbered once; a pair is one integer (subject << 32 | object), so that sets of facts
are joined and subtracted by the set operations of Python itself, at tens of nanoseconds a fact.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.reasoning.datatypes import value_of
from govgraph.reasoning.rule import TYPE, Key

Index = dict[int, list[int]]

SHIFT: Final = 32
MASK: Final = (1 << SHIFT) - 1
LITERAL: Final = 1 << (SHIFT - 1)
"""Set in the number of every literal, which can be no subject."""


class Numbers(dict[Term, int]):
    """Term -> its number; a term that has none gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self.resources: list[Term] = []
        self.literals: list[ox.Literal] = []

    def __missing__(self, term: Term) -> int:
        if isinstance(term, ox.Literal):
            number = self[term] = len(self.literals) | LITERAL
            self.literals.append(term)
        else:
            number = self[term] = len(self.resources)
            self.resources.append(term)
        return number

    def term(self, number: int) -> Term:
        """Return the term of a number."""
        if number & LITERAL:
            return self.literals[number ^ LITERAL]
        return self.resources[number]


class Table:
    """The members of one class, or the pairs of one property.

    `facts` are all that are known, `derived` those that were not asserted.
    """

    def __init__(self, facts: set[int]):
        self.facts = facts
        self.derived: set[int] = set()

    def add(self, facts: set[int]) -> set[int]:
        """Add derived facts and return those that are new."""
        fresh = facts - self.facts
        if fresh:
            self.facts |= fresh
            self.derived |= fresh
            if "forward" in vars(self):
                _index(self.forward, fresh)
            if "backward" in vars(self):
                _index_backward(self.backward, fresh)
        return fresh

    @cached_property
    def forward(self) -> Index:
        """Objects by subject."""
        return _index(defaultdict(list), self.facts)

    @cached_property
    def backward(self) -> Index:
        """Subjects by object."""
        return _index_backward(defaultdict(list), self.facts)


class SameValues(Table):
    """Which literals have the same value, the same one too; of resources only the same one."""

    def __init__(self, ids: Numbers):
        alike: dict[object, list[int]] = defaultdict(list)
        for literal in ids.literals:
            value = value_of(literal)
            if value is not None:
                alike[value].append(ids[literal])
        index = {n: group for group in alike.values() if len(group) > 1 for n in group}
        super().__init__(SamePairs(a << SHIFT | b for a, group in index.items() for b in group))
        self.forward = self.backward = SameIndex(index)


class SameIndex(dict[int, list[int]]):
    """Number -> the numbers of the same value, at least itself."""

    def get(self, number: int, default: Any = None) -> list[int]:
        """Return the numbers of the same value."""
        return super().get(number) or [number]


class SamePairs(set[int]):
    """Pairs of the same value: all of a number with itself too, and so more than can be listed."""

    def __contains__(self, pair: object) -> bool:
        assert isinstance(pair, int)
        return pair >> SHIFT == pair & MASK or super().__contains__(pair)

    def __len__(self) -> int:
        return MASK


def _index(index: Index, pairs: Iterable[int]) -> Index:
    for pair in pairs:
        index[pair >> SHIFT].append(pair & MASK)
    return index


def _index_backward(index: Index, pairs: Iterable[int]) -> Index:
    for pair in pairs:
        index[pair & MASK].append(pair >> SHIFT)
    return index


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
