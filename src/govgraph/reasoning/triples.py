"""Millions of sorted triples in a few bytes each, made into terms only when they are read."""

from __future__ import annotations

import io
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, overload

import pyoxigraph as ox

from govgraph.rdf.terms import Subject, Term
from govgraph.reasoning.tables import MASK, SHIFT


class PackedTriples(Sequence[ox.Triple]):
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

    @overload
    def __getitem__(self, index: int) -> ox.Triple: ...
    @overload
    def __getitem__(self, index: slice) -> list[ox.Triple]: ...
    def __getitem__(self, index: int | slice) -> ox.Triple | list[ox.Triple]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"there are {len(self)} triples, none at {index}")
        index %= len(self)
        subject = self._subjects[bisect_right(self._ends, index)]
        code = self._codes[index]
        return ox.Triple(subject, self._predicates[code >> SHIFT], self._objects[code & MASK])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def ntriples(self, graph: str = "") -> Iterator[str]:
        """Yield the triples of each subject as lines of N-Triples, or N-Quads in `graph`."""
        end_of_line = f" <{graph}> .\n" if graph else " .\n"
        predicates = [f" {predicate} " for predicate in self._predicates]
        objects = [f"{value}{end_of_line}" for value in self._objects]
        start, codes = 0, self._codes
        for subject, end in zip(self._subjects, self._ends, strict=True):
            name = str(subject)
            yield "".join(
                [f"{name}{predicates[c >> SHIFT]}{objects[c & MASK]}" for c in codes[start:end]]
            )
            start = end


class TextReader(io.RawIOBase):
    """The pieces of a text as a binary file, so that a store can load them as they are made."""

    def __init__(self, pieces: Iterator[str]):
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        """Return True: this is what it is for."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; return how many bytes were written, 0 at the end."""
        capacity = len(buffer)
        parts, size = [self._rest], len(self._rest)
        while size < capacity:
            piece = next(self._pieces, None)
            if piece is None:
                break
            parts.append(piece.encode())
            size += len(parts[-1])
        data = b"".join(parts)
        buffer[: len(data[:capacity])] = data[:capacity]
        self._rest = data[capacity:]
        return min(len(data), capacity)
