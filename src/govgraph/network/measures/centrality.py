"""Measures of the nodes of a network, defined for every network: empty, in parts, with isolates.

networkx's definitions are the definitions. Degree and strength count parallel edges and loops as
they are; all else is taken on the simple network (see `simple`). Where a measure says nothing of
a node, such as the constraint of an isolate, its value is None.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from govgraph.errors import UsageError, did_you_mean
from govgraph.extras import missing
from govgraph.network.measures import brokerage
from govgraph.network.measures.engines import SEED, Engine, IgraphEngine, NetworkxEngine, leiden
from govgraph.network.measures.simple import Simple, simplify

if TYPE_CHECKING:
    import networkx as nx

Value: TypeAlias = float | int | None

LARGE_NODES: Final = 1_000
LARGE_EDGES: Final = 10_000
"""Above either size igraph computes, where it is installed."""

SAMPLE: Final = 500
"""How many nodes shortest paths are taken from where a network is too large for all."""

WEIGHTED: Final = "weighted_"

MEASURES: Final[dict[str, str]] = {
    "degree": "number of edges at the node",
    "in_degree": "number of edges to the node (directed networks)",
    "out_degree": "number of edges from the node (directed networks)",
    "strength": "sum of the weights of the edges at the node",
    "in_strength": "sum of the weights of the edges to the node (directed networks)",
    "out_strength": "sum of the weights of the edges from the node (directed networks)",
    "degree_centrality": "degree over the number of other nodes",
    "betweenness": "share of the shortest paths between others that pass through the node",
    "closeness": "nearness to those who can reach the node, by how many these are",
    "harmonic": "sum of 1/distance from all others",
    "eigenvector": "being tied to central nodes, in the largest component; elsewhere 0",
    "pagerank": "share of visits of a random walk with damping 0.85",
    "core": "the greatest k such that the node is in the k-core",
    "clustering": "share of pairs of neighbours that are tied to each other",
    "constraint": "how far the node's contacts are tied to each other (Burt)",
    "effective_size": "number of contacts that are not redundant (Burt)",
    "brokerage": "number of pairs of others that only the node's edges connect",
    **{role: f"brokerage: {gloss}" for role, gloss in brokerage.ROLES.items()},
    "component": "number of the node's component, 1 being the largest",
    "louvain": "number of the node's community by Louvain's method, 1 being the largest",
    "leiden": "number of the node's community by Leiden's method (needs the scale extra)",
}
"""Name and meaning of every measure; those of WITH_WEIGHTS also exist as weighted_NAME."""

WITH_WEIGHTS: Final = (
    "betweenness", "closeness", "harmonic", "eigenvector", "pagerank", "clustering", "constraint",
    "effective_size",
)  # fmt: skip
DIRECTED_ONLY: Final = (
    "in_degree", "out_degree", "in_strength", "out_strength", "representative",
)  # fmt: skip
BASIC: Final = ("degree", "strength", "betweenness", "pagerank", "louvain")
"""What is computed where nothing else is asked for."""


@dataclass(frozen=True)
class Measures:
    """Values of measures by node, and how each was computed.

    notes    measure -> "approximate, 500 of 100000 sources" where it is no exact value
    engine   what computed: "networkx" or "igraph"
    """

    values: dict[str, dict[Hashable, Value]]
    notes: dict[str, str] = field(default_factory=dict)
    engine: str = "networkx"


def parse_measures(text: str, *, directed: bool) -> list[str]:
    """Return the measures of a list such as "degree, weighted-betweenness", "basic" or "all".

    Raises UsageError for an unknown one, with what was perhaps meant.
    """
    names: list[str] = []
    for part in text.split(","):
        name = part.strip().lower().replace("-", "_").replace(" ", "_")
        if name == "all":
            names += _all(directed)
        elif name == "basic":
            names += BASIC
        elif name and name != "none":
            names.append(name)
    check_measures(names, directed=directed)
    return list(dict.fromkeys(names))


def known_measures() -> list[str]:
    """Return the names of all measures, weighted ones after their unweighted."""
    return [
        each
        for name in MEASURES
        for each in ((name, WEIGHTED + name) if name in WITH_WEIGHTS else (name,))
    ]


def _all(directed: bool) -> list[str]:
    left_out = set() if directed else set(DIRECTED_ONLY)
    if find_spec("igraph") is None:
        left_out.add("leiden")
    return [name for name in known_measures() if name not in left_out]


def check_measures(names: Iterable[str], *, directed: bool) -> None:
    """Raise UsageError for an unknown measure, or one that a network cannot have."""
    known = known_measures()
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no measure {name!r}.{did_you_mean(name, known)}"
                f" Measures: basic, all, {', '.join(known)}."
            )
        if name in DIRECTED_ONLY and not directed:
            other = "gatekeeper" if name == "representative" else name.partition("_")[2]
            raise UsageError(f"{name!r} is for directed networks; take {other!r} in this one.")
        if name == "leiden" and find_spec("igraph") is None:
            raise missing("scale", "igraph", "Communities by 'leiden' (but not by 'louvain')")


def measure(
    graph: nx.Graph,
    names: Sequence[str] = BASIC,
    *,
    engine: str = "auto",
    sample: int | None = None,
    groups: str = "sector",
) -> Measures:
    """Compute measures of the nodes of a network.

    engine   "networkx", "igraph", or "auto": igraph above LARGE_NODES or LARGE_EDGES, if installed
    sample   how many nodes to take shortest paths from; None for all where that is feasible (up
             to 2,000 nodes with networkx, 20,000 with igraph), else SAMPLE
    groups   the attribute that tells the groups of brokers
    """
    check_measures(names, directed=graph.is_directed())
    simple = simplify(graph)
    chosen = choose_engine(simple, engine)
    session = _Session(graph, simple, chosen, _pivots(simple, chosen, sample), groups)
    values = {}
    for name in names:
        found = session.compute(name)
        values[name] = dict(zip(simple.nodes, found, strict=True))
    return Measures(values, session.notes, chosen.name)


def annotate(graph: nx.Graph, measures: Measures) -> None:
    """Write the values to the nodes as attributes; files mark those that are approximate."""
    titles = graph.graph.setdefault("node_titles", {})
    for name, values in measures.values.items():
        titles[name] = f"{name} ({measures.notes[name]})" if name in measures.notes else name
        for node, value in values.items():
            if value is not None:
                graph.nodes[node][name] = value


def choose_engine(simple: Simple, wanted: str = "auto") -> Engine:
    """Return the engine for a network: "networkx", "igraph" or, by its size, "auto".

    Raises UsageError for another, GovgraphError for igraph where it is not installed.
    """
    if wanted not in ("auto", "networkx", "igraph"):
        raise UsageError(f"There is no engine {wanted!r}: auto, networkx or igraph.")
    installed = find_spec("igraph") is not None
    if wanted == "igraph" and not installed:
        raise missing("scale", "igraph", "The measures of this engine")
    large = len(simple) > LARGE_NODES or simple.size > LARGE_EDGES
    if wanted == "igraph" or (wanted == "auto" and large and installed):
        return IgraphEngine(simple)
    return NetworkxEngine(simple)


def _pivots(simple: Simple, engine: Engine, sample: int | None) -> list[int] | None:
    """Return the nodes to take shortest paths from, None for all."""
    if sample is not None and sample < 1:
        raise UsageError(f"A sample of {sample} nodes says nothing: take 1 or more.")
    if sample is None and len(simple) <= engine.exact_up_to:
        return None
    wanted = sample or SAMPLE
    if wanted >= len(simple):
        return None
    return sorted(random.Random(SEED).sample(range(len(simple)), wanted))


class _Session:
    """Measures one network; `notes` gathers what is not exact."""

    def __init__(
        self,
        graph: nx.Graph,
        simple: Simple,
        engine: Engine,
        pivots: list[int] | None,
        groups: str,
    ):
        self.graph, self.simple, self.engine = graph, simple, engine
        self.pivots, self.groups = pivots, groups
        self.notes: dict[str, str] = {}
        self._roles: list[Any] | None = None

    def compute(self, name: str) -> Sequence[Value]:
        """Return the values of one measure, in the order of the nodes."""
        base = name.removeprefix(WEIGHTED)
        weighted = base != name
        if base in _COUNTS:
            return self._counted(base)
        if not len(self.simple):
            return []
        if base in brokerage.ROLES:
            return [counts[base] for counts in self._brokers()]
        if base in ("betweenness", "closeness", "harmonic") and self.pivots is not None:
            self.notes[name] = f"approximate, {len(self.pivots)} of {len(self.simple)} sources"
        return _COMPUTED[base](self, name, weighted)

    def _counted(self, name: str) -> Sequence[Value]:
        view, _, weighted = _COUNTS[name].partition(" ")
        counted = getattr(self.graph, view)(weight=weighted or None)
        found = [value for _, value in counted]
        if name == "degree_centrality":
            others = len(found) - 1
            return [value / others if others else 1.0 for value in found]
        return found

    def betweenness(self, name: str, weighted: bool) -> Sequence[Value]:
        return self.engine.betweenness(weighted=weighted, sources=self.pivots)

    def closeness(self, name: str, weighted: bool) -> Sequence[Value]:
        if self.pivots is None:
            return self.engine.closeness(weighted=weighted)
        others = len(self.simple) - 1
        sums, counts, _ = self._from_pivots(weighted)
        # Reach is estimated by the share of sources that reach the node; so is the mean distance.
        reach = [count * others / len(self.pivots or ()) for count in counts]
        return [
            near / others * count / total if total else 0.0
            for near, count, total in zip(reach, counts, sums, strict=True)
        ]

    def harmonic(self, name: str, weighted: bool) -> Sequence[Value]:
        if self.pivots is None:
            return self.engine.harmonic(weighted=weighted)
        scale = (len(self.simple) - 1) / len(self.pivots)
        return [value * scale for value in self._from_pivots(weighted)[2]]

    def _from_pivots(self, weighted: bool) -> tuple[list[float], list[int], list[float]]:
        """Return for each node the sum, number and sum of inverses of the sources' distances."""
        count = len(self.simple)
        sums, counts, inverses = [0.0] * count, [0] * count, [0.0] * count
        for pivot in self.pivots or ():
            for node, distance in self.engine.distances(pivot, weighted=weighted).items():
                if distance:
                    sums[node] += distance
                    counts[node] += 1
                    inverses[node] += 1 / distance
        return sums, counts, inverses

    def eigenvector(self, name: str, weighted: bool) -> Sequence[Value]:
        membership = self.engine.components(strong=True)
        largest = _ranked(membership).index(1)
        inside = [node for node, part in enumerate(membership) if part == membership[largest]]
        found: list[float] = [0.0] * len(self.simple)
        if len(inside) > 1:
            part = self.simple.part(inside)
            values, settled = type(self.engine)(part).eigenvector(weighted=weighted)
            if not settled:
                self.notes[name] = "approximate, iteration stopped"
            for node, value in zip(inside, values, strict=True):
                found[node] = value
        return found

    def pagerank(self, name: str, weighted: bool) -> Sequence[Value]:
        return self.engine.pagerank(weighted=weighted)

    def core(self, name: str, weighted: bool) -> Sequence[Value]:
        return self.engine.core()

    def clustering(self, name: str, weighted: bool) -> Sequence[Value]:
        return self.engine.clustering(weighted=weighted)

    def constraint(self, name: str, weighted: bool) -> Sequence[Value]:
        return self.engine.constraint(weighted=weighted)

    def effective_size(self, name: str, weighted: bool) -> Sequence[Value]:
        return self.engine.effective_size(weighted=weighted)

    def brokerage(self, name: str, weighted: bool) -> Sequence[Value]:
        return brokerage.brokerage(self.simple)

    def component(self, name: str, weighted: bool) -> Sequence[Value]:
        return _ranked(self.engine.components(strong=False))

    def louvain(self, name: str, weighted: bool) -> Sequence[Value]:
        return _ranked(self.engine.louvain())

    def leiden(self, name: str, weighted: bool) -> Sequence[Value]:
        return _ranked(leiden(self.simple))

    def _brokers(self) -> list[Any]:
        if self._roles is None:
            found = (self.graph.nodes[node].get(self.groups) for node in self.simple.nodes)
            groups = [None if value is None else str(value) for value in found]
            self._roles = brokerage.roles(self.simple, groups)
        return self._roles


