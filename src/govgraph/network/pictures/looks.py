"""What a look leaves open, chosen: places, sizes and colours for a picture or a page."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING

from govgraph.network.pictures.appearance import Appearance, appearance
from govgraph.network.pictures.arrangement import arrange
from govgraph.network.pictures.ties import weights_of

if TYPE_CHECKING:
    import networkx as nx


def complete(graph: nx.Graph, look: Appearance | None) -> Appearance:
    """Return the look with positions, sizes by strength and colours where it has none.

    Colours tell sectors where a third of the nodes have one, else classes.
    """
    look = look or Appearance()
    attributes = [data for _, data in graph.nodes(data=True)]
    sectors = sum(data.get("sector") is not None for data in attributes)
    name = "sector" if sectors * 3 >= len(attributes) and sectors else "kind"
    known = any(data.get(name) is not None for data in attributes)
    chosen = appearance(graph, layout="none", colour_by=name if known and not look.colours else "")
    return Appearance(
        look.positions or arrange(graph),
        look.sizes or _by_strength(graph),
        look.colours or chosen.colours,
        look.size_by,
        look.colour_by or chosen.colour_by,
    )


def _by_strength(graph: nx.Graph) -> dict[Hashable, float]:
    """Return diameters whose squares grow with the weights of a node's ties."""
    strengths: dict[Hashable, float] = dict.fromkeys(graph, 0.0)
    for (one, other), weight in zip(graph.edges(), weights_of(graph), strict=True):
        strengths[one] += weight
        strengths[other] += weight
    most = max(strengths.values(), default=0) or 1
    return {node: 12 + 32 * math.sqrt(value / most) for node, value in strengths.items()}
