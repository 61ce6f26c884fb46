"""Spells: when a node or an edge is there, in whole years, ends included and either end open.

A spell is (start, end); None leaves an end open. A list of spells is sorted and disjoint. Nodes
and edges carry `start` and `end`, absent where open; those with several spells also `periods`, as
text: "1983/1985|1992/..", as ISO 8601-2 has intervals. Nothing at all means undated: there whenever
one looks, as Gephi has it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from govgraph.errors import UsageError, shortened
from govgraph.network.reading.values import SEPARATOR

Spell: TypeAlias = tuple[int | None, int | None]

ALWAYS: Final[Spell] = (None, None)
_OPEN: Final = ".."
_PERIOD: Final = re.compile(r"^(-?\d{1,9}|\.\.)/(-?\d{1,9}|\.\.)$", re.ASCII)
_FIRST, _LAST = float("-inf"), float("inf")


def check_span(start: int | None, end: int | None) -> None:
    """Raise UsageError where the first year of a span comes after the last."""
    if start is not None and end is not None and start > end:
        raise UsageError(f"from {start} to {end} is no span of years: the first comes later.")


def _bounds(spell: Spell) -> tuple[float, float]:
    start, end = spell
    return (_FIRST if start is None else start, _LAST if end is None else end)


def _spell(bounds: tuple[float, float]) -> Spell:
    start, end = bounds
    return (None if start == _FIRST else int(start), None if end == _LAST else int(end))


def merge(spells: Iterable[Spell]) -> list[Spell]:
    """Return the spells as a sorted list without overlaps; 1990-1992 and 1993-1995 join."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(map(_bounds, spells)):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return list(map(_spell, merged))


def dated(spells: Iterable[Spell]) -> list[Spell]:
    """Return the spells merged, without what is undated: where one of several is, others tell."""
    return merge(spell for spell in spells if spell != ALWAYS)


def both(one: Sequence[Spell], other: Sequence[Spell]) -> list[Spell]:
    """Return when both are there; [] where they never meet."""
    pairs = (
        (max(a[0], b[0]), min(a[1], b[1])) for a in map(_bounds, one) for b in map(_bounds, other)
    )
    return merge(_spell(pair) for pair in pairs if pair[0] <= pair[1])


def meets(spells: Sequence[Spell], window: Spell) -> bool:
    """Tell whether any of the spells has a year in the window."""
    return bool(both(spells, [window]))


def spells_of(attributes: Mapping[str, Any]) -> list[Spell]:
    """Return the spells that a node's or edge's attributes hold; [ALWAYS] where it is undated."""
    if periods := attributes.get("periods"):
        ends = [_PERIOD.findall(period) for period in str(periods).split(SEPARATOR)]
        if not all(ends):
            raise UsageError(
                f"the attribute 'periods' holds {shortened(periods)!r}, expected spells such as"
                " '1983/1985|1992/..'. Give an attribute of your own another name."
            )
        return [
            (None if start == _OPEN else int(start), None if end == _OPEN else int(end))
            for [(start, end)] in ends
        ]
    return [(attributes.get("start"), attributes.get("end"))]


def as_attributes(spells: Sequence[Spell]) -> dict[str, Any]:
    """Return `start`, `end` and, where there are several, `periods`."""
    attributes: dict[str, Any] = {}
    if not spells or list(spells) == [ALWAYS]:
        return attributes
    if spells[0][0] is not None:
        attributes["start"] = spells[0][0]
    if spells[-1][1] is not None:
        attributes["end"] = spells[-1][1]
    if len(spells) > 1:
        texts = ["/".join(_OPEN if y is None else str(y) for y in spell) for spell in spells]
        attributes["periods"] = SEPARATOR.join(texts)
    return attributes


def text(spells: Iterable[Spell], dash: str = "-") -> str:
    """Return the spells for a reader, as in "1983-1985, 1992-"."""
    return ", ".join(
        str(start) if start == end else dash.join("" if y is None else str(y) for y in (start, end))
        for start, end in spells
    )
