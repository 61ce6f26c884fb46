"""A network as SVG for a page: no script, no style; every node leads to its page."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import networkx as nx
import numpy as np
from markupsafe import Markup

from govgraph.network.pictures.labels import Request, place_labels
from govgraph.network.pictures.style import Style

_WIDTH: Final = 960
_MARGIN: Final = 26
_LETTER: Final = 6.9  # pixels of a letter, about
_LINE: Final = 15
_LONGEST: Final = 34  # letters
_LABELLED: Final = 150
_PATIENCE: Final = 5.0  # what a label may cost: near its node, over no other


@dataclass(frozen=True)
class _Disc:
    x: float
    y: float
    radius: float


def picture(
    graph: nx.Graph, style: Style, title: str, href: Callable[[Hashable], str] | None = None
) -> Markup:
    """Return a network of at least one node; without `href` small, without labels and links."""
    discs, height = _discs(graph, style, small=href is None)
    kind = "picture network" if href else "picture thumb"
    parts = [
        Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            kind, _WIDTH, round(height), title
        ),
        Markup('<path class="tie" d="{}"/>').format(
            "".join(
                f"M{one.x:.0f} {one.y:.0f}L{other.x:.0f} {other.y:.0f}"
                for one, other in ((discs[a], discs[b]) for a, b in _pairs(graph))
            )
        ),
    ]
    if graph.is_directed():
        heads = "".join(_head(discs[a], discs[b]) for a, b in _pairs(graph))
        parts.append(Markup('<path class="head" d="{}"/>').format(heads))
    largest_first = sorted(graph, key=lambda node: (-discs[node].radius, str(node)))
    for node in largest_first:
        parts.append(_node(graph, style, node, discs[node], href(node) if href else None))
    if href:
        parts += _labels(graph, largest_first, discs, height)
    return Markup("").join([*parts, Markup("</svg>")])


def _head(one: _Disc, other: _Disc) -> str:
    """Return the path of an arrowhead at the rim of the second disc."""
    x, y = other.x - one.x, other.y - one.y
    length = math.hypot(x, y) or 1.0
    x, y = x / length, y / length
    tip = other.x - x * other.radius, other.y - y * other.radius
    points = (tip, *((tip[0] - 7 * x - side * y, tip[1] - 7 * y + side * x) for side in (3, -3)))
    return "M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z".format(*(end for p in points for end in p))


def _pairs(graph: nx.Graph) -> list[tuple[Hashable, Hashable]]:
    """Return each tied pair of different nodes once, in order."""
    pairs = {(one, other) for one, other in graph.edges() if one != other}
    return sorted(pairs, key=lambda pair: (str(pair[0]), str(pair[1])))


def _discs(graph: nx.Graph, style: Style, *, small: bool) -> tuple[dict[Hashable, _Disc], float]:
    """Return the disc of each node, and the height of the picture."""
    xs = [style.positions[node][0] for node in graph]
    ys = [style.positions[node][1] for node in graph]
    left, top = min(xs), max(ys)
    wide, high = max(xs) - left or 1.0, top - min(ys) or 1.0
    ratio = 0.62 if small else min(max(high / wide, 0.45), 0.95)
    room = _WIDTH - 2 * _MARGIN, _WIDTH * ratio - 2 * _MARGIN
    most = max(style.sizes.values(), default=1.0)
    scale = (26 if small else 15) / most
    discs = {}
    for node in graph:
        x, y = style.positions[node][:2]
        discs[node] = _Disc(
            _MARGIN + (x - left) / wide * room[0],
            _MARGIN + (top - y) / high * room[1],
            max(style.sizes.get(node, most / 3) * scale, 3.0),
        )
    return discs, _WIDTH * ratio


def _node(graph: nx.Graph, style: Style, node: Hashable, disc: _Disc, href: str | None) -> Markup:
    colour = style.colours.get(node)
    fill = "#{:02x}{:02x}{:02x}".format(*colour) if colour else "#888888"
    where = f"{disc.x:.0f}", f"{disc.y:.0f}", f"{disc.radius:.1f}"
    if href is None:
        return Markup('<circle class="node" cx="{}" cy="{}" r="{}" fill="{}"/>').format(
            *where, fill
        )
    circle = Markup(
        '<circle class="node" cx="{}" cy="{}" r="{}" fill="{}"><title>{}</title></circle>'
    ).format(*where, fill, graph.nodes[node].get("label", node))
    # Out of the order of tabbing: the table below has the same links.
    return Markup('<a href="{}" tabindex="-1">{}</a>').format(href, circle) if href else circle


def _labels(
    graph: nx.Graph, order: Sequence[Hashable], discs: dict[Hashable, _Disc], height: float
) -> list[Markup]:
    """Return labels of the largest nodes, where each finds a place near its node."""
    texts = []
    for node in order[:_LABELLED]:
        label = str(graph.nodes[node].get("label", node))
        texts.append(label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…")
    places = place_labels(
        [Request(n, len(text) * _LETTER, _LINE) for n, text in enumerate(texts)],
        np.array([(discs[node].x, discs[node].y) for node in order]),
        np.array([discs[node].radius for node in order]),
        np.empty((0, 4)),
        (_WIDTH, height),
        patience=[_PATIENCE] * len(texts),
    )
    labels = []
    for place in places:
        left, _, right, _ = place.box
        centre = discs[order[place.request.node]].x
        x, anchor = place.x, "middle"
        if left > centre:
            x, anchor = left, "start"
        elif right < centre:
            x, anchor = right, "end"
        labels.append(
            Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>').format(
                x, place.y + _LINE / 3, anchor, texts[place.request.node]
            )
        )
    return labels
