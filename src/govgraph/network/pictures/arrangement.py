"""Places of nodes on a page: each component drawn by itself, then all of them put side by side.

A component of up to STRESS nodes is drawn so that distances on the page are those in the network,
by stress majorization (Gansner, Koren and North 2005, Graph Drawing, 239-250); a larger one by
springs (Fruchterman and Reingold 1991). No random number: the same network, the same places.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from govgraph.network.pictures.layout import Positions

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

STRESS: Final = 500
LARGE: Final = 5_000
"""Above so many nodes, or without NumPy, `layout.force` places them."""

_GOLDEN: Final = math.pi * (3 - math.sqrt(5))
_WIDTH: Final = 1.5  # a page is about so many times as wide as high
_LABELLED: Final = 120
"""Up to so many nodes most have a label, and components need room for theirs."""


def arrange(graph: nx.Graph) -> Positions:
    """Return a place for each node, the ideal length of a tie being 1."""
    from importlib.util import find_spec

    import networkx as nx

    from govgraph.network.pictures.layout import force

    if len(graph) > LARGE or find_spec("numpy") is None:
        return force(graph)
    order = {node: place for place, node in enumerate(graph)}
    plain = nx.Graph()
    plain.add_nodes_from(graph)
    plain.add_edges_from((one, other) for one, other, *_ in graph.edges())
    components = sorted(
        (sorted(part, key=order.__getitem__) for part in nx.connected_components(plain)),
        key=lambda part: (-len(part), order[part[0]]),
    )
    drawn = [_component(_part(plain, part), part) for part in components]
    room = (2.1, 0.95) if len(graph) <= _LABELLED else (0.6, 0.6)
    corners = _pack([_size(places, room) for places in drawn])
    return {
        node: (float(x + left), float(y - top))
        for part, places, (left, top) in zip(components, drawn, corners, strict=True)
        for node, (x, y) in zip(part, places, strict=True)
    }


def _part(graph: nx.Graph, nodes: Sequence[Hashable]) -> nx.Graph:
    """Return a component by itself, in the order of its nodes: a subgraph would go by a set's."""
    import networkx as nx

    found = nx.Graph()
    found.add_nodes_from(nodes)
    found.add_edges_from((node, other) for node in nodes for other in graph[node])
    return found


def _component(graph: nx.Graph, nodes: Sequence[Hashable]) -> Array:
    """Return places of one component, its top left corner at (0, 0)."""
    import numpy as np

    if len(nodes) == 1:
        return np.zeros((1, 2))
    number = {node: place for place, node in enumerate(nodes)}
    ties = np.array([(number[u], number[v]) for u, v in graph.edges() if u != v])
    start = _sunflower(graph, nodes)
    if len(nodes) <= STRESS:
        places = _stress(_distances(graph, nodes), start)
    else:
        places = _springs(ties, start)
    places = _upright(places)
    return np.asarray(places - np.array([places[:, 0].min(), places[:, 1].max()]), dtype=float)


def _sunflower(graph: nx.Graph, nodes: Sequence[Hashable]) -> Array:
    """Return even starting places, the most connected node in the middle, its neighbours around."""
    import networkx as nx
    import numpy as np

    number = {node: place for place, node in enumerate(nodes)}
    middle = min(nodes, key=lambda node: (-graph.degree(node), number[node]))
    walk = [middle, *(node for _, node in nx.bfs_edges(graph, middle))]
    places = np.zeros((len(nodes), 2))
    for rank, node in enumerate(walk):
        reach = math.sqrt(rank + 0.5) * 0.6
        turn = rank * _GOLDEN
        places[number[node]] = (reach * math.cos(turn), reach * math.sin(turn))
    return places


def _distances(graph: nx.Graph, nodes: Sequence[Hashable]) -> Array:
    import networkx as nx
    import numpy as np

    number = {node: place for place, node in enumerate(nodes)}
    found = np.zeros((len(nodes), len(nodes)))
    for node, lengths in nx.all_pairs_shortest_path_length(graph):
        for other, length in lengths.items():
            found[number[node], number[other]] = length
    return found


def _stress(wanted: Array, start: Array) -> Array:
    """Return places whose distances are near the wanted ones, near ones mattering most."""
    import numpy as np

    count = len(wanted)
    apart = ~np.eye(count, dtype=bool)
    weights = np.zeros_like(wanted)
    weights[apart] = wanted[apart] ** -2.0
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1 / count) - 1 / count
    pull = weights * wanted
    places = start - start.mean(axis=0)
    for _ in range(200):
        offsets = places[:, None, :] - places[None, :, :]
        lengths = np.maximum(np.sqrt((offsets**2).sum(axis=2)), 1e-9)
        ratio = -pull / lengths
        np.fill_diagonal(ratio, 0.0)
        np.fill_diagonal(ratio, -ratio.sum(axis=1))
        moved = inverse @ (ratio @ places)
        still = float(np.abs(moved - places).max()) < 1e-3
        places = np.asarray(moved, dtype=float)
        if still:
            break
    return np.asarray(places, dtype=float)


def _springs(ties: Array, start: Array) -> Array:
    """Return places where tied nodes attract each other and all others repel."""
    import numpy as np

    places = start.copy()
    count = len(places)
    rounds = 80
    one, other = ties[:, 0].astype(int), ties[:, 1].astype(int)
    for step in range(rounds):
        norms = (places**2).sum(axis=1)
        squares = norms[:, None] + norms[None, :] - 2 * places @ places.T
        nearness = 1 / np.maximum(squares, 1e-2)
        np.fill_diagonal(nearness, 0.0)
        push = places * nearness.sum(axis=1)[:, None] - nearness @ places
        offsets = places[one] - places[other]
        pull = offsets * np.sqrt((offsets**2).sum(axis=1))[:, None]
        for axis in (0, 1):
            push[:, axis] -= np.bincount(one, pull[:, axis], count)
            push[:, axis] += np.bincount(other, pull[:, axis], count)
        push -= 0.02 * math.sqrt(count) * places  # towards the middle
        heat = math.sqrt(count) / 8 * (1 - step / rounds) ** 1.5 + 0.02
        lengths = np.maximum(np.sqrt((push**2).sum(axis=1)), 1e-9)[:, None]
        places += push / lengths * np.minimum(lengths, heat)
    return places


def _upright(places: Array) -> Array:
    """Return the places turned so that they spread sideways most, the same way every time."""
    import numpy as np

    places = places - places.mean(axis=0)
    xx, yy = (places**2).sum(axis=0)
    xy = float((places[:, 0] * places[:, 1]).sum())
    angle = 0.5 * math.atan2(2 * xy, float(xx - yy))
    turned = places @ np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    return np.asarray(np.round(turned, 6), dtype=float)


def _size(places: Array, room: tuple[float, float]) -> tuple[float, float]:
    """Return width and height a component needs, with room around it."""
    width, height = places.max(axis=0) - places.min(axis=0)
    return (float(width) + room[0], float(height) + room[1])


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
