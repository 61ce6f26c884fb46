"""Labels that do not overlap: each beside its node, the most important first, or not at all.

A greedy point-feature labelling with candidate positions (Christensen, Marks and Shieber 1995, ACM
Transactions on Graphics 14, 203-232): sixteen directions on rings around the node. Everything is
in points (1/72 inch), so a label lies at the same place in a PNG as in a PDF.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np

from govgraph.network.pictures.layout import Array

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top."""

LINE: Final = 24
"""Letters after which a label goes on in a new line."""
LINES: Final = 3

_GAP: Final = 3.0  # between label and disc, and between labels
_RINGS: Final = (0.0, 4.0, 9.0, 16.0, 25.0, 36.0, 50.0, 70.0, 95.0, 130.0, 170.0)
_COST_RING: Final = 0.25  # for each point away from the node
_SMALL: Final = 0.6  # a disc of less than this share of a node may lie below its label
_COST_DISC: Final = 30.0  # for each of these
_COST_EDGE: Final = 2.5  # for each edge crossed
_COST_LEADER: Final = 20.0  # for each disc between a node and its label
_LED: Final = 6.0  # a label so far off gets a line
_DIRECTIONS: Final = tuple(
    # Right is read most easily, then left, above and below, then in between.
    (math.cos(math.radians(angle)), math.sin(math.radians(angle)), cost)
    for angle, cost in (
        (0, 0.0), (180, 0.4), (90, 0.6), (270, 0.7), (30, 0.8), (-30, 0.8), (150, 1.0),
        (210, 1.0), (60, 1.2), (120, 1.2), (-60, 1.3), (240, 1.3), (15, 1.0), (-15, 1.0),
        (165, 1.2), (195, 1.2),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """A label wanted: the place of its node in the list of nodes, its width and height."""

    node: int
    width: float
    height: float


@dataclass(frozen=True)
class Placed:
    """Where a label lies: its centre, and where it is far off, a line from the node to it."""

    request: Request
    x: float
    y: float
    leader: Box | None

    @property
    def box(self) -> Box:
        """Left, bottom, right, top."""
        half_x, half_y = self.request.width / 2, self.request.height / 2
        return (self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)


def place_labels(
    requests: Sequence[Request],
    centres: Array,
    radii: Array,
    edges: Array,
    area: tuple[float, float],
    *,
    patience: Sequence[float] = (),
) -> list[Placed]:
    """Return where labels lie; the earlier of `requests` choose first.

    `centres` is (n, 2) and `radii` (n,); `edges` is (m, 4), x and y of both ends; `area` is width
    and height, from (0, 0). No label overlaps another or leaves the area, and where there is room
    none without a line is nearer to another disc than to its own. One whose best place costs more
    than its `patience` (one for each request, where given) is left out.
    """
    discs = np.hstack([centres - radii[:, None], centres + radii[:, None]])  # as squares
    around_edges = np.hstack(
        [np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])]
    )
    boxes, leaders = np.empty((0, 4)), np.empty((0, 4))
    placed: list[Placed] = []
    for rank, request in enumerate(requests):
        centre, radius = centres[request.node], float(radii[request.node])
        candidates, costs, apart = _candidates(request, centre, radius)
        lines = _leaders(candidates, centre, radius)
        free = (candidates[:, :2] >= 0).all(axis=1) & (candidates[:, 2:] <= area).all(axis=1)
        free &= ~_overlap(candidates, boxes, _GAP).any(axis=1)
        free &= ~_cross(candidates, leaders).any(axis=1) & ~_cross(boxes, lines).any(axis=0)
        large = radii > _SMALL * radius
        large[request.node] = False
        free &= ~_overlap(candidates, discs[large]).any(axis=1)
        near_others = _overlap(candidates, discs[large], apart).any(axis=1)
        free = free & ~near_others if (free & ~near_others).any() else free
        if not free.any():
            continue
        candidates, costs, lines = candidates[free], costs[free], lines[free]
        around = np.array([[*candidates[:, :2].min(axis=0), *candidates[:, 2:].max(axis=0)]])
        near = _overlap(discs, around)[:, 0]
        near[request.node] = False
        costs = costs + _COST_DISC * _overlap(candidates, discs[near]).sum(axis=1)
        costs = costs + _COST_LEADER * _cross(discs[near], lines).sum(axis=0)
        passing = edges[_overlap(around_edges, around)[:, 0]]
        costs = costs + _COST_EDGE * _cross(candidates, passing).sum(axis=1)
        best = int(np.argmin(np.round(costs, 6)))  # of equals the first
        if patience and costs[best] > patience[rank]:
            continue
        left, bottom, right, top = map(float, candidates[best])
        boxes = np.vstack([boxes, candidates[best]])
        x0, y0, x1, y1 = map(float, lines[best])
        leader = (x0, y0, x1, y1) if math.hypot(x1 - x0, y1 - y0) > _LED else None
        if leader:
            leaders = np.vstack([leaders, lines[best]])
        placed.append(Placed(request, (left + right) / 2, (bottom + top) / 2, leader))
    return placed


