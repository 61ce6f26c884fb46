"""Compiled rules as SPARQL updates of one graph: few, and in the order in which each runs once.

Asserted statements and what follows from them stand together in that graph, so that a premise is a
plain pattern. Rules with the same body are one update with several heads. A rule that does not
depend on what it gives runs once, as soon as its premises are complete; the others again until the
graph does not grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from govgraph.reasoning.rule import RESOURCE, Atom, Condition, Rule
from govgraph.reasoning.strata import strata


@dataclass(frozen=True, slots=True)
class Step:
    """Updates to run in this order; until nothing is new, where they feed each other."""

    updates: tuple[str, ...]
    repeated: bool


def steps(rules: Iterable[Rule], graph: str) -> list[Step]:
    """Return the rules that infer something as updates of the named `graph`."""
    return [
        Step(tuple(_updates(applied, graph)), repeated)
        for once, again in strata(rules, lambda rule: rule)
        for applied, repeated in ((once, False), (again, True))
        if applied
    ]


def _updates(rules: Iterable[Rule], graph: str) -> list[str]:
    heads: dict[Any, list[Atom]] = defaultdict(list)
    for rule in rules:
        same = rule.rename("v")
        if same.head is not None:
            guard = [Condition(RESOURCE, (subject,)) for subject in carried(same)]
            heads[same.body, (*same.conditions, *guard)].append(same.head)
    return [
        f"INSERT {{ {pattern(dict.fromkeys(atoms), graph)} }}\n"
        f"WHERE {{ {pattern(body, graph)}"
        f"{''.join(f' FILTER({condition.sparql()})' for condition in conditions)} }}"
        for (body, conditions), atoms in heads.items()
    ]


def carried(rule: Rule) -> list[ox.Variable]:
    """Return the subject of the head, where it may be a literal, which no store takes as one."""
    if rule.head is None or not isinstance(rule.head.subject, ox.Variable):
        return []
    subject = rule.head.subject
    resources = {
        term
        for condition in rule.conditions
        if condition.kind == RESOURCE
        for term in condition.terms
    }
    is_resource = subject in resources or any(atom.subject == subject for atom in rule.body)
    return [] if is_resource else [subject]


def pattern(atoms: Iterable[Atom], graph: str) -> str:
    """Return the patterns of a rule as a group over one named graph."""
    text = " . ".join(atom.sparql() for atom in atoms)
    return f"GRAPH <{graph}> {{ {text} }}" if text else ""
