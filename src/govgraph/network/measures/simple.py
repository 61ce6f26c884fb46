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
from govgraph.network.reading.values import element_name, weight_of

if TYPE_CHECKING:
    import igraph

Vector: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
"""One number for each node, in the order of the nodes."""
Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.intp]]
Groups: TypeAlias = tuple[str | None, ...]
"""The group of each node, None where it has none."""

_DISTINCT: Final = 1_000
_SIMPLE: Final = 1_000_000
"""Up to so many weights with denominators up to this are kept as exact fractions."""


@dataclass(frozen=True)
class SimpleNetwork:
    """A simple network of numbered nodes.

    weights  the weighted adjacency matrix, n by n: row to column, symmetric if undirected
    """

    nodes: list[Hashable]
    directed: bool
    weights: sparse.csr_array

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def edges(self) -> tuple[Numbers, Numbers, Vector]:
        """Source, target and weight of every edge, in order; undirected ones once."""
        matrix = self.weights if self.directed else sparse.triu(self.weights, format="csr")
        matrix.sort_indices()
        entries = matrix.tocoo()
        return entries.row, entries.col, entries.data

    @property
    def size(self) -> int:
        """The number of edges."""
        return len(self.edges[2])

    @cached_property
    def ones(self) -> sparse.csr_array:
        """The adjacency matrix without weights."""
        ones: sparse.csr_array = self.weights.astype(bool).astype(float)
        return ones

    @cached_property
    def lengths(self) -> tuple[sparse.csr_array, float]:
        """The lengths of the edges, a matrix of whole numbers, and how many of them make 1."""
        lengths = self.weights.copy()
        values, per_unit = _lengths(lengths.data.tolist(), len(self))
        lengths.data = np.array(values)
        return lengths, per_unit

    @cached_property
    def edge_lengths(self) -> list[float]:
        """The lengths of `edges` in the same whole numbers."""
        return _lengths(self.edges[2].tolist(), len(self))[0]

    @cached_property
    def undirected(self) -> SimpleNetwork:
        """The same without direction; the weights of both directions add up."""
        if not self.directed:
            return self
        return SimpleNetwork(self.nodes, False, (self.weights + self.weights.T).tocsr())

    def part(self, numbers: list[int]) -> SimpleNetwork:
        """Return the network of these nodes and the edges between them."""
        nodes = [self.nodes[number] for number in numbers]
        return SimpleNetwork(nodes, self.directed, self.weights[numbers][:, numbers].tocsr())

    @cached_property
    def networkx(self) -> nx.Graph:
        """The network as networkx has it, with `weight` and `distance`; nodes are numbers."""
        graph: nx.Graph = nx.DiGraph() if self.directed else nx.Graph()
        graph.add_nodes_from(range(len(self)))
        rows = zip(*(end.tolist() for end in self.edges), self.edge_lengths, strict=True)
        graph.add_edges_from((a, b, {"weight": w, "distance": d}) for a, b, w, d in rows)
        return graph

    @cached_property
    def igraph(self) -> igraph.Graph:
        """The network as igraph has it: nodes and edges have the same numbers."""
        import igraph

        sources, targets, _ = self.edges
        return igraph.Graph(len(self), np.column_stack([sources, targets]), directed=self.directed)


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
    sources, targets, weights = [], [], []
    for source, target, data in graph.edges(data=True):
        if source == target:
            continue
        sources.append(number[source])
        targets.append(number[target])
        weight = weight_of(data, source, target)
        if weight is not None and not 0 < weight < float("inf"):
            edge = element_name(source, target)
            raise UsageError(f"{edge}: the weight is {weight!r}, expected a number greater than 0.")
        weights.append(1.0 if weight is None else float(weight))
    values = np.array(weights, dtype=float)
    # Parallel edges add up.
    matrix = sparse.coo_array((values, (sources, targets)), shape=(len(nodes),) * 2).tocsr()
    if not graph.is_directed():
        matrix = (matrix + matrix.T).tocsr()
    return SimpleNetwork(nodes, graph.is_directed(), matrix)


def groups_of(graph: nx.Graph, name: str) -> Groups:
    """Return the group of each node by an attribute."""
    return tuple(None if value is None else str(value) for _, value in graph.nodes(data=name))
