"""GraphML (http://graphml.graphdrawing.org), safe for networks with parallel edges.

Not networkx's writer: Gephi takes its parallel edges for repetitions and drops them, and it has no
place for positions. Here every edge has an id of its own. Lists are text, [a, b].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from lxml import etree

from govgraph.network.files.columns import Column, Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.values import Plain, text_of

if TYPE_CHECKING:
    import networkx as nx

NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_TYPES: Final = {"integer": "int", "list": "string"}


def write_graphml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GraphML to a binary stream: label, x, y, size, weight, kind, columns."""
    sheet = Sheet(graph, style)
    fields = [("label", "string")]
    fields += [("x", "double"), ("y", "double")] if sheet.style.positions else []
    fields += [("size", "double")] if sheet.style.sizes else []
    edge_fields = [("label", "string"), ("kind", "string"), ("weight", "double")]
    with etree.xmlfile(stream, encoding="utf-8", buffered=True) as xml:
        xml.write_declaration()
        with xml.element("graphml", nsmap={None: NAMESPACE}):
            _write_keys(xml, "node", fields, sheet.node_columns)
            _write_keys(xml, "edge", edge_fields, sheet.edge_columns)
            default = "directed" if graph.is_directed() else "undirected"
            with xml.element("graph", {"edgedefault": default}):
                for node in sheet.nodes():
                    x, y = node.position or (None, None)
                    values = {"label": node.label, "x": x, "y": y, "size": node.size}
                    element = etree.Element("node", {"id": node.id})
                    _add(element, values, sheet.node_columns, node.attributes)
                    xml.write(element)
                for edge in sheet.edges():
                    ends = {"source": edge.source, "target": edge.target}
                    values = {"label": edge.label, "kind": edge.kind, "weight": edge.weight}
                    element = etree.Element("edge", {"id": f"e{edge.number}", **ends})
                    _add(element, values, sheet.edge_columns, edge.attributes)
                    xml.write(element)


def _write_keys(
    xml: Any, owner: str, fields: Sequence[tuple[str, str]], columns: Sequence[Column]
) -> None:
    keys = [(f"{owner}-{name}", name, kind) for name, kind in fields]
    keys += [
        (f"{owner}{number}", column.title, _TYPES.get(column.type, column.type))
        for number, column in enumerate(columns)
    ]
    for key, name, kind in keys:
        attributes = {"id": key, "for": owner, "attr.name": name, "attr.type": kind}
        with xml.element("key", attributes):
            pass


def _add(
    element: Any, fields: Mapping[str, Plain], columns: Sequence[Column], data: Mapping[Any, Any]
) -> None:
    """Add the values of a node or edge to its element."""
    owner = element.tag
    values = [(f"{owner}-{name}", value) for name, value in fields.items()]
    values += [(f"{owner}{number}", column.value(data)) for number, column in enumerate(columns)]
    for key, value in values:
        if value is not None:
            etree.SubElement(element, "data", {"key": key}).text = text_of(value)
