"""Every measure of nodes: to add one, add an entry to ENTRIES.

What is asked for, refused, computed, listed by `govgraph networks --measures` and offered in a page
follows from the entry. networkx's definitions are the definitions. Degree and strength count
parallel edges and loops as they are; all else is taken on the simple network (see `simple`).
"""

import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from typing import Final, TypeAlias

import networkx as nx
import numpy as np

from govgraph.errors import UsageError, check_kind, did_you_mean
from govgraph.network.measures import centrality, structure
from govgraph.network.measures.simple import SimpleNetwork, groups_of, simplify
from govgraph.network.reading.values import about, tell

Value: TypeAlias = float | int | None
"""A value of a measure; None where it says nothing of a node, such as of an isolate."""

Compute: TypeAlias = "Callable[[Task, Measure], Sequence[Value]]"
"""Returns the values of a measure in the order of the nodes."""

EXACT: Final = 20_000
EXACT_NETWORKX: Final = 2_000
"""Above so many nodes shortest paths are taken from a sample; betweenness by networkx sooner."""
LARGE_NODES: Final = 1_000
LARGE_EDGES: Final = 10_000
"""Above either size igraph computes, where it is installed."""
SAMPLE: Final = 500
"""How many nodes shortest paths are taken from where a network is too large for all."""

GROUPS: Final = "sector"
"""The attribute that tells the groups of brokers."""

BASIC: Final = ("degree", "strength", "betweenness", "pagerank", "louvain")
"""What is computed where nothing else is asked for."""


@dataclass
class Task:
    """What measures are computed from.

    igraph   whether igraph computes what it has, else networkx
    notes    measure -> why its values are not exact, filled as they are computed
    first    whether each node is of the first of two modes; empty for one mode
    """

    graph: nx.Graph
    simple: SimpleNetwork
    igraph: bool
    notes: dict[str, str] = field(default_factory=dict)
    first: Sequence[bool] = ()

    def sources(self, name: str, exact: int) -> list[int] | None:
        """Return the nodes to take shortest paths from, with a note; None for all up to `exact`."""
        count = len(self.simple)
        if count <= exact:
            return None
        self.notes[name] = f"approximate, {SAMPLE} of {count} sources"
        return sorted(random.Random(structure.SEED).sample(range(count), SAMPLE))

    @cached_property
    def roles(self) -> list[Counter[str]]:
        """How often each node has which role as a broker."""
        return centrality.roles(self.simple, groups_of(self.graph, GROUPS))


@dataclass(frozen=True)
class Measure:
    """A measure: what is asked for by its name, and the attribute of a node that holds its value.

    compute   task and measure -> a value for each node, in the order of the nodes
    weights   what a weight is to weighted_NAME: "strength" of a tie, or 1/"distance"; "" for none
    weighted  whether this is the measure by the weights
    otherwise for what only directed networks have: what to take in others
    decimals  where rounding is absolute: how many decimals mean something
    """

    name: str
    meaning: str
    compute: Compute
    weights: str = ""
    weighted: bool = False
    otherwise: str = ""
    decimals: int | None = None

    def of(self, task: Task) -> Sequence[Value]:
        """Return a value for each node; of two modes as these have it, where not by weights."""
        if not (task.first and self.name in structure.OF_TWO_MODES):
            return self.compute(task, self)
        if len(task.simple) > EXACT_NETWORKX:
            task.notes[self.name] = "as of one mode, since it is large"
            return self.compute(task, self)
        values = structure.OF_TWO_MODES[self.name](
            task.simple.networkx, np.flatnonzero(task.first).tolist()
        )
        return [float(values[number]) for number in range(len(task.simple))]

    def rounded(self, value: Value) -> Value:
        """Return a value with 12 significant digits: what follows depends on the processor."""
        if not isinstance(value, float):
            return value
        return float(f"{value:.12g}") if self.decimals is None else round(value, self.decimals)


def _by_matrix(function: Callable[..., Sequence[Value]]) -> Compute:
    """Return what calls a function of the network with and without weights."""
    return lambda task, measure: function(task.simple, weighted=measure.weighted)


