"""Rules that see through what has no name: anonymous classes and inverse properties.

A rule that needs `?x a [restriction]` is resolved with every rule that gives it, so that an axiom
such as `Arrangement and (involvesSector value private) SubClassOf C` becomes one rule over named
terms. What follows about named terms stays the same. A node is kept where the data use it, where
it is defined through itself, and where resolving would multiply the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import Any, Final

from govgraph.rdf.terms import owl
from govgraph.reasoning.rule import Atom, Condition, Key, Rule, unify

Content = tuple[Any, frozenset[Atom], frozenset[Condition]]
"""What makes two rules the same: head, or the name of one without, body and conditions."""

LARGEST_GROWTH: Final = 64
"""A node is kept if resolving it makes this many more rules than it removes."""
LARGEST_EFFORT: Final = 100_000
"""After so many resolutions what is left is kept: slower to run, with the same result."""
LARGEST_BODY: Final = 8
"""Longer rules are not compared with their parts: there are too many."""


def unfold(rules: Iterable[Rule], hidden: Set[Key], used: Set[Key]) -> tuple[list[Rule], int]:
    """Return the rules without those of the `hidden` keys, as far as they can be resolved.

    `used` are the hidden keys that must stay because the data use them. Also returns how many were
    not looked at, as the bound on the effort was met.
    """
    plain: list[Rule] = []
    current = Strongest()  # speak of something hidden
    for rule in map(tidy, rules):
        is_hidden = any(atom.key in hidden for atom in rule.atoms)
        (current.add if is_hidden else plain.append)(rule)
    waiting = {key: str(key) for key in hidden - used}
    # cheapest first; names only break ties, so that the outcome is always the same
    heap = [(current.cost(key), name, key) for key, name in waiting.items()]
    heapify(heap)
    effort = LARGEST_EFFORT
    while heap and effort > 0:
        cost, _, key = heappop(heap)
        if key in waiting and cost == current.cost(key):
            del waiting[key]
            touched, tried = _eliminate(current, key)
            effort -= tried
            for other in touched & waiting.keys():
                heappush(heap, (current.cost(other), waiting[other], other))
    remaining = Strongest()
    for rule in (*plain, *current):
        remaining.add(rule)
    return _without_idle(list(remaining), hidden), len(waiting)


class Strongest:
    """Rules by what they give and ask for, without those of which another says as much with less.

    That is one with the same head and a part of the body; of equals the one least folded stays.
    """

    def __init__(self) -> None:
        self._rules: dict[Content, Rule] = {}
        self._givers: dict[Key, dict[Content, None]] = defaultdict(dict)
        self._askers: dict[Key, dict[Content, None]] = defaultdict(dict)
        self._of_head: dict[Any, dict[Content, None]] = defaultdict(dict)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def cost(self, key: Key) -> int:
        """Return how many rules resolving a key may make."""
        return len(self._givers[key]) * len(self._askers[key])

    def users(self, key: Key) -> Iterator[list[Rule]]:
        """Yield the rules that give a key, and those that ask for it."""
        for index in (self._givers, self._askers):
            yield [self._rules[content] for content in index[key]]

    def add(self, rule: Rule) -> None:
        """Add a rule, unless it says no more than one there is; what it makes needless goes."""
        content = _content(rule)
        head, body, conditions = content
        if rule.head in body:
            return
        other = self._rules.get(content)
        if other is not None:
            if len(rule.folded) < len(other.folded):
                self._rules[content] = rule
            return
        parts = range(1, len(rule.body)) if len(rule.body) <= LARGEST_BODY else ()
        if any(
            (head, frozenset(part), conditions) in self._rules
            for size in parts
            for part in combinations(rule.body, size)
        ):
            return
        for weaker in [content for content in self._of_head[head] if body < content[1]]:
            if weaker[2] == conditions and len(weaker[1]) <= LARGEST_BODY:
                self.remove(self._rules[weaker])
        self._rules[content] = rule
        for index in self._indexes(rule):
            index[content] = None

    def remove(self, rule: Rule) -> None:
        """Remove a rule."""
        content = _content(rule)
        del self._rules[content]
        for index in self._indexes(rule):
            del index[content]

    def _indexes(self, rule: Rule) -> list[dict[Content, None]]:
        indexes = [self._askers[key] for key in dict.fromkeys(atom.key for atom in rule.body)]
        if rule.head is not None:
            indexes.append(self._givers[rule.head.key])
        if len(rule.body) > 1:  # of one pattern there is no part
            indexes.append(self._of_head[rule.head or rule.name])
        return indexes


def _eliminate(rules: Strongest, key: Key) -> tuple[set[Key], int]:
    """Resolve all rules that ask for a key, unless it is defined through itself or grows too much.

    Returns the keys of the rules that changed, and how many resolutions were tried.
    """
    producers, consumers = rules.users(key)
    if any(rule.head is not None and rule.head.key == key for rule in consumers):
        return set(), 0
    resolved: list[Rule] = []
    tried, apart = 0, [producer.rename("_") for producer in producers]
    waiting = list(reversed(consumers))
    while waiting:
        consumer = waiting.pop()
        position = next((i for i, atom in enumerate(consumer.body) if atom.key == key), None)
        if position is None:
            resolved.append(tidy(consumer))
            continue
        tried, consumer = tried + len(apart), consumer.rename("c")
        resolvents = (_resolve(consumer, position, producer) for producer in apart)
        waiting += reversed([rule for rule in resolvents if rule])
        if len(resolved) + len(waiting) > len(producers) + len(consumers) + LARGEST_GROWTH:
            return set(), tried
    for rule in (*producers, *consumers):
        rules.remove(rule)
    for rule in resolved:
        rules.add(rule)
    changed = (*producers, *consumers, *resolved)
    return {atom.key for rule in changed for atom in rule.atoms}, tried


def _resolve(consumer: Rule, position: int, producer: Rule) -> Rule | None:
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
    """Return the rule without `?x a owl:Thing` where another pattern binds ?x; names in order."""
    axioms, body = tuple(dict.fromkeys(rule.axioms)), tuple(dict.fromkeys(rule.body))
    for atom in rule.body:
        if atom.key == ("type", owl.Thing):
            others = tuple(other for other in body if other is not atom)
            if any(atom.subject in other.variables() for other in others):
                body = others
    return replace(rule, axioms=axioms, body=body).rename("v")


def _content(rule: Rule) -> Content:
    """Return what makes two rules the same; each contradiction is reported under its own row."""
    return rule.head or rule.name, frozenset(rule.body), frozenset(rule.conditions)


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
