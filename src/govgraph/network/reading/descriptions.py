"""What the nodes of a network are: the answer of a nodes query, read once for many networks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeAlias

import networkx as nx

from govgraph.network.reading.header import NetworkHeader, network_header
from govgraph.network.reading.rows import SHARED, Rows, add, read_nodes
from govgraph.network.reading.spells import as_attributes
from govgraph.network.reading.values import SEPARATOR, tell
from govgraph.queries import find_query, load_query
from govgraph.queries.asking import QueryableGraph
from govgraph.texts import fitting

NAMES: Final = "networks/nodes/names"
"""The stored query of labels in other vocabularies."""
GROUP_OF: Final = "group_of"
"""The attribute of an unnamed group that names the kind of actor it is of."""
_SEVERAL: Final = "several"
_BLANK: Final = ".well-known/genid/"
"""Stands in the IRI of what had none."""
Labels: TypeAlias = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Descriptions:
    """Node -> attribute -> values, and node -> IRI; `columns` in order, `lists` among them."""

    values: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    iris: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()

    def labels(self, node: str) -> Labels:
        """Return the labels of a node with their languages; where it has none, what it is called.

        That is the end of its IRI or id, or its text.
        """
        labels = self.values.get(node, {}).get("label", [])
        pairs = [label if isinstance(label, tuple) else (str(label), None) for label in labels]
        if any(text for text, _ in pairs):
            return pairs
        name = node
        if _BLANK in node:
            name = f"_:{local_name(node)}"
        elif node in self.iris:
            is_short = "://" not in node and ":" not in node.partition("/")[0]
            name = node.partition("/")[2] or node if is_short else local_name(node)
        return [(name, None)]

    def doubled(self, nodes: Iterable[str], mode: str) -> tuple[Descriptions, dict[str, str]]:
        """Return these with copies of nodes as of one mode, and node -> copy."""
        values, iris = dict(self.values), dict(self.iris)
        copies = {node: f"{node}@{mode}" for node in nodes}
        for node, copy in copies.items():
            marked = [(f"{text} ({mode})", language) for text, language in self.labels(node)]
            values[copy] = {**values.get(node, {}), "label": marked}
            iris |= {copy: iris[node]} if node in iris else {}
        return replace(self, values=values, iris=iris), copies

    def with_groups(self, nodes: Iterable[str], unit: str) -> tuple[Descriptions, dict[str, str]]:
        """Return these with a node for the groups of each kind and case, and group -> node.

        The node has what is known of any of the groups, its IRI is that of the kind, its label says
        "Police · Denmark". By kind alone the node is the kind itself. By case, a group of several
        cases or of none stays what it is: no other is known to be it.
        """
        values, iris, found = dict(self.values), dict(self.iris), {}
        for group in nodes if unit != "arrangement" else ():
            described = self.values.get(group, {})
            kind, case = (str(described.get(name, [""])[0]) for name in (GROUP_OF, "case"))
            if not kind or (unit == "case" and case in ("", _SEVERAL)):
                continue
            node = found[group] = f"{kind}@{case}" if unit == "case" else kind
            iris |= {node: iris[kind]} if kind in iris else {}
            del values[group]
            if unit == "case":
                if node not in values:
                    values[node] = {"label": self._labels_in(kind, case)}
                for name, of_group in described.items():
                    if name != "label":
                        add(values[node], name, of_group)
        return replace(self, values=values, iris=iris), found

    def _labels_in(self, kind: str, case: str) -> Labels:
        cases = self.labels(f"case/{case}")
        return [
            (f"{text} · {_fitting(cases, language or '')[0]}", language)
            for text, language in self.labels(kind)
        ]


def read_descriptions(
    graph: QueryableGraph, header: NetworkHeader, rows: Rows, source: Path | None = None
) -> Descriptions:
    """Read the nodes query of a header; what the network query itself says of a node wins.

    Only nodes of the network are kept. What is without a label has that of another vocabulary.
    `source` is the file of the header.
    """
    values: dict[str, dict[str, list[Any]]] = {}
    iris = dict(rows.iris)
    columns: tuple[str, ...] = ()
    lists = header.lists
    if header.nodes is not None:
        if header.nodes.endswith(".rq"):  # beside the network's own
            query = load_query((source.parent if source else Path()) / header.nodes)
        else:
            query = find_query(graph.queries, header.nodes)
        described = network_header(query)
        result = graph.query(query.path or query.text)
        answered = list(read_nodes(result, query.path or query.slug, described.lists))
        members = {end for key in rows.edges for end in key[:2]}
        for node, _, attributes_of in answered:
            if node in members:  # what groups are called after
                members.update(attributes_of.get(GROUP_OF, ()))
                members.update(f"case/{slug}" for slug in attributes_of.get("case", ()))
        for node, iri, attributes_of in answered:
            if node in members:
                attributes = values.setdefault(node, {})
                if iri is not None:
                    iris[node] = iri
                for name, column_values in attributes_of.items():
                    add(attributes, name, column_values)
        columns = tuple(name for name in result.columns if name not in {"node", "label"})
        lists |= described.lists
        nameless = {node for node in members & {*iris} if not values.get(node, {}).get("label")}
        if nameless:
            _name(graph, nameless, values)
    own_columns: dict[str, None] = {}
    for node, own in rows.node_values.items():
        values[node] = {**values.get(node, {}), **own}
        own_columns |= dict.fromkeys(own)
    return Descriptions(values, iris, tuple(dict.fromkeys((*columns, *own_columns))), lists)


def _name(graph: QueryableGraph, nodes: set[str], values: dict[str, dict[str, list[Any]]]) -> None:
    """Give nodes their labels by the property that counts most, each with its language."""
    query, ranks = find_query(graph.queries, NAMES), dict[str, Any]()
    for node, _, attributes_of in read_nodes(graph.query(query.path or query.text), NAMES, ()):
        if node in nodes and ranks.setdefault(node, attributes_of["rank"]) == attributes_of["rank"]:
            values.setdefault(node, {}).setdefault("label", []).extend(attributes_of["label"])


def describe(network: nx.Graph, descriptions: Descriptions, lang: str) -> None:
    """Give the nodes their attributes: label, iri, years and all that is known of them.

    The network's `about` says in which language each label is, where it says so.
    """
    languages = {}
    for node, attributes in network.nodes(data=True):
        values = dict(descriptions.values.get(node, {}))
        values.pop("label", None)
        attributes["label"], language = _fitting(descriptions.labels(node), lang)
        if language:
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


def _fitting(labels: Labels, lang: str) -> tuple[str, str]:
    """Return the label that fits a language best, with its own: "" where it says none."""
    # Of several in one language the last counts.
    texts = sorted(labels, key=itemgetter(0), reverse=True)
    language, text = fitting({language or "": text for text, language in texts}, lang)
    return text, language


def local_name(iri: str) -> str:
    """Return what an IRI ends in, after the last # or /; the whole IRI where that is nothing."""
    if "://" not in iri:
        return iri  # urn:, mailto: and the like have no parts that say something alone
    name = iri.partition("://")[2].rstrip("#/").replace("#", "/").rpartition("/")[2]
    return name or iri
