"""Positions of nodes: by forces, or on a circle. The same network gives the same positions.

`force` is Fruchterman and Reingold's spring embedder (1991, Software: Practice and Experience 21,
1129-1164) in its grid variant (section 3.3), where only near nodes repel each other, with a pull
to the centre that keeps components together. igraph's is used for large networks, if installed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

from govgraph.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    import networkx as nx

Positions: TypeAlias = dict[Hashable, tuple[float, float]]

SPAN: Final = 1000.0
"""Positions lie between -SPAN and SPAN in both directions."""

LARGE: Final = 1_500
"""Above so many nodes igraph computes forces, or, without it, nodes lie on a circle."""

_GOLDEN: Final = math.pi * (3 - math.sqrt(5))


def lay_out(graph: nx.Graph, layout: str) -> Positions:
    """Return a position for each node; raises UsageError for an unknown layout."""
    check_layout(layout, LAYOUTS)
    return LAYOUTS[layout](graph)


def check_layout(layout: str, known: Iterable[str]) -> None:
    """Raise UsageError for a layout that is not known, with what was perhaps meant."""
    if layout not in known:
        hint = did_you_mean(layout, known)
        raise UsageError(f"There is no layout {layout!r}.{hint} Layouts: {', '.join(known)}.")


def none(graph: nx.Graph) -> Positions:
    """Return no positions: Gephi then places the nodes at random."""
    return {}


def circle(graph: nx.Graph) -> Positions:
    """Return nodes on a circle, those of one sector (or else kind) side by side."""

    def order(node: Hashable) -> tuple[str, str, str]:
        attributes = graph.nodes[node]
        group = attributes.get("sector") or attributes.get("kind") or ""
        return (str(group), str(attributes.get("label", "")), str(node))

    turn = 2 * math.pi / max(len(graph), 1)
    return _rounded(
        {
            node: (SPAN * math.cos(place * turn), SPAN * math.sin(place * turn))
            for place, node in enumerate(sorted(graph, key=order))
        }
    )


def force(graph: nx.Graph) -> Positions:
    """Return positions where tied nodes are near and others apart."""
    if len(graph) > LARGE:
        from importlib.util import find_spec

        return _igraph_force(graph) if find_spec("igraph") else circle(graph)
    nodes = list(graph)
    index = {node: number for number, node in enumerate(nodes)}
    pairs = {(min(index[u], index[v]), max(index[u], index[v])) for u, v in graph.edges() if u != v}
    found = _spring(len(nodes), sorted(pairs))
    return _rounded(_to_span(dict(zip(nodes, found, strict=True))))


def _spring(count: int, pairs: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return positions of `count` nodes tied by `pairs`, the ideal length of a tie being 1."""
    radius = math.sqrt(count)
    # A sunflower: even, without a random number.
    x = [radius * math.sqrt((i + 0.5) / count) * math.cos(i * _GOLDEN) for i in range(count)]
    y = [radius * math.sqrt((i + 0.5) / count) * math.sin(i * _GOLDEN) for i in range(count)]
    rounds = max(30, min(120, 40_000 // (count + 1)))
    for step in range(rounds):
        push_x, push_y = _repulsion(x, y)
        for i, j in pairs:
            dx, dy = x[i] - x[j], y[i] - y[j]
            pull = math.hypot(dx, dy)
            push_x[i] -= dx * pull
            push_y[i] -= dy * pull
            push_x[j] += dx * pull
            push_y[j] += dy * pull
        heat = radius / 5 * (1 - step / rounds) ** 2 + 0.01
        for i in range(count):
            px, py = push_x[i] - 0.15 * x[i], push_y[i] - 0.15 * y[i]
            length = math.hypot(px, py) or 1.0
            move = min(length, heat) / length
            x[i] += px * move
            y[i] += py * move
    return list(zip(x, y, strict=True))


def _repulsion(x: list[float], y: list[float]) -> tuple[list[float], list[float]]:
    """Return the push on each node by those less than three ideal lengths away."""
    reach = 3.0
    cells: dict[tuple[int, int], list[int]] = {}
    for i, (at_x, at_y) in enumerate(zip(x, y, strict=True)):
        cells.setdefault((math.floor(at_x / reach), math.floor(at_y / reach)), []).append(i)
    push_x, push_y = [0.0] * len(x), [0.0] * len(y)
    forward = ((0, 0), (1, 0), (-1, 1), (0, 1), (1, 1))
    for (column, row), inside in cells.items():
        for right, up in forward:
            near = cells.get((column + right, row + up), ())
            for place, i in enumerate(inside):
                others = inside[place + 1 :] if (right, up) == (0, 0) else near
                at_x, at_y = x[i], y[i]
                for j in others:
                    dx, dy = at_x - x[j], at_y - y[j]
                    square = dx * dx + dy * dy
                    if square < reach * reach:
                        square = max(square, 1e-4)
                        push_x[i] += dx / square
                        push_y[i] += dy / square
                        push_x[j] -= dx / square
                        push_y[j] -= dy / square
    return push_x, push_y


def _igraph_force(graph: nx.Graph) -> Positions:
    import igraph

    from govgraph.network.measures.engines import seeded

    nodes = list(graph)
    index = {node: number for number, node in enumerate(nodes)}
    large = igraph.Graph(len(nodes), [(index[u], index[v]) for u, v in graph.edges()])
    start = [
        [math.cos(i * _GOLDEN) * i**0.5, math.sin(i * _GOLDEN) * i**0.5] for i in range(len(nodes))
    ]
    with seeded():
        found = large.layout_fruchterman_reingold(niter=100, seed=start, grid="grid")
    return _rounded(_to_span({node: tuple(xy) for node, xy in zip(nodes, found, strict=True)}))


def _to_span(positions: Positions) -> Positions:
    """Return the positions moved and scaled to fill the span."""
    if not positions:
        return {}
    xs, ys = zip(*positions.values(), strict=True)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    size = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 or 1.0
    return {
        node: ((at_x - middle_x) / size * SPAN, (at_y - middle_y) / size * SPAN)
        for node, (at_x, at_y) in positions.items()
    }


def _rounded(positions: Positions) -> Positions:
    """Return the positions with three decimals, so that every machine writes the same."""
    return {
        node: (round(at_x, 3) + 0.0, round(at_y, 3) + 0.0)
        for node, (at_x, at_y) in positions.items()
    }


LAYOUTS: Final[dict[str, Callable[[nx.Graph], Positions]]] = {
    "force": force,
    "circle": circle,
    "none": none,
}
"""Every layout by name."""