def _ranked(membership: Sequence[int]) -> list[int]:
    """Return the parts numbered by size from 1, the largest; of equal ones, as they appear."""
    sizes: dict[int, int] = {}
    for part in membership:
        sizes[part] = sizes.get(part, 0) + 1
    order = sorted(sizes, key=lambda part: -sizes[part])  # stable: first seen first
    rank = {part: number for number, part in enumerate(order, start=1)}
    return [rank[part] for part in membership]


_COUNTS: Final = {
    "degree": "degree",
    "in_degree": "in_degree",
    "out_degree": "out_degree",
    "strength": "degree weight",
    "in_strength": "in_degree weight",
    "out_strength": "out_degree weight",
    "degree_centrality": "degree",
}
"""The view of networkx that counts, and the attribute it sums."""

_Computed: TypeAlias = Callable[[_Session, str, bool], Sequence[Value]]
_COMPUTED: Final[Mapping[str, _Computed]] = {
    "betweenness": _Session.betweenness,
    "closeness": _Session.closeness,
    "harmonic": _Session.harmonic,
    "eigenvector": _Session.eigenvector,
    "pagerank": _Session.pagerank,
    "core": _Session.core,
    "clustering": _Session.clustering,
    "constraint": _Session.constraint,
    "effective_size": _Session.effective_size,
    "brokerage": _Session.brokerage,
    "component": _Session.component,
    "louvain": _Session.louvain,
    "leiden": _Session.leiden,
}
