"""Measures of networks computed by one engine or the other, whatever the size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import networkx as nx
import pytest

from govgraph.network.measures import registry
from govgraph.network.measures.figures import summarise
from govgraph.network.measures.registry import Measures, measure

ENGINES = ("networkx", "igraph")


@contextmanager
def computed_by(engine: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "uses_igraph", lambda simple: engine == "igraph")
        yield


def measured(graph: nx.Graph, names: Sequence[str], engine: str) -> Measures:
    """Return measures as an engine computes them."""
    with computed_by(engine):
        return measure(graph, names)


def summarised(graph: nx.Graph, engine: str, **options: Any) -> dict[str, Any]:
    """Return the figures of a network as an engine computes them."""
    with computed_by(engine):
        return summarise(graph, **options)