def _from_sources(function: Callable[..., Sequence[Value]]) -> Compute:
    """Return what calls a function that takes paths from all nodes or from a sample."""
    return lambda task, measure: function(
        task.simple, weighted=measure.weighted, sources=task.sources(measure.name, EXACT)
    )


def _degree(view: str, weight: str | None = None) -> Compute:
    """Return what counts edges, parallel ones and loops included, or sums their weights."""
    return lambda task, _: [value for _, value in getattr(task.graph, view)(weight=weight)]


def _betweenness(task: Task, measure: Measure) -> Sequence[Value]:
    sources = task.sources(measure.name, EXACT if task.igraph else EXACT_NETWORKX)
    return centrality.betweenness(
        task.simple, weighted=measure.weighted, sources=sources, igraph=task.igraph
    )


def _core(task: Task, measure: Measure) -> Sequence[Value]:
    if task.igraph:
        return list(task.simple.igraph.coreness(mode="all"))
    return list(nx.core_number(task.simple.networkx).values())


def _eigenvector(task: Task, measure: Measure) -> Sequence[Value]:
    membership = structure.components(task.simple, strong=True)
    inside = [node for node, part in enumerate(membership) if part == 1]
    values: list[Value] = [0.0] * len(task.simple)
    if len(inside) > 1:
        computed = centrality.eigenvector(task.simple.part(inside), weighted=measure.weighted)
        if computed is None:
            task.notes[measure.name] = "left out, its iteration does not settle"
        for index, node in enumerate(inside):
            values[node] = computed[index] if computed is not None else None
    return values


def _clustering(task: Task, measure: Measure) -> Sequence[Value]:
    if task.first:  # where no triangle can be
        return [None] * len(task.simple)
    weight = "weight" if measure.weighted else None
    return [float(share) for share in nx.clustering(task.simple.networkx, weight=weight).values()]


ENTRIES: Final = (
    Measure("degree", "number of edges at the node", _degree("degree")),
    Measure("in_degree", "number of edges to the node (directed networks)",
            _degree("in_degree"), otherwise="degree"),
    Measure("out_degree", "number of edges from the node (directed networks)",
            _degree("out_degree"), otherwise="degree"),
    Measure("strength", "sum of the weights of the edges at the node",
            _degree("degree", "weight")),
    Measure("in_strength", "sum of the weights of the edges to the node (directed networks)",
            _degree("in_degree", "weight"), otherwise="strength"),
    Measure("out_strength", "sum of the weights of the edges from the node (directed networks)",
            _degree("out_degree", "weight"), otherwise="strength"),
    Measure("degree_centrality", "degree over the number of other nodes",
            lambda task, _: list(map(float, nx.degree_centrality(task.graph).values()))),
    Measure("betweenness", "share of the shortest paths between others that pass through the node",
            _betweenness, weights="distance"),
    Measure("closeness", "nearness to those who can reach the node, by how many these are",
            _from_sources(centrality.closeness), weights="distance"),
    Measure("harmonic", "sum of 1/distance from all others", _from_sources(centrality.harmonic),
            weights="distance"),
    Measure("eigenvector", "being tied to central nodes, in the largest strong component, else 0",
            _eigenvector, weights="strength", decimals=10),
    Measure("pagerank", "share of visits of a random walk with damping 0.85",
            _by_matrix(centrality.pagerank), weights="strength"),
    Measure("core", "the greatest k such that the node is in the k-core",
            _core),
    Measure("clustering", "share of pairs of neighbours that are tied to each other",
            _clustering, weights="strength"),
    Measure("constraint", "how far the node's contacts are tied to each other (Burt)",
            _by_matrix(centrality.constraint), weights="strength"),
    Measure("effective_size", "number of contacts that are not redundant (Burt)",
            _by_matrix(centrality.effective_size), weights="strength"),
    Measure("brokerage", "number of pairs of its neighbours that are not tied to each other",
            lambda task, _: [counts.total() for counts in
                             centrality.roles(task.simple, [""] * len(task.simple))]),
    *(
        Measure(role, f"brokerage: {meaning}",
                lambda task, measure: [counts[measure.name] for counts in task.roles],
                otherwise="gatekeeper" if role == "representative" else "")
        for role, meaning in centrality.ROLES.items()
    ),
    Measure("component", "number of the node's component, 1 being the largest",
            lambda task, _: structure.components(task.simple)),
    Measure("louvain", "number of the node's community by Louvain's method (of two modes Barber's),"
            " 1 being the largest",
            lambda task, _: structure.communities(task.simple, task.first, igraph=task.igraph)[0]),
)  # fmt: skip


