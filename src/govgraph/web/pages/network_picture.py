"""A network as SVG for a page: no script, no style; every node leads to its page."""

import math
from collections.abc import Callable, Hashable
from typing import Final

import networkx as nx
import numpy as np
from markupsafe import Markup

from govgraph.network.measures.structure import first_mode
from govgraph.network.pictures.labels import Request, place_labels
from govgraph.network.pictures.layout import Array
from govgraph.network.pictures.legend import LineStyle, line_styles
from govgraph.network.pictures.picture import canvas_of
from govgraph.network.pictures.style import UNKNOWN, Style

_WIDTH: Final = 960
_LETTER: Final = 6.9  # pixels of a letter, about
_LINE: Final = 15
_LONGEST: Final = 34  # letters
_LABELLED: Final = 150
_PATIENCE: Final = 5.0  # what a label may cost: near its node, over no other


def picture(
    graph: nx.Graph, style: Style, title: str, href: Callable[[Hashable], str] | None = None
) -> Markup:
    """Return a network of at least one node; without `href` small, without labels and links."""
    largest, ratios = (30.0, (0.45, 0.95)) if href else (52.0, (0.2, 0.62))
    canvas = canvas_of(graph, style, _WIDTH, largest=largest, ratios=ratios)
    number = {node: index for index, node in enumerate(graph)}
    centres = np.abs(canvas.centres - (0, canvas.height))  # pages count downwards
    parts = [
        Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            "picture network" if href else "picture thumb", _WIDTH, round(canvas.height), title
        )
    ]
    styles, pairs = line_styles(graph), dict[str, set[tuple[int, int]]]()
    for one, other, kind in graph.edges(data="kind", default=""):
        if one != other:
            drawn = str(kind or "") if styles else ""
            pairs.setdefault(drawn, set()).add((number[one], number[other]))
    for kind, tied in sorted(pairs.items()):
        ends = [(centres[one], centres[other]) for one, other in sorted(tied)]
        lines = "".join("M{:.0f} {:.0f}L{:.0f} {:.0f}".format(*one, *other) for one, other in ends)
        look = line_look(styles[kind]) if styles else ""
        parts.append(Markup('<path class="tie"{} d="{}"/>').format(look, lines))
        if graph.is_directed():
            rims = canvas.radii[[other for _, other in sorted(tied)]]
            heads = "".join(_head(*tie, rim) for tie, rim in zip(ends, rims, strict=True))
            parts.append(Markup('<path class="head"{} d="{}"/>').format(look, heads))
    order = sorted(graph, key=lambda node: (-canvas.radii[number[node]], str(node)))
    mark = '<rect class="node" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{:.1f}"'
    is_round = first_mode(graph) or [True] * len(graph)  # the second of two modes is square
    for node in order:
        (x, y), radius = centres[number[node]], canvas.radii[number[node]]
        colour = "#{:02x}{:02x}{:02x}".format(*style.colours.get(node, UNKNOWN))
        label = Markup("<title>{}</title>").format(graph.nodes[node].get("label", node))
        rim = radius if is_round[number[node]] else 0.0
        shape = Markup(mark).format(x - radius, y - radius, 2 * radius, 2 * radius, rim)
        shape += Markup(' fill="{}">{}</rect>').format(colour, label if href else "")
        # Out of the order of tabbing: the table below has the same links.
        address = href(node) if href else ""
        link = Markup('<a href="{}" tabindex="-1">{}</a>')
        parts.append(link.format(address, shape) if address else shape)
    if href:
        labels = [str(graph.nodes[node].get("label", node)) for node in order[:_LABELLED]]
        places = [number[node] for node in order]
        parts += _labels(labels, centres[places], canvas.radii[places], canvas.height)
    return Markup("").join([*parts, Markup("</svg>")])


def line_look(style: LineStyle) -> Markup:
    """Return the attributes of a line: its colour, and its dashes."""
    colour, lengths = style
    return Markup(' color="{}" stroke-dasharray="{}"').format(
        colour, " ".join(f"{2 * length:g}" for length in lengths) or "none"
    )


def _head(one: Array, other: Array, rim: float) -> str:
    along = (other - one) / (math.hypot(*(other - one)) or 1.0)
    tip, across = other - along * rim, np.array([-along[1], along[0]])
    points = (tip, *(tip - 7 * along + side * across for side in (3, -3)))
    return "M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z".format(*(end for p in points for end in p))


def _labels(texts: list[str], centres: Array, radii: Array, height: float) -> list[Markup]:
    """Return labels of the first nodes, where each finds a place near its node."""
    texts = [t if len(t) <= _LONGEST else f"{t[: _LONGEST - 1].rstrip()}…" for t in texts]
    requests = [Request(n, len(text) * _LETTER, _LINE) for n, text in enumerate(texts)]
    placed = place_labels(
        requests, centres, radii, np.empty((0, 4)), (_WIDTH, height),
        patience=[_PATIENCE] * len(texts),
    )  # fmt: skip
    labels = []
    for label in placed:
        left, _, right, _ = label.box
        x, anchor = label.x, "middle"
        if left > centres[label.request.node][0]:
            x, anchor = left, "start"
        elif right < centres[label.request.node][0]:
            x, anchor = right, "end"
        labels.append(
            Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>').format(
                x, label.y + _LINE / 3, anchor, texts[label.request.node]
            )
        )
    return labels
