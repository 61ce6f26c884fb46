"""How a network looks in a file: where each node is, how large, of which colour.

`style_of` follows what is asked for; `complete` chooses what that leaves open. Colours are one for
each sector, a palette for any other attribute. All are told apart with the common colour vision
deficiencies: the palette is Okabe and Ito's (2008), extended by Tol's muted scheme (2021).
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import networkx as nx

from govgraph.errors import UsageError, did_you_mean
from govgraph.network.pictures.layout import Positions, force

Colour: TypeAlias = tuple[int, int, int]
"""Red, green, blue, from 0 to 255."""

UNKNOWN: Final[Colour] = (187, 187, 187)
"""Where there is no value."""

SECTOR_COLOURS: Final[dict[str, Colour]] = {
    "government": (0, 114, 178),
    "local-government": (86, 180, 233),
    "police": (51, 34, 136),
    "justice": (136, 34, 85),
    "military": (153, 153, 51),
    "politics": (170, 68, 153),
    "private": (213, 94, 0),
    "society": (0, 158, 115),
    "academia": (240, 228, 66),
    "professions": (221, 204, 119),
    "international": (230, 159, 0),
}
"""One colour for each sector: the state's are blues and purples, the others warm or green."""

PALETTE: Final[tuple[Colour, ...]] = (
    (0, 114, 178), (230, 159, 0), (0, 158, 115), (213, 94, 0), (204, 121, 167), (86, 180, 233),
    (240, 228, 66), (51, 34, 136), (136, 34, 85), (153, 153, 51), (68, 170, 153), (221, 204, 119),
)  # fmt: skip
SMALLEST: Final = 10.0
LARGEST: Final = 60.0
"""Diameters of the nodes with the least and the greatest value."""


def palette_of(values: Iterable[Any]) -> dict[Any, Colour]:
    """Return a colour for each distinct value: the most frequent get the most distinct ones.

    Sectors have the colours of SECTOR_COLOURS. Values beyond the palette share UNKNOWN.
    """
    counts = Counter(value for value in values if value is not None)
    if counts and all(_sector(value) for value in counts):
        return {value: SECTOR_COLOURS[_sector(value)] for value in counts}
    ranked = sorted(counts, key=lambda value: (-counts[value], str(value)))
    return {
        value: PALETTE[rank] if rank < len(PALETTE) else UNKNOWN
        for rank, value in enumerate(ranked)
    }


def _sector(value: Any) -> str:
    """Return the sector a value names (the first, where it names several), or ""."""
    first = str(value).partition(" + ")[0].removeprefix("sector/")
    return first if first in SECTOR_COLOURS else ""


@dataclass(frozen=True)
class Style:
    """Positions, sizes (diameters) and colours of nodes; any of them may be empty.

    `size_by` and `colour_by` name the attributes they tell, "" for none.
    """

    positions: Positions = field(default_factory=dict)
    sizes: Mapping[Hashable, float] = field(default_factory=dict)
    colours: Mapping[Hashable, Colour] = field(default_factory=dict)
    size_by: str = ""
    colour_by: str = ""


def style_of(
    graph: nx.Graph, *, size_by: str = "", colour_by: str = "", positions: Positions | None = None
) -> Style:
    """Return how a network looks, by attributes that its nodes have; laid out where it is not.

    Raises UsageError for an attribute no node has, and a size by text.
    """
    return Style(
        force(graph) if positions is None else positions,
        _sizes(_values(graph, size_by, "size"), size_by) if size_by else {},
        _colours(_values(graph, colour_by, "colour"), colour_by) if colour_by else {},
        size_by,
        colour_by,
    )


def column_for(graph: nx.Graph, defaults: Sequence[str], name: str | None = None) -> str:
    """Return the attribute asked for, "" for none, else the first default a third of nodes have.

    Where no default is so frequent, the first that any node has. A name may have hyphens.
    """
    count = Counter(key for _, attributes in graph.nodes(data=True) for key in attributes)
    if name is not None:
        attribute = str(name).replace("-", "_")
        return "" if name == "none" else attribute if count[attribute] else str(name)
    present = [default for default in defaults if count[default]]
    frequent = (default for default in present if 3 * count[default] >= len(graph))
    return [*frequent, *present, ""][0]


def _values(graph: nx.Graph, name: str, what: str) -> dict[Hashable, Any]:
    names = sorted({str(key) for _, attributes in graph.nodes(data=True) for key in attributes})
    if name not in names:
        raise UsageError(
            f"No node has {name!r} to {what} it by.{did_you_mean(name, names)}"
            f" There is: {', '.join(names) or 'nothing'}. Measures have to be asked for: --measures"
        )
    return {node: attributes.get(name) for node, attributes in graph.nodes(data=True)}


def _colours(values: Mapping[Hashable, Any], name: str) -> dict[Hashable, Colour]:
    numbers = {value for value in values.values() if isinstance(value, float)}
    if len(numbers) > len(PALETTE):
        raise UsageError(
            f"{name!r} has {len(numbers)} values, and colours tell {len(PALETTE)} apart: take"
            " --size-by, or colour by an attribute such as sector."
        )
    palette = palette_of(values.values())
    return {node: palette.get(value, UNKNOWN) for node, value in values.items()}


def _sizes(values: Mapping[Hashable, Any], name: str) -> dict[Hashable, float]:
    """Return diameters: the area of a node grows with its value from the least to the greatest."""
    for value in values.values():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise UsageError(f"{name!r} is no number but {value!r}: no node can be sized by it.")
    finite = [value for value in values.values() if value is not None and math.isfinite(value)]
    low, high = min(finite, default=0), max(finite, default=0)
    sizes = {}
    for node, value in values.items():
        share = (min(max(value, low), high) - low) / (high - low) if value and high > low else 0.0
        area = SMALLEST**2 + (LARGEST**2 - SMALLEST**2) * share
        sizes[node] = round(math.sqrt(area), 2)
    return sizes


def complete(graph: nx.Graph, style: Style | None) -> Style:
    """Return the style with positions, sizes by strength and colours where it has none.

    Colours tell sectors or classes, as `column_for` has it.
    """
    style = style or Style()
    colour_by = "" if style.colours else column_for(graph, ("sector", "kind"))
    chosen = style_of(graph, colour_by=colour_by, positions=style.positions or force(graph))
    strengths = dict.fromkeys(graph, 0.0)
    for (one, other), weight in zip(graph.edges(), weights_of(graph), strict=True):
        strengths[one] += weight
        strengths[other] += weight
    own = {name: value for name, value in vars(style).items() if value}
    return replace(chosen, **{"sizes": _sizes(strengths, "strength"), **own})


def weights_of(graph: nx.Graph) -> list[float]:
    """Return the weight of each edge, 1 where it has none or none that can be drawn."""
    weights = []
    for *_, data in graph.edges(data=True):
        weight = data.get("weight")
        usable = isinstance(weight, int | float) and math.isfinite(weight) and weight > 0
        weights.append(float(weight) if usable else 1.0)
    return weights
