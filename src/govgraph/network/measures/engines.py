"""The two engines of the measures: networkx, whose definitions hold, and igraph for large networks.

Every method returns a value for each node, in the order of `network.nodes`. igraph's values are
rescaled to networkx's: it normalises betweenness not at all, closeness within a component, and
eigenvectors by the greatest entry.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

from govgraph.network.measures import holes, matrices, spectral, triangles
from govgraph.network.measures.simple import Simple

SEED: Final = 42


class Engine(Protocol):
    """What an engine computes; `sources` samples the start of shortest paths."""

    name: str
    exact_up_to: int
    """Above so many nodes shortest paths are sampled."""

    # What each returns stands at NetworkxEngine's methods.
    def __init__(self, network: Simple) -> None: ...
    def betweenness(self, *, weighted: bool, sources: Sequence[int] | None) -> list[float]: ...  # noqa: D102
    def closeness(self, *, weighted: bool) -> list[float]: ...  # noqa: D102
    def harmonic(self, *, weighted: bool) -> list[float]: ...  # noqa: D102
    def distances(self, source: int, *, weighted: bool) -> dict[int, float]: ...  # noqa: D102
    def eigenvector(self, *, weighted: bool) -> tuple[list[float], bool]: ...  # noqa: D102
    def pagerank(self, *, weighted: bool) -> list[float]: ...  # noqa: D102
    def core(self) -> list[int]: ...  # noqa: D102
    def clustering(self, *, weighted: bool) -> list[float]: ...  # noqa: D102
    def constraint(self, *, weighted: bool) -> list[float | None]: ...  # noqa: D102
    def effective_size(self, *, weighted: bool) -> list[float | None]: ...  # noqa: D102
    def components(self, *, strong: bool) -> list[int]: ...  # noqa: D102
    def louvain(self) -> list[int]: ...  # noqa: D102


class NetworkxEngine:
    """networkx, and plain Python where networkx would need NumPy."""

    name = "networkx"
    exact_up_to = 2_000

    def __init__(self, network: Simple):
        self.network = network

    def betweenness(self, *, weighted: bool, sources: Sequence[int] | None) -> list[float]:
        """Return betweenness over all pairs of other nodes, estimated from `sources` if given."""
        import networkx as nx

        graph, weight = self.network.networkx, "distance" if weighted else None
        if sources is None:
            return _in_order(nx.betweenness_centrality(graph, weight=weight))
        found = nx.betweenness_centrality_subset(
            graph, sources, list(graph), normalized=False, weight=weight
        )
        # The subset version halves undirected paths, which start at the sample only once.
        scale = _pairs(self.network) * len(sources) / len(graph)
        return [value / scale if scale else 0.0 for value in _in_order(found)]

    def closeness(self, *, weighted: bool) -> list[float]:
        """Return closeness in a network that may be in parts (Wasserman and Faust)."""
        import networkx as nx

        distance = "distance" if weighted else None
        found = nx.closeness_centrality(self.network.networkx, distance=distance)
        return [value * self._per_unit(weighted) for value in _in_order(found)]

    def harmonic(self, *, weighted: bool) -> list[float]:
        """Return the sum of 1/distance from all others."""
        import networkx as nx

        distance = "distance" if weighted else None
        found = nx.harmonic_centrality(self.network.networkx, distance=distance)
        return [value * self._per_unit(weighted) for value in _in_order(found)]

    def distances(self, source: int, *, weighted: bool) -> dict[int, float]:
        """Return the distance to each node that can be reached."""
        import networkx as nx

        graph = self.network.networkx
        if weighted:
            found = nx.single_source_dijkstra_path_length(graph, source, weight="distance")
        else:
            found = nx.single_source_shortest_path_length(graph, source)
        return {node: value / self._per_unit(weighted) for node, value in found.items()}

    def eigenvector(self, *, weighted: bool) -> tuple[list[float], bool]:
        """Return the eigenvector of a connected network, and whether the iteration settled."""
        return spectral.eigenvector(self.network, weighted=weighted)

    def pagerank(self, *, weighted: bool) -> list[float]:
        """Return PageRank."""
        return spectral.pagerank(self.network, weighted=weighted)

    def core(self) -> list[int]:
        """Return the core number."""
        import networkx as nx

        return _in_order(nx.core_number(self.network.networkx))

    def clustering(self, *, weighted: bool) -> list[float]:
        """Return the local clustering coefficient."""
        return triangles.clustering(self.network, weighted=weighted)

    def constraint(self, *, weighted: bool) -> list[float | None]:
        """Return Burt's constraint."""
        return holes.constraint(self.network, weighted=weighted)

    def effective_size(self, *, weighted: bool) -> list[float | None]:
        """Return Burt's effective size."""
        return holes.effective_size(self.network, weighted=weighted)

    def components(self, *, strong: bool) -> list[int]:
        """Return the number of each node's component, weak or strong."""
        import networkx as nx

        graph = self.network.networkx
        if not self.network.directed:
            found = nx.connected_components(graph)
        elif strong:
            found = nx.strongly_connected_components(graph)
        else:
            found = nx.weakly_connected_components(graph)
        return _membership(found, len(graph))

    def louvain(self) -> list[int]:
        """Return Louvain communities of the weighted network without its direction."""
        import networkx as nx

        graph = self.network.undirected.networkx
        found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
        return _membership(found, len(graph))

    def _per_unit(self, weighted: bool) -> float:
        return self.network.lengths.per_unit if weighted else 1.0


