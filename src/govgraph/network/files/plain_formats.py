"""GML and Pajek: old plain-text formats that many programs read, and what they can hold.

GML (Himsolt 1996) is ASCII with entities and holds everything; Pajek's .net holds labels,
positions, weights and, as the label of a line, its kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Final

from govgraph.network.files.columns import edge_columns, label_of, node_columns, text_ids
from govgraph.network.files.graphml import edge_values
from govgraph.network.pictures.style import Style
from govgraph.network.reading.values import Plain, clean, text_of

if TYPE_CHECKING:
    import networkx as nx

_KEY: Final = re.compile(r"[^A-Za-z0-9]")
_NODE_KEYS: Final = frozenset({"id", "label", "name", "graphics"})
_EDGE_KEYS: Final = frozenset({"id", "source", "target", "key", "label", "kind", "weight"})


def write_gml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GML: `label` is the label, `name` govgraph's id, `id` a number.

    Truth values are 0 and 1, lists text; a key of GML has only letters and digits.
    """
    for line in _gml(graph, style or Style()):
        stream.write(f"{line}\n".encode("ascii"))


def _gml(graph: nx.Graph, style: Style) -> Iterator[str]:
    ids, nodes, edges = text_ids(graph), node_columns(graph), edge_columns(graph)
    numbers = {node: number for number, node in enumerate(graph)}
    node_keys = _keys([column.title for column in nodes], _NODE_KEYS)
    edge_keys = _keys([column.title for column in edges], _EDGE_KEYS)
    yield "graph ["
    yield f"  directed {int(graph.is_directed())}"
    yield f"  multigraph {int(graph.is_multigraph())}"
    for node, data in graph.nodes(data=True):
        yield "  node ["
        yield f"    id {numbers[node]}"
        yield f"    label {_gml_value(label_of(ids[node], data))}"
        yield f"    name {_gml_value(ids[node])}"
        for key, column in zip(node_keys, nodes, strict=True):
            yield from _gml_line(key, column.value(data))
        if node in style.positions:
            x, y = style.positions[node]
            size = f" w {style.sizes[node]!r}" if node in style.sizes else ""
            yield f"    graphics [ x {x!r} y {y!r}{size} ]"
        yield "  ]"
    for number, (source, target, data) in enumerate(graph.edges(data=True)):
        yield "  edge ["
        yield f"    source {numbers[source]}"
        yield f"    target {numbers[target]}"
        if graph.is_multigraph():
            yield f"    key {number}"
        for key, value in edge_values(source, target, data).items():
            yield from _gml_line(key, value)
        for key, column in zip(edge_keys, edges, strict=True):
            yield from _gml_line(key, column.value(data))
        yield "  ]"
    yield "]"


def _gml_line(key: str, value: Plain) -> Iterator[str]:
    if value is not None:
        yield f"    {key} {_gml_value(value)}"


def _gml_value(value: Plain) -> str:
    """Return a value of GML; numbers it has no room for, and texts, in quotes with entities."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int) and -(2**31) <= value < 2**31:
        return str(value)
    if isinstance(value, float) and abs(value) < float("inf"):
        mantissa, _, exponent = repr(value).upper().partition("E")
        mantissa += "" if "." in mantissa else ".0"
        return f"{mantissa}E{exponent}" if exponent else mantissa
    text = text_of(value).replace("&", "&amp;").replace('"', "&quot;")
    return (
        '"'
        + "".join(
            character if " " <= character <= "~" else f"&#{ord(character)};" for character in text
        )
        + '"'
    )


def _keys(titles: list[str], taken: frozenset[str]) -> list[str]:
    """Return a key for each title: letters and digits, not starting with a digit, each once."""
    keys: list[str] = []
    for title in titles:
        words = [word for word in _KEY.split(title) if word]
        joined = "".join([*words[:1], *(word[0].upper() + word[1:] for word in words[1:])])
        key = joined if joined and joined[0].isalpha() else f"a{joined}"
        key = f"{key}Value" if key.lower() in taken else key
        number, unique = 1, key
        while unique.lower() in {each.lower() for each in keys}:
            number += 1
            unique = f"{key}{number}"
        keys.append(unique)
    return keys


def write_pajek(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as Pajek .net in UTF-8; labels that several nodes have get the node's id."""
    for line in _pajek(graph, style or Style()):
        stream.write(f"{line}\n".encode())


def _pajek(graph: nx.Graph, style: Style) -> Iterator[str]:
    ids = text_ids(graph)
    labels = {node: label_of(ids[node], data) for node, data in graph.nodes(data=True)}
    counts = Counter(map(_quoted, labels.values()))
    numbers = {node: number for number, node in enumerate(graph, start=1)}
    positions = _unit_square(style)
    yield f"*Vertices {len(graph)}"
    for node, number in numbers.items():
        label = labels[node]
        if counts[_quoted(label)] > 1:
            label = f"{label} ({ids[node]})"
        x, y = positions.get(node, (0.5, 0.5))
        yield f"{number} {_quoted(label)} {x:.4f} {y:.4f} ellipse"
    yield "*Arcs" if graph.is_directed() else "*Edges"
    for source, target, data in graph.edges(data=True):
        values = edge_values(source, target, data)
        weight = 1 if values["weight"] is None else values["weight"]
        line = f"{numbers[source]} {numbers[target]} {text_of(weight)}"
        yield line if values["label"] is None else f"{line} l {_quoted(str(values['label']))}"


def _quoted(text: str) -> str:
    """Return a text in quotes; Pajek has no way to write a quote or a backslash inside."""
    line = " ".join(clean(text).split()).replace('"', "'").replace("\\", "/")
    return f'"{line}"'


def _unit_square(style: Style) -> dict[object, tuple[float, float]]:
    """Return the positions between 0 and 1, as Pajek wants them, y downwards."""
    if not style.positions:
        return {}
    span = max(max(abs(x), abs(y)) for x, y in style.positions.values()) or 1.0
    return {
        node: (0.5 + x / span / 2.1, 0.5 - y / span / 2.1)
        for node, (x, y) in style.positions.items()
    }
