"""Random networks that keep what is given of a network.

A network of two modes, or of members that share groups, is drawn anew with the memberships of
every member and the members of every group as they are, by curveball trades (Strona et al. 2014,
Nature Communications 5, 4114); any other with the degree of every node, by switching the ends of
two ties and turning circles of three (Rao, Jana and Bandyopadhyay 1996, Sankhya A 58, 225-242).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import networkx as nx
import numpy as np
from scipy import sparse

from govgraph.errors import UsageError
from govgraph.network.measures import structure, two_mode
from govgraph.network.measures.figures import Groups
from govgraph.network.measures.registry import GROUPS
from govgraph.network.measures.simple import SimpleNetwork, simplify
from govgraph.network.reading.about import about
from govgraph.network.reading.values import listed

MEMBER_OF: Final = "member_of"
LARGEST: Final = 3_000
"""Up to so many nodes random networks are drawn."""
_STEPS: Final = 5
"""Trades for each row, or switches for each tie, between one random network and the next."""
_BEGINNING: Final = 4
"""The first is so many times as far from the network itself."""

Rows = list[set[int]]


@dataclass
class NullModel:
    """A network, and what of it is drawn anew.

    kind     "memberships", "modes" or "ties"
    first    which nodes are of the first of two modes
    groups   the group of each node, None where it has none
    rows     the state: what each row has; rows and columns are nodes by `at`, or groups
    apart    pairs of members that are never tied, one * n + other
    notes    what a reader should know of the comparison
    """

    simple: SimpleNetwork
    kind: str
    first: list[bool]
    groups: Groups
    rows: Rows
    at: Sequence[Sequence[int]] = ()
    apart: Sequence[int] = ()
    newman: bool = False
    notes: list[str] = field(default_factory=list)

    def network(self, rows: Rows) -> SimpleNetwork:
        """Return the network of a state."""
        count, sizes = len(self.simple), [len(row) for row in rows]
        ends = (
            np.repeat(np.arange(len(rows)), sizes),
            np.array([other for row in rows for other in row], dtype=int),
        )
        if self.kind == "memberships":
            weights = np.repeat(
                [1 / max(size - 1, 1) if self.newman else 1.0 for size in sizes], sizes
            )
            shape = (len(rows), count)
            members = sparse.csr_array((np.ones(len(weights)), ends), shape=shape)
            matrix = members.T @ sparse.csr_array((weights, ends), shape=shape)
            matrix.data[self._never(matrix)] = 0
            matrix.eliminate_zeros()
        else:
            if self.kind == "modes":
                ends = np.take(self.at[0], ends[0]), np.take(self.at[1], ends[1])
            matrix = sparse.csr_array((np.ones(len(ends[0])), ends), shape=(count, count))
            matrix = matrix + matrix.T if self.kind == "modes" else matrix
        return SimpleNetwork(self.simple.nodes, self.simple.directed, matrix.tocsr())

    def _never(self, matrix: sparse.csr_array) -> Any:
        """Return which entries of a matrix are of no tie: of a member itself, or kept apart."""
        one = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        codes = one * len(self.simple) + matrix.indices
        return (one == matrix.indices) | np.isin(codes, self.apart)

    def drawn(self, count: int) -> Iterator[SimpleNetwork]:
        """Yield random networks; raises UsageError where there is only one."""
        if count < 2:
            raise UsageError(f"{count} random networks say nothing of chance: take 100 or 1,000.")
        rows, numbers, moved = [set(row) for row in self.rows], random.Random(structure.SEED), False
        move = self._switch if self.kind == "ties" else _trade
        steps = _STEPS * (sum(map(len, rows)) if self.kind == "ties" else len(rows))
        for number in range(count):
            move(rows, steps * (1 if number else _BEGINNING), numbers)
            moved = moved or rows != self.rows
            yield self.network(rows)
        if not moved:
            what = "ties" if self.kind == "ties" else "memberships"
            raise UsageError(
                f"There is no null model: no other network has as many {what} at each node, so"
                " chance says nothing of this one."
            )

    def _switch(self, rows: Rows, steps: int, numbers: random.Random) -> None:
        """Let pairs of ties change their ends; where they cannot, the network stays for a step."""
        directed = self.simple.directed
        ties = [(a, b) for a, row in enumerate(rows) for b in sorted(row) if directed or a < b]
        for _ in range(steps if len(ties) > 1 else 0):
            one, other = numbers.randrange(len(ties)), numbers.randrange(len(ties))
            if directed and numbers.random() < 0.1:
                _turn(rows, ties, one, numbers)
                continue
            (a, b), (c, d) = ties[one], ties[other]
            if not directed and numbers.random() < 0.5:
                c, d = d, c
            if a == d or c == b or d in rows[a] or b in rows[c]:
                continue
            ties[one], ties[other] = (a, d), (c, b)
            for source, old, new in ((a, b, d), (c, d, b)):
                rows[source].discard(old)
                rows[source].add(new)
            if not directed:
                for target, old, new in ((b, a, c), (d, c, a)):
                    rows[target].discard(old)
                    rows[target].add(new)


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


def _turn(rows: Rows, ties: list[tuple[int, int]], one: int, numbers: random.Random) -> None:
    """Turn a circle of three ties round, which switching alone never does."""
    a, b = ties[one]
    c = numbers.choice(sorted(rows[b])) if rows[b] else a
    circle, back = [(a, b), (b, c), (c, a)], [(b, a), (c, b), (a, c)]
    if len({a, b, c}) == 3 and a in rows[c] and not any(end in rows[start] for start, end in back):
        for (source, target), turned in zip(circle, back, strict=True):
            rows[source].discard(target)
            rows[turned[0]].add(turned[1])
            ties[ties.index((source, target))] = turned


def null_model(graph: nx.Graph, groups: str = GROUPS) -> NullModel:
    """Return what of a network is drawn anew; raises UsageError for one that is too large."""
    simple, first = simplify(graph), two_mode.first_mode(graph)
    if len(simple) > LARGEST:
        raise UsageError(
            f"Random networks are drawn of at most {LARGEST:,} nodes; this one has"
            f" {len(simple):,}. Narrow it, for instance by -p case=."
        )
    of_node = [graph.nodes[node].get(groups) for node in simple.nodes]
    known = tuple(None if group is None else str(group) for group in of_node)
    notes = []
    if any(known) and (without := known.count(None)):
        notes.append(f"{without} of {len(known)} nodes have no {groups}: not in figures by it")
    members = [listed(graph.nodes[node].get(MEMBER_OF)) for node in simple.nodes]
    if first:
        matrix = two_mode.incidence(simple, first)
        sides = np.flatnonzero(first).tolist(), np.flatnonzero(~np.array(first)).tolist()
        rows = [set(np.flatnonzero(row).tolist()) for row in matrix]
        return NullModel(simple, "modes", first, known, rows, sides, notes=notes)
    if not any(members):
        ones = simple.ones
        rows = [set(ones.indices[start:end].tolist()) for start, end in pairwise(ones.indptr)]
        return NullModel(simple, "ties", [], known, rows, notes=notes)
    by_group: dict[str, set[int]] = {}
    for number, names in enumerate(members):
        for name in names:
            by_group.setdefault(name, set()).add(number)
    at = {str(node): number for number, node in enumerate(simple.nodes)}
    pairs = [(at[a], at[b]) for a, b in about(graph, "apart") or () if a in at and b in at]
    apart = [code for a, b in pairs for code in (a * len(at) + b, b * len(at) + a)]
    rows = [by_group[name] for name in sorted(by_group)]
    newman = graph.graph.get("project") == "newman"
    model = NullModel(simple, "memberships", [], known, rows, (), apart, newman, notes)
    if lost := (model.network(rows).size - simple.size):
        notes.append(f"{lost} pairs share a group but at no time both: tied in random networks")
    return model
