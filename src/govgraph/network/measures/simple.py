"""The simple network under a network: what the measures are taken on.

Parallel edges become one whose weight is their sum, loops are left out, nodes are numbered. An
edge without a weight weighs 1; the distance along an edge is 1/weight.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import UsageError
from govgraph.network.reading.values import weight_of

if TYPE_CHECKING:
    import igraph
    import networkx as nx
    from scipy import sparse


_DISTINCT: Final = 1_000
_SIMPLE: Final = 1_000_000
"""Up to so many weights with denominators up to this are kept as exact fractions."""


@dataclass(frozen=True)
class Lengths:
    """Lengths of edges as whole numbers: `per_unit` of them make a length of 1."""

    values: list[float]
    per_unit: float


@dataclass(frozen=True)
class Simple:
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
    def lengths(self) -> Lengths:
        """The length of each edge, 1/weight, such that sums of lengths are exact."""
        return _lengths(self.weights, len(self))

    @cached_property
    def neighbours(self) -> list[dict[int, float]]:
        """For each node the nodes its edges lead to, with weights; both ways if undirected."""
        found: list[dict[int, float]] = [{} for _ in self.nodes]
        for source, target, weight in zip(self.sources, self.targets, self.weights, strict=True):
            found[source][target] = weight
            if not self.directed:
                found[target][source] = weight
        return found

    @cached_property
    def undirected(self) -> Simple:
        """The same without direction; the weights of both directions add up."""
        if not self.directed:
            return self
        merged: dict[tuple[int, int], float] = {}
        for source, target, weight in zip(self.sources, self.targets, self.weights, strict=True):
            pair = (source, target) if source < target else (target, source)
            merged[pair] = merged.get(pair, 0.0) + weight
        return _of_pairs(self.nodes, merged, directed=False)

    def part(self, numbers: list[int]) -> Simple:
        """Return the network of these nodes and the edges between them."""
        place = {number: new for new, number in enumerate(numbers)}
        merged = {
            (place[source], place[target]): weight
            for source, target, weight in zip(self.sources, self.targets, self.weights, strict=True)
            if source in place and target in place
        }
        return _of_pairs([self.nodes[n] for n in numbers], merged, directed=self.directed)

    @cached_property
    def networkx(self) -> nx.Graph:
        """The network as networkx has it, with `weight` and `distance`; nodes are numbers."""
        import networkx as nx

        graph = nx.DiGraph() if self.directed else nx.Graph()
        graph.add_nodes_from(range(len(self)))
        graph.add_edges_from(
            (source, target, {"weight": weight, "distance": distance})
            for source, target, weight, distance in zip(
                self.sources, self.targets, self.weights, self.lengths.values, strict=True
            )
        )
        return graph

    @cached_property
    def place(self) -> list[int]:
        """The vertex of each node in igraph: by falling degree, for neighbours in the cache."""
        degree = [0] * len(self)
        for end in (*self.sources, *self.targets):
            degree[end] += 1
        place = [0] * len(self)
        for vertex, node in enumerate(sorted(range(len(self)), key=lambda node: -degree[node])):
            place[node] = vertex
        return place

    def of_nodes(self, found: Sequence[Any]) -> list[Any]:
        """Return values of igraph's vertices in the order of the nodes."""
        return [found[vertex] for vertex in self.place]

    @cached_property
    def igraph(self) -> igraph.Graph:
        """The network as igraph has it; see `place` for its vertices, edges come as here."""
        import igraph

        place = self.place
        edges = [(place[s], place[t]) for s, t in zip(self.sources, self.targets, strict=True)]
        return igraph.Graph(len(self), edges, directed=self.directed)

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The weighted adjacency matrix, n by n; symmetric if undirected."""
        import numpy as np
        from scipy import sparse

        shape = (len(self), len(self))
        found = sparse.coo_array(
            (np.asarray(self.weights, dtype=float), (self.sources, self.targets)), shape=shape
        ).tocsr()
        return found if self.directed else (found + found.T).tocsr()


def _lengths(weights: list[float], count: int) -> Lengths:
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
                return Lengths([float(whole[weight]) for weight in weights], float(common))
    per_unit = min(distinct) * room
    return Lengths([float(max(1, round(per_unit / weight))) for weight in weights], per_unit)


def simplify(graph: nx.Graph) -> Simple:
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
) -> Simple:
    ordered = sorted(pairs.items())
    return Simple(
        nodes,
        directed,
        [pair[0] for pair, _ in ordered],
        [pair[1] for pair, _ in ordered],
        [float(weight) for _, weight in ordered],
    )
