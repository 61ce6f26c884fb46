"""GEXF 1.3, as Gephi reads it without loss: https://gexf.net, official RELAX NG grammar.

Not networkx's writer: it loses colours, positions, kinds of edge and lists, fails on several
spells, and its files are not valid. What Gephi and other readers are known to get wrong decides
between the ways the format leaves open: one <attributes> block per class, numeric column ids,
`kind` on edges that run side by side, liststring for every list, years on the elements themselves,
colours as numbers. Written a piece at a time: memory does not grow with the file.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import IO, Any, Final
from xml.sax.saxutils import escape

import networkx as nx

from govgraph.errors import UsageError
from govgraph.network.files.columns import Column, EdgeRow, NodeRow, Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import ALWAYS, Spell, spells_of
from govgraph.network.reading.values import clean, element_name, text_of

NAMESPACE: Final = "http://gexf.net/1.3"
VIZ: Final = "http://gexf.net/1.3/viz"
_TYPES: Final = {"list": "liststring"}
_WHOLE: Final = frozenset({"integer", "long"})
_ENTITIES: Final = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;",
    "\r": "&#13;",
})  # fmt: skip


def write_gexf(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network, with its style, as GEXF 1.3 to a binary stream.

    Raises UsageError for what the format cannot hold, where it lies in columns before anything is
    written. Elements are put together as text, which for a million edges is much faster.
    """
    stream.writelines(piece.encode() for piece in _document(Sheet(graph, style)))


def _document(sheet: Sheet) -> Iterator[str]:
    graph = sheet.graph
    clock = _clock(sheet)
    yield "<?xml version='1.0' encoding='utf-8'?>\n"
    yield f'<gexf xmlns="{NAMESPACE}" xmlns:viz="{VIZ}" version="1.3">'
    texts = [str(graph.graph.get(key) or "") for key in ("title", "description")]
    description = clean(". ".join(text.rstrip(".") for text in texts if text))
    yield f"<meta><creator>govgraph</creator><description>{escape(description)}</description>"
    yield "</meta>"
    direction = "directed" if graph.is_directed() else "undirected"
    timed = f' timeformat="{clock}" timerepresentation="interval"' if clock else ""
    mode = "dynamic" if clock else "static"
    yield f'<graph defaultedgetype="{direction}" idtype="string" mode="{mode}"{timed}>'
    # Readers differ in what they make of a missing block of columns, and agree on an empty one.
    for owner, columns in (("node", sheet.node_columns), ("edge", sheet.edge_columns)):
        yield f'<attributes class="{owner}" mode="static">'
        for number, column in enumerate(columns):
            title, kind = _quoted(column.title), _TYPES.get(column.type, column.type)
            yield f'<attribute id="{number}" title={title} type="{kind}"></attribute>'
        yield "</attributes>"
    yield f'<nodes count="{len(graph)}">'
    for node in sheet.nodes():
        yield _node(sheet, node, clock)
    yield f'</nodes><edges count="{graph.number_of_edges()}">'
    for edge in sheet.edges():
        yield _edge(sheet, edge, clock)
    yield "</edges></graph></gexf>"


def _clock(sheet: Sheet) -> str:
    """Return the time format: "" where nothing is dated.

    "double" where an end is open inside several spells, since it alone can say INF there.
    """
    names = {column.name for column in (*sheet.node_columns, *sheet.edge_columns)}
    if "periods" not in names:
        return "integer" if names & {"start", "end"} else ""
    ends = (*sheet.graph.nodes(data=True), *sheet.graph.edges(data=True))
    several = (spells for *_, data in ends if len(spells := spells_of(data)) > 1)
    return "double" if any(None in spell for spells in several for spell in spells) else "integer"


def _node(sheet: Sheet, node: NodeRow, clock: str) -> str:
    start = f"<node id={_quoted(node.id)} label={_quoted(node.label)}"
    spells = _spells(node.attributes, node.id) if clock else []
    inside = _values(sheet.node_columns, node.attributes) + _several(spells)
    if node.colour:
        inside += '<viz:color r="{}" g="{}" b="{}"></viz:color>'.format(*node.colour)
    if node.position:
        x, y = node.position
        inside += f'<viz:position x="{x!r}" y="{y!r}" z="0.0"></viz:position>'
    if node.size is not None:
        inside += f'<viz:size value="{float(node.size)!r}"></viz:size>'
    return f"{start}{_ends(spells)}>{inside}</node>"


def _edge(sheet: Sheet, edge: EdgeRow, clock: str) -> str:
    text = f'<edge id="{edge.number}" source={_quoted(edge.source)} target={_quoted(edge.target)}'
    if edge.kind is not None:
        text += f" kind={_quoted(_line(edge.kind))}"
    if edge.label is not None:
        text += f" label={_quoted(_line(edge.label))}"
    if edge.weight is not None:
        if not math.isfinite(edge.weight):
            name = element_name(edge.source, edge.target)
            raise UsageError(f"{name}: the weight is {edge.weight!r}, expected a finite number.")
        text += f' weight="{edge.weight!r}"'
    spells = _spells(edge.attributes, edge.source, edge.target) if clock else []
    inside = _values(sheet.edge_columns, edge.attributes) + _several(spells)
    text += _ends(spells)
    return f"{text}>{inside}</edge>" if inside else f"{text}/>"


def _quoted(text: str) -> str:
    """Return a text as the value of an attribute, in quotes (XML 1.0, section 2.3)."""
    return f'"{text}"' if text.isalnum() else f'"{text.translate(_ENTITIES)}"'


def _line(text: str) -> str:
    return " ".join(text.split())


def _spells(attributes: Mapping[str, Any], *ends: str) -> list[Spell]:
    """Return the spells, [] for none; raises UsageError where they are no years."""
    spells = spells_of(attributes)
    if spells == [ALWAYS]:
        return []
    for year in chain.from_iterable(spells):
        if year is not None and (isinstance(year, bool) or not hasattr(year, "__index__")):
            name = element_name(*ends)
            raise UsageError(f"{name}: found the time {year!r}, expected a year as a whole number.")
    return spells


def _ends(spells: Sequence[Spell]) -> str:
    """Return start and end of the only spell as attributes, "" where there are several or none."""
    if len(spells) != 1:
        return ""
    ends = zip(("start", "end"), spells[0], strict=True)
    return "".join(f' {name}="{year}"' for name, year in ends if year is not None)


def _several(spells: Sequence[Spell]) -> str:
    """Return several spells; open ends are written out, since networkx cannot do without."""
    if len(spells) < 2:
        return ""
    written = (("-INF" if a is None else a, "INF" if b is None else b) for a, b in spells)
    texts = (f'<spell start="{start}" end="{end}"/>' for start, end in written)
    return f"<spells>{''.join(texts)}</spells>"


def _values(columns: Sequence[Column], attributes: Mapping[Any, Any]) -> str:
    texts = []
    for number, column in enumerate(columns):
        value = attributes.get(column.name)
        if column.name == "periods" or (
            value is not None and (type(value) is not int or column.type not in _WHOLE)
        ):
            value = column.value(attributes)
        if value is not None:
            texts.append(f'<attvalue for="{number}" value={_quoted(text_of(value))}/>')
    return f"<attvalues>{''.join(texts)}</attvalues>" if texts else ""
