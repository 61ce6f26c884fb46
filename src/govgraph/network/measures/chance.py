"""Figures and measures beside what chance would give: mean, deviation, z and p of random networks.

These keep what is given of a network. One of two modes, or of members that share groups, is drawn
anew with the memberships of every member and the members of every group as they are, by curveball
trades (Strona et al. 2014, Nature Communications 5, 4114); any other with the degree of every node,
by switching the ends of two ties and turning circles of three (Rao, Jana and Bandyopadhyay 1996,
Sankhya A 58, 225-242). p is twice the share of them with a value at least as great, or as small
where fewer have, with the network itself counted in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from numbers import Integral
from typing import Any, Final, NamedTuple, TypeAlias

import networkx as nx
import numpy as np
from scipy import sparse

from govgraph.errors import UsageError, check_kind, counted
from govgraph.network.measures import centrality, structure
from govgraph.network.measures.figures import ei_index, figures
from govgraph.network.measures.registry import GROUPS, MEASURES, Task, parse_measures
from govgraph.network.measures.simple import Groups, SimpleNetwork, groups_of, simplify
from govgraph.network.reading.projection import MEMBER_OF
from govgraph.network.reading.values import about, listed

LARGEST: Final = 3_000
"""Up to so many nodes random networks are drawn."""
_STEPS: Final = 5
"""Trades for each row, or switches for each tie, between one random network and the next."""
_BEGINNING: Final = 4
"""The first is so many times as far from the network itself."""
PARTS: Final = ("component", "louvain")  # numbers of parts, which are no quantities
COMMUNITY_RUNS: Final = 10
COMMUNITY_NETWORKS: Final = 100
"""Communities take longest: so many runs, in so many of the random networks."""
_NUMBER: Final = "how many random networks to draw, such as 1000"
Rows: TypeAlias = list[set[int]]


@dataclass
class NullModel:
    """A network, and what of it is drawn anew.

    kept     what it keeps: "memberships" or "ties"
    first    which nodes are of the first of two modes
    groups   the group of each node, None where it has none
    rows     what is drawn: the columns that each row has
    matrix   makes weights between nodes of it
    notes    what a reader should know of the comparison
    """

    simple: SimpleNetwork
    kept: str
    first: list[bool]
    groups: Groups
    rows: Rows
    matrix: Callable[[Rows], sparse.csr_array]
    notes: list[str]

    def drawn(self, count: int) -> Iterator[SimpleNetwork]:
        """Yield random networks; raises UsageError where there is only one."""
        if count < 2:
            raise UsageError(f"{count} random networks say nothing of chance: take 100 or 1,000.")
        rows, numbers, moved = [set(row) for row in self.rows], random.Random(structure.SEED), False
        move, size = _trade, len(rows)
        if self.kept == "ties":
            move, size = partial(_switch, directed=self.simple.directed), sum(map(len, rows))
        for number in range(count):
            move(rows, _STEPS * size * (1 if number else _BEGINNING), numbers)
            moved = moved or rows != self.rows
            yield SimpleNetwork(self.simple.nodes, self.simple.directed, self.matrix(rows))
        if not moved:
            raise UsageError(
                f"There is no null model: no other network has as many {self.kept} at each node,"
                " so chance says nothing of this one."
            )


def null_model(graph: nx.Graph, groups: str = GROUPS) -> NullModel:
    """Return what of a network is drawn anew; raises UsageError for one that is too large."""
    simple, first, known = simplify(graph), structure.first_mode(graph), groups_of(graph, groups)
    count, notes = len(simple), list[str]()
    if count > LARGEST:
        raise UsageError(
            f"Random networks are drawn of at most {LARGEST:,} nodes; this one has"
            f" {count:,}. Narrow it, for instance by -p case=."
        )
    if any(known) and (without := known.count(None)):
        notes.append(f"{without} of {count} nodes have no {groups}: not in figures by it")
    by_group: dict[str, set[int]] = {}
    for number, names in enumerate(graph.nodes[node].get(MEMBER_OF) for node in graph):
        for name in listed(names):
            by_group.setdefault(name, set()).add(number)
    if by_group and not first:
        matrix = _shared(graph, count)
        rows = [by_group[name] for name in sorted(by_group)]
        parted = sum(a in graph and b in graph for a, b in about(graph, "parted") or ())
        untied = (matrix(rows).nnz - simple.weights.nnz) // 2 - parted
        for lost, why in ((parted, "at no time both in it"), (untied, "no tie")):
            if lost > 0:
                pairs = f"{counted(lost, 'pair')} with a group in common, but {why}"
                notes.append(f"{pairs}: tied in random networks")
        return NullModel(simple, "memberships", [], known, rows, matrix, notes)
    ones = simple.ones
    rows = [set(ones.indices[start:end].tolist()) for start, end in pairwise(ones.indptr)]
    if not first:
        return NullModel(simple, "ties", [], known, rows, partial(_of_rows, count), notes)
    rows = [row for row, is_first in zip(rows, first, strict=True) if is_first]
    into_network = sparse.eye_array(count, format="csr")[np.flatnonzero(first)].T

    def both_ways(rows: Rows) -> sparse.csr_array:
        placed = into_network @ _of_rows(count, rows)
        return (placed + placed.T).tocsr()

    return NullModel(simple, "memberships", first, known, rows, both_ways, notes)


def _of_rows(columns: int, rows: Rows) -> sparse.csr_array:
    ends = np.cumsum([0, *map(len, rows)])
    indices = np.array([column for row in rows for column in sorted(row)], dtype=int)
    return sparse.csr_array((np.ones(len(indices)), indices, ends), shape=(len(rows), columns))


def _shared(graph: nx.Graph, count: int) -> Callable[[Rows], sparse.csr_array]:
    """Return what ties members by the groups they share, but for those that are kept apart."""
    at = {str(node): number for number, node in enumerate(graph)}
    newman, never = graph.graph.get("project") == "newman", sparse.eye_array(count, format="lil")
    for one, other in about(graph, "apart") or ():
        if one in at and other in at:
            never[at[one], at[other]] = never[at[other], at[one]] = 1
    never = never.tocsr()

    def matrix(rows: Rows) -> sparse.csr_array:
        members = _of_rows(count, rows)
        weights = [1 / max(len(row) - 1, 1) if newman else 1.0 for row in rows]
        shared = (members.T @ sparse.diags_array(weights) @ members).tocsr()
        shared -= shared.multiply(never)
        shared.eliminate_zeros()
        return shared

    return matrix


def _trade(rows: Rows, steps: int, numbers: random.Random) -> None:
    """Let pairs of rows trade what only one of them has."""
    count, chosen = len(rows), numbers.random
    for _ in range(steps if count > 1 else 0):
        one, other = int(chosen() * count), int(chosen() * (count - 1))
        other += other >= one
        mine, theirs = rows[one] - rows[other], rows[other] - rows[one]
        if mine and theirs:
            pool = sorted((*mine, *theirs))
            numbers.shuffle(pool)
            common = rows[one] & rows[other]
            rows[one] = common.union(pool[: len(mine)])
            rows[other] = common.union(pool[len(mine) :])


def _switch(rows: Rows, steps: int, numbers: random.Random, *, directed: bool) -> None:
    """Let pairs of ties change their ends; where they cannot, the network stays for a step."""
    ties = [(a, b) for a, row in enumerate(rows) for b in sorted(row) if directed or a < b]
    for _ in range(steps if len(ties) > 1 else 0):
        one, other = numbers.randrange(len(ties)), numbers.randrange(len(ties))
        (a, b), (c, d) = ties[one], ties[other]
        if directed and numbers.random() < 0.1:  # turn a circle, which switching never does
            c = numbers.choice(sorted(rows[b])) if rows[b] else a
            circle, back = [(a, b), (b, c), (c, a)], [(b, a), (c, b), (a, c)]
            if len({a, b, c}) < 3 or a not in rows[c] or any(e in rows[s] for s, e in back):
                continue
            for (source, target), turned in zip(circle, back, strict=True):
                rows[source].discard(target)
                rows[turned[0]].add(turned[1])
                ties[ties.index((source, target))] = turned
            continue
        if not directed and numbers.random() < 0.5:
            c, d = d, c
        if a == d or c == b or d in rows[a] or b in rows[c]:
            continue
        ties[one], ties[other] = (a, d), (c, b)
        moves = [(a, b, d), (c, d, b)] + ([] if directed else [(b, a, c), (d, c, a)])
        for node, old, new in moves:
            rows[node].discard(old)
            rows[node].add(new)


class Chance(NamedTuple):
    """A value beside those of random networks; None where there is none."""

    observed: float | None
    mean: float | None = None
    sd: float | None = None
    z: float | None = None
    p: float | None = None

    @classmethod
    def of(cls, observed: float | None, drawn: Sequence[float | None]) -> Chance:
        """Return a value beside those of random networks."""
        values = np.array([value for value in drawn if value is not None], dtype=float)
        if observed is None or len(values) < 2:
            return cls(observed)
        mean, sd = float(values.mean()), float(values.std(ddof=1))
        near = 1e-9 * max(1.0, abs(observed))
        rarer = min((values >= observed - near).sum(), (values <= observed + near).sum())
        z = (observed - mean) / sd if sd > 1e-12 else None
        shown = (observed, mean, sd, z, min(1.0, 2 * (int(rarer) + 1) / (len(values) + 1)))
        return cls(*(None if value is None else float(f"{value:.9g}") for value in shown))


def chance(
    graph: nx.Graph, count: int, groups: str = GROUPS, *, communities: bool = True
) -> tuple[dict[str, Chance], list[str]]:
    """Return each figure beside those of `count` random networks, and notes.

    What random networks all have alike is left out. The E-I index is beside that of groups dealt
    out at random. Raises UsageError where there can be no random networks.
    """
    check_kind("networks", count, Integral, _NUMBER)
    model = null_model(graph, groups)
    first, drawn, qualities = model.first, [], []
    for number, network in enumerate(model.drawn(count)):
        drawn.append(figures(network, first, model.groups))
        if communities and number < COMMUNITY_NETWORKS:
            qualities.append(structure.communities(network, first, COMMUNITY_RUNS)[1])
    chances = {
        name: Chance.of(value, [values[name] for values in drawn])
        for name, value in figures(model.simple, first, model.groups).items()
    }
    if communities:
        own = structure.communities(model.simple, first, COMMUNITY_RUNS)[1]
        chances["modularity"] = Chance.of(own, qualities)
        model.notes.append(f"modularity is the best of {COMMUNITY_RUNS} runs, here as by chance")
    if not first:
        dealt = [ei_index(model.simple, anew) for anew in _dealt(model.groups, count)]
        chances["ei_index"] = Chance.of(ei_index(model.simple, model.groups), dealt)
    return {name: value for name, value in chances.items() if (value.sd or 0) > 1e-12}, model.notes


def of_nodes(
    graph: nx.Graph, names: str | Sequence[str], count: int, groups: str = GROUPS
) -> dict[str, dict[Hashable, Chance]]:
    """Return measures of each node beside its own in random networks.

    Roles of brokers are beside those with groups dealt out at random; nodes without a group are no
    brokers, and have none.
    """
    check_kind("networks", count, Integral, _NUMBER)
    model, found = null_model(graph, groups), dict[str, dict[Hashable, Chance]]()
    listed = parse_measures(names, directed=graph.is_directed())
    if roles := [name for name in listed if name in centrality.ROLES]:
        dealt = [centrality.roles(model.simple, anew) for anew in _dealt(model.groups, count)]
        own = centrality.roles(model.simple, model.groups)
        found = {
            role: {
                node: Chance.of(own[number][role], [counts[number][role] for counts in dealt])
                for number, node in enumerate(model.simple.nodes)
                if model.groups[number] is not None
            }
            for role in roles
        }
    others = [name for name in listed if name not in (*roles, *PARTS)]
    drawn: dict[str, list[Any]] = {name: [] for name in others}
    for network in model.drawn(count) if others else ():
        task = Task(network.networkx, network, False, first=model.first)
        for name in others:
            drawn[name].append(MEASURES[name].of(task))
    task = Task(model.simple.networkx, model.simple, False, first=model.first)
    for name in others:  # of ties, however many of them run side by side
        columns = zip(graph, MEASURES[name].of(task), zip(*drawn[name], strict=True), strict=True)
        found[name] = {node: Chance.of(value, values) for node, value, values in columns}
    return found


def _dealt(groups: Groups, count: int) -> list[Groups]:
    """Return the groups dealt out anew among the nodes that have one, so many times."""
    present = [group for group in groups if group is not None]
    numbers = random.Random(structure.SEED)
    dealt: list[Groups] = []
    for _ in range(count):
        numbers.shuffle(present)
        rest = iter(present)
        dealt.append(tuple(None if group is None else next(rest) for group in groups))
    return dealt
