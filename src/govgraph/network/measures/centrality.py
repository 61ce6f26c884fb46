"""Measures of the nodes of a network, defined for every network: empty, in parts, with isolates.

Degree and strength count parallel edges and loops as they are; all else is taken on the simple
network (see `simple`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from govgraph.errors import UsageError
from govgraph.extras import missing
from govgraph.network.measures.registry import BASIC, MEASURES, Task, Value, check_measures
from govgraph.network.measures.simple import SimpleNetwork, simplify

if TYPE_CHECKING:
    import networkx as nx

LARGE_NODES: Final = 1_000
LARGE_EDGES: Final = 10_000
"""Above either size igraph computes, where it is installed."""


@dataclass(frozen=True)
class Measures:
    """Values of measures by node, and how each was computed.

    notes    measure -> "approximate, 500 of 100000 sources" where it is no exact value
    engine   what computed betweenness, cores and communities: "networkx" or "igraph"
    """

    values: dict[str, dict[Hashable, Value]]
    notes: dict[str, str] = field(default_factory=dict)
    engine: str = "networkx"


def measure(
    graph: nx.Graph,
    names: Sequence[str] = BASIC,
    *,
    engine: str = "auto",
    groups: str = "sector",
) -> Measures:
    """Compute measures of the nodes of a network, floats rounded as their entries say.

    engine   "networkx", "igraph", or "auto": igraph above LARGE_NODES or LARGE_EDGES, if installed
    groups   the attribute that tells the groups of brokers
    """
    check_measures(names, directed=graph.is_directed())
    simple = simplify(graph)
    igraph = uses_igraph(simple, engine)
    task = Task(graph, simple, igraph, groups)
    values: dict[str, dict[Hashable, Value]] = {}
    for name in names:
        entry = MEASURES[name]
        computed = entry.compute(task, entry) if len(simple) else ()
        values[name] = dict(zip(simple.nodes, map(entry.rounded, computed), strict=True))
    return Measures(values, task.notes, "igraph" if igraph else "networkx")


def annotate(graph: nx.Graph, measures: Measures) -> None:
    """Write the values to the nodes as attributes; files mark those that are approximate."""
    titles = graph.graph.setdefault("node_titles", {})
    for name, values in measures.values.items():
        titles[name] = f"{name} ({measures.notes[name]})" if name in measures.notes else name
        for node, value in values.items():
            if value is not None:
                graph.nodes[node][name] = value


def uses_igraph(simple: SimpleNetwork, engine: str = "auto") -> bool:
    """Tell whether igraph computes for "networkx", "igraph" or, by the size, "auto".

    Raises UsageError for another engine, and for igraph where it is not installed.
    """
    if engine not in ("auto", "networkx", "igraph"):
        raise UsageError(f"There is no engine {engine!r}: auto, networkx or igraph.")
    installed = find_spec("igraph") is not None
    if engine == "igraph" and not installed:
        raise missing("scale", "igraph", "The measures of this engine")
    large = len(simple) > LARGE_NODES or simple.size > LARGE_EDGES
    return engine == "igraph" or (engine == "auto" and large and installed)
