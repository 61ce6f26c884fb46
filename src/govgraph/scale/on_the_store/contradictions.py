"""Contradictions found on the store, rule by rule.

What triple patterns can say, the store decides. Values of literals are compared here, by the same
code as everywhere (`conditions`), because stores keep and compare numbers and dates each in their
own way; only values that can matter are fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from govgraph.reasoning.datatypes import ill_typed_clash, is_well_typed
from govgraph.reasoning.model import Clash
from govgraph.reasoning.rule import DIFFERENT_VALUES, LACKS_DATATYPE, Rule
from govgraph.reasoning.rules_engine import clash_of
from govgraph.scale.on_the_store.updates import pattern
from govgraph.scale.on_the_store.working import WorkingGraph
from govgraph.store.client import SparqlStore
from govgraph.store.reserved import WORKING_GRAPH
from govgraph.vocabulary import XSD

VALUE: Final = ox.Variable("value")


def contradictions(store: SparqlStore, rules: Iterable[Rule]) -> list[Clash]:
    """Return what the rules without head find in the working graph, in a stable order."""
    clashes = [
        clash
        for rule in rules
        if rule.head is None and _may_report(store, rule)
        for clash in _clashes(store, rule)
    ]
    return sorted(dict.fromkeys(clashes), key=lambda clash: (clash.rule, clash.message))


def _may_report(store: SparqlStore, rule: Rule) -> bool:
    """Tell whether a value lies outside the datatype of a rule, where it has one."""
    for condition in rule.conditions:
        if condition.kind == LACKS_DATATYPE:
            body = _body(rule.bind({condition.terms[0]: VALUE}))  # type: ignore[dict-item]
            values = store.rows(f"SELECT DISTINCT {VALUE} WHERE {{ {body} }}")
            return any(condition.holds(value) for (value,) in values)
    return True


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
        if not rule.body or store.ask(f"ASK {{ {_body(rule)} }}"):
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
    clashes = []
    for value in wrong:
        text = ox.Literal(value.value)
        same = f"{every} FILTER(STR(?o) = {text} && datatype(?o) = {value.datatype})"
        for s, p, o in store.rows(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {same} }}"):
            clashes.append(ill_typed_clash(ox.Triple(s, p, o)))
    return sorted(dict.fromkeys(clashes), key=lambda clash: clash.message)
