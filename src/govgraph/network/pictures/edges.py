"""The edges of a picture as lines: as wide as their weight, with a style of line for each kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

EDGE_COLOUR: Final = "#6f6f6f"
WIDEST: Final = 3.0
"""Width of the edge with the greatest weight, in points; that with the least has a sixth of it."""

LineStyle: TypeAlias = str | tuple[float, tuple[float, ...]]
SOLID: Final = "solid"
LINE_STYLES: Final[tuple[LineStyle, ...]] = (
    SOLID, (0, (4, 1.6)), (0, (1, 1.4)), (0, (5, 1.4, 1, 1.4)), (0, (8, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
)  # fmt: skip
"""Styles of line for kinds of edge; where there are more kinds, all are solid."""


def widest(count: int) -> float:
    """Return the width of the heaviest of `count` edges: many are drawn thinner."""
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
    """Return the weight of each edge, 1 where it has none or none that can be drawn."""
    weights = []
    for *_, data in graph.edges(data=True):
        weight = data.get("weight")
        usable = isinstance(weight, int | float) and math.isfinite(weight) and weight > 0
        weights.append(float(weight) if usable else 1.0)
    return weights


def line_styles(graph: nx.Graph) -> dict[str, LineStyle]:
    """Return the style of line of each kind, the most frequent first; {} where one kind or many."""
    counts = Counter(str(data.get("kind") or "") for *_, data in graph.edges(data=True))
    if not 1 < len(counts) <= len(LINE_STYLES):
        return {}
    ranked = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return dict(zip(ranked, LINE_STYLES, strict=False))


def straight_lines(graph: nx.Graph, centres: Array) -> Array:
    """Return the edges as straight lines (m, 4): x and y of both ends."""
    number = {node: index for index, node in enumerate(graph)}
    pairs = [(number[u], number[v]) for u, v in graph.edges() if u != v]
    lines = [(*centres[one], *centres[other]) for one, other in pairs]
    return np.array(lines, dtype=float).reshape(-1, 4)


def draw_edges(axes: Axes, graph: nx.Graph, centres: Array, radii: Array) -> None:
    """Draw the edges from disc to disc: parallel ones bent apart, with arrowheads if directed."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle, FancyArrowPatch

    number = {node: index for index, node in enumerate(graph)}
    parallel = Counter(frozenset((source, target)) for source, target in graph.edges())
    drawn: Counter[frozenset[Hashable]] = Counter()
    styles, widths = line_styles(graph), edge_widths(weights_of(graph))
    alpha = 0.8 if len(widths) < 150 else 0.6 if len(widths) < 800 else 0.35
    lines = []
    for (source, target, data), width in zip(graph.edges(data=True), widths, strict=True):
        one, other, pair = number[source], number[target], frozenset((source, target))
        style = styles.get(str(data.get("kind") or ""), SOLID)
        bend = _bend(drawn[pair], parallel[pair]) * (1 if one <= other else -1)
        drawn[pair] += 1
        if one == other:
            size = 3.0 + radii[one] * 0.5 + 2.0 * drawn[pair]
            middle = centres[one] + (0.0, radii[one] + size * 0.7)
            axes.add_patch(
                Circle(middle, size, fill=False, ec=EDGE_COLOUR, lw=width, ls=style, alpha=alpha)
            )
        elif bend or graph.is_directed():
            axes.add_patch(
                FancyArrowPatch(
                    centres[one], centres[other], connectionstyle=f"arc3,rad={bend}",
                    arrowstyle="-|>" if graph.is_directed() else "-", mutation_scale=5 + 2 * width,
                    shrinkA=radii[one], shrinkB=radii[other], linewidth=width, linestyle=style,
                    color=EDGE_COLOUR, alpha=alpha, zorder=1,
                )
            )  # fmt: skip
        else:
            lines.append((centres[[one, other]], width, style))
    if lines:
        segments, line_widths, linestyles = map(list, zip(*lines, strict=True))
        axes.add_collection(
            LineCollection(
                segments, linewidths=line_widths, linestyles=linestyles, colors=EDGE_COLOUR,
                alpha=alpha, zorder=1,
            )
        )  # fmt: skip


def _bend(turn: int, of: int) -> float:
    """Return how far the n-th of several parallel edges is bent: 0, or to alternate sides."""
    if of == 1:
        return 0.0
    step = turn // 2 + 1 if of % 2 == 0 else (turn + 1) // 2
    return 0.16 * step * (1 if turn % 2 else -1)
