"""What becomes of the measures outside Spark: RDF, and a network file of the chief members."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from govgraph.errors import UsageError
from govgraph.files import written_whole
from govgraph.network.files import cube
from govgraph.network.reading.descriptions import Descriptions, describe
from govgraph.network.reading.rows import add
from govgraph.results import shorten
from govgraph.scale.spark.results import batches

if TYPE_CHECKING:
    import networkx as nx
    from pyspark.sql import DataFrame

RDF: Final = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}
"""Extensions of RDF, which is streamed in the order of the nodes."""


@dataclass(frozen=True)
class Told:
    """What a network is called, and how each measure was computed where it is not exact."""

    name: str
    title: str
    weighting: str
    notes: dict[str, str]


def write_rdf(frame: DataFrame, output: str, told: Told) -> None:
    """Write measures (node, then a column each) as observations of a data cube.

    Raises UsageError for a node that is no IRI, and of which RDF can say nothing.
    """
    names = [name for name in frame.columns if name != "node"]
    slug = f"{told.name}-newman" if told.weighting == "newman" else told.name

    def triples() -> Iterator[ox.Triple]:
        for some in batches(frame):
            for row in some:
                node = named(row["node"])
                for name in names:
                    yield from cube.observation(
                        slug, shorten(node.value), node, name, row[name], note=told.notes.get(name)
                    )
        yield from cube.data_set(slug, names, noted=bool(told.notes))

    form = RDF[Path(output).suffix.removeprefix(".")]
    with written_whole(Path(output)) as stream:
        ox.serialize(triples(), output=stream, format=form)


def named(node: str) -> ox.NamedNode:
    """Return a node's IRI; raises UsageError for what is none."""
    try:
        return ox.NamedNode(node)
    except ValueError:
        raise UsageError(
            f"The node {node!r} is no IRI, so RDF can say nothing of it: write the pairs with"
            " IRIs, or take another output."
        ) from None


def small_network(
    measures: DataFrame, ties: DataFrame, nodes: DataFrame | None, told: Told, lang: str
) -> nx.Graph:
    """Return the chief members as a networkx graph, with measures, labels, and ties.

    `measures` has node, measures; `ties` source, target, kind, weight; `nodes` what is known of
    these nodes, or None. All are small.
    """
    import networkx as nx

    rows = sorted(ties.collect(), key=lambda row: (row["source"], row["target"], row["kind"]))
    found = {(row["source"], row["target"]) for row in rows}
    parallel = len(found) < len(rows)
    network: Any = nx.MultiGraph() if parallel else nx.Graph()
    known = [row.asDict() for row in measures.collect()]
    network.add_nodes_from(sorted(shorten(row["node"]) for row in known))
    describe(network, _descriptions(known, nodes), lang)
    for measured in known:
        node = shorten(measured.pop("node"))
        network.nodes[node].update(measured)
    for row in rows:
        ends = shorten(row["source"]), shorten(row["target"])
        key = {"key": row["kind"]} if parallel else {}
        network.add_edge(*ends, **key, weight=row["weight"], kind=row["kind"])
    network.graph["node_titles"] |= {name: f"{name} ({note})" for name, note in told.notes.items()}
    network.graph.update(name=told.name, title=told.title, weighting=told.weighting, lang=lang)
    return network


def _descriptions(known: list[dict[str, Any]], nodes: DataFrame | None) -> Descriptions:
    """Return what is known of nodes, from the rows of FILE.nodes.parquet."""
    iris = {shorten(row["node"]): row["node"] for row in known}
    iris = {node: iri for node, iri in iris.items() if _is_iri(iri)}
    values: dict[str, dict[str, list[Any]]] = {}
    lists: set[str] = set()
    columns: set[str] = set()
    for row in nodes.collect() if nodes is not None else ():
        value = json.loads(row["value"])
        if row["name"] == "label":
            value = (value, row["language"])
        else:
            columns.add(row["name"])
        if row["listed"]:
            lists.add(row["name"])
        add(values.setdefault(shorten(row["node"]), {}), row["name"], [value])
    return Descriptions(values, iris, tuple(sorted(columns)), frozenset(lists))


def _is_iri(node: str) -> bool:
    try:
        ox.NamedNode(node)
    except ValueError:
        return False
    return True
