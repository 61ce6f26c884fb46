"""Networks from stored queries: rows become a networkx graph with typed attributes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any, Final

import networkx as nx

from govgraph.errors import SourceError, UsageError, did_you_mean
from govgraph.network.reading.about import SEPARATOR, about, tell
from govgraph.network.reading.descriptions import Descriptions, describe, read_descriptions, settled
from govgraph.network.reading.foreign import RELATIONS, short_kinds
from govgraph.network.reading.header import NetworkHeader, network_header
from govgraph.network.reading.members import SHARED, co_members
from govgraph.network.reading.rows import Edge, EdgeKey, Rows, read_rows
from govgraph.network.reading.spells import ALWAYS, Spell, as_attributes, check_span, dated, meets
from govgraph.network.reading.units import (
    FILTERS,
    GROUP_OF,
    UNITS,
    check_unit,
    groups_of,
    joined,
    narrowed,
    pooled,
)
from govgraph.queries import StoredQuery, find_query, load_query
from govgraph.queries.asking import QueryableGraph
from govgraph.texts.translations import N_, translations

FOLDER: Final = "networks/"
MODE: Final = "mode"
"""The attribute that tells the nodes of the two modes apart."""
MEMBER_OF: Final = "member_of"
"""The attribute that lists what the members of a projected network are members of."""
_CODED: Final = N_("Coded by %(names)s.")


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
    if name == RELATIONS:
        return find_query(library, name)
    networks = network_queries(library)
    short = name.removeprefix(FOLDER)
    if short in networks:
        return networks[short]
    raise UsageError(
        f"There is no network {name!r}.{did_you_mean(short, networks)} Networks:"
        f" {', '.join(networks)}; or name a .rq file."
    )


@dataclass(frozen=True)
class Projection:
    """A network query answered: read once, it gives the network of any span of years.

    unit    what its groups are told apart by, "" where it has none
    coders  who coded what it is of, `source` what that is
    """

    query: StoredQuery
    header: NetworkHeader
    rows: Rows
    descriptions: Descriptions
    unit: str = ""
    coders: tuple[str, ...] = ()
    source: str = ""

    def network(
        self,
        window: Spell = ALWAYS,
        *,
        undated: bool = True,
        lang: str = "en",
    ) -> nx.Graph:
        """Return the network of a span of years; see KnowledgeGraph.network."""
        check_span(*window)
        edges, known = _within(self.rows, window, undated), self.descriptions
        if project := self.header.project:
            joined, members = co_members(edges, newman=project == "newman", window=window)
            apart = {frozenset(pair) for pair in self._apart(members)}
            joined = {key: edge for key, edge in joined.items() if frozenset(key[:2]) not in apart}
        else:
            if self.header.modes and (
                both := {key[0] for key in edges} & {key[1] for key in edges}
            ):
                # What is of both modes is a node of each.
                copies = {node: f"{node}@{self.header.modes[0]}" for node in both}
                edges = {(copies.get(s, s), t, kind): edge for (s, t, kind), edge in edges.items()}
                known = known.doubled(copies, self.header.modes[0])
            members = {end for key in edges for end in key[:2]}
            joined = edges if self.header.directed else _undirected(edges)
        network = _assemble(joined, members, self.header)
        if self.header.isolates:
            network.add_nodes_from(sorted(known.values.keys() - set(network)))
        describe(network, known, lang)
        self._tell_modes(network, edges)
        title = self.query.told("summary", lang)[1] or self.query.slug
        said = [self.query.told("description", lang)[1]]
        if self.unit:
            brief, sentence = map(translations(lang).gettext, UNITS[self.unit])
            title, said = f"{title} ({brief})", [*said, sentence]
            network.graph["unit"] = self.unit
        if self.coders:
            said.append(translations(lang).gettext(_CODED) % {"names": ", ".join(self.coders)})
        network.graph.update(
            name=self.query.slug.removeprefix(FOLDER),
            title=title,
            source=self.source,
            question=self.query.told("question", lang)[1],
            description=" ".join(filter(None, said)),
        )
        years = dict(zip(("start", "end"), window, strict=True))
        network.graph.update({key: year for key, year in years.items() if year is not None})
        return network

    def _tell_modes(self, network: nx.Graph, edges: Mapping[EdgeKey, Edge]) -> None:
        """Note the mode of each node, or what each member is a member of."""
        modes = self.header.modes
        if self.header.project:
            memberships: dict[str, set[str]] = {node: set() for node in network}
            for member, group, _ in edges:
                memberships[member].add(group)
            joined = {node: SEPARATOR.join(sorted(groups)) for node, groups in memberships.items()}
            nx.set_node_attributes(network, joined, MEMBER_OF)
            lists = [*about(network, "lists"), MEMBER_OF]
            tell(network, lists=lists, apart=self._apart(memberships))
            network.graph["project"] = self.header.project
        elif modes:
            groups = {target for _, target, _ in edges}
            of_node = {node: modes[node in groups] for node in network}
            nx.set_node_attributes(network, of_node, MODE)
            network.graph["modes"] = SEPARATOR.join(modes)

    def _apart(self, members: Iterable[str]) -> list[tuple[str, str]]:
        """Return the pairs of members that are never tied, since they may be the same."""
        by_kind: dict[str, list[str]] = {}
        for member in sorted(members):
            by_kind.setdefault(self.descriptions.kind_of(member), []).append(member)
        return [
            (one, other)
            for kind, inside in sorted(by_kind.items())
            for broader in self.descriptions.values.get(kind, {}).get("broader", ())
            for one in inside
            for other in by_kind.get(str(broader), ())
        ]


def read_network(
    graph: QueryableGraph,
    name: str | PathLike[str],
    parameters: Mapping[str, Any],
    unit: str | None = None,
) -> Projection:
    """Answer the query of a network and that of its nodes.

    Parameters that the query does not have and FILTERS names narrow what it answers.
    """
    query = find_network(graph.queries, name)
    header = network_header(query)
    check_unit(unit := unit or header.unit)
    filters = {key for key in FILTERS if key in parameters and key not in query.parameters}
    given = {key: value for key, value in parameters.items() if key not in filters}
    result = graph.query(query.path or query.text, **given)
    rows = read_rows(result, query.path or query.slug, kind=header.kind, lists=header.lists)
    known = read_descriptions(graph, header, rows, query.path)
    if name == RELATIONS:
        rows = replace(rows, edges=short_kinds(rows.edges))
    where = {key: _texts(parameters[key]) for key in filters if parameters[key] is not None}
    edges = narrowed(rows.edges, known.values, where)
    ends = {end for key in edges for end in key[:2]}
    has_groups = any(GROUP_OF in known.values.get(end, {}) for end in ends)
    known, nodes = known.with_groups(groups_of(ends, known.values, unit))
    rows = replace(rows, edges=pooled(edges, nodes) if nodes else edges)
    coders = tuple(creator.name for creator in graph.study.creators)
    study = graph.study
    dated = " ".join(filter(None, (study.version, study.modified or study.issued)))
    source = ", ".join(filter(None, (next(iter(study.title.values()), ""), dated)))
    return Projection(query, header, rows, known, unit if has_groups else "", coders, source)


def _texts(value: Any) -> list[str]:
    return list(map(str, value if isinstance(value, list | tuple) else [value]))


def _within(rows: Rows, window: Spell, undated: bool) -> dict[EdgeKey, Edge]:
    """Return the edges with a year in the window; undated ones too, unless they are dropped."""
    if window == ALWAYS and undated:
        return rows.edges
    if not rows.timed and not undated:
        raise UsageError(
            "The network has no years at all, so leaving out what is undated empties it."
        )
    remaining = {}
    for key, edge in rows.edges.items():
        without = not edge.spells or ALWAYS in edge.spells
        if (undated and without) or meets(dated(edge.spells), window):
            remaining[key] = edge
    return remaining


def _undirected(edges: Mapping[EdgeKey, Edge]) -> dict[EdgeKey, Edge]:
    """Return the edges with both directions of one kind made one."""
    merged: dict[EdgeKey, Edge] = {}
    for (source, target, kind), edge in edges.items():
        backwards = (target, source, kind)
        if backwards in merged:
            merged[backwards] = joined(merged[backwards], edge)
        else:
            merged[source, target, kind] = edge
    return merged


def _assemble(edges: Mapping[EdgeKey, Edge], members: set[str], header: NetworkHeader) -> nx.Graph:
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
        attributes |= as_attributes(dated(edge.spells))
        attributes |= settled(edge.values, header.lists | {SHARED})
        if parallel:
            network.add_edge(source, target, key=kind, **attributes)
        else:
            network.add_edge(source, target, **attributes)
    return network


def check_not_empty(network: nx.Graph, query: str | Path) -> None:
    """Raise SourceError where a network has no node: its query has no rows, or none that late."""
    if len(network) == 0:
        years = [str(network.graph[key]) for key in ("start", "end") if key in network.graph]
        where = f" in the years asked for ({' to '.join(years)})" if years else ""
        raise SourceError(f"The network is empty{where}: nothing was written.", str(query))
