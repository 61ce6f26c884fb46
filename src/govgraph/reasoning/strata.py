"""The order in which rules run: what needs nothing first; only what needs itself is repeated."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import pyoxigraph as ox

from govgraph.reasoning.rule import TYPE, Atom, Rule

Node = TypeVar("Node", bound=Hashable)
AnyRule = TypeVar("AnyRule")
Key = Any
"""A property, or ("type", class)."""


def key_of(atom: Atom) -> Key:
    """Return what an atom is about: ("type", class), or a property; `?x a ?c` is about rdf:type."""
    if atom.predicate == TYPE and isinstance(atom.object, ox.Variable):
        return TYPE
    return atom.key


def strata(
    rules: Iterable[AnyRule], rule_of: Callable[[AnyRule], Rule]
) -> Iterator[tuple[list[AnyRule], list[AnyRule]]]:
    """Yield the rules that infer something, in the order in which they run.

    Each time those that run once come first, then those that feed each other: they run until
    nothing is new.
    """
    by_head: dict[Key, list[AnyRule]] = defaultdict(list)
    leads: dict[Key, list[Key]] = defaultdict(list)
    for each in rules:
        rule = rule_of(each)
        if rule.head is not None:
            head = key_of(rule.head)
            by_head[head].append(each)
            leads.setdefault(head, [])
            for atom in rule.body:
                leads[key_of(atom)].append(head)
    if TYPE in leads:  # `?x a ?c` depends on every class, and every class on it
        kinds = [key for key in leads if isinstance(key, tuple)]
        leads[TYPE] += kinds
        for key in kinds:
            leads[key].append(TYPE)
    # `?x ?p ?y`, in the rows of equality, depends on all, and all on it
    about_all = any(isinstance(key, ox.Variable) for key in leads)
    for component in [list(leads)] if about_all else components(leads):
        members = set(component)
        once: list[AnyRule] = []
        again: list[AnyRule] = []
        for each in (each for key in component for each in by_head.get(key, ())):
            repeats = any(key_of(atom) in members for atom in rule_of(each).body)
            (again if repeats else once).append(each)
        yield once, again


def components(successors: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:
    """Return the strongly connected components of a graph, each before those it leads to.

    Kosaraju's algorithm without recursion, for hierarchies of any depth.
    """
    predecessors: dict[Node, list[Node]] = defaultdict(list)
    for node, following in successors.items():
        for successor in following:
            predecessors[successor].append(node)
    finished: list[Node] = []
    seen: set[Node] = set()
    for node in successors:
        finished += _reached(node, successors, seen)
    seen.clear()
    found = (_reached(node, predecessors, seen) for node in reversed(finished))
    return [component for component in found if component]


def _reached(start: Node, successors: Mapping[Node, Iterable[Node]], seen: set[Node]) -> list[Node]:
    """Return the nodes that are reached from one and not yet seen, each after its successors."""
    result: list[Node] = []
    waiting = [(start, iter(successors.get(start, ())))] if start not in seen else []
    seen.add(start)
    while waiting:
        node, following = waiting[-1]
        unseen = next((successor for successor in following if successor not in seen), None)
        if unseen is None:
            result.append(node)
            waiting.pop()
        else:
            seen.add(unseen)
            waiting.append((unseen, iter(successors.get(unseen, ()))))
    return result
