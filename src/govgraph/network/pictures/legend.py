"""The legend of a picture: colours, styles of line, widths, and what the size of a node tells."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import networkx as nx

from govgraph.network.measures.chance import PARTS
from govgraph.network.pictures.layout import Array
from govgraph.network.pictures.matplotlib_style import INK
from govgraph.network.pictures.style import UNKNOWN, Colour, Style, weights_of
from govgraph.network.reading.projection import KIND
from govgraph.network.reading.values import listed
from govgraph.network.reading.words import said, word
from govgraph.texts import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE_COLOUR: Final = "#6f6f6f"
WIDEST: Final = 3.0
"""Width of the edge with the greatest weight, in points; that with the least has a sixth of it."""

LineStyle: TypeAlias = tuple[str, tuple[float, ...]]
"""A colour, and dashes: lengths of ink and gap in widths of the line; () for none."""
LINE_STYLES: Final[tuple[LineStyle, ...]] = (
    (EDGE_COLOUR, ()), ("#d55e00", (4, 1.6)), ("#0072b2", (1, 1.4)),
    ("#882255", (5, 1.4, 1, 1.4)), ("#009e73", (8, 2)), ("#cc79a7", (3, 1, 1, 1, 1, 1)),
)  # fmt: skip
"""Styles of line for kinds of edge; where there are more kinds, all are the first."""
NOT_STATED: Final = N_("Not stated")
_STEP: Final = 9.2  # points from line to line
_SIZE: Final = 6.5
_MOST: Final = 14
_ROOM: Final = 22  # letters


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


def line_styles(graph: nx.Graph) -> dict[str, LineStyle]:
    """Return the style of line of each kind, the most frequent first; {} for many, or no name."""
    counts = Counter(str(data.get("kind") or "") for *_, data in graph.edges(data=True))
    if len(counts) > len(LINE_STYLES) or {*counts} <= {"", "tie", KIND}:
        return {}
    ranked = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return dict(zip(ranked, LINE_STYLES, strict=False))


def tie_entries(graph: nx.Graph) -> list[tuple[str, LineStyle]]:
    """Return what each style of line stands for."""
    styles, unnamed = line_styles(graph), said(graph, NOT_STATED)
    return [(word(graph, kind) if kind else unnamed, form) for kind, form in styles.items()]


def dashes(style: LineStyle) -> Any:
    """Return what matplotlib calls the dashes of a line."""
    return (0, style[1]) if style[1] else "solid"


def colour_entries(graph: nx.Graph, style: Style) -> list[tuple[str, Colour]]:
    """Return what each colour stands for, the nodes without a value last.

    The most frequent come first, numbers as they count; of values that share a colour the most
    frequent names it. A part of the network is called by its number and its most connected node.
    """
    values: dict[Colour, Counter[str]] = {}
    others, hubs = set(), dict[str, Any]()
    for node, data in graph.nodes(data=True):
        value, colour = data.get(style.colour_by), style.colours.get(node, UNKNOWN)
        if value is not None and colour != UNKNOWN:
            values.setdefault(colour, Counter())[_first(value)] += 1
            if style.colour_by in PARTS:
                hubs[str(value)] = max(hubs.get(str(value), node), node, key=graph.degree)
        else:
            others.add(NOT_STATED if value is None else N_("Other"))
    named = {colour: min(c, key=lambda name: (-c[name], name)) for colour, c in values.items()}
    ranked = sorted(named, key=lambda c: (int(named[c]) if hubs else -values[c].total(), named[c]))
    told = {name: f"{name}: {graph.nodes[hub].get('label', hub)}" for name, hub in hubs.items()}
    entries = [(told.get(named[c]) or word(graph, named[c]), c) for c in ranked]
    if not entries:
        others -= {NOT_STATED}
    return entries + [(said(graph, name), UNKNOWN) for name in sorted(others, reverse=True)]


def _first(value: Any) -> str:
    """Return the value that coloured a node with several, as `network.colours` does."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.partition(" + ")[0]


def draw_legend(
    axes: Axes, graph: nx.Graph, style: Style, corner: tuple[float, float], radii: Array
) -> None:
    """Draw the legend with its top left corner at `corner`: a heading and signs for each part."""
    from matplotlib.legend import Legend

    x, y = corner
    for heading, entries in _parts(graph, style, radii):
        texts = [textwrap.fill(text, _ROOM) for text in (heading, *(text for text, _ in entries))]
        largest = max(sign.get_markersize() for _, sign in entries)
        spacing = max(0.4, largest / _SIZE - 0.8)
        legend = Legend(
            axes, [sign for _, sign in entries], texts[1:], title=texts[0], loc="upper left",
            bbox_to_anchor=(x, y), bbox_transform=axes.transData, frameon=False, fontsize=_SIZE,
            title_fontproperties={"size": _SIZE, "weight": "bold"}, alignment="left",
            labelcolor=INK, borderpad=0, borderaxespad=0, handlelength=max(2.4, largest / _SIZE),
            labelspacing=spacing,
        )  # fmt: skip
        axes.add_artist(legend)
        lines = sum(text.count("\n") for text in texts) + 1.9
        y -= _STEP * lines + len(entries) * (_STEP + (spacing - 0.4) * _SIZE)


def _parts(
    graph: nx.Graph, style: Style, radii: Array
) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Yield the heading of each part of the legend, with the text and sign of its entries."""
    from matplotlib.lines import Line2D

    def disc(colour: Colour, shape: str = "o", size: float = 6) -> Any:
        paint = "#{:02x}{:02x}{:02x}".format(*colour)
        return Line2D([], [], color=paint, marker=shape, markersize=size, markeredgewidth=0, ls="")

    def line(width: float, style: LineStyle = LINE_STYLES[0]) -> Any:
        return Line2D([], [], color=style[0], linewidth=width, linestyle=dashes(style))

    square, two_modes = said(graph, NOT_STATED), graph.graph.get("modes")
    colours = colour_entries(graph, style) if style.colour_by else []
    if colours:
        signs = [
            (name, disc(paint, "s" if name == square and not two_modes else "o"))
            for name, paint in colours[:_MOST]
        ]
        yield word(graph, style.colour_by), signs
    if modes := listed(graph.graph.get("modes")):
        shapes = zip(modes, "os", strict=True)
        signs = [(word(graph, mode), disc(UNKNOWN, shape)) for mode, shape in shapes]
        yield said(graph, N_("Mode")), signs
    if ties := tie_entries(graph):
        yield said(graph, N_("Ties")), [(text, line(1.1, form)) for text, form in ties]
    weights = weights_of(graph)
    if weights and max(weights) > min(weights):
        most = widest(len(weights))
        ends = ((min(weights), most / 6), (max(weights), most))
        yield said(graph, N_("Weight of ties")), [(_number(w), line(width)) for w, width in ends]
    size = word(graph, style.size_by) if style.size_by else said(graph, N_("Weight of their ties"))
    values = graph.nodes(data=style.size_by) if style.size_by else graph.degree(weight="weight")
    sized = sorted(
        (value, radius) for (_, value), radius in zip(values, radii, strict=True) if value
    )
    if sized:
        signs = [(_number(v), disc(UNKNOWN, size=2 * r)) for v, r in (sized[0], sized[-1])]
        heading = said(graph, N_("Size of nodes"))
        yield f"{heading}: {size}", signs if sized[0][0] < sized[-1][0] else signs[:1]


def _number(value: float) -> str:
    return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
