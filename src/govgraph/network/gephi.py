"""GEXF 1.3, as Gephi reads it without loss: https://gexf.net, official RELAX NG grammar.

What Gephi and other readers are known to get wrong decides between the ways the format leaves
open: one <attributes> block per class, numeric column ids, `kind` on edges that run side by side,
liststring for every list, years on the elements themselves, colours as numbers. Written
incrementally: memory does not grow with the file.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from govgraph.errors import UsageError
from govgraph.network.appearance import Appearance
from govgraph.network.columns import Column, edge_columns, label_of, node_columns, text_ids
from govgraph.network.spells import Spell, spells_of
from govgraph.network.values import clean, text_of, weight_of

if TYPE_CHECKING:
    import networkx as nx

NAMESPACE: Final = "http://gexf.net/1.3"
VIZ: Final = "http://gexf.net/1.3/viz"
_TYPES: Final = {"list": "liststring"}


def write_gexf(graph: nx.Graph, stream: IO[bytes], look: Appearance | None = None) -> None:
    """Write a network, with its look, as GEXF 1.3 to a binary stream.

    Raises UsageError for what the format cannot hold, before anything is written.
    """
    from lxml import etree

    ids = text_ids(graph)
    columns = node_columns(graph), edge_columns(graph)
    clock = _clock(graph, columns)
    with etree.xmlfile(stream, encoding="utf-8", buffered=True) as xml:
        xml.write_declaration()
        with xml.element("gexf", {"version": "1.3"}, nsmap={None: NAMESPACE, "viz": VIZ}):
            _write_meta(xml, graph)
            with xml.element("graph", _graph_attributes(graph, clock)):
                for name, each in zip(("node", "edge"), columns, strict=True):
                    _write_columns(xml, name, each)
                with xml.element("nodes", {"count": str(len(graph))}):
                    _write_nodes(xml, graph, ids, columns[0], clock, look or Appearance())
                with xml.element("edges", {"count": str(graph.number_of_edges())}):
                    _write_edges(xml, graph, ids, columns[1], clock)


def _clock(graph: nx.Graph, columns: tuple[Sequence[Column], ...]) -> str:
    """Return the time format: "" where nothing is dated.

    "double" where an end is open inside several spells, since it alone can say INF there.
    """
    names = {column.name for each in columns for column in each}
    if not names & {"start", "end", "spells"}:
        return ""
    if "spells" not in names:
        return "integer"
    dated = [data for _, data in graph.nodes(data=True)]
    dated += [data for _, _, data in graph.edges(data=True)]
    several = (spells_of(data) for data in dated if data.get("spells"))
    return "double" if any(None in spell for spells in several for spell in spells) else "integer"


def _graph_attributes(graph: nx.Graph, clock: str) -> dict[str, str]:
    attributes = {
        "defaultedgetype": "directed" if graph.is_directed() else "undirected",
        "idtype": "string",
        "mode": "dynamic" if clock else "static",
    }
    if clock:
        attributes |= {"timeformat": clock, "timerepresentation": "interval"}
    return attributes


def _write_meta(xml: Any, graph: nx.Graph) -> None:
    with xml.element("meta"):
        with xml.element("creator"):
            xml.write("govgraph")
        texts = [str(graph.graph.get(key) or "") for key in ("title", "description")]
        with xml.element("description"):
            xml.write(clean(". ".join(text.rstrip(".") for text in texts if text)))


def _write_columns(xml: Any, name: str, columns: Sequence[Column]) -> None:
    # Readers differ in what they make of a missing block, and agree on an empty one.
    with xml.element("attributes", {"class": name, "mode": "static"}):
        for number, column in enumerate(columns):
            kind = _TYPES.get(column.type, column.type)
            xml_attributes = {"id": str(number), "title": column.title, "type": kind}
            with xml.element("attribute", xml_attributes):
                pass


def _write_nodes(
    xml: Any,
    graph: nx.Graph,
    ids: Mapping[Hashable, str],
    columns: Sequence[Column],
    clock: str,
    look: Appearance,
) -> None:
    from lxml.etree import Element

    for node, data in graph.nodes(data=True):
        name = ids[node]
        attributes = {"id": name, "label": label_of(name, data)}
        spells = _spells(data, f"node {name!r}") if clock else []
        if len(spells) == 1:
            attributes |= _ends(spells[0])
        with xml.element("node", attributes):
            values = _values(Element, columns, data)
            if values is not None:
                xml.write(values)
            if len(spells) > 1:
                xml.write(_several(Element, spells))
            for tag, look_attributes in _look(look, node):
                with xml.element(f"{{{VIZ}}}{tag}", look_attributes):
                    pass


def _look(look: Appearance, node: Hashable) -> Iterator[tuple[str, dict[str, str]]]:
    if node in look.colours:
        red, green, blue = look.colours[node]
        yield "color", {"r": str(red), "g": str(green), "b": str(blue)}
    if node in look.positions:
        x, y = look.positions[node]
        yield "position", {"x": repr(x), "y": repr(y), "z": "0.0"}
    if node in look.sizes:
        yield "size", {"value": repr(float(look.sizes[node]))}


def _write_edges(
    xml: Any, graph: nx.Graph, ids: Mapping[Hashable, str], columns: Sequence[Column], clock: str
) -> None:
    from lxml.etree import Element

    write = xml.write
    for number, (source, target, data) in enumerate(graph.edges(data=True)):
        attributes = {"id": str(number), "source": ids[source], "target": ids[target]}
        kind = data.get("kind")
        label = data.get("label", kind)
        if kind is not None:
            attributes["kind"] = _line(kind)
        if label is not None:
            attributes["label"] = _line(label)
        weight = data.get("weight")
        if weight is not None:
            if type(weight) is not int:
                weight = _finite_weight(data, source, target)
            attributes["weight"] = repr(weight)
        # Elements carry no namespace of their own: the file's default one covers them.
        if not clock:
            element = Element("edge", attributes)
        else:
            spells = _spells(data, f"edge {source!r} to {target!r}")
            if len(spells) == 1:
                attributes |= _ends(spells[0])
            element = Element("edge", attributes)
            if len(spells) > 1:
                element.append(_several(Element, spells))
        values = _values(Element, columns, data)
        if values is not None:
            element.append(values)
        write(element)


def _line(value: object) -> str:
    """Return a text on one line: what the grammar calls a token."""
    return " ".join(clean(str(value)).split())


def _finite_weight(data: dict[str, Any], source: Hashable, target: Hashable) -> int | float:
    where = f"edge {source!r} to {target!r}"
    weight = weight_of(data, where)
    if weight is None or not math.isfinite(weight):
        raise UsageError(f"{where}: the weight is {weight!r}, expected a finite number.")
    return weight


def _spells(data: Mapping[str, Any], where: str) -> list[Spell]:
    """Return the spells; raises UsageError where they are no years."""
    if "start" not in data and "end" not in data and "spells" not in data:
        return []
    spells = [
        tuple(None if year is None else _year(year, where) for year in s) for s in spells_of(data)
    ]
    return [] if spells == [(None, None)] else spells  # type: ignore[return-value]


def _year(year: Any, where: str) -> int:
    if isinstance(year, bool) or not hasattr(year, "__index__"):
        raise UsageError(f"{where}: found the time {year!r}, expected a year as a whole number.")
    return int(year)


def _ends(spell: Spell) -> dict[str, str]:
    ends = zip(("start", "end"), spell, strict=True)
    return {name: str(year) for name, year in ends if year is not None}


def _several(element: Any, spells: Sequence[Spell]) -> Any:
    """Return <spells>; an open end is written out, because networkx cannot read it left out."""
    parent = element("spells")
    for start, end in spells:
        first, last = "-INF" if start is None else str(start), "INF" if end is None else str(end)
        parent.append(element("spell", {"start": first, "end": last}))
    return parent


def _values(element: Any, columns: Sequence[Column], data: Mapping[Any, Any]) -> Any:
    """Return <attvalues>, or None where nothing has a value."""
    parent = None
    for number, column in enumerate(columns):
        if column.name not in data:
            continue
        value = column.value(data)
        if value is not None:
            if parent is None:
                parent = element("attvalues")
            parent.append(element("attvalue", {"for": str(number), "value": text_of(value)}))
    return parent
