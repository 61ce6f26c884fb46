"""The rows eq-sym, eq-trans and eq-rep-*, which are about every triple of the store.

What is the same forms groups; what is said of one member is said of all. Only facts that mention
a member of a group are copied, and rules then run over the copies.
"""

from collections import defaultdict
from itertools import permutations

from govgraph.rdf.namespaces import owl
from govgraph.reasoning.fixpoint import Fixpoint, Fresh
from govgraph.reasoning.rule import SAME_VALUE, TYPE
from govgraph.reasoning.strata import Key, components
from govgraph.reasoning.tables import MASK, SHIFT

Groups = dict[int, list[int]]
"""Member -> all members of its group."""


def saturate(engine: Fixpoint) -> None:
    """Add all that follows from `owl:sameAs` to the facts of `engine`, of which all are needed."""
    for key in engine.facts.tables:
        if key != TYPE:  # which is there by class
            engine.table(key)
    groups: Groups = {}
    fresh: Fresh = {}
    while True:
        regrouped = groups_of(engine.table(owl.sameAs).facts)
        changed = regrouped != groups
        groups = regrouped
        copies: Fresh = {}
        if changed:
            pairs = {a << SHIFT | b for group in groups.values() for a, b in permutations(group, 2)}
            engine.add(owl.sameAs, pairs, copies)
            tables = engine.tables.items()
            fresh = {key: table.facts for key, table in tables if key != SAME_VALUE}
        for key, facts in list(fresh.items()):
            _copy(engine, groups, key, facts, copies)
        if not copies:
            return
        fresh = {key: set(facts) for key, facts in copies.items()}
        engine.repeat([each for each in engine.rules if each.head is not None], copies, fresh)


def _copy(engine: Fixpoint, groups: Groups, key: Key, facts: set[int], copies: Fresh) -> None:
    """eq-rep-s, eq-rep-p and eq-rep-o for facts of one table."""
    name = key[1] if isinstance(key, tuple) else key
    alike = [engine.ids.term(number) for number in groups.get(engine.ids[name], [])]
    if isinstance(key, tuple):
        members = {other for member in facts for other in groups.get(member, ())} | facts
        for term in alike or [name]:
            engine.add(("type", term), members - engine.table(("type", term)).facts, copies)
        return
    pairs = {
        s << SHIFT | o
        for pair in facts
        if pair >> SHIFT in groups or pair & MASK in groups
        for s in groups.get(pair >> SHIFT, (pair >> SHIFT,))
        for o in groups.get(pair & MASK, (pair & MASK,))
    }
    for term in alike or [name]:
        engine.add(term, pairs | facts if alike else pairs, copies)


def groups_of(pairs: set[int]) -> Groups:
    """Return the groups of terms that are the same (symmetric and transitive closure)."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        neighbours[pair >> SHIFT].append(pair & MASK)
        neighbours[pair & MASK].append(pair >> SHIFT)
    groups = (sorted(group) for group in components(neighbours) if len(group) > 1)
    return {term: group for group in groups for term in group}
