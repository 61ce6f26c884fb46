"""Millions of sorted triples in a few bytes each, made into terms only when they are read."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from govgraph.rdf.terms import Subject, Term
from govgraph.reasoning.tables import MASK, SHIFT


class PackedTriples:
    """Triples grouped by subject; each is one number: predicate << 32 | object, by position.

    `ends[i]` is where the triples of `subjects[i]` end.
    """

    def __init__(
        self,
        subjects: Sequence[Subject],
        ends: array[int],
        codes: array[int],
        predicates: Sequence[ox.NamedNode],
        objects: Sequence[Term],
    ):
        self._subjects, self._ends, self._codes = subjects, ends, codes
        self._predicates, self._objects = predicates, objects

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[ox.Triple]:
        predicates, objects, codes, start = self._predicates, self._objects, self._codes, 0
        for subject, end in zip(self._subjects, self._ends, strict=True):
            for code in codes[start:end]:
                yield ox.Triple(subject, predicates[code >> SHIFT], objects[code & MASK])
            start = end
