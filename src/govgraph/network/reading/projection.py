"""Networks from stored queries: rows become edges, and these a networkx graph.

Co-membership joins members of the same groups (one-mode projection). With B the matrix of members
by groups, the weights are the off-diagonal of B·Bᵀ (how many groups two members share), or of
B·diag(1/(k-1))·Bᵀ with k the size of a group (Newman 2001, Physical Review E 64, 016132: a small
group joins its members more closely than a large one). Weights of memberships do not count. Where a
query has a ?kind, both are projected for each kind of membership apart, so that edges keep it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias

import networkx as nx

from govgraph.coding.study import UNNAMED, Study
from govgraph.errors import SourceError, UsageError, did_you_mean, warn
from govgraph.network.reading.descriptions import (
    GROUP_OF,
    Descriptions,
    describe,
    read_descriptions,
    settled,
)
from govgraph.network.reading.header import UNITS, NetworkHeader, network_header
from govgraph.network.reading.rows import SHARED, Edge, EdgeKey, Rows, add, read_rows
from govgraph.network.reading.spells import (
    ALWAYS,
    Spell,
    as_attributes,
    both,
    check_span,
    dated,
    meets,
    merge,
)
from govgraph.network.reading.values import SEPARATOR, about, tell
from govgraph.queries import StoredQuery, load_query
from govgraph.queries.asking import QueryableGraph
from govgraph.texts import N_, translations

KIND: Final = "co-membership"
Edges: TypeAlias = Mapping[EdgeKey, Edge]
FOLDER: Final = "networks/"
RELATIONS: Final = "networks/nodes/relations"
"""The stored query of every relation of an RDF file."""
MODE: Final = "mode"
"""The attribute that tells the nodes of the two modes apart."""
MEMBER_OF: Final = "member_of"
"""The attribute that lists what the members of a projected network are members of."""
FILTERS: Final = ("case", "place", "level", "sector")
"""What every network can be narrowed to, whether its query has such a parameter or not."""
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
        return library[RELATIONS]
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

    unit   what its groups are told apart by, "" where it has none
    study  what it is of
    nodes  those that are there without a tie too
    """

    query: StoredQuery
    header: NetworkHeader
    rows: Rows
    descriptions: Descriptions
    unit: str = ""
    study: Study = UNNAMED
    nodes: tuple[str, ...] = ()

    def network(
        self, window: Spell = ALWAYS, *, undated: bool = True, lang: str = "en"
    ) -> nx.Graph:
        """Return the network of a span of years; see KnowledgeGraph.network."""
        check_span(*window)
        if not self.rows.timed and not undated:
            raise UsageError(
                "The network has no years at all, so leaving out what is undated empties it."
            )
        edges, known = within(self.rows.edges, window, undated=undated), self.descriptions
        header, ties, parted = self.header, edges, set[tuple[str, str]]()
        if header.project:
            if self.rows.weighted:
                left_out = "weights of memberships are left out, as a projection counts each once."
                warn(f"{self.query.path or self.query.slug}: {left_out}")
            members, most = {key[0] for key in edges}, header.most or len(edges)
            sizes = Counter(group for _, group in {key[:2] for key in edges})
            edges = {key: edge for key, edge in edges.items() if sizes[key[1]] <= most}
            ties, parted = co_members(edges, newman=header.project == "newman", window=window)
            apart = {frozenset(pair) for pair in self._apart(members)}
            ties = {key: edge for key, edge in ties.items() if frozenset(key[:2]) not in apart}
            parted = {p for p in parted - {k[:2] for k in ties} if frozenset(p) not in apart}
        else:
            if header.modes:  # what is of two is a node of each
                twice = {key[0] for key in edges} & {key[1] for key in edges}
                known, copies = known.doubled(sorted(twice), header.modes[0])
                ties = joined(edges, lambda key: (copies.get(key[0], key[0]), *key[1:]))
            if not header.directed:  # both directions of one kind are one
                backwards = {
                    (b, a, kind): (a, b, kind) for a, b, kind in ties if (b, a, kind) in ties
                }
                ties = joined(ties, lambda key: min(key, backwards.get(key, key)))
            members = {end for key in ties for end in key[:2]}.union(self.nodes)
        network = _assemble(ties, members, header)
        describe(network, known, lang)
        self._tell_modes(network, edges)
        tell(network, parted=sorted(parted))
        self._tell_what(network, lang)
        years = dict(zip(("start", "end"), window, strict=True))
        network.graph.update({key: year for key, year in years.items() if year is not None})
        return network

    def _tell_what(self, network: nx.Graph, lang: str) -> None:
        """Note what the network is, of which unit, coded by whom and from where."""
        title = self.query.told("summary", lang)[1] or self.query.slug
        said = [self.query.told("description", lang)[1]]
        if self.unit:
            brief, sentence = map(translations(lang).gettext, UNITS[self.unit])
            title, said = f"{title} ({brief})", [*said, sentence]
            network.graph["unit"] = self.unit
        study, names = self.study, ", ".join(creator.name for creator in self.study.creators)
        if names:
            said.append(translations(lang).gettext(_CODED) % {"names": names})
        issued = " ".join(filter(None, (study.version, study.modified or study.issued)))
        network.graph.update(
            name=self.query.slug.removeprefix(FOLDER),
            title=title,
            source=", ".join(filter(None, (next(iter(study.title.values()), ""), issued))),
            question=self.query.told("question", lang)[1],
            description=" ".join(filter(None, said)),
        )

    def _tell_modes(self, network: nx.Graph, edges: Edges) -> None:
        """Note the mode of each node, or what each member is a member of."""
        modes = self.header.modes
        if self.header.project:
            memberships: dict[str, set[str]] = {node: set() for node in network}
            kinds = Counter(group for group, _ in {key[1:] for key in edges})
            for member, group, kind in edges:
                memberships[member].add(f"{group} as {kind}" if kinds[group] > 1 else group)
            joined = {n: SEPARATOR.join(sorted(of)) for n, of in memberships.items() if of}
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
        by_kind, values = dict[str, list[str]](), self.descriptions.values
        for member in sorted(members):  # a group is of its kind, any other node of its own
            kind = str(values.get(member, {}).get(GROUP_OF, [member])[0])
            by_kind.setdefault(kind, []).append(member)
        return [
            (one, other)
            for kind, inside in sorted(by_kind.items())
            for broader in values.get(kind, {}).get("broader", ())
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
    header, path = network_header(query), query.path or query.slug
    if (unit := unit or header.unit) not in UNITS:
        raise UsageError(
            f"There is no unit {unit!r}.{did_you_mean(unit, UNITS)} Units: {', '.join(UNITS)}."
        )
    accepted = dict.fromkeys((*query.parameters, *FILTERS))
    for key in sorted({*parameters} - {*accepted}):
        raise UsageError(
            f"The network {str(name)!r} has no parameter {key!r}.{did_you_mean(key, accepted)}"
            f" It takes {', '.join(accepted)}."
        )
    filters = {key for key in FILTERS if key in parameters and key not in query.parameters}
    given = {key: value for key, value in parameters.items() if key not in filters}
    result = graph.query(query.path or query.text, **given)
    rows = read_rows(result, path, kind=header.kind, lists=header.lists)
    descriptions = read_descriptions(graph, header, rows, query.path)
    where = {key: parameters[key] for key in filters if parameters[key] is not None}
    edges = narrowed(rows.edges, descriptions.values, where)
    ends = sorted({end for key in edges for end in key[:2]})
    has_groups = any(GROUP_OF in descriptions.values.get(end, {}) for end in ends)
    descriptions, nodes = descriptions.with_groups(ends, unit)
    edges = joined(
        edges, lambda key: (nodes.get(key[0], key[0]), nodes.get(key[1], key[1]), key[2])
    )
    rows, unit = replace(rows, edges=edges), unit if has_groups else ""
    return Projection(query, header, rows, descriptions, unit, graph.study)


def _assemble(edges: Edges, members: set[str], header: NetworkHeader) -> nx.Graph:
    pairs = {key[:2] if header.directed else frozenset(key[:2]) for key in edges}
    parallel = len(pairs) < len(edges)
    kinds = (nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph)
    network: nx.Graph = kinds[header.directed + 2 * parallel]()
    network.add_nodes_from(sorted(members))
    for (source, target, kind), edge in sorted(edges.items(), key=lambda item: item[0]):
        attributes: dict[str, Any] = {"weight": edge.weight, **({"kind": kind} if kind else {})}
        attributes |= as_attributes(dated(edge.spells))
        attributes |= settled(edge.values, header.lists | {SHARED})
        network.add_edge(source, target, *([kind] if parallel else []), **attributes)
    return network


def check_not_empty(network: nx.Graph, query: str | Path) -> None:
    """Raise SourceError where a network has no node: its query has no rows, or none that late."""
    if len(network) == 0:
        years = [str(network.graph[key]) for key in ("start", "end") if key in network.graph]
        where = f" in the years asked for ({' to '.join(years)})" if years else ""
        raise SourceError(f"The network is empty{where}: nothing was written.", str(query))


def co_members(
    memberships: Edges, *, newman: bool, window: Spell = ALWAYS
) -> tuple[dict[EdgeKey, Edge], set[tuple[str, str]]]:
    """Return the edges between members, and the pairs that are in some group at other times.

    A membership is an edge from member to group. Two members are joined as long as both are in
    the group; a group they do not meet in within the window does not join them. An edge lists the
    groups (`shared`) and gathers the values of both memberships.
    """
    groups: dict[tuple[str, str], list[tuple[str, Edge, list[Spell]]]] = defaultdict(list)
    for (member, group, kind), membership in memberships.items():
        groups[kind, group].append((member, membership, merge(membership.spells)))
    edges, parted = dict[EdgeKey, Edge](), set[tuple[str, str]]()
    for (kind, group), inside in groups.items():
        weight = 1 / (len(inside) - 1) if newman and len(inside) > 1 else 1
        inside.sort(key=lambda member: member[0])
        for (one, left, left_spells), (other, right, right_spells) in combinations(inside, 2):
            spells = both(left_spells or [ALWAYS], right_spells or [ALWAYS])
            if not meets(spells, window):
                parted.add((one, other))
                continue
            edge = edges.setdefault((one, other, kind or KIND), Edge())
            edge.weight += weight
            edge.spells.update(spells)
            add(edge.values, SHARED, [group])
            for side in (left, right):
                for name, values in side.values.items():
                    add(edge.values, name, values)
    return edges, parted


def joined(edges: Edges, key_of: Callable[[EdgeKey], EdgeKey]) -> dict[EdgeKey, Edge]:
    """Return the edges under other keys; where two then have the same, weights and values add."""
    edges_by_key: dict[EdgeKey, Edge] = {}
    for key, edge in edges.items():
        if (new := key_of(key)) not in edges_by_key:
            edges_by_key[new] = edge
            continue
        one = edges_by_key[new]
        values = {name: list(listed) for name, listed in one.values.items()}
        for name, listed in edge.values.items():
            add(values, name, listed)
        edges_by_key[new] = Edge(one.weight + edge.weight, one.spells | edge.spells, values)
    return edges_by_key


def within(edges: Edges, window: Spell, *, undated: bool) -> dict[EdgeKey, Edge]:
    """Return the edges with a year in the window, and undated ones where they are wanted."""
    return {
        key: edge
        for key, edge in edges.items()
        if (undated and (not edge.spells or ALWAYS in edge.spells))
        or meets(dated(edge.spells), window)
    }


def narrowed(
    edges: Edges, values: Mapping[str, Mapping[str, list[Any]]], where: Mapping[str, Any]
) -> dict[EdgeKey, Edge]:
    """Return the edges that, or an end of which, have one of the values of each filter.

    `values` are those of nodes by attribute. Raises UsageError for a value that nothing has.
    """
    kept = dict(edges)
    for name, wanted in where.items():
        column = "places" if name == "place" else name
        codes = set(map(_code, wanted if isinstance(wanted, list | tuple) else [wanted]))
        of_edge = {
            key: {
                _code(value)
                for attributes in (edge.values, values.get(key[0], {}), values.get(key[1], {}))
                for value in attributes.get(column, ())
            }
            for key, edge in edges.items()
        }
        present = {code for found in of_edge.values() for code in found}
        for code in sorted(codes - present):
            listed, hint = ", ".join(sorted(present)) or "none", did_you_mean(code, present)
            raise UsageError(f"Nothing in the network has {name} {code!r}.{hint} Known: {listed}.")
        kept = {key: edge for key, edge in kept.items() if codes & of_edge[key]}
    return kept


def _code(value: Any) -> str:
    return str(value).rpartition("/")[2].removesuffix(">")
