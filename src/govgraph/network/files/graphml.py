"""GraphML (http://graphml.graphdrawing.org), safe for networks with parallel edges.

Every edge has an id of its own: Gephi otherwise takes parallel edges for repetitions and drops
them. Lists are text, [a, b], since the format has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from govgraph.network.files.columns import Column, edge_columns, label_of, node_columns, text_ids
from govgraph.network.pictures.style import Style
from govgraph.network.reading.values import Plain, clean, text_of, weight_of

if TYPE_CHECKING:
    import networkx as nx

NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_TYPES: Final = {"integer": "int", "list": "string"}


def write_graphml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GraphML to a binary stream: label, x, y, size, weight, kind, columns."""
    from lxml import etree

    ids, style = text_ids(graph), style or Style()
    nodes, edges = node_columns(graph), edge_columns(graph)
    fields = [("label", "string")]
    fields += [("x", "double"), ("y", "double")] if style.positions else []
    fields += [("size", "double")] if style.sizes else []
    edge_fields = [("label", "string"), ("kind", "string"), ("weight", "double")]
    with etree.xmlfile(stream, encoding="utf-8", buffered=True) as xml:
        xml.write_declaration()
        with xml.element("graphml", nsmap={None: NAMESPACE}):
            for prefix, each, columns in (("node", fields, nodes), ("edge", edge_fields, edges)):
                _write_keys(xml, prefix, each, columns)
            default = "directed" if graph.is_directed() else "undirected"
            with xml.element("graph", {"edgedefault": default}):
                for node, data in graph.nodes(data=True):
                    values: dict[str, Plain] = {"label": label_of(ids[node], data)}
                    if node in style.positions:
                        values["x"], values["y"] = style.positions[node]
                    if node in style.sizes:
                        values["size"] = style.sizes[node]
                    element = etree.Element("node", {"id": ids[node]})
                    _add(etree, element, "node", values, nodes, data)
                    xml.write(element)
                for number, (source, target, data) in enumerate(graph.edges(data=True)):
                    ends = {"source": ids[source], "target": ids[target]}
                    element = etree.Element("edge", {"id": f"e{number}", **ends})
                    _add(etree, element, "edge", edge_values(source, target, data), edges, data)
                    xml.write(element)


def edge_values(source: object, target: object, data: Mapping[Any, Any]) -> dict[str, Plain]:
    """Return label, kind and weight of an edge, None for what it has not."""
    kind = None if data.get("kind") is None else clean(str(data["kind"]))
    return {
        "label": kind if data.get("label") is None else clean(str(data["label"])),
        "kind": kind,
        "weight": weight_of(dict(data), f"edge {source!r} to {target!r}"),
    }


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
    etree: Any,
    element: Any,
    owner: str,
    values: Mapping[str, Plain],
    columns: Sequence[Column],
    data: Mapping[Any, Any],
) -> None:
    found = [(f"{owner}-{name}", value) for name, value in values.items()]
    found += [(f"{owner}{number}", column.value(data)) for number, column in enumerate(columns)]
    for key, value in found:
        if value is not None:
            etree.SubElement(element, "data", {"key": key}).text = text_of(value)
