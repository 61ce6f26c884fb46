"""Rules that see through what has no name: anonymous classes and inverse properties.

A rule that needs `?x a [restriction]` is resolved with every rule that gives it, so that an axiom
such as `Arrangement and (involvesSector value private) SubClassOf C` becomes one rule over named
terms. What follows about named terms stays the same. A node is kept where the data use it, where
it is defined through itself, and where resolving would multiply the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from itertools import combinations, count
from typing import Any, Final

import pyoxigraph as ox

from govgraph.reasoning.names import owl
from govgraph.reasoning.rule import Atom, Rule, unify

Key = Any
"""A property, or ("type", class): see Atom.key."""

LARGEST_GROWTH: Final = 64
"""A node is kept if resolving it makes this many more rules than it removes."""
LARGEST_BODY: Final = 8
"""Longer rules are not compared with their parts: there are too many."""
NAMES: Final = ("x", "y", "z", "u", "v", "w")


def unfold(rules: Iterable[Rule], hidden: Set[Key], used: Set[Key]) -> list[Rule]:
    """Return the rules without those of the `hidden` keys, as far as they can be resolved.

    `used` are the hidden keys that must stay because the data use them.
    """
    plain: list[Rule] = []
    current: list[Rule] = []  # speak of something hidden
    for rule in distinct(map(tidy, rules)):
        (current if any(atom.key in hidden for atom in rule.atoms) else plain).append(rule)
    waiting = set(hidden) - used
    while waiting:
        producers, consumers = _uses(current, waiting)
        # cheapest first; names only break ties, so that the outcome is always the same
        key = min(waiting, key=lambda k: (len(producers[k]) * len(consumers[k]), str(k)))
        waiting.remove(key)
        current = _strongest(_eliminate(current, key, producers[key], consumers[key]))
    return _without_idle(_strongest(distinct([*plain, *current])), hidden)


def _uses(
    rules: Iterable[Rule], keys: Set[Key]
) -> tuple[dict[Key, list[Rule]], dict[Key, list[Rule]]]:
    """Return, for each of the `keys`, the rules that give it and those that ask for it."""
    producers: dict[Key, list[Rule]] = {key: [] for key in keys}
    consumers: dict[Key, list[Rule]] = {key: [] for key in keys}
    for rule in rules:
        if rule.head is not None and rule.head.key in keys:
            producers[rule.head.key].append(rule)
        for key in {atom.key for atom in rule.body} & keys:
            consumers[key].append(rule)
    return producers, consumers


def _eliminate(
    rules: list[Rule], key: Key, producers: list[Rule], consumers: list[Rule]
) -> list[Rule]:
    if any(rule.head is not None and rule.head.key == key for rule in consumers):
        return rules  # defined through itself
    resolved: list[Rule] = []
    numbers = count()
    waiting = list(reversed(consumers))
    while waiting:
        consumer = waiting.pop()
        position = next((i for i, atom in enumerate(consumer.body) if atom.key == key), None)
        if position is None:
            resolved.append(tidy(consumer))
            continue
        resolvents = [
            rule
            for producer in producers
            if (rule := _resolve(consumer, position, producer.rename(f"_{next(numbers)}_")))
        ]
        waiting += reversed(resolvents)
        if len(resolved) + len(waiting) > len(producers) + len(consumers) + LARGEST_GROWTH:
            return rules
    gone = {*map(id, producers), *map(id, consumers)}
    return distinct([*(rule for rule in rules if id(rule) not in gone), *resolved])


def _resolve(consumer: Rule, position: int, producer: Rule) -> Rule | None:
    """Return the rule in which the atom at `position` is replaced by what gives it."""
    assert producer.head is not None
    values = unify(producer.head, consumer.body[position])
    if values is None:
        return None
    left, right = consumer.bind(values), producer.bind(values)
    body = (*left.body[:position], *right.body, *left.body[position + 1 :])
    if left.head in body:
        return None
    return replace(
        left,
        body=tuple(dict.fromkeys(body)),
        axioms=(*left.axioms, *right.axioms),
        conditions=tuple(dict.fromkeys((*left.conditions, *right.conditions))),
        folded=(*left.folded, *right.rows),
    )


def tidy(rule: Rule) -> Rule:
    """Return the rule without `?x a owl:Thing` where another pattern binds ?x; short names."""
    axioms, body = tuple(dict.fromkeys(rule.axioms)), tuple(dict.fromkeys(rule.body))
    for atom in rule.body:
        if atom.key == ("type", owl.Thing):
            others = tuple(other for other in body if other is not atom)
            if any(atom.subject in other.variables() for other in others):
                body = others
    rule = Rule(rule.name, axioms, body, rule.head, rule.conditions, rule.folded)
    atoms = (rule.head, *body) if rule.head else body
    variables = dict.fromkeys(v for atom in atoms for v in atom.variables())
    names: dict[Any, Any] = {
        variable: ox.Variable(NAMES[i] if i < len(NAMES) else f"v{i}")
        for i, variable in enumerate(variables)
    }
    return rule.bind(names)


def distinct(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules without tautologies and repetitions; of equals the one least folded."""
    by_content: dict[Any, Rule] = {}
    for rule in rules:
        if rule.head is not None and rule.head in rule.body:
            continue
        key = _content(rule, rule.body)
        other = by_content.get(key)
        if other is None or len(rule.folded) < len(other.folded):
            by_content[key] = rule
    return list(by_content.values())


def _content(rule: Rule, body: Iterable[Atom]) -> Any:
    """Return what makes two rules the same; each contradiction is reported under its own row."""
    return rule.head or rule.name, frozenset(body), frozenset(rule.conditions)


def _strongest(rules: list[Rule]) -> list[Rule]:
    """Return the rules without those to which a rule with fewer patterns gives the same head."""
    contents = {_content(rule, rule.body) for rule in rules}
    return [
        rule
        for rule in rules
        if len(rule.body) > LARGEST_BODY
        or not any(
            _content(rule, part) in contents
            for size in range(1, len(rule.body))
            for part in combinations(rule.body, size)
        )
    ]


def _without_idle(rules: list[Rule], hidden: Set[Key]) -> list[Rule]:
    """Return the rules without those that give only what is hidden and no other rule needs."""
    while True:
        needed = {atom.key for rule in rules for atom in rule.body}
        useful = [
            rule
            for rule in rules
            if rule.head is None or rule.head.key not in hidden or rule.head.key in needed
        ]
        if len(useful) == len(rules):
            return rules
        rules = useful