def wrap(text: str) -> str:
    """Return a label in even lines of at most LINE letters, cut with an ellipsis after LINES."""
    text = " ".join(text.split())
    lines = _lines(text, LINE)
    if len(lines) > LINES:
        return "\n".join(_lines(text, LINE, max_lines=LINES, placeholder="…"))
    longest = max(map(len, text.split()), default=1)
    evened = (_lines(text, width) for width in range(min(longest, LINE), LINE + 1))
    return "\n".join(next((even for even in evened if len(even) == len(lines)), lines))


_lines = partial(textwrap.wrap, break_on_hyphens=False)


def _candidates(request: Request, centre: Array, radius: float) -> tuple[Array, Array, Array]:
    """Return boxes (left, bottom, right, top) around a node, cost and distance to keep of each."""
    boxes, costs, apart = [], [], []
    for ring in _RINGS:
        for along, up, cost in _DIRECTIONS:
            reach = radius + _GAP + ring
            half_x, half_y = request.width / 2, request.height / 2
            # The nearest point of the box, often a corner, lies `reach` away.
            x = float(centre[0]) + along * reach + half_x * min(max(2 * along, -1), 1)
            y = float(centre[1]) + up * reach + half_y * min(max(2 * up, -1), 1)
            boxes.append((x - half_x, y - half_y, x + half_x, y + half_y))
            costs.append(cost + _COST_RING * ring)
            apart.append([[2 * _GAP + ring if ring < _LED else _GAP]])
    return np.array(boxes), np.array(costs), np.array(apart)


def _overlap(some: Array, others: Array, gap: float | Array = 0.0) -> Mask:
    """Return a matrix that tells which boxes come nearer to which others than `gap`."""
    a, b = some[:, None, :], others[None, :, :]
    below, above = a[..., :2] < b[..., 2:] + gap, b[..., :2] < a[..., 2:] + gap
    result: Mask = np.all(below & above, axis=2)
    return result


def _cross(boxes: Array, lines: Array) -> Mask:
    """Return a matrix that tells which boxes are crossed by which lines.

    After Liang and Barsky (1984): a line meets a box where it enters both its spans before it
    leaves either.
    """
    start, end = lines[None, :, :2], lines[None, :, 2:]
    step = end - start
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    near = (boxes[:, None, :2] - start) / step
    far = (boxes[:, None, 2:] - start) / step
    enters = np.minimum(near, far).max(axis=2)
    leaves = np.maximum(near, far).min(axis=2)
    result: Mask = (enters <= leaves) & (leaves >= 0) & (enters <= 1)
    return result


def _leaders(boxes: Array, centre: Array, radius: float) -> Array:
    """Return a line from the rim of a node to the nearest point of each box."""
    x = np.clip(centre[0], boxes[:, 0], boxes[:, 2])
    y = np.clip(centre[1], boxes[:, 1], boxes[:, 3])
    dx, dy = x - centre[0], y - centre[1]
    length = np.maximum(np.hypot(dx, dy), 1e-9)
    share = np.minimum(radius / length, 1.0)
    return np.stack([centre[0] + dx * share, centre[1] + dy * share, x, y], axis=1)
