"""A network as every file format has it: rows of nodes and edges with typed columns.

One pass over the graph finds which columns there are and the narrowest type that holds all their
values without loss; another writes.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from typing import Literal as OneOf

import networkx as nx

from govgraph.errors import UsageError
from govgraph.network.pictures.style import Colour, Style
from govgraph.network.reading.spells import spells_of, text
from govgraph.network.reading.values import (
    SEPARATOR,
    Plain,
    about,
    clean,
    element_name,
    plain,
    scalar_text,
    text_of,
    weight_of,
)

ColumnType = OneOf["boolean", "integer", "long", "double", "string", "list"]

NODE_FIELDS: Final = frozenset({"label", "periods"})
EDGE_FIELDS: Final = frozenset({"weight", "kind", "label", "periods"})
"""Attributes that have a place of their own in a file; `start` and `end` are columns as well."""

# Titles that Gephi, networkx or graphology take for fields of their own, and lose or choke on.
_TAKEN: Final = {
    "id", "label", "interval", "timeset", "for", "start", "end", "viz", "pid", "parents", "slices",
    "x", "y", "z", "color", "size", "shape", "thickness", "self", "key", "networkx_key",
    "node_for_adding", "u_for_edge", "v_for_edge",
}  # fmt: skip
_NODE_TITLES: Final = frozenset(_TAKEN)
_EDGE_TITLES: Final = frozenset(_TAKEN | {"source", "target", "type", "kind", "weight"})
_TITLES: Final = {"start": "start_year", "end": "end_year"}


@dataclass(frozen=True)
class Column:
    """An attribute: its name in the graph, the title and type it has in a file."""

    name: Hashable
    title: str
    type: ColumnType

    def value(self, attributes: Mapping[Any, Any]) -> Plain:
        """Return the value of one node or edge in the column's type, None where it has none."""
        if self.name == "periods":  # all of them, for readers that know only one
            return text(spells_of(attributes)) if attributes.get("periods") else None
        value = attributes.get(self.name)
        if _is_left_out(self.name, value):
            return None
        value = plain(value)
        if self.type == "list":
            items = value if isinstance(value, list) else scalar_text(value).split(SEPARATOR)
            return [item for item in items if item != ""] or None
        if self.type == "double":
            return float(value)
        if self.type == "string" and not isinstance(value, str):
            return scalar_text(value)
        return value  # type: ignore[no-any-return]


def _columns(
    elements: Iterable[tuple[Sequence[Hashable], Mapping[Any, Any]]],
    fields: frozenset[str],
    reserved: frozenset[str],
    titles: Mapping[Any, str],
    lists: Collection[Any],
) -> list[Column]:
    """Return the columns of nodes or edges; raises UsageError for a value no file can hold.

    First come those that `titles` names, in its order, then the others as they appear.
    """
    values, several = dict[Hashable, list[Plain]](), False
    for element, attributes in elements:
        several = several or bool(attributes.get("periods"))
        for name, value in attributes.items():
            if name in fields or _is_left_out(name, value):
                continue
            try:
                plain_value = plain(value)
            except TypeError as refused:
                raise UsageError(
                    f"{element_name(*element)}: the attribute {str(name)!r} holds a"
                    f" {refused}, which no network file can hold."
                    " Make it text, a number, a date or a list of these."
                ) from None
            if plain_value is not None:
                values.setdefault(name, []).append(plain_value)
    columns, taken = list[Column](), set[str]()
    for name in dict.fromkeys((*titles, *values)):
        if name in values:
            title = _title(titles.get(name) or _TITLES.get(str(name)) or str(name), reserved, taken)
            columns.append(Column(name, title, "list" if name in lists else _type(values[name])))
    if several:
        columns.append(Column("periods", _title("spells", reserved, taken), "string"))
    return columns


def _is_left_out(name: Hashable, value: Any) -> bool:
    """Whether there is no value, or one that networkx makes of a GEXF's style and spells."""
    is_pairs = isinstance(value, list) and any(isinstance(item, tuple) for item in value)
    return value is None or (
        is_pairs if name == "spells" else name == "viz" and type(value) is dict
    )


def _title(title_wanted: str, reserved: frozenset[str], taken: set[str]) -> str:
    """Return a title no reader mistakes, and that no other column has."""
    title = " ".join(clean(title_wanted).split()) or "attribute"
    if title.lower() in reserved:
        title += "_"
    number, unique = 1, title
    while unique.lower() in taken:
        number += 1
        unique = f"{title}_{number}"
    taken.add(unique.lower())
    return unique


