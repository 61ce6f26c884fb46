"""What the nodes of a network are: the answer of a nodes query, read once for many networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import networkx as nx

from govgraph.network.reading.about import SEPARATOR, tell
from govgraph.network.reading.foreign import local_name
from govgraph.network.reading.header import NetworkHeader, network_header
from govgraph.network.reading.members import SHARED
from govgraph.network.reading.rows import Rows, add, read_nodes
from govgraph.network.reading.spells import as_attributes
from govgraph.network.reading.units import GROUP_OF
from govgraph.queries import StoredQuery, find_query, load_query
from govgraph.queries.asking import QueryableGraph
from govgraph.texts.languages import fitting

NAMES: Final = "networks/nodes/names"
"""The stored query of labels in other vocabularies."""
BLANK: Final = ".well-known/genid/"
"""Stands in the IRI of what had none."""


@dataclass(frozen=True)
class Descriptions:
    """Node -> attribute -> values, and node -> IRI; `columns` in order, `lists` among them.

    pooled   node that stands for groups -> their kind and case ("" for any), which name it
    """

    values: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    iris: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()
    pooled: dict[str, tuple[str, str]] = field(default_factory=dict)

    def kind_of(self, node: str) -> str:
        """Return the kind of actor that a group is of, or several groups are; else the node."""
        kinds = self.values.get(node, {}).get(GROUP_OF, [node])
        return self.pooled.get(node, (str(kinds[0]),))[0]

    def doubled(self, copies: Mapping[str, str], mode: str) -> Descriptions:
        """Return these with what is known of nodes also for their copies, as of one mode."""
        values, iris = dict(self.values), dict(self.iris)
        for node, copy in copies.items():
            labels = values.get(node, {}).get("label") or [(_unnamed(node, node in iris), None)]
            pairs = (label if isinstance(label, tuple) else (label, None) for label in labels)
            marked = [(f"{text} ({mode})", language) for text, language in pairs]
            values[copy] = {**values.get(node, {}), "label": marked}
            if node in iris:
                iris[copy] = iris[node]
        return replace(self, values=values, iris=iris)

    def with_groups(
        self, groups: Mapping[str, tuple[str, str]]
    ) -> tuple[Descriptions, dict[str, str]]:
        """Return these with a node for the groups of each kind and case, and group -> node.

        The node has what is known of any of the groups, its IRI is that of the kind. By kind alone
        the node is the kind itself, and is described as that.
        """
        values, iris, pooled = dict(self.values), dict(self.iris), {}
        nodes = {
            group: f"{kind}@{case}" if case else kind for group, (kind, case) in groups.items()
        }
        for group, node in nodes.items():
            kind, case = pooled[node] = groups[group]
            if kind in iris:
                iris[node] = iris[kind]
            if case:
                of_node = values.setdefault(node, {})
                for name, known in values.pop(group, {}).items():
                    add(of_node, name, known)
        return replace(self, values=values, iris=iris, pooled=pooled), nodes


def read_descriptions(
    graph: QueryableGraph, header: NetworkHeader, rows: Rows, source: Path | None = None
) -> Descriptions:
    """Read the nodes query of a header; what the network query itself says of a node wins.

    Only nodes of the network are kept, or all where the header keeps isolates. What is without a
    label has that of another vocabulary. `source` is the file of the header.
    """
    values: dict[str, dict[str, list[Any]]] = {}
    iris = dict(rows.iris)
    columns: tuple[str, ...] = ()
    lists = header.lists
    if header.nodes is not None:
        query = _nodes_query(graph, header.nodes, source)
        described = network_header(query)
        result = graph.query(query.path or query.text)
        answered = list(read_nodes(result, query.path or query.slug, described.lists))
        members = {end for key in rows.edges for end in key[:2]}
        for node, _, described_as in answered:
            if node in members:  # what groups are called after
                members.update(described_as.get(GROUP_OF, ()))
                members.update(f"case/{slug}" for slug in described_as.get("case", ()))
        for node, iri, described_as in answered:
            if header.isolates or node in members:
                attributes = values.setdefault(node, {})
                if iri is not None:
                    iris[node] = iri
                for name, column_values in described_as.items():
                    add(attributes, name, column_values)
        columns = tuple(name for name in result.columns if name not in {"node", "label"})
        lists |= described.lists
        nameless = {node for node in members & {*iris} if not values.get(node, {}).get("label")}
        for node, labels in _names(graph).items() if nameless else ():
            if node in nameless:
                values.setdefault(node, {})["label"] = labels
    own_columns: dict[str, None] = {}
    for node, own in rows.node_values.items():
        values[node] = {**values.get(node, {}), **own}
        own_columns |= dict.fromkeys(own)
    return Descriptions(values, iris, tuple(dict.fromkeys((*columns, *own_columns))), lists)


def _nodes_query(graph: QueryableGraph, name: str, source: Path | None) -> StoredQuery:
    """Return a stored query by its name, or that of a .rq file beside the network's own."""
    if name.endswith(".rq"):
        return load_query((source.parent if source else Path()) / name)
    return find_query(graph.queries, name)


def _names(graph: QueryableGraph) -> dict[str, list[Any]]:
    """Return node -> its labels by the property that counts most, each with its language."""
    query = find_query(graph.queries, NAMES)
    ranks: dict[str, Any] = {}
    labels: dict[str, list[Any]] = {}
    for node, _, known in read_nodes(graph.query(query.path or query.text), NAMES, ()):
        if ranks.setdefault(node, known["rank"]) == known["rank"]:
            labels.setdefault(node, []).extend(known["label"])
    return labels


def describe(network: nx.Graph, descriptions: Descriptions, lang: str) -> None:
    """Give the nodes their attributes: label, iri, years and all that is known of them.

    The network's `about` says in which language each label is, where it says so.
    """
    languages = {}
    for node, attributes in network.nodes(data=True):
        values = dict(descriptions.values.get(node, {}))
        labels = values.pop("label", [])
        label, language = _label(labels, lang)
        if node in descriptions.pooled:
            label, language = _pooled_label(descriptions, node, lang)
        attributes["label"] = label or _unnamed(node, node in descriptions.iris)
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
    titles = dict.fromkeys(("iri", *descriptions.columns), "")
    tell(network, titles=titles, languages=languages, lists=sorted({*descriptions.lists, SHARED}))


def _unnamed(node: str, is_iri: bool) -> str:
    """Return what a node without a label is called: the end of its IRI or id, or its text."""
    if BLANK in node:
        return f"_:{local_name(node)}"
    if not is_iri or "://" in node or ":" in node.partition("/")[0]:
        return local_name(node) if is_iri else node
    return node.partition("/")[2] or node


def _pooled_label(descriptions: Descriptions, node: str, lang: str) -> tuple[str, str]:
    """Return "Police · Denmark" for the police of Denmark, and the language of "Police"."""
    kind, slug = descriptions.pooled[node]
    case = f"case/{slug}" if slug else ""
    named = {
        thing: _label(list(descriptions.values.get(thing, {}).get("label", ())), lang)
        for thing in (kind, case)
        if thing
    }
    texts = [label or thing.partition("/")[2] for thing, (label, _) in named.items()]
    return " · ".join(texts), named[kind][1]


def settled(values: Mapping[str, list[Any]], lists: frozenset[str]) -> dict[str, Any]:
    """Return one value for each attribute: a list as text, or the only one, or all joined."""
    settled: dict[str, Any] = {}
    for name, column_values in values.items():
        if name in lists:
            if column_values:
                settled[name] = SEPARATOR.join(sorted(map(str, column_values)))
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
