"""A network as SVG for a page: no script, no style; every node leads to its page."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.network.pictures.style import Style

_WIDTH: Final = 960
_MARGIN: Final = 26
_LETTER: Final = 6.9  # pixels of a letter, about
_LINE: Final = 15
_LONGEST: Final = 34  # letters
_LABELLED: Final = 150
_HUBS: Final = 6

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Disc:
    x: float
    y: float
    radius: float


def picture(
    graph: nx.Graph, look: Style, title: str, href: Callable[[Hashable], str] | None = None
) -> Markup:
    """Return a network of at least one node; without `href` small, without labels and links."""
    discs, height = _places(graph, look, small=href is None)
    kind = "picture network" if href else "picture thumb"
    parts = [
        Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            kind, _WIDTH, round(height), title
        ),
        Markup('<path class="tie" d="{}"/>').format(
            "".join(_tie(discs[one], discs[other]) for one, other in sorted_pairs(graph))
        ),
    ]
    largest_first = sorted(graph, key=lambda node: (-discs[node].radius, str(node)))
    for node in largest_first:
        parts.append(_node(graph, look, node, discs[node], href(node) if href else None))
    if href:
        parts += _labels(graph, largest_first, discs, height)
    return Markup("").join([*parts, Markup("</svg>")])


def sorted_pairs(graph: nx.Graph) -> list[tuple[Hashable, Hashable]]:
    """Return each tied pair of different nodes once, in order."""
    pairs = {(one, other) for one, other in graph.edges() if one != other}
    return sorted(pairs, key=lambda pair: (str(pair[0]), str(pair[1])))


def _places(graph: nx.Graph, look: Style, *, small: bool) -> tuple[dict[Hashable, _Disc], float]:
    """Return the disc of each node, and the height of the picture."""
    xs = [look.positions[node][0] for node in graph]
    ys = [look.positions[node][1] for node in graph]
    left, top = min(xs), max(ys)
    wide, high = max(xs) - left or 1.0, top - min(ys) or 1.0
    ratio = 0.62 if small else min(max(high / wide, 0.45), 0.95)
    room = _WIDTH - 2 * _MARGIN, _WIDTH * ratio - 2 * _MARGIN
    most = max(look.sizes.values(), default=1.0)
    scale = (26 if small else 15) / most
    found = {}
    for node in graph:
        x, y = look.positions[node][:2]
        found[node] = _Disc(
            _MARGIN + (x - left) / wide * room[0],
            _MARGIN + (top - y) / high * room[1],
            max(look.sizes.get(node, most / 3) * scale, 3.0),
        )
    return found, _WIDTH * ratio


def _tie(one: _Disc, other: _Disc) -> str:
    return f"M{one.x:.0f} {one.y:.0f}L{other.x:.0f} {other.y:.0f}"


def _node(graph: nx.Graph, look: Style, node: Hashable, disc: _Disc, href: str | None) -> Markup:
    colour = look.colours.get(node)
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
    """Return labels of the largest nodes, where each finds a place of its own.

    Those of the very largest may lie over small nodes, rather than be left out.
    """
    taken: list[Box] = []
    found = []
    for rank, node in enumerate(order[:_LABELLED]):
        label = str(graph.nodes[node].get("label", node))
        text = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"
        free = []
        for x, y, anchor in _candidates(discs[node]):
            box = _box(x, y, anchor, len(text) * _LETTER)
            inside = box[0] >= 2 and box[2] <= _WIDTH - 2 and box[1] >= 2 and box[3] <= height - 2
            if inside and not any(map(_overlapping(box), taken)):
                covered = _covered(box, node, discs)
                if not covered or rank < _HUBS:
                    free.append((covered, x, y, anchor, box))
        if free:
            _, x, y, anchor, box = min(free, key=lambda each: each[0])
            taken.append(box)
            found.append(
                Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>').format(
                    x, y, anchor, text
                )
            )
    return found


def _candidates(disc: _Disc) -> list[tuple[float, float, str]]:
    gap = disc.radius + 4
    return [
        (disc.x + gap, disc.y + 4, "start"),
        (disc.x - gap, disc.y + 4, "end"),
        (disc.x, disc.y + gap + 10, "middle"),
        (disc.x, disc.y - gap, "middle"),
    ]


def _box(x: float, y: float, anchor: str, width: float) -> Box:
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    return (left, y - _LINE + 3, left + width, y + 3)


def _overlapping(box: Box) -> Callable[[Box], bool]:
    return lambda other: (
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
    )


def _covered(box: Box, node: Hashable, discs: dict[Hashable, _Disc]) -> int:
    """Return how many other nodes a box covers."""
    count = 0
    for other, disc in discs.items():
        x, y = min(max(disc.x, box[0]), box[2]), min(max(disc.y, box[1]), box[3])
        count += other != node and math.hypot(disc.x - x, disc.y - y) < disc.radius
    return count
