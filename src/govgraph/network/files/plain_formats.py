"""GML and Pajek: old plain-text formats that many programs read, and what they can hold.

GML (Himsolt 1996), by networkx, holds everything; Pajek's .net holds labels, positions, weights
and, as the label of a line, its kind. networkx's Pajek is one that Gephi does not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import IO, Any, Final

import networkx as nx

from govgraph.network.files.columns import Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import text as spells_text
from govgraph.network.reading.values import Plain, clean, text_of

_KEY: Final = re.compile(r"[^A-Za-z0-9]")
_NODE_KEYS: Final = frozenset({"id", "label", "name", "graphics"})
_EDGE_KEYS: Final = frozenset({"id", "source", "target", "key", "label", "kind", "weight"})


def write_gml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GML: `label` is the label, `name` govgraph's id, `id` a number.

    Truth values are 0 and 1, lists text; a key of GML has only letters and digits.
    """
    for line in nx.generate_gml(_for_gml(Sheet(graph, style))):
        stream.write(f"{line}\n".encode("ascii"))
        if line == "graph [" and not graph.is_directed():
            stream.write(b"  directed 0\n")  # which Gephi does not take for granted


def _for_gml(sheet: Sheet) -> nx.Graph:
    """Return a network with labels as nodes, and the attributes that GML can hold."""
    network = sheet.as_networkx()
    node_keys = _keys([column.title for column in sheet.node_columns], _NODE_KEYS)
    edge_keys = _keys([column.title for column in sheet.edge_columns], _EDGE_KEYS)
    for node, values in network.nodes(data=True):
        attributes: dict[str, Any] = {"name": node}
        attributes |= {
            key: _gml(values[title]) for title, key in node_keys.items() if title in values
        }
        if "x" in values:
            size = {"w": values["size"]} if "size" in values else {}
            attributes["graphics"] = {"x": values["x"], "y": values["y"], **size}
        values.clear()
        values.update(attributes)
    for *_, values in network.edges(data=True):
        attributes = {edge_keys.get(title, title): _gml(value) for title, value in values.items()}
        values.clear()
        values.update(attributes)
    return nx.relabel_nodes(network, _unique_labels(sheet))


def _gml(value: Any) -> Any:
    """Return a value as GML has it: lists and spells as text."""
    if not isinstance(value, list):
        return value
    return spells_text(value) if isinstance(value[0], list) else text_of(value)


def _keys(titles: list[str], taken: frozenset[str]) -> dict[str, str]:
    """Return a key for each title: letters and digits, not starting with a digit, each once."""
    keys: dict[str, str] = {}
    for title in titles:
        words = [word for word in _KEY.split(title) if word]
        joined = "".join([*words[:1], *(word[0].upper() + word[1:] for word in words[1:])])
        key = joined if joined and joined[0].isalpha() else f"a{joined}"
        key = f"{key}Value" if key.lower() in taken else key
        number, unique = 1, key
        while unique.lower() in {used.lower() for used in keys.values()}:
            number += 1
            unique = f"{key}{number}"
        keys[title] = unique
    return keys


def _unique_labels(sheet: Sheet) -> dict[str, str]:
    """Return id -> label, with the id in brackets where several nodes have the label."""
    labels = {node.id: node.label for node in sheet.nodes()}
    counts = Counter(map(_quoted, labels.values()))
    return {
        name: label if counts[_quoted(label)] == 1 else f"{label} ({name})"
        for name, label in labels.items()
    }


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
