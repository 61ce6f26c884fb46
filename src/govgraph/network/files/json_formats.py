"""A network as JSON, by networkx: for Cytoscape (.cyjs) and as node-link (D3, networkx)."""

from __future__ import annotations

import json
from typing import IO, Any

import networkx as nx

from govgraph.network.files.columns import Sheet
from govgraph.network.pictures.style import Style


def write_cytoscape(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as Cytoscape JSON: elements with data, position, and size and colour."""
    sheet = Sheet(graph, style)
    document = nx.cytoscape_data(sheet.as_networkx(), name="label")
    document["data"] = {"name": str(graph.graph.get("title") or graph.graph.get("name") or "")}
    for node, element in zip(sheet.nodes(), document["elements"]["nodes"], strict=True):
        data = element["data"]
        if node.position:  # downwards, as on a screen
            element["position"] = {"x": data.pop("x"), "y": -data.pop("y")}
        if node.size is not None:
            data["node_size"] = data.pop("size")
        if node.colour:
            data["node_colour"] = "#{:02x}{:02x}{:02x}".format(*node.colour)
    for number, element in enumerate(document["elements"]["edges"]):
        element["data"]["id"] = f"e{number}"
    _write(document, stream)


def write_node_link(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as node-link JSON, as networkx.node_link_graph(edges="links") reads it."""
    document = nx.node_link_data(Sheet(graph, style).as_networkx(), edges="links")
    document["graph"] = {key: str(graph.graph.get(key) or "") for key in ("name", "title")}
    _write(document, stream)


def _write(document: dict[str, Any], stream: IO[bytes]) -> None:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    stream.write(f"{text}\n".encode())
