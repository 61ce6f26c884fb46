"""Positions of nodes by their distance in the network, without a random number.

Each component is drawn by itself, then all are put side by side. In a component of up to STRESS
nodes distances on the page are those in the network, by stress majorization (Gansner, Koren and
North 2005, Graph Drawing, 239-250); in a larger one nearly so, by classical scaling of the
distances to some pivots (Brandes and Pich 2007, Graph Drawing, 42-53). Positions are rounded,
since sums of a linear algebra library depend on the processor.
"""

import math
from collections.abc import Hashable, Sequence
from typing import Any, Final, TypeAlias

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Positions: TypeAlias = dict[Hashable, tuple[float, float]]

SPAN: Final = 1000.0
"""Positions in a file lie between -SPAN and SPAN in both directions."""
STRESS: Final = 500
_PIVOTS: Final = 50
_GOLDEN: Final = math.pi * (3 - math.sqrt(5))
_WIDTH: Final = 1.5  # a page is about so many times as wide as high
_LABELLED: Final = 120
"""Up to so many nodes most have a label, and components need room for theirs."""


def force(graph: nx.Graph) -> Positions:
    """Return positions where tied nodes are near and others apart, filling the span."""
    positions = arrange(graph)
    if not positions:
        return {}
    xs, ys = zip(*positions.values(), strict=True)
    middles = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    size = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 or 1.0
    # With three decimals, so that every machine writes the same.
    return {
        node: (round((x - middles[0]) / size * SPAN, 3) + 0.0,
               round((y - middles[1]) / size * SPAN, 3) + 0.0)
        for node, (x, y) in positions.items()
    }  # fmt: skip


def arrange(graph: nx.Graph) -> Positions:
    """Return a position for each node, the ideal length of an edge being 1."""
    order = {node: rank for rank, node in enumerate(graph)}
    plain = nx.Graph()
    plain.add_nodes_from(graph)
    plain.add_edges_from((one, other) for one, other, *_ in graph.edges())
    components = sorted(
        (sorted(part, key=order.__getitem__) for part in nx.connected_components(plain)),
        key=lambda part: (-len(part), order[part[0]]),
    )
    drawn = [_component(plain, part) for part in components]
    room = (2.1, 0.95) if len(graph) <= _LABELLED else (0.6, 0.6)
    sizes = [positions.max(axis=0) - positions.min(axis=0) for positions in drawn]
    corners = _pack([(float(w) + room[0], float(h) + room[1]) for w, h in sizes])
    return {
        node: (float(x + left), float(y - top))
        for part, positions, (left, top) in zip(components, drawn, corners, strict=True)
        for node, (x, y) in zip(part, positions, strict=True)
    }


def _component(graph: nx.Graph, nodes: Sequence[Hashable]) -> Array:
    if len(nodes) == 1:
        return np.zeros((1, 2))
    matrix = nx.to_scipy_sparse_array(graph, nodelist=nodes, weight=None, format="csr")
    if len(nodes) <= STRESS:
        lengths = csgraph.shortest_path(matrix, unweighted=True)
        positions = _stress(lengths, _sunflower(graph, nodes))
    else:
        positions = _scaling(matrix) + 0.2 * _sunflower(graph, nodes) / math.sqrt(len(nodes))
    positions = _upright(positions)
    corner = np.array([positions[:, 0].min(), positions[:, 1].max()])
    return np.asarray(positions - corner, dtype=float)


def _sunflower(graph: nx.Graph, nodes: Sequence[Hashable]) -> Array:
    """Return even starting positions: the most connected node in the middle, neighbours around."""
    number = {node: rank for rank, node in enumerate(nodes)}
    middle = min(nodes, key=lambda node: (-graph.degree(node), number[node]))
    walk = [middle, *(node for _, node in nx.bfs_edges(graph, middle))]
    positions = np.zeros((len(nodes), 2))
    for rank, node in enumerate(walk):
        reach = math.sqrt(rank + 0.5) * 0.6
        turn = rank * _GOLDEN
        positions[number[node]] = (reach * math.cos(turn), reach * math.sin(turn))
    return positions


def _stress(lengths: Array, start: Array) -> Array:
    """Return positions whose distances are near `lengths`, short ones mattering most."""
    count = len(lengths)
    apart = ~np.eye(count, dtype=bool)
    weights = np.zeros_like(lengths)
    weights[apart] = lengths[apart] ** -2.0
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1 / count) - 1 / count
    pull = weights * lengths
    positions = start - start.mean(axis=0)
    for _ in range(200):
        offsets = positions[:, None, :] - positions[None, :, :]
        spans = np.maximum(np.sqrt((offsets**2).sum(axis=2)), 1e-9)
        ratio = -pull / spans
        np.fill_diagonal(ratio, 0.0)
        np.fill_diagonal(ratio, -ratio.sum(axis=1))
        moved = inverse @ (ratio @ positions)
        still = float(np.abs(moved - positions).max()) < 1e-3
        positions = np.asarray(moved, dtype=float)
        if still:
            break
    return np.asarray(positions, dtype=float)


def _scaling(matrix: sparse.csr_array) -> Array:
    """Return positions of a large component by its distances to pivots far from each other."""
    nearest = np.full(matrix.shape[0], np.inf)
    columns = []
    pivot = int(np.argmax(matrix.sum(axis=1)))
    for _ in range(_PIVOTS):
        columns.append(csgraph.dijkstra(matrix, indices=pivot, unweighted=True))
        nearest = np.minimum(nearest, columns[-1])
        pivot = int(np.argmax(nearest))
    squares = np.array(columns).T ** 2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, :-3:-1]
    # Of the two signs of an axis, that of its greatest component.
    greatest = np.round(np.abs(axes), 6).argmax(axis=0)
    positions = centred @ (axes * np.sign(axes[greatest, range(2)]))
    scale = np.sqrt((columns[0] ** 2).mean() / max(float((positions**2).sum(axis=1).mean()), 1e-9))
    return np.asarray(positions * scale, dtype=float)


def _upright(positions: Array) -> Array:
    """Return the positions turned so that they spread sideways most, the same way every time."""
    positions = positions - positions.mean(axis=0)
    xx, yy = (positions**2).sum(axis=0)
    xy = float((positions[:, 0] * positions[:, 1]).sum())
    even = math.hypot(2 * xy, xx - yy) < 1e-9 * (xx + yy)  # no direction is the widest
    angle = 0.0 if even else 0.5 * math.atan2(2 * xy, float(xx - yy))
    turned = positions @ np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    return np.asarray(np.round(turned, 6), dtype=float)


def _pack(sizes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the top left corner of each box, in rows as wide as the page; the largest first."""
    area = sum(width * height for width, height in sizes)
    page = max(math.sqrt(area * _WIDTH), max((width for width, _ in sizes), default=0.0))
    corners = []
    x = y = depth = 0.0
    for width, height in sizes:
        if x > 0 and x + width > page + 1e-9:
            x, y, depth = 0.0, y + depth, 0.0
        corners.append((x, y))
        x += width
        depth = max(depth, height)
    return corners
