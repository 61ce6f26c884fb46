"""A network as JSON: for Cytoscape (.cyjs) and as node-link (D3, networkx), written in pieces."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

from govgraph.network.files.columns import Column, edge_columns, label_of, node_columns, text_ids
from govgraph.network.files.graphml import edge_values
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import spells_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx


def write_cytoscape(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as Cytoscape JSON: elements with data, position, and size and colour."""
    style = style or Style()
    ids, nodes, edges = text_ids(graph), node_columns(graph), edge_columns(graph)

    def node_elements() -> Iterator[dict[str, Any]]:
        for node, data in graph.nodes(data=True):
            held = {"id": ids[node], "label": label_of(ids[node], data), **_values(nodes, data)}
            element: dict[str, Any] = {"data": held}
            if node in style.sizes:
                held["node_size"] = style.sizes[node]
            if node in style.colours:
                held["node_colour"] = "#{:02x}{:02x}{:02x}".format(*style.colours[node])
            if node in style.positions:
                x, y = style.positions[node]
                element["position"] = {"x": x, "y": -y}  # downwards, as on a screen
            yield element

    def edge_elements() -> Iterator[dict[str, Any]]:
        for number, (source, target, data) in enumerate(graph.edges(data=True)):
            ends: dict[str, Any] = {"id": f"e{number}"}
            ends |= {"source": ids[source], "target": ids[target]}
            if graph.is_multigraph():
                ends["key"] = number  # what networkx tells parallel edges by
            yield {"data": {**ends, **_edge(source, target, data), **_values(edges, data)}}

    head = {
        "directed": graph.is_directed(),
        "multigraph": graph.is_multigraph(),
        "data": {"name": str(graph.graph.get("title") or graph.graph.get("name") or "")},
    }
    start = json.dumps(head, ensure_ascii=False)[:-1]
    stream.write(f'{start}, "elements": {{"nodes": ['.encode())
    _write_list(stream, node_elements())
    stream.write(b'], "edges": [')
    _write_list(stream, edge_elements())
    stream.write(b"]}}\n")


def write_node_link(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as node-link JSON, as networkx.node_link_graph(edges="links") reads it."""
    style = style or Style()
    ids, nodes, edges = text_ids(graph), node_columns(graph), edge_columns(graph)

    def node_elements() -> Iterator[dict[str, Any]]:
        for node, data in graph.nodes(data=True):
            element = {"id": ids[node], "label": label_of(ids[node], data), **_values(nodes, data)}
            if node in style.positions:
                element["x"], element["y"] = style.positions[node]
            if node in style.sizes:
                element["size"] = style.sizes[node]
            yield element

    def edge_elements() -> Iterator[dict[str, Any]]:
        for number, (source, target, data) in enumerate(graph.edges(data=True)):
            element = {"source": ids[source], "target": ids[target]}
            if graph.is_multigraph():
                element["key"] = str(number)
            yield {**element, **_edge(source, target, data), **_values(edges, data)}

    head = {
        "directed": graph.is_directed(),
        "multigraph": graph.is_multigraph(),
        "graph": {key: str(graph.graph.get(key) or "") for key in ("name", "title")},
    }
    start = json.dumps(head, ensure_ascii=False)[:-1]
    stream.write(f'{start}, "nodes": ['.encode())
    _write_list(stream, node_elements())
    stream.write(b'], "links": [')
    _write_list(stream, edge_elements())
    stream.write(b"]}\n")


def _edge(source: object, target: object, data: Mapping[Any, Any]) -> dict[str, Any]:
    found = {key: _number(value) for key, value in edge_values(source, target, data).items()}
    return {key: value for key, value in found.items() if value is not None}


def _values(columns: Iterable[Column], data: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the values by title; several spells as pairs, an open end null."""
    found = {column.title: _number(column.value(data)) for column in columns}
    if data.get("spells"):
        found["spells"] = [list(spell) for spell in spells_of(data)]
    return {title: value for title, value in found.items() if value is not None}


def _number(value: Any) -> Any:
    """Return the value as JSON can hold it: numbers that are none become text."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _write_list(stream: IO[bytes], elements: Iterable[dict[str, Any]]) -> None:
    for number, element in enumerate(elements):
        separator = ",\n" if number else "\n"
        stream.write(f"{separator}{json.dumps(element, ensure_ascii=False)}".encode())
