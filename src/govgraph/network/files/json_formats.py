"""A network as JSON: for Cytoscape (.cyjs) and as node-link (D3, networkx), written in pieces.

Not networkx's writers: these need the whole document in memory, write NaN, which is no JSON, and
have no place for positions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from govgraph.network.files.columns import Column, EdgeRow, Sheet, values_of
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import spells_of

if TYPE_CHECKING:
    import networkx as nx


def write_cytoscape(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as Cytoscape JSON: elements with data, position, and size and colour."""
    sheet = Sheet(graph, style)
    nodes = (
        {
            "data": {
                "id": node.id,
                "label": node.label,
                **_values(sheet.node_columns, node.attributes),
                "node_size": node.size,
                "node_colour": "#{:02x}{:02x}{:02x}".format(*node.colour) if node.colour else None,
            },
            # Downwards, as on a screen.
            "position": node.position and {"x": node.position[0], "y": -node.position[1]},
        }
        for node in sheet.nodes()
    )
    edges = (
        {
            "data": {
                "id": f"e{edge.number}",
                "source": edge.source,
                "target": edge.target,
                # What networkx tells parallel edges by.
                "key": edge.number if graph.is_multigraph() else None,
                **_edge_values(sheet, edge),
            }
        }
        for edge in sheet.edges()
    )
    data = {"name": str(graph.graph.get("title") or graph.graph.get("name") or "")}
    _write_start(stream, graph, data=data)
    stream.write(b', "elements": {"nodes": [')
    _write_list(stream, nodes)
    stream.write(b'], "edges": [')
    _write_list(stream, edges)
    stream.write(b"]}}\n")


def write_node_link(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as node-link JSON, as networkx.node_link_graph(edges="links") reads it."""
    sheet = Sheet(graph, style)
    nodes = (
        {
            "id": node.id,
            "label": node.label,
            **_values(sheet.node_columns, node.attributes),
            "x": node.position and node.position[0],
            "y": node.position and node.position[1],
            "size": node.size,
        }
        for node in sheet.nodes()
    )
    edges = (
        {
            "source": edge.source,
            "target": edge.target,
            "key": str(edge.number) if graph.is_multigraph() else None,
            **_edge_values(sheet, edge),
        }
        for edge in sheet.edges()
    )
    about = {key: str(graph.graph.get(key) or "") for key in ("name", "title")}
    _write_start(stream, graph, graph=about)
    stream.write(b', "nodes": [')
    _write_list(stream, nodes)
    stream.write(b'], "links": [')
    _write_list(stream, edges)
    stream.write(b"]}\n")


def _edge_values(sheet: Sheet, edge: EdgeRow) -> dict[str, Any]:
    fields = {"label": edge.label, "kind": edge.kind, "weight": edge.weight}
    return {**fields, **_values(sheet.edge_columns, edge.attributes)}


def _values(columns: Sequence[Column], attributes: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the values by title; several spells as pairs, an open end null."""
    values: dict[str, Any] = dict(values_of(columns, attributes))
    if attributes.get("spells"):
        values["spells"] = [list(spell) for spell in spells_of(attributes)]
    return values


def _write_start(stream: IO[bytes], network: nx.Graph, **about: Mapping[str, str]) -> None:
    head = {"directed": network.is_directed(), "multigraph": network.is_multigraph(), **about}
    stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode())


def _write_list(stream: IO[bytes], elements: Iterable[dict[str, Any]]) -> None:
    for number, element in enumerate(elements):
        separator = ",\n" if number else "\n"
        text = json.dumps(_present(element), ensure_ascii=False)
        stream.write(f"{separator}{text}".encode())


def _present(element: Mapping[str, Any]) -> dict[str, Any]:
    """Return an element without what has no value; numbers that JSON cannot hold become text."""
    present: dict[str, Any] = {}
    for key, value in element.items():
        if isinstance(value, dict):
            present[key] = _present(value)
        elif isinstance(value, float) and not math.isfinite(value):
            present[key] = str(value)
        elif value is not None:
            present[key] = value
    return present
