"""Compiled rules as SPARQL updates of one graph: few, and in the order in which each runs once.

Asserted statements and what follows from them stand together in that graph, so that a premise is a
plain pattern. Rules with the same body are one update with several heads. A rule that does not
depend on what it gives runs once, as soon as its premises are complete; the others again until the
graph does not grow (see `fixpoint`, which does the same over numbers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from govgraph.reasoning.fixpoint import key_of
from govgraph.reasoning.rule import RESOURCE, TYPE, Atom, Condition, Rule
from govgraph.reasoning.strata import components

Key = Any
"""A property, or ("type", class)."""


@dataclass(frozen=True, slots=True)
class Step:
    """Updates to run in this order; until nothing is new, where they feed each other."""

    updates: tuple[str, ...]
    repeated: bool


def steps(rules: Iterable[Rule], graph: str) -> list[Step]:
    """Return the rules that infer something as updates of the named `graph`."""
    inferring = [rule for rule in rules if rule.head is not None]
    leads = _dependencies(inferring)
    component_of = {
        key: number for number, members in enumerate(components(leads)) for key in members
    }
    level = _levels(leads, component_of)
    once: dict[int, list[Rule]] = defaultdict(list)
    again: dict[int, list[Rule]] = defaultdict(list)
    for rule in inferring:
        head = key_of(rule.head) if rule.head else None
        body = [key_of(atom) for atom in rule.body]
        if any(component_of[key] == component_of[head] for key in body):
            again[level[component_of[head]]].append(rule)
        else:
            once[max((level[component_of[key]] for key in body), default=-1)].append(rule)
    result = []
    for number in sorted({*once, *again}):
        for applied, repeated in ((again[number], True), (once[number], False)):
            if applied:
                result.append(Step(tuple(_updates(applied, graph)), repeated))
    return result


def _dependencies(rules: Sequence[Rule]) -> dict[Key, list[Key]]:
    """Return, for each class and property, those that rules infer from it."""
    leads: dict[Key, list[Key]] = {key_of(atom): [] for rule in rules for atom in rule.atoms}
    for rule in rules:
        for atom in rule.body:
            leads[key_of(atom)].append(key_of(rule.head) if rule.head else None)
    if TYPE in leads:  # `?x a ?c` depends on every class, and every class on it
        kinds = [key for key in leads if isinstance(key, tuple)]
        leads[TYPE] += kinds
        for key in kinds:
            leads[key].append(TYPE)
    if any(isinstance(key, ox.Variable) for key in leads):  # `?x ?p ?y`, in the rows of equality
        everything = list(leads)
        leads = dict.fromkeys(leads, everything)
    return leads


def _levels(leads: dict[Key, list[Key]], component_of: dict[Key, int]) -> dict[int, int]:
    """Return how many components lie before each, which is complete when these are."""
    level = dict.fromkeys(component_of.values(), 0)
    for key in sorted(leads, key=component_of.__getitem__):
        here = component_of[key]
        for following in leads[key]:
            there = component_of[following]
            if there != here:
                level[there] = max(level[there], level[here] + 1)
    return level


def _updates(rules: Iterable[Rule], graph: str) -> list[str]:
    heads: dict[Any, list[Atom]] = defaultdict(list)
    for rule in rules:
        same = rule.rename("v")
        if same.head is not None:
            guard = [Condition(RESOURCE, (each,)) for each in carried(same)]
            heads[same.body, (*same.conditions, *guard)].append(same.head)
    return [
        f"INSERT {{ {pattern(dict.fromkeys(given), graph)} }}\n"
        f"WHERE {{ {pattern(body, graph)}{_filters(conditions)} }}"
        for (body, conditions), given in heads.items()
    ]


def carried(rule: Rule) -> list[ox.Variable]:
    """Return the subject of the head, where it may be a literal, which no store takes as one."""
    if rule.head is None or not isinstance(rule.head.subject, ox.Variable):
        return []
    subject = rule.head.subject
    resources = {term for each in rule.conditions if each.kind == RESOURCE for term in each.terms}
    known = subject in resources or any(atom.subject == subject for atom in rule.body)
    return [] if known else [subject]


def pattern(atoms: Iterable[Atom], graph: str) -> str:
    """Return the patterns of a rule as a group over one named graph."""
    text = " . ".join(atom.sparql() for atom in atoms)
    return f"GRAPH <{graph}> {{ {text} }}" if text else ""


def _filters(conditions: Iterable[Any]) -> str:
    return "".join(f" FILTER({each.sparql()})" for each in conditions)
