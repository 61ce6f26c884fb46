"""Figures and measures beside what chance would give: mean, deviation, z and p of random networks.

p is twice the share of them with a value at least as great, or as small where fewer have, with the
network itself counted in.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import networkx as nx
import numpy as np
from scipy.stats import spearmanr

from govgraph.errors import UsageError
from govgraph.network.measures import paths, two_mode
from govgraph.network.measures.figures import ei_index, figures
from govgraph.network.measures.null_models import null_model
from govgraph.network.measures.registry import GROUPS, MEASURES, Task, measure, parse_measures
from govgraph.network.measures.simple import Groups
from govgraph.network.measures.structure import SEED

COMMUNITY_RUNS: Final = 10
COMMUNITY_NETWORKS: Final = 100
"""Communities take longest: so many runs, in so many of the random networks."""


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


ByNode: TypeAlias = dict[str, dict[Hashable, Chance]]
"""Measure -> node -> its value beside chance."""


def chance(
    graph: nx.Graph, count: int, groups: str = GROUPS, *, communities: bool = True
) -> tuple[dict[str, Chance], list[str]]:
    """Return each figure beside those of `count` random networks, and notes.

    What random networks all have alike is left out. The E-I index is beside that of groups dealt
    out at random. Raises UsageError where there can be no random networks.
    """
    model = null_model(graph, groups)
    first, drawn, qualities = model.first, [], []
    for number, network in enumerate(model.drawn(count)):
        drawn.append(figures(network, first, model.groups))
        if communities and number < COMMUNITY_NETWORKS:
            qualities.append(two_mode.communities(network, first, COMMUNITY_RUNS)[1])
    found = {
        name: Chance.of(value, [values[name] for values in drawn])
        for name, value in figures(model.simple, first, model.groups).items()
    }
    if communities:
        own = two_mode.communities(model.simple, first, COMMUNITY_RUNS)[1]
        found["modularity"] = Chance.of(own, qualities)
    if not first:
        dealt = [ei_index(model.simple, each) for each in _dealt(model.groups, count)]
        found["ei_index"] = Chance.of(ei_index(model.simple, model.groups), dealt)
    return {name: value for name, value in found.items() if (value.sd or 0) > 1e-12}, model.notes


def of_nodes(
    graph: nx.Graph, names: str | Sequence[str], count: int, groups: str = GROUPS
) -> ByNode:
    """Return measures of each node beside its own in random networks.

    Roles of brokers are beside those with groups dealt out at random; nodes without a group are no
    brokers, and have none.
    """
    model, found = null_model(graph, groups), ByNode()
    listed = parse_measures(names, directed=graph.is_directed())
    if roles := [name for name in listed if name in paths.ROLES]:
        dealt = [paths.roles(model.simple, each) for each in _dealt(model.groups, count)]
        own = paths.roles(model.simple, model.groups)
        found = {
            role: {
                node: Chance.of(own[number][role], [counts[number][role] for counts in dealt])
                for number, node in enumerate(model.simple.nodes)
                if model.groups[number] is not None
            }
            for role in roles
        }
    others = [name for name in listed if name not in roles]
    drawn: dict[str, list[Any]] = {name: [] for name in others}
    for network in model.drawn(count) if others else ():
        task = Task(network.networkx, network, False, first=model.first)
        for name in others:
            drawn[name].append(MEASURES[name].compute(task, MEASURES[name]))
    for name, of_node in measure(graph, others).values.items():
        columns = zip(of_node.items(), zip(*drawn[name], strict=True), strict=True)
        found[name] = {node: Chance.of(value, others) for (node, value), others in columns}
    return found


def backbone(graph: nx.Graph, count: int) -> dict[tuple[Hashable, Hashable], float]:
    """Return for each tie how often chance gives one at least as strong, itself counted in.

    The model of fixed degrees (Neal 2014, Social Networks 39, 84-97). Raises UsageError where ties
    are no shared groups.
    """
    model = null_model(graph, GROUPS)
    if model.first or model.kept != "memberships":
        raise UsageError("A backbone is of a network whose ties are shared groups, as `actors` is.")
    own = model.simple.weights.toarray()
    as_strong = np.ones(own.shape)
    for network in model.drawn(count):
        as_strong += network.weights.toarray() >= own - 1e-9
    at = {node: number for number, node in enumerate(model.simple.nodes)}
    share = np.round(as_strong / (count + 1), 9)
    return {(one, other): float(share[at[one], at[other]]) for one, other in graph.edges()}


def qap(one: nx.Graph, other: nx.Graph, count: int) -> Chance:
    """Return the correlation of two networks of the same nodes beside that of nodes permuted.

    The quadratic assignment procedure (Krackhardt 1988, Social Networks 10, 359-381), on weights.
    Raises UsageError where the nodes differ.
    """
    if odd := sorted(map(str, {*one} ^ {*other})):
        raise UsageError(
            f"QAP compares networks of the same nodes: {len(odd)} are in one only, such as"
            f" {', '.join(odd[:3])}."
        )
    order, away = sorted(one, key=str), ~np.eye(len(one), dtype=bool)
    mine, theirs = (nx.to_numpy_array(graph, nodelist=order) for graph in (one, other))
    if len(one) < 3 or any(np.ptp(matrix[away]) == 0 for matrix in (mine, theirs)):
        raise UsageError("QAP needs three nodes, and ties that are not all of one weight.")

    def correlation(order: Any) -> float:
        return float(np.corrcoef(mine[away], theirs[order][:, order][away])[0, 1])

    numbers = np.random.default_rng(SEED)
    permuted = [correlation(numbers.permutation(len(one))) for _ in range(count)]
    return Chance.of(correlation(np.arange(len(one))), permuted)


def robustness(graph: nx.Graph, name: str, count: int, missing: float = 0.1) -> Chance:
    """Return how a ranking stands where nodes are missing: Spearman's correlation with the whole.

    A share of them is left out at random (Borgatti, Carley and Krackhardt 2006, Social Networks 28,
    124-136); `observed` is that of the whole, 1.
    """
    nodes, (whole,) = list(graph), measure(graph, name).values.values()
    numbers, found = random.Random(SEED), []
    for _ in range(count):
        kept = sorted(numbers.sample(range(len(nodes)), round(len(nodes) * (1 - missing))))
        (values,) = measure(graph.subgraph([nodes[n] for n in kept]), name).values.values()
        pairs = [(whole[node], value) for node, value in values.items()]
        ranks = np.array([pair for pair in pairs if None not in pair], dtype=float)
        if len(ranks) > 2 and np.ptp(ranks, axis=0).all():
            found.append(float(spearmanr(*ranks.T).statistic))
    return Chance.of(1.0, found)


def _dealt(groups: Groups, count: int) -> list[Groups]:
    """Return the groups dealt out anew among the nodes that have one, so many times."""
    known, numbers = [group for group in groups if group is not None], random.Random(SEED)
    dealt: list[Groups] = []
    for _ in range(count):
        numbers.shuffle(known)
        rest = iter(known)
        dealt.append(tuple(None if group is None else next(rest) for group in groups))
    return dealt
