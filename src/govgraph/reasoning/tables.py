"""What is stated, in a table for each class and each property, and bodies of rules matched with it.

Terms are numbered once; a pair is one integer (subject << 32 | object), so that sets of facts
are joined and subtracted by the set operations of Python itself, at tens of nanoseconds a fact.

A body is matched for a whole set of bindings at a time: tuples of term numbers, to which each step
adds a column or of which it drops rows. The first pattern is the one the caller names (what is new)
or the smallest; then always one that is joined to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.reasoning.datatypes import value_of
from govgraph.reasoning.rule import TYPE, Key

Index = dict[int, list[int]]
Row = tuple[int, ...]
Slot = int
"""A place of a pattern: a term number, or -1 - i for the i-th variable of the rule."""

SHIFT: Final = 32
MASK: Final = (1 << SHIFT) - 1
LITERAL: Final = 1 << (SHIFT - 1)
"""Set in the number of every literal, which can be no subject."""
LARGEST_PIECE: Final = 1_000_000
"""Rows that are kept at a time; a step that would make more takes its rows in halves."""
SELECTIVE: Final = 16
"""How much smaller a pattern with a constant is taken to be, for choosing where to start."""


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


# -- matching -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern over numbers: one slot for a class, two for a property."""

    key: Key
    slots: tuple[Slot, ...]


@dataclass(slots=True)
class Bindings:
    """Rows of term numbers; `columns` says which variable each column holds."""

    columns: list[Slot]
    rows: list[Row]

    def column(self, slot: Slot) -> list[int]:
        """Return the values of a slot, row by row."""
        if slot >= 0:
            return [slot] * len(self.rows)
        i = self.columns.index(slot)
        return [row[i] for row in self.rows]

    def facts(self, slots: tuple[Slot, ...]) -> set[int]:
        """Return the facts a head makes of them; a literal is no subject, so none of those."""
        subjects = self.column(slots[0])
        if len(slots) == 1:
            return {s for s in subjects if not s & LITERAL}
        pairs = zip(subjects, self.column(slots[1]), strict=True)
        return {s << SHIFT | o for s, o in pairs if not s & LITERAL}


def match(
    patterns: Sequence[Pattern],
    tables: Sequence[Table],
    start: int | None,
    bindings: Bindings | None = None,
    waiting: Sequence[int] | None = None,
) -> Iterator[Bindings]:
    """Yield all bindings of the patterns, in pieces that fit in memory.

    `start` is the pattern to begin with, None the smallest; `bindings` what the patterns that are
    not `waiting` gave.
    """
    bindings = bindings or Bindings([], [()])
    waiting = list(range(len(patterns)) if waiting is None else waiting)
    while waiting and bindings.rows:
        chosen = _next(patterns, tables, waiting, bindings.columns) if start is None else start
        start = None
        slots, table = patterns[chosen].slots, tables[chosen]
        if len(bindings.rows) > 1 and _fan_out(bindings, slots, table) > LARGEST_PIECE:
            middle = len(bindings.rows) // 2
            for rows in (bindings.rows[:middle], bindings.rows[middle:]):
                piece = Bindings(list(bindings.columns), rows)
                yield from match(patterns, tables, chosen, piece, waiting)
            return
        waiting.remove(chosen)
        if len(slots) == 1 and not bindings.columns:
            # classes of one variable: intersect whole sets
            same = [i for i in waiting if patterns[i].slots == slots]
            waiting = [i for i in waiting if i not in same]
            sets = sorted((table.facts, *(tables[i].facts for i in same)), key=len)
            _members(bindings, slots[0], set.intersection(*sets) if same else table.facts)
        elif len(slots) == 1:
            _members(bindings, slots[0], table.facts)
        else:
            _pairs(bindings, slots, table)
    if bindings.rows:
        yield bindings


def _fan_out(bindings: Bindings, slots: tuple[Slot, ...], table: Table) -> int:
    """Return how many rows a pattern makes of those there are; 0 where it adds none."""
    is_bound = [slot >= 0 or slot in bindings.columns for slot in slots]
    if all(is_bound):
        return 0
    if not any(is_bound):
        return len(bindings.rows) * len(table.facts)
    index = table.forward if is_bound[0] else table.backward
    numbers = bindings.column(slots[0] if is_bound[0] else slots[1])
    return sum(len(index.get(number, ())) for number in numbers)


def _next(
    patterns: Sequence[Pattern], tables: Sequence[Table], waiting: list[int], bound: list[Slot]
) -> int:
    def cost(i: int) -> tuple[int, int]:
        unknown = [slot for slot in patterns[i].slots if slot < 0 and slot not in bound]
        size = len(tables[i].facts)
        if not bound:
            constant = any(slot >= 0 for slot in patterns[i].slots)
            return (0, size // SELECTIVE if constant else size)
        joined = len(unknown) < len(patterns[i].slots)
        return (len(unknown) if joined else len(patterns) + 1, size)

    return min(waiting, key=cost)


def _members(bindings: Bindings, slot: Slot, members: set[int]) -> None:
    if slot >= 0:
        bindings.rows = bindings.rows if slot in members else []
    elif slot in bindings.columns:
        i = bindings.columns.index(slot)
        bindings.rows = [row for row in bindings.rows if row[i] in members]
    else:
        bindings.columns.append(slot)
        bindings.rows = [(*row, member) for row in bindings.rows for member in members]


def _pairs(bindings: Bindings, slots: tuple[Slot, ...], table: Table) -> None:
    columns, rows = bindings.columns, bindings.rows
    subject, value = slots
    knows_subject = subject >= 0 or subject in columns
    knows_value = value >= 0 or value in columns
    if knows_subject and knows_value:
        facts = table.facts
        pairs = zip(rows, bindings.column(subject), bindings.column(value), strict=True)
        bindings.rows = [row for row, s, o in pairs if s << SHIFT | o in facts]
    elif knows_subject:
        columns.append(value)
        bindings.rows = _expand(columns, rows, subject, table.forward)
    elif knows_value:
        columns.append(subject)
        bindings.rows = _expand(columns, rows, value, table.backward)
    elif subject == value:
        columns.append(subject)
        loops = [pair & MASK for pair in table.facts if pair >> SHIFT == pair & MASK]
        bindings.rows = [(*row, node) for row in rows for node in loops]
    else:
        columns += [subject, value]
        bindings.rows = [(*row, pair >> SHIFT, pair & MASK) for row in rows for pair in table.facts]


def _expand(columns: list[Slot], rows: list[Row], slot: Slot, index: Index) -> list[Row]:
    get = index.get
    if slot >= 0:
        ends = get(slot, [])
        return [(*row, end) for row in rows for end in ends]
    i = columns.index(slot)
    return [(*row, end) for row in rows for end in get(row[i], ())]
