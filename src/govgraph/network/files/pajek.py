"""Pajek's .net: labels, positions, weights and, as the label of a line, its kind.

Not networkx's writer, whose files Gephi does not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import IO, TYPE_CHECKING

from govgraph.network.files.columns import Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.values import Plain, clean, text_of

if TYPE_CHECKING:
    import networkx as nx


def write_pajek(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as Pajek .net in UTF-8; labels that several nodes have get the node's id."""
    for line in _pajek(Sheet(graph, style)):
        stream.write(f"{line}\n".encode())


def _pajek(sheet: Sheet) -> Iterator[str]:
    labels = _unique_labels(sheet)
    numbers = {name: number for number, name in enumerate(sheet.ids.values(), start=1)}
    positions = _unit_square(sheet.style)
    yield f"*Vertices {len(numbers)}"
    for node, name in sheet.ids.items():
        x, y = positions.get(node, (0.5, 0.5))
        yield f"{numbers[name]} {_quoted(labels[name])} {x:.4f} {y:.4f} ellipse"
    yield "*Arcs" if sheet.graph.is_directed() else "*Edges"
    for edge in sheet.edges():
        weight: Plain = 1 if edge.weight is None else edge.weight
        line = f"{numbers[edge.source]} {numbers[edge.target]} {text_of(weight)}"
        yield line if edge.label is None else f"{line} l {_quoted(edge.label)}"


def _unique_labels(sheet: Sheet) -> dict[str, str]:
    """Return id -> label, with the id in brackets where several nodes have the label."""
    labels = {node.id: node.label for node in sheet.nodes()}
    counts = Counter(map(_quoted, labels.values()))
    return {
        name: label if counts[_quoted(label)] == 1 else f"{label} ({name})"
        for name, label in labels.items()
    }


def _quoted(text: str) -> str:
    """Return a text in quotes; Pajek has no way to write a quote or a backslash inside."""
    line = " ".join(clean(text).split()).replace('"', "'").replace("\\", "/")
    return f'"{line}"'


def _unit_square(style: Style) -> dict[Hashable, tuple[float, float]]:
    """Return the positions between 0 and 1, as Pajek wants them, y downwards."""
    if not style.positions:
        return {}
    span = max(max(abs(x), abs(y)) for x, y in style.positions.values()) or 1.0
    return {
        node: (0.5 + x / span / 2.1, 0.5 - y / span / 2.1)
        for node, (x, y) in style.positions.items()
    }
