"""The ties of a picture as lines: as wide as their weight, parallel ones bent, with arrowheads."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

EDGE_COLOUR: Final = "#6f6f6f"
WIDEST: Final = 3.0
"""Width of the tie with the greatest weight, in points; that with the least has a sixth of it."""

LineStyle: TypeAlias = str | tuple[float, tuple[float, ...]]
SOLID: Final = "solid"
LINE_STYLES: Final[tuple[LineStyle, ...]] = (
    SOLID, (0, (4, 1.6)), (0, (1, 1.4)), (0, (5, 1.4, 1, 1.4)), (0, (8, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
)  # fmt: skip
"""Styles of line for kinds of tie; where there are more kinds, all are solid."""

_STEPS: Final = 24


@dataclass(frozen=True)
class EdgeLine:
    """A tie: its kind, its line as (k, 2) points, its width, and the corners of its arrowhead."""

    kind: str
    line: Array
    width: float
    head: Array | None


def widest(count: int) -> float:
    """Return the width of the heaviest of `count` ties: many ties are drawn thinner."""
    return max(0.9, WIDEST * min(1.0, math.sqrt(120 / max(count, 1))))


def edge_widths(weights: Sequence[float]) -> list[float]:
    """Return widths that grow with the square roots of the weights, up to `widest`."""
    if not weights:
        return []
    most = widest(len(weights))
    least = most / 6
    low, high = math.sqrt(min(weights)), math.sqrt(max(weights))
    if high <= low:
        return [most / 3] * len(weights)
    return [least + (most - least) * (math.sqrt(w) - low) / (high - low) for w in weights]


def weights_of(graph: nx.Graph) -> list[float]:
    """Return the weight of each tie, 1 where it has none or none that can be drawn."""
    found = []
    for *_, data in graph.edges(data=True):
        weight = data.get("weight")
        usable = isinstance(weight, int | float) and math.isfinite(weight) and weight > 0
        found.append(float(weight) if usable else 1.0)
    return found


def line_styles(graph: nx.Graph) -> dict[str, LineStyle]:
    """Return the style of line of each kind, the most frequent first; {} where one kind or many."""
    counts = Counter(str(data.get("kind") or "") for *_, data in graph.edges(data=True))
    if not 1 < len(counts) <= len(LINE_STYLES):
        return {}
    ranked = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return dict(zip(ranked, LINE_STYLES, strict=False))


def straight_lines(graph: nx.Graph, centres: Array) -> Array:
    """Return the ties as straight lines (m, 4): x and y of both ends."""
    import numpy as np

    number = {node: place for place, node in enumerate(graph)}
    pairs = [(number[u], number[v]) for u, v in graph.edges() if u != v]
    lines = [(*centres[one], *centres[other]) for one, other in pairs]
    return np.array(lines, dtype=float).reshape(-1, 4)


def edge_lines(graph: nx.Graph, centres: Array, radii: Array) -> list[EdgeLine]:
    """Return the lines of all ties, from disc to disc."""
    number = {node: place for place, node in enumerate(graph)}
    seen: Counter[tuple[int, int]] = Counter()
    pairs = Counter(_pair(number[u], number[v]) for u, v in graph.edges())
    ties = []
    widths = edge_widths(weights_of(graph))
    for (u, v, data), width in zip(graph.edges(data=True), widths, strict=True):
        one, other = number[u], number[v]
        pair = _pair(one, other)
        bend = _bend(seen[pair], pairs[pair]) * (1 if one <= other else -1)
        seen[pair] += 1
        kind = str(data.get("kind") or "")
        if one == other:
            ties.append(
                EdgeLine(kind, _loop(centres[one], float(radii[one]), seen[pair]), width, None)
            )
            continue
        curve = _curve(centres[one], centres[other], bend)
        curve = _between(
            curve, centres[one], float(radii[one]), centres[other], float(radii[other])
        )
        head = None
        if graph.is_directed() and len(curve) > 1:
            curve, head = _arrow(curve, width)
        ties.append(EdgeLine(kind, curve, width, head))
    return ties


def _pair(one: int, other: int) -> tuple[int, int]:
    return (min(one, other), max(one, other))


def _bend(turn: int, of: int) -> float:
    """Return how far the n-th of several parallel ties is bent: 0, or to alternate sides."""
    if of == 1:
        return 0.0
    step = (turn // 2 + (1 if of % 2 == 0 or turn % 2 else 0)) if of % 2 == 0 else (turn + 1) // 2
    return 0.16 * step * (1 if turn % 2 else -1)


def _curve(start: Array, end: Array, bend: float) -> Array:
    """Return points of a quadratic Bézier curve whose control lies `bend` chords to the side."""
    import numpy as np

    if bend == 0:
        return np.stack([start, end])
    chord = end - start
    control = (start + end) / 2 + bend * 2 * np.array([-chord[1], chord[0]]) / 2
    t = np.linspace(0, 1, _STEPS)[:, None]
    curve: Array = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    return curve


def _between(curve: Array, start: Array, from_: float, end: Array, to: float) -> Array:
    """Return the part of a curve outside both discs; all of it where the discs touch."""
    import numpy as np

    chord = float(np.hypot(*(end - start)))
    if chord <= from_ + to:
        return curve
    inner = curve[1:-1]
    outside = (np.hypot(*(inner - start).T) > from_) & (np.hypot(*(inner - end).T) > to)
    inner = inner[outside]
    after, before = (inner[0], inner[-1]) if len(inner) else (end, start)
    first = start + (after - start) / np.hypot(*(after - start)) * from_
    last = end + (before - end) / np.hypot(*(before - end)) * to
    return np.vstack([first, inner, last])


def _arrow(curve: Array, width: float) -> tuple[Array, Array]:
    """Return a curve that stops at its arrowhead, and the corners of the head."""
    import numpy as np

    tip = curve[-1]
    length = min(2.0 + 2.6 * width, 0.6 * float(np.hypot(*(curve[-1] - curve[0]))) + 1e-6)
    away = np.hypot(*(curve - tip).T) >= length
    kept = curve[away] if away.any() else curve[:1]
    along = tip - kept[-1]
    along = along / (np.hypot(*along) or 1.0)
    base = tip - along * length
    side = np.array([-along[1], along[0]]) * length * 0.42
    return np.vstack([kept, base]), np.array([tip, base + side, base - side])


def _loop(centre: Array, radius: float, turn: int) -> Array:
    """Return a small circle on top of a node, larger for each further loop."""
    import numpy as np

    angle = np.linspace(-0.3 * math.pi, 1.3 * math.pi, _STEPS)
    size = 3.0 + radius * 0.5 + 2.0 * turn
    middle = centre + np.array([0.0, radius + size * 0.7])
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray(middle + size * circle, dtype=float)
