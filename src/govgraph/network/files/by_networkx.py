"""A network in the formats that networkx writes: GraphML, and node-link JSON (D3).

In GraphML (http://graphml.graphdrawing.org) positions and sizes are attributes, and every one of
parallel edges has an id of its own, without which Gephi drops all but one.
"""

import json
from collections.abc import Iterable
from typing import IO, Any

import networkx as nx

from govgraph.network.files.columns import Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import text
from govgraph.network.reading.values import list_text


def write_node_link(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as node-link JSON, as networkx.node_link_graph(edges="links") reads it."""
    document = nx.node_link_data(Sheet(graph, style).as_networkx(), edges="links")
    document["graph"] = {key: str(graph.graph.get(key) or "") for key in ("name", "title")}
    content = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    stream.write(f"{content}\n".encode())


def write_graphml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GraphML to a binary stream; lists are text, [a, b]."""
    network = Sheet(graph, style).as_networkx()
    _flatten(data for _, data in network.nodes(data=True))
    _flatten(data for *_, data in network.edges(data=True))
    nx.write_graphml_lxml(
        network, stream, prettyprint=False, infer_numeric_types=True, named_key_ids=True
    )


def _flatten(elements: Iterable[dict[str, Any]]) -> None:
    for data in elements:
        for name, value in data.items():
            if isinstance(value, list):
                data[name] = text(value) if name == "spells" else list_text(value)
