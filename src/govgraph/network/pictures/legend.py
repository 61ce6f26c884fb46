"""The legend of a picture: colours, styles of line, widths, and what the size of a node tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from govgraph.network.pictures.colours import UNKNOWN, Colour, scale, span_of
from govgraph.network.pictures.edges import (
    EDGE_COLOUR,
    SOLID,
    LineStyle,
    line_styles,
    weights_of,
    widest,
)
from govgraph.network.pictures.matplotlib_style import INK
from govgraph.network.pictures.style import Style
from govgraph.network.reading.words import said, word
from govgraph.texts import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOT_STATED: Final = N_("Not stated")
_STEP: Final = 9.2  # points from line to line
_SIZE: Final = 6.5
_MOST: Final = 14
_ROOM: Final = 21  # letters


def colour_entries(graph: nx.Graph, style: Style) -> list[tuple[str, Colour]]:
    """Return what each colour stands for, the most frequent first, the nodes without a value last.

    Values that share a colour share an entry, named after the most frequent of them.
    """
    values: dict[Colour, Counter[str]] = {}
    for node, data in graph.nodes(data=True):
        value = data.get(style.colour_by)
        if value is not None and style.colours.get(node, UNKNOWN) != UNKNOWN:
            values.setdefault(style.colours[node], Counter())[_first(value)] += 1
    ranked = sorted(values, key=lambda colour: (-values[colour].total(), colour))
    entries = [
        (word(graph, min(counts, key=lambda name: (-counts[name], name))), colour)
        for colour, counts in ((colour, values[colour]) for colour in ranked)
    ]
    others = [
        data.get(style.colour_by) is not None
        for node, data in graph.nodes(data=True)
        if style.colours.get(node, UNKNOWN) == UNKNOWN
    ]
    if any(others):
        entries.append((said(graph, N_("Other")), UNKNOWN))
    if others and not all(others) and entries:
        entries.append((said(graph, NOT_STATED), UNKNOWN))
    return entries


def _first(value: Any) -> str:
    """Return the value that coloured a node with several, as `network.colours` does."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.partition(" + ")[0]


def draw_legend(axes: Axes, graph: nx.Graph, style: Style, corner: tuple[float, float]) -> None:
    """Draw the legend with its top left corner at `corner`: a heading and signs for each part."""
    x, y = corner
    for heading, entries in _parts(graph, style):
        texts = [text if len(text) <= _ROOM else f"{text[: _ROOM - 1]}…" for text, _ in entries]
        legend = axes.legend(
            [sign for _, sign in entries], texts, title=heading, loc="upper left",
            bbox_to_anchor=(x, y), bbox_transform=axes.transData, frameon=False, fontsize=_SIZE,
            title_fontproperties={"size": _SIZE, "weight": "bold"}, alignment="left",
            labelcolor=INK, borderpad=0, borderaxespad=0, handlelength=2.4, labelspacing=0.4,
        )  # fmt: skip
        axes.add_artist(legend)
        y -= _STEP * (len(entries) + 1.9)


def _parts(graph: nx.Graph, style: Style) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Yield the heading of each part of the legend, with the text and sign of its entries."""
    from matplotlib.lines import Line2D

    def disc(colour: Colour, shape: str = "o") -> Any:
        paint = "#{:02x}{:02x}{:02x}".format(*colour)
        return Line2D([], [], color=paint, marker=shape, markersize=6, markeredgewidth=0, ls="")

    def line(width: float, style: LineStyle = SOLID) -> Any:
        sign = Line2D([], [], color=EDGE_COLOUR, linewidth=width)
        sign.set(linestyle=style)
        return sign

    square = said(graph, NOT_STATED)
    colours = colour_entries(graph, style) if style.colour_by else []
    values = [data.get(style.colour_by) for _, data in graph.nodes(data=True)]
    if (span := span_of(values)) is not None:
        low, high = span
        colours = [
            (_number(low + (high - low) * step / 4), scale(step / 4, 0, 1)) for step in range(5)
        ]
    if colours:
        yield (
            word(graph, style.colour_by),
            [
                (name, disc(paint, "s" if name == square else "o"))
                for name, paint in colours[:_MOST]
            ],
        )
    styles = line_styles(graph)
    if styles:
        yield (
            said(graph, N_("Ties")),
            [
                (word(graph, kind) if kind else square, line(1.1, form))
                for kind, form in styles.items()
            ],
        )
    weights = weights_of(graph)
    if weights and max(weights) > min(weights):
        most = widest(len(weights))
        ends = ((min(weights), most / 6), (max(weights), most))
        yield said(graph, N_("Weight of ties")), [(_number(w), line(width)) for w, width in ends]
    size = word(graph, style.size_by) if style.size_by else said(graph, N_("Weight of their ties"))
    yield said(graph, N_("Size of nodes")), [(size, disc(UNKNOWN))]


def _number(value: float) -> str:
    return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
