"""Networks from stored queries: rows become a networkx graph with typed attributes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govgraph.errors import SourceError, UsageError, did_you_mean
from govgraph.network.header import PROJECTIONS, NetworkHeader, network_header
from govgraph.network.members import SHARED, co_members, is_large, large_network
from govgraph.network.rows import Edge, EdgeKey, Rows, add, read_nodes, read_rows
from govgraph.network.spells import ALWAYS, Spell, as_attributes, meets, merge
from govgraph.queries import StoredQuery, find_query, load_query

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.knowledge_graph import KnowledgeGraph

FOLDER: Final = "networks/"


def network_queries(library: Mapping[str, StoredQuery]) -> dict[str, StoredQuery]:
    """Return the stored networks by their short name: "actors" for networks/actors.rq."""
    return {
        slug.removeprefix(FOLDER): query
        for slug, query in library.items()
        if slug.startswith(FOLDER) and "/" not in slug.removeprefix(FOLDER)
    }


def find_network(library: Mapping[str, StoredQuery], name: str | PathLike[str]) -> StoredQuery:
    """Return a stored network by name, or the query of a .rq file.

    Raises UsageError with what was perhaps meant, SourceError for a file that does not fit.
    """
    if isinstance(name, PathLike) or name.endswith(".rq"):
        return load_query(name)
    known = network_queries(library)
    short = name.removeprefix(FOLDER)
    if short in known:
        return known[short]
    raise UsageError(
        f"There is no network {name!r}.{did_you_mean(short, known)} Networks:"
        f" {', '.join(known)}; or name a .rq file."
    )


def build_network(
    graph: KnowledgeGraph,
    name: str | PathLike[str],
    parameters: Mapping[str, Any],
    *,
    window: Spell = ALWAYS,
    undated: bool = True,
    weighting: str | None = None,
    lang: str = "en",
) -> nx.Graph:
    """Return the network of a query; see KnowledgeGraph.network for what it holds."""
    query = find_network(graph.queries, name)
    header = network_header(query)
    project = _weighting(header, weighting, query)
    _check_window(window)
    result = graph.query(query.path or query.text, **parameters)
    source = query.path or query.slug
    rows = read_rows(result, source, kind=header.kind, lists=header.lists)
    edges = _within(rows, window, undated)
    newman = project == "newman"
    if project and is_large(edges, timed=rows.timed):
        network = large_network(edges, newman=newman)
    elif project:
        network = _assemble(*co_members(edges, newman=newman, window=window), header)
    else:
        members = {end for key in edges for end in key[:2]}
        network = _assemble(edges if header.directed else _undirected(edges), members, header)
    _describe(network, graph, rows, header, lang)
    network.graph.update(
        name=query.slug.removeprefix(FOLDER),
        title=query.summary or query.slug,
        description=query.question or query.description,
        weighting=project or "",
    )
    network.graph.update(
        {key: year for key, year in zip(("start", "end"), window, strict=True) if year is not None}
    )
    return network


def _weighting(header: NetworkHeader, asked: str | None, query: StoredQuery) -> str | None:
    if asked is None:
        return header.project
    if asked not in PROJECTIONS:
        known = ", ".join(PROJECTIONS)
        raise UsageError(
            f"There is no weighting {asked!r}.{did_you_mean(asked, PROJECTIONS)} Known: {known}."
        )
    if header.project is None:
        raise UsageError(
            f"The network {query.slug!r} is not projected, so no weighting applies to it."
        )
    return asked


def _check_window(window: Spell) -> None:
    start, end = window
    if start is not None and end is not None and start > end:
        raise UsageError(f"from {start} to {end} is no span of years: the first comes later.")


def _within(rows: Rows, window: Spell, undated: bool) -> dict[EdgeKey, Edge]:
    """Return the edges with a year in the window; undated ones too, unless they are dropped."""
    if window == ALWAYS and undated:
        return rows.edges
    if not rows.timed and not undated:
        raise UsageError(
            "The network has no years at all, so leaving out what is undated empties it."
        )
    kept = {}
    for key, edge in rows.edges.items():
        spells = merge(edge.spells) or [ALWAYS]
        if (undated or spells != [ALWAYS]) and meets(spells, window):
            kept[key] = edge
    return kept


def _undirected(edges: Mapping[EdgeKey, Edge]) -> dict[EdgeKey, Edge]:
    """Return the edges with both directions of one kind made one."""
    merged: dict[EdgeKey, Edge] = {}
    for (source, target, kind), edge in edges.items():
        backwards = (target, source, kind)
        if backwards not in merged:
            merged[source, target, kind] = edge
            continue
        other = merged[backwards]
        other.weight += edge.weight
        other.spells |= edge.spells
        for name, values in edge.values.items():
            add(other.values, name, values)
    return merged


def _assemble(edges: Mapping[EdgeKey, Edge], members: set[str], header: NetworkHeader) -> nx.Graph:
    import networkx as nx

    pairs = [(key[:2] if header.directed else frozenset(key[:2])) for key in edges]
    parallel = len(set(pairs)) < len(pairs)
    kinds: dict[tuple[bool, bool], type[nx.Graph]] = {
        (False, False): nx.Graph,
        (False, True): nx.MultiGraph,
        (True, False): nx.DiGraph,
        (True, True): nx.MultiDiGraph,
    }
    network = kinds[header.directed, parallel]()
    network.add_nodes_from(sorted(members))
    for (source, target, kind), edge in sorted(edges.items(), key=lambda item: item[0]):
        attributes: dict[str, Any] = {"weight": edge.weight}
        if kind:
            attributes["kind"] = kind
        attributes |= as_attributes(merge(edge.spells))
        attributes |= _settled(edge.values, header.lists | {SHARED})
        if parallel:
            network.add_edge(source, target, key=kind, **attributes)
        else:
            network.add_edge(source, target, **attributes)
    return network


def _settled(values: Mapping[str, list[Any]], lists: frozenset[str]) -> dict[str, Any]:
    """Return one value for each attribute: a sorted list, or the only one, or all joined."""
    settled: dict[str, Any] = {}
    for name, found in values.items():
        if name in lists:
            if found:
                settled[name] = sorted(map(str, found))
        elif len(found) == 1:
            settled[name] = found[0]
        elif found and all(isinstance(value, bool) for value in found):
            settled[name] = any(found)
        elif found:
            settled[name] = " + ".join(sorted(map(str, found)))
    return settled


def _describe(
    network: nx.Graph, graph: KnowledgeGraph, rows: Rows, header: NetworkHeader, lang: str
) -> None:
    """Give the nodes the attributes that the nodes query and the rows themselves hold."""
    values: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    iris = dict(rows.iris)
    columns: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()
    if header.nodes is not None:
        columns, lists = _read_descriptions(network, graph, header, values, iris)
    for node, found in rows.node_values.items():
        for name, each in found.items():
            values[node][name] = each  # what the query says itself wins
    named = dict.fromkeys(name for found in rows.node_values.values() for name in found)
    order = ("iri", *(name for name in columns if name not in {"node", "label"}), *named)
    network.graph["node_titles"] = dict.fromkeys(order, "")
    for node, attributes in network.nodes(data=True):
        found = values.get(node, {})
        labels = found.pop("label", [])
        attributes["label"] = _label(labels, lang) or node.partition("/")[2] or node
        if node in iris:
            attributes["iri"] = iris[node]
        attributes.update(_hull(found.pop("start", []), found.pop("end", [])))
        attributes.update(_settled(found, lists | header.lists))


def _hull(starts: list[int], ends: list[int]) -> dict[str, Any]:
    """Return the first start and the last end; nothing where they contradict each other."""
    start, end = min(starts, default=None), max(ends, default=None)
    if start is not None and end is not None and start > end:
        return {}
    return as_attributes([(start, end)])


def _read_descriptions(
    network: nx.Graph,
    graph: KnowledgeGraph,
    header: NetworkHeader,
    values: dict[str, dict[str, list[Any]]],
    iris: dict[str, str],
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Read the nodes query into `values` and `iris`; returns its columns, and which are lists."""
    query = find_query(graph.queries, str(header.nodes))
    described = network_header(query)
    result = graph.query(query.path or query.text)
    source = query.path or query.slug
    for node, iri, found in read_nodes(result, source, described.lists):
        if node not in network:
            if not header.isolates:
                continue
            network.add_node(node)
        if iri is not None:
            iris[node] = iri
        for name, each in found.items():
            add(values[node], name, each)
    return result.columns, described.lists


def _label(labels: list[Any], lang: str) -> str:
    """Return the label in the language asked for, else in none, English or any other."""
    given = [(each, None) if isinstance(each, str) else each for each in labels]

    def rank(label: tuple[str, str | None]) -> tuple[int, str, str]:
        language = (label[1] or "").lower()
        order = [lang.lower(), "", "en"]
        place = order.index(language) if language in order else len(order)
        return (place, language, label[0])

    return min(given, key=rank)[0] if given else ""


def check_not_empty(network: nx.Graph, query: str | Path) -> None:
    """Raise SourceError where a network has no node: its query has no rows, or none that late."""
    if len(network) == 0:
        years = [str(network.graph[key]) for key in ("start", "end") if key in network.graph]
        where = f" in the years asked for ({' to '.join(years)})" if years else ""
        raise SourceError(f"The network is empty{where}: nothing was written.", str(query))
