"""GEXF 1.3, as Gephi reads it without loss: https://gexf.net, official RELAX NG grammar.

What Gephi and other readers are known to get wrong decides between the ways the format leaves
open: one <attributes> block per class, numeric column ids, `kind` on edges that run side by side,
liststring for every list, years on the elements themselves, colours as numbers. Written
incrementally: memory does not grow with the file.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias

from govgraph.errors import UsageError
from govgraph.network.files.columns import Column, edge_columns, label_of, node_columns, text_ids
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import Spell, spells_of
from govgraph.network.reading.values import clean, text_of, weight_of

if TYPE_CHECKING:
    import networkx as nx

NAMESPACE: Final = "http://gexf.net/1.3"
VIZ: Final = "http://gexf.net/1.3/viz"
_TYPES: Final = {"list": "liststring"}
_WHOLE: Final = frozenset({"integer", "long"})
_REMEMBERED: Final = 10_000
_AT_ONCE: Final = 200
_ENTITIES: Final = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;",
    "\r": "&#13;",
})  # fmt: skip


_Named: TypeAlias = tuple[str | None, str | None]
"""Kind and label of an edge."""


def write_gexf(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network, with its style, as GEXF 1.3 to a binary stream.

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
                    _write_nodes(xml, graph, ids, columns[0], clock, style or Style())
                with xml.element("edges", {"count": str(graph.number_of_edges())}):
                    # lxml has written what is open so far: what follows lies inside <edges>.
                    xml.flush()
                    for piece in _pieces(_edge_texts(graph, ids, columns[1], clock)):
                        stream.write(piece)


def _pieces(texts: Iterator[str]) -> Iterator[bytes]:
    """Yield the texts in UTF-8, some hundred at a time."""
    while piece := "".join(islice(texts, _AT_ONCE)):
        yield piece.encode()


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
    style: Style,
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
                with xml.element("spells"):
                    for first, last in _several(spells):
                        with xml.element("spell", {"start": first, "end": last}):
                            pass
            for tag, style_attributes in _style(style, node):
                with xml.element(f"{{{VIZ}}}{tag}", style_attributes):
                    pass


def _style(style: Style, node: Hashable) -> Iterator[tuple[str, dict[str, str]]]:
    if node in style.colours:
        red, green, blue = style.colours[node]
        yield "color", {"r": str(red), "g": str(green), "b": str(blue)}
    if node in style.positions:
        x, y = style.positions[node]
        yield "position", {"x": repr(x), "y": repr(y), "z": "0.0"}
    if node in style.sizes:
        yield "size", {"value": repr(float(style.sizes[node]))}


def _edge_texts(
    graph: nx.Graph, ids: Mapping[Hashable, str], columns: Sequence[Column], clock: str
) -> Iterator[str]:
    """Yield each edge as XML: making elements of a million edges takes most of the time."""
    names = {node: _quoted(name) for node, name in ids.items()}
    labels: dict[_Named, str] = {}
    for number, (source, target, data) in enumerate(graph.edges(data=True)):
        text = f'<edge id="{number}" source={names[source]} target={names[target]}'
        named = _text(data.get("kind")), _text(data.get("label"))
        if named != (None, None):
            text += labels.get(named) or _remember(labels, named)
        weight = data.get("weight")
        if weight is not None:
            if type(weight) is not int:
                weight = _finite_weight(data, source, target)
            text += f' weight="{weight!r}"'
        spells = _spells(data, f"edge {source!r} to {target!r}") if clock else []
        if len(spells) == 1:
            text += "".join(f' {name}="{year}"' for name, year in _ends(spells[0]).items())
        values = "".join(
            f'<attvalue for="{number}" value={_quoted(value)}/>'
            for number, value in _texts(columns, data)
        )
        if values:
            values = f"<attvalues>{values}</attvalues>"
        if len(spells) > 1:
            inside = (f'<spell start="{first}" end="{last}"/>' for first, last in _several(spells))
            values += f"<spells>{''.join(inside)}</spells>"
        yield f"{text}>{values}</edge>" if values else f"{text}/>"


def _text(value: Any) -> str | None:
    return value if value is None or type(value) is str else str(value)


def _remember(labels: dict[_Named, str], named: _Named) -> str:
    """Return kind and label of an edge as attributes; the kind stands for a label left out."""
    kind, label = named
    text = "" if kind is None else f" kind={_quoted(_line(kind))}"
    text += f" label={_quoted(_line(kind if label is None else label))}"
    if len(labels) < _REMEMBERED:
        labels[named] = text
    return text


def _quoted(text: str) -> str:
    """Return a text as the value of an attribute, in quotes (XML 1.0, section 2.3)."""
    return f'"{text}"' if text.isalnum() else f'"{text.translate(_ENTITIES)}"'


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
    """Return the spells, [] for none; raises UsageError where they are no years."""
    if "spells" not in data:
        start, end = data.get("start"), data.get("end")
        if start is None and end is None:
            return []
        if type(start) is int and end is None:
            return [(start, None)]
    spells: list[Spell] = [
        (
            None if start is None else _year(start, where),
            None if end is None else _year(end, where),
        )
        for start, end in spells_of(data)
    ]
    return [] if spells == [(None, None)] else spells


def _year(year: Any, where: str) -> int:
    if isinstance(year, bool) or not hasattr(year, "__index__"):
        raise UsageError(f"{where}: found the time {year!r}, expected a year as a whole number.")
    return int(year)


def _ends(spell: Spell) -> dict[str, str]:
    ends = zip(("start", "end"), spell, strict=True)
    return {name: str(year) for name, year in ends if year is not None}


def _several(spells: Sequence[Spell]) -> Iterator[tuple[str, str]]:
    """Yield start and end of each; open ends written out, since networkx cannot do without."""
    for start, end in spells:
        yield "-INF" if start is None else str(start), "INF" if end is None else str(end)


def _values(element: Any, columns: Sequence[Column], data: Mapping[Any, Any]) -> Any:
    """Return <attvalues>, or None where nothing has a value."""
    texts = _texts(columns, data)
    if not texts:
        return None
    parent = element("attvalues")
    for number, text in texts:
        parent.append(element("attvalue", {"for": number, "value": text}))
    return parent


def _texts(columns: Sequence[Column], data: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Return number and text of each column that has a value."""
    texts = []
    for number, column in enumerate(columns):
        value = data.get(column.name)
        if value is None:
            continue
        if type(value) is int and column.type in _WHOLE:
            texts.append((str(number), str(value)))
        else:
            found = column.value(data)
            if found is not None:
                texts.append((str(number), text_of(found)))
    return texts
