"""Contradictions found on the store: first which rules report one, then with what statements.

What triple patterns can say, the store decides. Values of literals are compared here, by the same
code as everywhere (`conditions`), because stores keep and compare numbers and dates each in their
own way; only values that can matter are fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from govgraph.reasoning.datatypes import ill_typed_clash, is_well_typed
from govgraph.reasoning.model import Clash
from govgraph.reasoning.rule import DIFFERENT_VALUES, LACKS_DATATYPE, Rule
from govgraph.reasoning.rules_engine import clash_of
from govgraph.scale.on_the_store.updates import pattern
from govgraph.scale.on_the_store.working import WorkingGraph
from govgraph.store.batches import batches
from govgraph.store.client import SparqlStore
from govgraph.store.reserved import WORKING_GRAPH
from govgraph.vocabulary import XSD

PER_QUERY: Final = 40
"""Rules asked for in one query."""
RULE: Final = ox.Variable("rule")
VALUE: Final = ox.Variable("value")


def contradictions(store: SparqlStore, rules: Iterable[Rule]) -> list[Clash]:
    """Return what the rules without head find in the working graph, in a stable order."""
    reporting = [rule for rule in rules if rule.head is None]
    found = [clash_of(rule, {}) for rule in reporting if not rule.body]
    asked = [rule for rule in reporting if rule.body]
    for rule in _candidates(store, asked):
        found += _clashes(store, rule)
    return sorted(dict.fromkeys(found), key=lambda each: (each.rule, each.message))


def _candidates(store: SparqlStore, rules: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the rules that may report something."""
    plain = [rule for rule in rules if not any(c.kind == LACKS_DATATYPE for c in rule.conditions)]
    for some in batches(plain, PER_QUERY):
        bodies = [
            f"{{ {_body(rule)} BIND({number} AS {RULE}) }}" for number, rule in enumerate(some)
        ]
        for (number,) in store.rows(f"SELECT DISTINCT {RULE} WHERE {{ {' UNION '.join(bodies)} }}"):
            yield some[int(number.value)]
    ranges = [rule for rule in rules if rule not in plain]
    for some in batches(ranges, PER_QUERY):
        bodies = [
            f"{{ {_body(rule.bind({_value(rule): VALUE}))} BIND({number} AS {RULE}) }}"
            for number, rule in enumerate(some)
        ]
        query = f"SELECT DISTINCT {RULE} {VALUE} WHERE {{ {' UNION '.join(bodies)} }}"
        outside = {
            int(number.value)
            for number, value in store.rows(query)
            if any(
                condition.holds(value)
                for condition in some[int(number.value)].conditions
                if condition.kind == LACKS_DATATYPE
            )
        }
        for number in sorted(outside):
            yield some[number]


def _value(rule: Rule) -> Any:
    return next(c.terms[0] for c in rule.conditions if c.kind == LACKS_DATATYPE)


def _body(rule: Rule) -> str:
    """Return what must match, with no more of the conditions than every store answers alike."""
    tests = []
    for condition in rule.conditions:
        if condition.kind == DIFFERENT_VALUES:
            one, other = condition.terms
            tests.append(f"!sameTerm({one}, {other})")
        elif condition.kind != LACKS_DATATYPE:
            tests.append(condition.sparql())
    filters = f" FILTER({' && '.join(tests)})" if tests else ""
    return f"{pattern(rule.body, WORKING_GRAPH)}{filters}"


def _clashes(store: SparqlStore, rule: Rule) -> Iterator[Clash]:
    variables = rule.variables()
    named = " ".join(map(str, variables))
    if not variables:
        yield clash_of(rule, {})
        return
    for row in store.rows(f"SELECT DISTINCT {named} WHERE {{ {_body(rule)} }}"):
        values = dict(zip(variables, row, strict=True))
        if all(c.bind(values).holds(*c.bind(values).terms) for c in rule.conditions):
            yield clash_of(rule, values)


def ill_typed(store: SparqlStore, working: WorkingGraph) -> list[Clash]:
    """Return a clash for every asserted triple whose literal is none of its datatype."""
    test = f'isLiteral(?o) && !isNumeric(?o) && lang(?o) = "" && datatype(?o) != <{XSD}string>'
    every = f"{working.asserted('?s ?p ?o')} FILTER({test})"
    wrong = [
        value
        for (value,) in store.rows(f"SELECT DISTINCT ?o WHERE {{ {every} }}")
        if isinstance(value, ox.Literal) and not is_well_typed(value)
    ]
    found = []
    for value in wrong:
        text = ox.Literal(value.value)
        same = f"{every} FILTER(STR(?o) = {text} && datatype(?o) = {value.datatype})"
        for s, p, o in store.rows(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {same} }}"):
            found.append(ill_typed_clash(ox.Triple(s, p, o)))
    return sorted(dict.fromkeys(found), key=lambda each: each.message)
