"""Facts as numbers: one table of members for each class, one of pairs for each property.

Terms are numbered once; a pair is one integer (subject << 32 | object), so that sets of facts
are joined and subtracted by the set operations of Python itself, at tens of nanoseconds a fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.terms import Term

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
        self.literals: list[Term] = []

    def __missing__(self, term: Term) -> int:
        literal = isinstance(term, ox.Literal)
        terms = self.literals if literal else self.resources
        number = self[term] = len(terms) | (LITERAL if literal else 0)
        terms.append(term)
        return number

    def term(self, number: int) -> Term:
        """Return the term of a number."""
        if number & LITERAL:
            return self.literals[number ^ LITERAL]
        return self.resources[number]


class Table:
    """The facts of one class (`arity` 1: members) or property (2: pairs).

    `facts` are all that are known, `derived` those that were not asserted.
    """

    __slots__ = ("_backward", "_forward", "arity", "derived", "facts")

    def __init__(self, arity: int, facts: Iterable[int] = ()):
        self.arity = arity
        self.facts = set(facts)
        self.derived: set[int] = set()
        self._forward: Index | None = None
        self._backward: Index | None = None

    def add(self, facts: set[int]) -> set[int]:
        """Add derived facts and return those that are new."""
        fresh = facts - self.facts
        if fresh:
            self.facts |= fresh
            self.derived |= fresh
            if self._forward is not None:
                _index(self._forward, fresh)
            if self._backward is not None:
                index_backward(self._backward, fresh)
        return fresh

    @property
    def forward(self) -> Index:
        """Objects by subject."""
        if self._forward is None:
            self._forward = defaultdict(list)
            _index(self._forward, self.facts)
        return self._forward

    @property
    def backward(self) -> Index:
        """Subjects by object."""
        if self._backward is None:
            self._backward = defaultdict(list)
            index_backward(self._backward, self.facts)
        return self._backward


def _index(index: Index, pairs: Iterable[int]) -> None:
    for pair in pairs:
        index[pair >> SHIFT].append(pair & MASK)


def index_backward(index: Index, pairs: Iterable[int]) -> None:
    """Add pairs to an index of subjects by object."""
    for pair in pairs:
        index[pair & MASK].append(pair >> SHIFT)
