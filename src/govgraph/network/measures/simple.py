"""The simple network under a network: what the measures are taken on.

Parallel edges become one whose weight is their sum, loops are left out, nodes are numbered. An
edge without a weight weighs 1; the distance along an edge is 1/weight.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import networkx as nx
import numpy as np
from scipy import sparse

from govgraph.errors import UsageError
from govgraph.network.reading.values import weight_of

if TYPE_CHECKING:
    import igraph

Vector: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
"""One number for each node, in the order of the nodes."""

_DISTINCT: Final = 1_000
_SIMPLE: Final = 1_000_000
"""Up to so many weights with denominators up to this are kept as exact fractions."""


@dataclass(frozen=True)
class SimpleNetwork:
    """A simple network: edge e goes from `sources[e]` to `targets[e]`, numbers of `nodes`."""

    nodes: list[Hashable]
    directed: bool
    sources: list[int]
    targets: list[int]
    weights: list[float]

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def size(self) -> int:
        """The number of edges."""
        return len(self.sources)

    @cached_property
    def lengths(self) -> tuple[list[float], float]:
        """The length of each edge in whole numbers, and how many of these make a length of 1."""
        return _lengths(self.weights, len(self))

    @cached_property
    def neighbours(self) -> list[set[int]]:
        """For each node the nodes its edges lead to; both ways if undirected."""
        neighbours: list[set[int]] = [set() for _ in self.nodes]
        for source, target in zip(self.sources, self.targets, strict=True):
            neighbours[source].add(target)
            if not self.directed:
                neighbours[target].add(source)
        return neighbours

    @cached_property
    def undirected(self) -> SimpleNetwork:
        """The same without direction; the weights of both directions add up."""
        if not self.directed:
            return self
        merged: dict[tuple[int, int], float] = {}
        for source, target, weight in zip(self.sources, self.targets, self.weights, strict=True):
            pair = (source, target) if source < target else (target, source)
            merged[pair] = merged.get(pair, 0.0) + weight
        return _of_pairs(self.nodes, merged, directed=False)

    def part(self, numbers: list[int]) -> SimpleNetwork:
        """Return the network of these nodes and the edges between them."""
        position = {number: index for index, number in enumerate(numbers)}
        merged = {
            (position[source], position[target]): weight
            for source, target, weight in zip(self.sources, self.targets, self.weights, strict=True)
            if source in position and target in position
        }
        return _of_pairs([self.nodes[n] for n in numbers], merged, directed=self.directed)

    @cached_property
    def networkx(self) -> nx.Graph:
        """The network as networkx has it, with `weight` and `distance`; nodes are numbers."""
        graph = nx.DiGraph() if self.directed else nx.Graph()
        graph.add_nodes_from(range(len(self)))
        graph.add_edges_from(
            (source, target, {"weight": weight, "distance": distance})
            for source, target, weight, distance in zip(
                self.sources, self.targets, self.weights, self.lengths[0], strict=True
            )
        )
        return graph

    @cached_property
    def igraph(self) -> igraph.Graph:
        """The network as igraph has it: nodes and edges have the same numbers."""
        import igraph

        edges = list(zip(self.sources, self.targets, strict=True))
        return igraph.Graph(len(self), edges, directed=self.directed)

    def matrix(self, values: list[float] | None = None) -> sparse.csr_array:
        """Return the adjacency matrix, n by n, symmetric if undirected; entries 1 or `values`."""
        entries = np.ones(self.size) if values is None else np.asarray(values, dtype=float)
        shape = (len(self), len(self))
        matrix = sparse.coo_array((entries, (self.sources, self.targets)), shape=shape).tocsr()
        return matrix if self.directed else (matrix + matrix.T).tocsr()


def _lengths(weights: list[float], count: int) -> tuple[list[float], float]:
    """Return 1/weight in whole numbers small enough that no sum along a path is rounded.

    Two paths of equal length are then equal to every engine; with floating point, 1/3 + 1/3 + 1/3
    may or may not be 1. Weights that are no simple fractions are rounded to a fine grid.
    """
    room = 2**52 // max(count, 1)
    distinct = set(weights)
    if len(distinct) <= _DISTINCT:
        fractions = {weight: Fraction(weight).limit_denominator(_SIMPLE) for weight in distinct}
        if all(f and abs(float(f) - weight) <= 1e-14 * weight for weight, f in fractions.items()):
            common = math.lcm(*(fraction.numerator for fraction in fractions.values()))
            whole = {weight: common / f for weight, f in fractions.items()}
            if max(whole.values(), default=Fraction(0)) < room:
                return [float(whole[weight]) for weight in weights], float(common)
    per_unit = min(distinct) * room
    return [float(max(1, round(per_unit / weight))) for weight in weights], per_unit


def simplify(graph: nx.Graph) -> SimpleNetwork:
    """Return the simple network under a networkx graph.

    Raises UsageError for a weight that is no number above 0.
    """
    nodes = list(graph)
    number = {node: index for index, node in enumerate(nodes)}
    directed = graph.is_directed()
    merged: dict[tuple[int, int], float] = {}
    for source, target, data in graph.edges(data=True):
        i, j = number[source], number[target]
        if i == j:
            continue
        if not directed and j < i:
            i, j = j, i
        weight = data.get("weight", 1)
        if type(weight) is not int or weight <= 0:
            weight = _weight(data, source, target)
        merged[i, j] = merged.get((i, j), 0.0) + weight
    return _of_pairs(nodes, merged, directed=directed)


def _weight(data: dict[str, Any], source: Hashable, target: Hashable) -> float:
    where = f"edge {source!r} to {target!r}"
    weight = weight_of(data, where)
    if weight is None:
        return 1.0
    if not 0 < weight < float("inf"):
        raise UsageError(f"{where}: the weight is {weight!r}, expected a number greater than 0.")
    return float(weight)


def _of_pairs(
    nodes: list[Hashable], pairs: dict[tuple[int, int], float], *, directed: bool
) -> SimpleNetwork:
    ordered = sorted(pairs.items())
    return SimpleNetwork(
        nodes,
        directed,
        [pair[0] for pair, _ in ordered],
        [pair[1] for pair, _ in ordered],
        [float(weight) for _, weight in ordered],
    )