def _type(values: Sequence[Any]) -> ColumnType:
    """Return the narrowest type that holds all values without loss."""
    kinds = set(map(type, values))
    if list in kinds:
        return "list"
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        least, greatest = min(values), max(values)
        if least >= -(2**31) and greatest < 2**31:
            return "integer"
        return "long" if least >= -(2**63) and greatest < 2**63 else "string"
    is_exact = kinds <= {int, float} and all(type(v) is float or abs(v) <= 2**53 for v in values)
    return "double" if is_exact else "string"


def text_ids(graph: nx.Graph) -> dict[Hashable, str]:
    """Return the id of each node as text; raises UsageError where two are the same or one empty."""
    ids: dict[Hashable, str] = {}
    used: dict[str, Hashable] = {}
    for node in graph:
        name = clean(str(node))
        if not name.strip():
            raise UsageError(f"The node {node!r} has no name that a file can hold.")
        if name in used:
            raise UsageError(f"The nodes {used[name]!r} and {node!r} would both be named {name!r}.")
        used[name] = node
        ids[node] = name
    return ids


def label_of(node: str, attributes: Mapping[str, Any]) -> str:
    """Return the label of a node: one line, its id where it has none."""
    label = attributes.get("label")
    return " ".join(clean(str(label)).split()) or node if label is not None else node


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node: its id and label, what the style says of it (None where nothing), attributes."""

    id: str
    label: str
    position: tuple[float, float] | None
    size: float | None
    colour: Colour | None
    attributes: Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """An edge: its number, the ids of its ends, label, kind and weight (None for none)."""

    number: int
    source: str
    target: str
    label: str | None
    kind: str | None
    weight: int | float | None
    attributes: Mapping[Any, Any]


class Sheet:
    """The rows and columns of a network; raises UsageError for what no file can hold."""

    def __init__(self, graph: nx.Graph, style: Style | None = None):
        self.graph, self.style = graph, style or Style()
        self.ids = text_ids(graph)
        nodes = (((node,), data) for node, data in graph.nodes(data=True))
        titles, lists = about(graph, "titles"), about(graph, "lists")
        self.node_columns = _columns(nodes, NODE_FIELDS, _NODE_TITLES, titles, lists)
        edges = ((ends, data) for *ends, data in graph.edges(data=True))
        self.edge_columns = _columns(edges, EDGE_FIELDS, _EDGE_TITLES, {}, lists)

    def nodes(self) -> Iterator[NodeRow]:
        """Yield a row for each node."""
        style = self.style
        for node, data in self.graph.nodes(data=True):
            name, size = self.ids[node], style.sizes.get(node)
            position, colour = style.positions.get(node), style.colours.get(node)
            yield NodeRow(name, label_of(name, data), position, size, colour, data)

    def edges(self) -> Iterator[EdgeRow]:
        """Yield a row for each edge; the kind stands for a label left out."""
        for number, (source, target, data) in enumerate(self.graph.edges(data=True)):
            kind = None if data.get("kind") is None else clean(str(data["kind"]))
            label = kind if data.get("label") is None else clean(str(data["label"]))
            weight = weight_of(data, source, target)
            ends = self.ids[source], self.ids[target]
            yield EdgeRow(number, *ends, label, kind, weight, data)

    def as_networkx(self) -> nx.Graph:
        """Return a network with ids for nodes, and texts, numbers and truths as attributes.

        Nodes have label, x, y, size, edges label, kind and weight, both the columns by title; what
        has no value is left out, and lists and several spells are text.
        """
        network: nx.Graph = self.graph.__class__()
        for node in self.nodes():
            x, y = node.position or (None, None)
            values = {"label": node.label, "x": x, "y": y, "size": node.size}
            network.add_node(node.id)
            network.nodes[node.id].update(_held(values, self.node_columns, node.attributes))
        for edge in self.edges():
            values = {"label": edge.label, "kind": edge.kind, "weight": edge.weight}
            ends = edge.source, edge.target, *([edge.number] if network.is_multigraph() else [])
            network.add_edge(*ends)
            network.edges[ends].update(_held(values, self.edge_columns, edge.attributes))
        return network


def _held(
    fields: Mapping[str, Plain], columns: Iterable[Column], attributes: Mapping[Any, Any]
) -> dict[str, Any]:
    values = {**fields, **values_of(columns, attributes)}
    return {
        title: value if isinstance(value, int | float) and abs(value) < math.inf else text_of(value)
        for title, value in values.items()
        if value is not None
    }


def values_of(columns: Iterable[Column], attributes: Mapping[Any, Any]) -> dict[str, Plain]:
    """Return title -> value of the columns that have one."""
    values = ((column.title, column.value(attributes)) for column in columns)
    return {title: value for title, value in values if value is not None}
