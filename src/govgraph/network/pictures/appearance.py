"""How a network looks in a file: where each node is, how large, of which colour."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.pictures.colours import Colour, colours_of
from govgraph.network.pictures.layout import Positions, lay_out

if TYPE_CHECKING:
    import networkx as nx

SMALLEST: Final = 10.0
LARGEST: Final = 60.0
"""Diameters of the nodes with the least and the greatest value."""


@dataclass(frozen=True)
class Appearance:
    """Positions, sizes (diameters) and colours of nodes; any of them may be empty.

    `size_by` and `colour_by` name the attributes they tell, "" for none.
    """

    positions: Positions = field(default_factory=dict)
    sizes: Mapping[Hashable, float] = field(default_factory=dict)
    colours: Mapping[Hashable, Colour] = field(default_factory=dict)
    size_by: str = ""
    colour_by: str = ""


def appearance(
    graph: nx.Graph, *, layout: str = "force", size_by: str = "", colour_by: str = ""
) -> Appearance:
    """Return how a network looks, by attributes that its nodes have.

    Raises UsageError for an unknown layout, an attribute no node has, and a size by text.
    """
    return Appearance(
        lay_out(graph, layout),
        _sizes(_values(graph, size_by, "size"), size_by) if size_by else {},
        colours_of(_values(graph, colour_by, "colour")) if colour_by else {},
        size_by,
        colour_by,
    )


def _values(graph: nx.Graph, name: str, what: str) -> dict[Hashable, Any]:
    """Return the attribute of every node, None where it has none; lists as one text."""
    known = sorted({str(key) for _, attributes in graph.nodes(data=True) for key in attributes})
    if name not in known:
        raise UsageError(
            f"No node has {name!r} to {what} it by.{did_you_mean(name, known)}"
            f" There is: {', '.join(known) or 'nothing'}. Measures have to be asked for: --measures"
        )
    found = {node: attributes.get(name) for node, attributes in graph.nodes(data=True)}
    return {
        node: ", ".join(map(str, value)) if isinstance(value, list | tuple | set) else value
        for node, value in found.items()
    }


def _sizes(values: Mapping[Hashable, Any], name: str) -> dict[Hashable, float]:
    """Return diameters: the area of a node grows with its value from the least to the greatest."""
    for value in values.values():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise UsageError(f"{name!r} is no number but {value!r}: no node can be sized by it.")
    known = [value for value in values.values() if value is not None and math.isfinite(value)]
    low, high = min(known, default=0), max(known, default=0)
    sizes = {}
    for node, value in values.items():
        share = (min(max(value, low), high) - low) / (high - low) if value and high > low else 0.0
        area = SMALLEST**2 + (LARGEST**2 - SMALLEST**2) * share
        sizes[node] = round(math.sqrt(area), 2)
    return sizes