class IgraphEngine:
    """igraph, and sparse matrices where its definitions are others than networkx's."""

    name = "igraph"
    exact_up_to = 20_000

    def __init__(self, network: Simple):
        self.network = network

    def betweenness(self, *, weighted: bool, sources: Sequence[int] | None) -> list[float]:
        """Return betweenness over all pairs of other nodes, estimated from `sources` if given."""
        count, graph = len(self.network), self.network.igraph
        found = graph.betweenness(
            directed=self.network.directed, weights=self._lengths(weighted),
            sources=None if sources is None else [self.network.place[node] for node in sources],
        )  # fmt: skip
        scale = _pairs(self.network) * (1 if sources is None else len(sources) / count)
        return [value / scale if scale else 0.0 for value in self.network.of_nodes(found)]

    def closeness(self, *, weighted: bool) -> list[float]:
        """Return closeness in a network that may be in parts (Wasserman and Faust)."""
        graph, others = self.network.igraph, len(self.network) - 1
        found = graph.closeness(mode="in", weights=self._lengths(weighted), normalized=True)
        if self.network.directed:
            reach = [size - 1 for size in graph.neighborhood_size(order=others, mode="in")]
        else:
            parts = graph.connected_components()
            sizes = parts.sizes()
            reach = [sizes[part] - 1 for part in parts.membership]
        scale = self._per_unit(weighted) / others if others else 0.0
        values = [
            0.0 if math.isnan(value) else value * near * scale
            for value, near in zip(found, reach, strict=True)
        ]
        return self.network.of_nodes(values)

    def harmonic(self, *, weighted: bool) -> list[float]:
        """Return the sum of 1/distance from all others."""
        others = len(self.network) - 1
        if others < 1:
            return [0.0] * len(self.network)
        found = self.network.igraph.harmonic_centrality(
            mode="in", weights=self._lengths(weighted), normalized=True
        )
        scale = others * self._per_unit(weighted)
        return [value * scale for value in self.network.of_nodes(found)]

    def distances(self, source: int, *, weighted: bool) -> dict[int, float]:
        """Return the distance to each node that can be reached."""
        start, lengths = self.network.place[source], self._lengths(weighted)
        found = self.network.of_nodes(self.network.igraph.distances(start, weights=lengths)[0])
        scale = self._per_unit(weighted)
        return {node: value / scale for node, value in enumerate(found) if value != math.inf}

    def eigenvector(self, *, weighted: bool) -> tuple[list[float], bool]:
        """Return the eigenvector of a connected network, and whether the iteration settled."""
        if not self.network.directed:
            return matrices.eigenvector(self.network, weighted=weighted)
        weights = self.network.weights if weighted else None
        with seeded():
            found = self.network.igraph.eigenvector_centrality(directed=True, weights=weights)
        length = math.sqrt(sum(value * value for value in found))
        return [value / length for value in self.network.of_nodes(found)], True

    def pagerank(self, *, weighted: bool) -> list[float]:
        """Return PageRank."""
        weights = self.network.weights if weighted else None
        found = self.network.igraph.pagerank(damping=spectral.DAMPING, weights=weights)
        return self.network.of_nodes(found)

    def core(self) -> list[int]:
        """Return the core number."""
        return self.network.of_nodes(self.network.igraph.coreness(mode="all"))

    def clustering(self, *, weighted: bool) -> list[float]:
        """Return the local clustering coefficient."""
        if weighted or self.network.directed:
            return matrices.clustering(self.network, weighted=weighted)
        found = self.network.igraph.transitivity_local_undirected(mode="zero")
        return self.network.of_nodes(found)

    def constraint(self, *, weighted: bool) -> list[float | None]:
        """Return Burt's constraint."""
        return matrices.constraint(self.network, weighted=weighted)

    def effective_size(self, *, weighted: bool) -> list[float | None]:
        """Return Burt's effective size."""
        return matrices.effective_size(self.network, weighted=weighted)

    def components(self, *, strong: bool) -> list[int]:
        """Return the number of each node's component, weak or strong."""
        mode = "strong" if strong else "weak"
        return self.network.of_nodes(self.network.igraph.connected_components(mode=mode).membership)

    def louvain(self) -> list[int]:
        """Return Louvain communities of the weighted network without its direction."""
        plain = self.network.undirected
        with seeded():
            found = plain.igraph.community_multilevel(weights=plain.weights).membership
        return plain.of_nodes(found)

    def _lengths(self, weighted: bool) -> list[float] | None:
        return self.network.lengths.values if weighted else None

    def _per_unit(self, weighted: bool) -> float:
        return self.network.lengths.per_unit if weighted else 1.0


def leiden(network: Simple) -> list[int]:
    """Return Leiden communities by modularity, of the weighted network without its direction.

    Run until nothing changes, or in a network of over 100,000 edges twice.
    """
    plain = network.undirected
    if not plain.size:
        return list(range(len(plain)))
    with seeded():
        found = plain.igraph.community_leiden(
            objective_function="modularity", weights=plain.weights,
            n_iterations=-1 if plain.size <= 100_000 else 2,
        ).membership  # fmt: skip
    return plain.of_nodes(found)


@contextmanager
def seeded() -> Iterator[None]:
    """Let igraph draw the same random numbers each time."""
    import igraph

    igraph.set_random_number_generator(random.Random(SEED))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _in_order(found: dict[int, Any]) -> list[Any]:
    return [found[number] for number in range(len(found))]


def _pairs(network: Simple) -> float:
    """Return the number of pairs of other nodes that a node can stand between."""
    count = len(network)
    return max(0, (count - 1) * (count - 2)) / (1 if network.directed else 2)


def _membership(parts: Any, count: int) -> list[int]:
    membership = [0] * count
    for number, part in enumerate(parts):
        for node in part:
            membership[node] = number
    return membership
