"""Colours of nodes: one for each sector, a palette for any other attribute, a scale for numbers.

All are told apart with the common colour vision deficiencies: the palette is Okabe and Ito's
(2008), extended by Tol's muted scheme (2021); the scale is matplotlib's viridis, sampled.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final, TypeAlias

Colour: TypeAlias = tuple[int, int, int]
"""Red, green, blue, from 0 to 255."""

UNKNOWN: Final[Colour] = (187, 187, 187)
"""Where there is no value."""

SECTOR_COLOURS: Final[dict[str, Colour]] = {
    "government": (0, 114, 178),
    "local-government": (86, 180, 233),
    "police": (51, 34, 136),
    "justice": (136, 34, 85),
    "military": (153, 153, 51),
    "politics": (170, 68, 153),
    "private": (213, 94, 0),
    "society": (0, 158, 115),
    "academia": (240, 228, 66),
    "professions": (221, 204, 119),
    "international": (230, 159, 0),
}
"""One colour for each sector: the state's are blues and purples, the others warm or green."""

PALETTE: Final[tuple[Colour, ...]] = (
    (0, 114, 178), (230, 159, 0), (0, 158, 115), (213, 94, 0), (204, 121, 167), (86, 180, 233),
    (240, 228, 66), (51, 34, 136), (136, 34, 85), (153, 153, 51), (68, 170, 153), (221, 204, 119),
)  # fmt: skip

_VIRIDIS: Final[tuple[Colour, ...]] = (
    (68, 1, 84), (65, 68, 135), (42, 120, 142), (34, 168, 132), (122, 209, 81), (253, 231, 37),
)  # fmt: skip


def palette_of(values: Iterable[Any]) -> dict[Any, Colour]:
    """Return a colour for each distinct value: the most frequent get the most distinct ones.

    Sectors have the colours of SECTOR_COLOURS. Values beyond the palette share UNKNOWN.
    """
    counts = Counter(value for value in values if value is not None)
    if counts and all(_sector(value) for value in counts):
        return {value: SECTOR_COLOURS[_sector(value)] for value in counts}
    ranked = sorted(counts, key=lambda value: (-counts[value], str(value)))
    return {
        value: PALETTE[rank] if rank < len(PALETTE) else UNKNOWN
        for rank, value in enumerate(ranked)
    }


def _sector(value: Any) -> str:
    """Return the sector a value names (the first, where it names several), or ""."""
    first = str(value).partition(" + ")[0].removeprefix("sector/")
    return first if first in SECTOR_COLOURS else ""


def scale(value: float, low: float, high: float) -> Colour:
    """Return the colour of a number between `low` and `high`, dark to bright."""
    position = (value - low) / (high - low) * (len(_VIRIDIS) - 1) if high > low else 0.0
    lower = min(int(position), len(_VIRIDIS) - 2)
    share = position - lower
    one, other = _VIRIDIS[lower], _VIRIDIS[lower + 1]
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def span_of(values: Iterable[Any]) -> tuple[float, float] | None:
    """Return the least and the greatest of numbers that a scale colours.

    None where a palette does: values that are not all numbers, or no more than it has colours.
    """
    present = [value for value in values if value is not None]
    numbers = all(
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        for value in present
    )
    return (min(present), max(present)) if numbers and len(set(present)) > len(PALETTE) else None


def colours_of(values: Mapping[Hashable, Any]) -> dict[Hashable, Colour]:
    """Return the colour of each node by its value: a scale for numbers, else a palette."""
    span = span_of(values.values())
    if span is None:
        palette = palette_of(values.values())
        return {node: palette.get(value, UNKNOWN) for node, value in values.items()}
    return {
        node: UNKNOWN if value is None else scale(value, *span) for node, value in values.items()
    }
