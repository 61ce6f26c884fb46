"""Millions of sorted triples in a few bytes each, made into terms only when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyoxigraph as ox

from govgraph.reasoning.tables import MASK, SHIFT


class PackedTriples:
    """Sorted triples; each is one number, of the places that its three terms have in `terms`."""

    def __init__(self, codes: Sequence[int], terms: Sequence[Any]):
        self._codes, self._terms = codes, terms

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[ox.Triple]:
        terms = self._terms
        for code in self._codes:
            subject, predicate = terms[code >> 2 * SHIFT], terms[code >> SHIFT & MASK]
            yield ox.Triple(subject, predicate, terms[code & MASK])
