"""What the nodes of a network are: the answer of a nodes query, read once for many networks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import networkx as nx

from govgraph.network.reading.header import NetworkHeader, network_header
from govgraph.network.reading.rows import Rows, add, read_nodes
from govgraph.network.reading.spells import as_attributes
from govgraph.queries import find_query
from govgraph.queries.asking import QueryableGraph
from govgraph.texts import fitting


@dataclass(frozen=True)
class Descriptions:
    """Node -> attribute -> values, and node -> IRI; `columns` in order, `lists` among them."""

    values: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    iris: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()


def read_descriptions(graph: QueryableGraph, header: NetworkHeader, rows: Rows) -> Descriptions:
    """Read the nodes query of a header; what the network query itself says of a node wins.

    Only nodes of the network are kept, or all where the header keeps isolates.
    """
    values: dict[str, dict[str, list[Any]]] = {}
    iris = dict(rows.iris)
    columns: tuple[str, ...] = ()
    lists = header.lists
    if header.nodes is not None:
        query = find_query(graph.queries, header.nodes)
        described = network_header(query)
        result = graph.query(query.path or query.text)
        members = None if header.isolates else {end for key in rows.edges for end in key[:2]}
        for node, iri, described_as in read_nodes(
            result, query.path or query.slug, described.lists
        ):
            if members is None or node in members:
                attributes = values.setdefault(node, {})
                if iri is not None:
                    iris[node] = iri
                for name, column_values in described_as.items():
                    add(attributes, name, column_values)
        columns = tuple(name for name in result.columns if name not in {"node", "label"})
        lists |= described.lists
    own_columns: dict[str, None] = {}
    for node, own in rows.node_values.items():
        values[node] = {**values.get(node, {}), **own}
        own_columns |= dict.fromkeys(own)
    return Descriptions(values, iris, tuple(dict.fromkeys((*columns, *own_columns))), lists)


def describe(network: nx.Graph, descriptions: Descriptions, lang: str) -> None:
    """Give the nodes their attributes: label, iri, years and all that is known of them.

    `label_languages` of the network says in which language each label is, where it says so.
    """
    network.graph["node_titles"] = dict.fromkeys(("iri", *descriptions.columns), "")
    languages = network.graph["label_languages"] = {}
    for node, attributes in network.nodes(data=True):
        values = dict(descriptions.values.get(node, {}))
        labels = values.pop("label", [])
        label, language = _label(labels, lang)
        attributes["label"] = label or node.partition("/")[2] or node
        if label and language:
            languages[node] = language
        if node in descriptions.iris:
            attributes["iri"] = descriptions.iris[node]
        start, end = (
            min(values.pop("start", []), default=None),
            max(values.pop("end", []), default=None),
        )
        if start is None or end is None or start <= end:
            attributes.update(as_attributes([(start, end)]))
        attributes.update(settled(values, descriptions.lists))


def settled(values: Mapping[str, list[Any]], lists: frozenset[str]) -> dict[str, Any]:
    """Return one value for each attribute: a sorted list, or the only one, or all joined."""
    settled: dict[str, Any] = {}
    for name, column_values in values.items():
        if name in lists:
            if column_values:
                settled[name] = sorted(map(str, column_values))
        elif len(column_values) == 1:
            settled[name] = column_values[0]
        elif column_values and all(isinstance(value, bool) for value in column_values):
            settled[name] = any(column_values)
        elif column_values:
            settled[name] = " + ".join(sorted(map(str, column_values)))
    return settled


def _label(labels: list[Any], lang: str) -> tuple[str, str]:
    """Return the label that fits a language best, with its own: "" where it says none."""
    texts = [(label, None) if isinstance(label, str) else label for label in labels]
    texts.sort(key=itemgetter(0), reverse=True)  # of several in one language, the last counts
    language, text = fitting({language or "": text for text, language in texts}, lang)
    return text, language
