"""The legend of a picture: colours, styles of line, widths, and what the size of a node tells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from govgraph.network.pictures.colours import UNKNOWN, Colour, scale
from govgraph.network.pictures.edges import (
    EDGE_COLOUR,
    LineStyle,
    line_styles,
    weights_of,
    widest,
)
from govgraph.network.pictures.matplotlib_style import INK
from govgraph.network.pictures.style import Style

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes

_ES: Final = {
    "Betweenness": "Intermediación", "Case": "Caso", "Class": "Clase", "Degree": "Grado",
    "Louvain": "Comunidad (Louvain)", "Not stated": "Sin indicar", "Other": "Otros",
    "Pagerank": "PageRank", "Size of nodes": "Tamaño de los nodos", "Strength": "Fuerza",
    "Ties": "Vínculos", "Weight of their ties": "Peso de sus vínculos",
    "Weight of ties": "Peso de los vínculos",
}  # fmt: skip
NOT_STATED: Final = "Not stated"
_STEP: Final = 10.5  # points from line to line
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
    found = [
        (word(graph, min(counts, key=lambda name: (-counts[name], name))), colour)
        for colour, counts in ((colour, values[colour]) for colour in ranked)
    ]
    others = [
        data.get(style.colour_by) is not None
        for node, data in graph.nodes(data=True)
        if style.colours.get(node, UNKNOWN) == UNKNOWN
    ]
    if any(others):
        found.append((word(graph, "Other"), UNKNOWN))
    if others and not all(others) and found:
        found.append((word(graph, NOT_STATED), UNKNOWN))
    return found


def _first(value: Any) -> str:
    """Return the value that coloured a node with several, as `network.colours` does."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.partition(" + ")[0]


def word(graph: nx.Graph, name: str) -> str:
    """Return a code for a reader: its label, or its words as in "Local government"."""
    known = graph.graph.get("words") or {}
    if name in known:
        return str(known[name])
    parts: list[str] = []
    for letter in name.replace("-", " ").replace("_", " "):
        starts = letter.isupper() and parts and parts[-1].islower()
        parts.append(f" {letter.lower()}" if starts else letter)
    text = "".join(parts)
    text = text[:1].upper() + text[1:]
    return _ES.get(text, text) if graph.graph.get("lang") == "es" else text


def is_scale(graph: nx.Graph, style: Style) -> list[float]:
    """Return the numbers that colours scale, [] where colours stand for names."""
    values = [data.get(style.colour_by) for _, data in graph.nodes(data=True)]
    known = [value for value in values if value is not None]
    numbers = [v for v in known if isinstance(v, int | float) and not isinstance(v, bool)]
    return numbers if numbers and len(numbers) == len(known) and len(set(numbers)) > 12 else []


class _Pen:
    """Draws the legend from the top downwards."""

    def __init__(self, axes: Axes, place: tuple[float, float]):
        self.axes = axes
        self.x, self.y = place

    def head(self, text: str) -> None:
        self.axes.text(self.x, self.y, text, size=_SIZE, weight="bold", va="center", color=INK)
        self.y -= _STEP

    def say(self, text: str, indent: float = 14.0) -> None:
        cut = text if len(text) <= _ROOM else f"{text[: _ROOM - 1].rstrip()}…"
        self.axes.text(self.x + indent, self.y, cut, size=_SIZE, va="center", color=INK)
        self.y -= _STEP

    def gap(self) -> None:
        self.y -= _STEP * 0.6


def draw_legend(axes: Axes, graph: nx.Graph, style: Style, place: tuple[float, float]) -> None:
    """Draw the legend with its top left corner at `place`."""
    pen = _Pen(axes, place)
    numbers = is_scale(graph, style)
    if numbers:
        _draw_scale(pen, graph, style, numbers)
    elif style.colour_by:
        _draw_colours(pen, graph, style)
    lines = line_styles(graph)
    if lines:
        pen.head(word(graph, "Ties"))
        for kind, line in lines.items():
            _draw_line(pen, line, 1.1)
            pen.say(word(graph, kind or NOT_STATED), 26)
        pen.gap()
    weights = weights_of(graph)
    if weights and max(weights) > min(weights):
        pen.head(word(graph, "Weight of ties"))
        most = widest(len(weights))
        for weight, width in ((min(weights), most / 6), (max(weights), most)):
            _draw_line(pen, "solid", width)
            pen.say(_number(weight), 26)
        pen.gap()
    pen.head(word(graph, "Size of nodes"))
    pen.say(word(graph, style.size_by or "Weight of their ties"), 0)


def _draw_colours(pen: _Pen, graph: nx.Graph, style: Style) -> None:
    from matplotlib.patches import Circle, Rectangle

    found = colour_entries(graph, style)
    if not found:
        return
    pen.head(word(graph, {"kind": "Class"}.get(style.colour_by, style.colour_by)))
    for name, colour in found[:_MOST]:
        paint = tuple(part / 255 for part in colour)
        x, y = pen.x + 4.5, pen.y
        square = name == word(graph, NOT_STATED)
        pen.axes.add_patch(
            Rectangle((x - 3, y - 3), 6, 6, facecolor=paint, lw=0)
            if square
            else Circle((x, y), 3.4, facecolor=paint, lw=0)
        )
        pen.say(name)
    pen.gap()


def _draw_scale(pen: _Pen, graph: nx.Graph, style: Style, numbers: list[float]) -> None:
    from matplotlib.patches import Rectangle

    low, high = min(numbers), max(numbers)
    pen.head(word(graph, style.colour_by))
    for step in range(50):
        paint = tuple(part / 255 for part in scale(step / 49, 0, 1))
        pen.axes.add_patch(Rectangle((pen.x + step * 1.8, pen.y - 3), 2, 6, facecolor=paint, lw=0))
    pen.y -= _STEP
    pen.say(f"{_number(low)} – {_number(high)}", 0)
    pen.gap()


def _draw_line(pen: _Pen, line: LineStyle, width: float) -> None:
    pen.axes.plot([pen.x, pen.x + 21], [pen.y, pen.y], color=EDGE_COLOUR, lw=width, ls=line)


def _number(value: float) -> str:
    return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
