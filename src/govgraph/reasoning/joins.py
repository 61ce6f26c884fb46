"""Matching the body of a rule against tables, a whole set of bindings at a time.

A binding is a tuple of term numbers; each step adds a column or drops rows. The first pattern is
the one the caller names (what is new) or the smallest; then always one that is joined to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from govgraph.reasoning.facts import LITERAL, MASK, SHIFT, Table
from govgraph.reasoning.rule import Key

Row = tuple[int, ...]
Slot = int
"""A place of a pattern: a term number, or -1 - i for the i-th variable of the rule."""

LARGEST_PIECE: Final = 1_000_000
"""Rows that are kept at a time; a step that would make more takes its rows in halves."""
SELECTIVE: Final = 16
"""How much smaller a pattern with a constant is taken to be, for choosing where to start."""


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
    numbers = column(bindings.columns, bindings.rows, slots[0] if is_bound[0] else slots[1])
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
        ss, oo = column(columns, rows, subject), column(columns, rows, value)
        pairs = zip(rows, ss, oo, strict=True)
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


def column(columns: list[Slot], rows: list[Row], slot: Slot) -> list[int]:
    """Return the values of a slot, row by row."""
    if slot >= 0:
        return [slot] * len(rows)
    i = columns.index(slot)
    return [row[i] for row in rows]


def _expand(
    columns: list[Slot], rows: list[Row], slot: Slot, index: dict[int, list[int]]
) -> list[Row]:
    get = index.get
    if slot >= 0:
        ends = get(slot, [])
        return [(*row, end) for row in rows for end in ends]
    i = columns.index(slot)
    return [(*row, end) for row in rows for end in get(row[i], ())]


def head_facts(bindings: Bindings, slots: tuple[Slot, ...]) -> set[int]:
    """Return the facts a head makes of bindings; a literal is no subject, so none of those."""
    subjects = column(bindings.columns, bindings.rows, slots[0])
    if len(slots) == 1:
        return {s for s in subjects if not s & LITERAL}
    objects = column(bindings.columns, bindings.rows, slots[1])
    pairs = zip(subjects, objects, strict=True)
    return {s << SHIFT | o for s, o in pairs if not s & LITERAL}