def _with_weights(entries: Iterable[Measure]) -> dict[str, Measure]:
    measures = {}
    for entry in entries:
        measures[entry.name] = entry
        if entry.weights:
            name = f"weighted_{entry.name}"
            meaning = f"{entry.meaning}, by the weights of the edges"
            measures[name] = replace(entry, name=name, meaning=meaning, weighted=True)
    return measures


MEASURES: Final[dict[str, Measure]] = _with_weights(ENTRIES)
"""Every measure by name, weighted ones after their unweighted."""


def parse_measures(asked: str | Sequence[str], *, directed: bool) -> list[str]:
    """Return the measures of names, or of a list such as "degree, weighted-betweenness".

    "basic" and "all" are several. Raises UsageError for an unknown one, with what was perhaps
    meant, and for one that a network cannot have.
    """
    names: list[str] = []
    check_kind("names", asked, Iterable, "measures such as 'degree,betweenness'")
    for part in asked.split(",") if isinstance(asked, str) else asked:
        check_kind("names", part, str, "measures such as 'degree'")
        name = part.strip().lower().replace("-", "_").replace(" ", "_")
        if name == "all":
            names += (entry.name for entry in MEASURES.values() if directed or not entry.otherwise)
        elif name == "basic":
            names += BASIC
        elif name and name != "none":
            names.append(name)
    for name in names:
        entry = MEASURES.get(name)
        if entry is None:
            raise UsageError(
                f"There is no measure {name!r}.{did_you_mean(name, MEASURES)}"
                f" Measures: basic, all, {', '.join(MEASURES)}."
            )
        if entry.otherwise and not directed:
            raise UsageError(
                f"{name!r} is for directed networks; take {entry.otherwise!r} in this one."
            )
    return list(dict.fromkeys(names))


@dataclass(frozen=True)
class Measures:
    """Values of measures by node, and how they were computed.

    notes    measure -> "approximate, 500 of 100000 sources" where it is no exact value
    """

    values: dict[str, dict[Hashable, Value]]
    notes: dict[str, str] = field(default_factory=dict)


def measure(graph: nx.Graph, names: str | Sequence[str] = "basic") -> Measures:
    """Compute measures of the nodes of a network, floats rounded as their entries say.

    Names are as for `parse_measures`.
    """
    simple = simplify(graph)
    task = Task(graph, simple, uses_igraph(simple), first=structure.first_mode(graph))
    values: dict[str, dict[Hashable, Value]] = {}
    for name in parse_measures(names, directed=graph.is_directed()):
        entry = MEASURES[name]
        computed = entry.of(task) if len(simple) else ()
        values[name] = dict(zip(simple.nodes, map(entry.rounded, computed), strict=True))
    return Measures(values, task.notes)


def annotate(graph: nx.Graph, measures: Measures) -> None:
    """Write the values to the nodes as attributes; files mark those that are approximate."""
    titles = dict(about(graph, "titles"))
    for name, values in measures.values.items():
        titles[name] = f"{name} ({measures.notes[name]})" if name in measures.notes else name
        for node, value in values.items():
            if value is not None:
                graph.nodes[node][name] = value
    tell(graph, titles=titles)


def uses_igraph(simple: SimpleNetwork) -> bool:
    """Tell whether igraph computes a network: a large one, where it is installed."""
    large = len(simple) > LARGE_NODES or simple.size > LARGE_EDGES
    return large and find_spec("igraph") is not None
