"""Measures of the nodes of a network, defined for every network: empty, in parts, with isolates.

Degree and strength count parallel edges and loops as they are; all else is taken on the simple
network (see `simple`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final

import networkx as nx

from govgraph.network.measures.registry import BASIC, MEASURES, Task, Value, check_measures
from govgraph.network.measures.simple import SimpleNetwork, simplify

LARGE_NODES: Final = 1_000
LARGE_EDGES: Final = 10_000
"""Above either size igraph computes, where it is installed."""


@dataclass(frozen=True)
class Measures:
    """Values of measures by node, and how they were computed.

    notes    measure -> "approximate, 500 of 100000 sources" where it is no exact value
    """

    values: dict[str, dict[Hashable, Value]]
    notes: dict[str, str] = field(default_factory=dict)


def measure(graph: nx.Graph, names: Sequence[str] = BASIC) -> Measures:
    """Compute measures of the nodes of a network, floats rounded as their entries say."""
    check_measures(names, directed=graph.is_directed())
    simple = simplify(graph)
    task = Task(graph, simple, uses_igraph(simple))
    values: dict[str, dict[Hashable, Value]] = {}
    for name in names:
        entry = MEASURES[name]
        computed = entry.compute(task, entry) if len(simple) else ()
        values[name] = dict(zip(simple.nodes, map(entry.rounded, computed), strict=True))
    return Measures(values, task.notes)


def annotate(graph: nx.Graph, measures: Measures) -> None:
    """Write the values to the nodes as attributes; files mark those that are approximate."""
    titles = graph.graph.setdefault("node_titles", {})
    for name, values in measures.values.items():
        titles[name] = f"{name} ({measures.notes[name]})" if name in measures.notes else name
        for node, value in values.items():
            if value is not None:
                graph.nodes[node][name] = value


def uses_igraph(simple: SimpleNetwork) -> bool:
    """Tell whether igraph computes a network: a large one, where it is installed."""
    large = len(simple) > LARGE_NODES or simple.size > LARGE_EDGES
    return large and find_spec("igraph") is not None
