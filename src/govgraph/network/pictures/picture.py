"""A network as a picture for a page: PNG, SVG or PDF.

Nodes are coloured by sector, or by class where few have one, and sized by what they weigh; edges
are as wide as their weight; labels never overlap, so the least important may go without. The same
network gives the same bytes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Final

import networkx as nx
import numpy as np

from govgraph.network.files.columns import label_of, text_ids
from govgraph.network.measures.structure import first_mode
from govgraph.network.pictures.labels import Request, place_labels, wrap
from govgraph.network.pictures.layout import Array
from govgraph.network.pictures.legend import (
    LINE_STYLES,
    dashes,
    draw_legend,
    edge_widths,
    line_styles,
)
from govgraph.network.pictures.matplotlib_style import INK, drawing, render
from govgraph.network.pictures.style import UNKNOWN, Style, complete, weights_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONT_SIZE: Final = 7.0
_LINE_HEIGHT: Final = 1.27
_SIDE: Final = 46.0
_MARGIN: Final = 30.0
"""Room for labels beside the outermost nodes, and above and below."""
_LEGEND: Final = 118.0  # points
_LEGENDS: Final = ("sector", "kind")
_LABELLED: Final = 120
"""At most so many labels are tried: more would make a page of text."""


@dataclass(frozen=True)
class Canvas:
    """The drawing in points: size, place and radius of each node by its number."""

    width: float
    height: float
    centres: Array
    radii: Array


def _write(format: str, graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    texts = {label_of(str(node), data) for node, data in graph.nodes(data=True)}
    texts |= {str(data.get(key, "")) for _, data in graph.nodes(data=True) for key in _LEGENDS}
    with drawing(texts):
        stream.write(render(draw(graph, style), format, title=str(graph.graph.get("title") or "")))


write_png, write_svg, write_pdf = (partial(_write, format) for format in ("png", "svg", "pdf"))


def draw(graph: nx.Graph, style: Style | None = None) -> Figure:
    """Draw a network, within `figures.drawing()`; what the style leaves open is chosen."""
    from matplotlib.figure import Figure

    style = complete(graph, style)
    canvas = canvas_of(graph, style, 72 * min(5.4 + 0.034 * len(graph), 10.0))
    width, height = canvas.width + _LEGEND, max(canvas.height, 150.0)
    figure = Figure(figsize=(width / 72, height / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(canvas.height - height, canvas.height))
    axes.axis("off")
    draw_edges(axes, graph, canvas.centres, canvas.radii)
    _draw_nodes(axes, graph, style, canvas)
    _draw_labels(axes, graph, canvas)
    draw_legend(axes, graph, style, (canvas.width + 4, canvas.height - 12), canvas.radii)
    return figure


def canvas_of(
    graph: nx.Graph,
    style: Style,
    width: float,
    *,
    largest: float = 24.0,
    ratios: tuple[float, float] = (0.62, 1.1),
) -> Canvas:
    """Return a page so wide, and as high as the nodes spread, within two ratios.

    `largest` is the greatest diameter of a node.
    """
    positions = np.array([style.positions[node] for node in graph], dtype=float).reshape(-1, 2)
    low = positions.min(axis=0) if len(positions) else np.zeros(2)
    spread = (positions.max(axis=0) - low) if len(positions) else np.ones(2)
    low, spread = np.where(spread > 0, (low, spread), (low - 0.5, np.ones(2)))  # in the middle
    ratio = float(np.clip(spread[1] / spread[0], *ratios))
    around = np.array([_SIDE, _MARGIN])
    height = (width - 2 * _SIDE) * ratio + 2 * _MARGIN
    diameters = np.array([style.sizes.get(node, 12.0) for node in graph], dtype=float)
    # Discs cover a twentieth of the page, less where there are many; none is a dot or a blot.
    area = float((diameters**2).sum()) * math.pi / 4 or 1.0
    scale = math.sqrt(width * height / (20 + len(graph) / 60) / area)
    scale = min(scale, largest / max(diameters.max(initial=0.0), 1.0))
    radii = np.clip(diameters * scale / 2, 2.2 if len(graph) < 500 else 1.3, None)
    centres = (positions - low) / spread * (np.array([width, height]) - 2 * around) + around
    return Canvas(width, height, _apart(centres, radii), radii)


def _apart(centres: Array, radii: Array) -> Array:
    """Return the centres with overlapping discs pushed apart, a little at a time."""
    moved = centres.copy()
    turn = np.arange(len(moved)) * 2.4  # nodes at one point part along an angle of their own
    own = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    reach = radii[:, None] + radii[None, :] + 1.0
    for _ in range(40 if len(moved) < 800 else 15):
        norms = (moved**2).sum(axis=1)
        squares = norms[:, None] + norms[None, :] - 2 * moved @ moved.T
        one, other = np.nonzero(np.triu(squares < reach**2, k=1))
        if not len(one):
            break
        offsets = moved[one] - moved[other]
        lengths = np.hypot(*offsets.T)[:, None]
        directions = np.where(lengths < 1e-6, own[one], offsets / np.maximum(lengths, 1e-6))
        push = directions * np.maximum(reach[one, other][:, None] - lengths, 0) / 2
        for axis in (0, 1):
            moved[:, axis] += 0.7 * np.bincount(one, push[:, axis], len(moved))
            moved[:, axis] -= 0.7 * np.bincount(other, push[:, axis], len(moved))
    return moved


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
    alpha = min(0.8, max(0.15, 15 / math.sqrt(max(len(widths), 1))))
    lines = []
    for (source, target, data), width in zip(graph.edges(data=True), widths, strict=True):
        one, other, pair = number[source], number[target], frozenset((source, target))
        style = styles.get(str(data.get("kind") or ""), LINE_STYLES[0])
        colour, dashed = style[0], dashes(style)
        bend = _bend(drawn[pair], parallel[pair]) * (1 if one <= other else -1)
        drawn[pair] += 1
        if one == other:
            size = 3.0 + radii[one] * 0.5 + 2.0 * drawn[pair]
            middle = centres[one] + (0.0, radii[one] + size * 0.7)
            axes.add_patch(
                Circle(middle, size, fill=False, ec=colour, lw=width, ls=dashed, alpha=alpha)
            )
        elif bend or graph.is_directed():
            axes.add_patch(
                FancyArrowPatch(
                    centres[one], centres[other], connectionstyle=f"arc3,rad={bend}",
                    arrowstyle="-|>" if graph.is_directed() else "-", mutation_scale=5 + 2 * width,
                    shrinkA=radii[one], shrinkB=radii[other], linewidth=width, linestyle=dashed,
                    color=colour, alpha=alpha, zorder=1,
                )
            )  # fmt: skip
        else:
            lines.append((centres[[one, other]], width, dashed, colour))
    if lines:
        segments, line_widths, linestyles, colours = map(list, zip(*lines, strict=True))
        axes.add_collection(
            LineCollection(
                segments, linewidths=line_widths, linestyles=linestyles, colors=colours,
                alpha=alpha, zorder=1,
            )
        )  # fmt: skip


def _bend(turn: int, of: int) -> float:
    """Return how far the n-th of several parallel edges is bent: 0, or to alternate sides."""
    if of == 1:
        return 0.0
    step = turn // 2 + 1 if of % 2 == 0 else (turn + 1) // 2
    return 0.16 * step * (1 if turn % 2 else -1)


def _draw_nodes(axes: Axes, graph: nx.Graph, style: Style, canvas: Canvas) -> None:
    """Draw discs, large ones first; squares are of the second mode, or without a value."""
    colours = np.array([style.colours.get(node, UNKNOWN) for node in graph]).reshape(-1, 3) / 255
    values = [data.get(style.colour_by) for _, data in graph.nodes(data=True)]
    valued = np.array(
        first_mode(graph) or [value is not None or not style.colour_by for value in values],
        dtype=bool,
    )
    order = np.argsort(-canvas.radii, kind="stable")
    for marker, share, shown in (("o", 1.0, valued), ("s", 0.88, ~valued)):  # of about one area
        nodes = order[shown[order]]
        axes.scatter(
            canvas.centres[nodes, 0], canvas.centres[nodes, 1],
            s=(2 * share * canvas.radii[nodes]) ** 2, c=colours[nodes], marker=marker,
            edgecolors="white", linewidths=0.6, zorder=2,
        )  # fmt: skip


def _draw_labels(axes: Axes, graph: nx.Graph, canvas: Canvas) -> None:
    from matplotlib.patches import Rectangle

    nodes = list(graph)
    ids = text_ids(graph)
    texts = [wrap(label_of(ids[node], graph.nodes[node])) for node in nodes]
    order = sorted(range(len(nodes)), key=lambda p: (-canvas.radii[p], texts[p], p))
    requests = [
        Request(index, *_extent(texts[index])) for index in order[:_LABELLED] if texts[index]
    ]
    # Hubs have a label wherever there is room for one, also over something; others not too far.
    hubs = len(nodes) if len(nodes) <= 60 else 20
    patience = [math.inf if rank < hubs else 29.0 for rank in range(_LABELLED)]
    placed = place_labels(
        requests, canvas.centres, canvas.radii, straight_lines(graph, canvas.centres),
        (canvas.width, canvas.height), patience=patience,
    )  # fmt: skip
    for label in placed:
        if label.leader:
            x0, y0, x1, y1 = label.leader
            axes.plot([x0, x1], [y0, y1], color=INK, lw=0.35, zorder=3)
        left, bottom, right, top = label.box
        ground = Rectangle((left, bottom), right - left, top - bottom, facecolor="white")
        ground.set(alpha=0.7, linewidth=0, zorder=1.5)  # above the edges, below the nodes
        axes.add_patch(ground)
        axes.text(
            label.x, label.y, texts[label.request.node], ha="center", va="center", color=INK,
            multialignment="center", size=FONT_SIZE, linespacing=1.05, zorder=4,
        )  # fmt: skip


def _extent(text: str) -> tuple[float, float]:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=FONT_SIZE)
    lines = text.split("\n")
    widths = [
        text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in lines
    ]
    return max(widths), len(lines) * FONT_SIZE * _LINE_HEIGHT
