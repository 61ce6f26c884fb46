"""Compiled rules as SPARQL, to be run by another engine: tests, and updates of one graph.

The updates are few, and come in the order in which each runs once.

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

from govgraph.reasoning.datatypes import DATATYPES, INTEGER_BOUNDS, INTEGERS, NUMERIC
from govgraph.reasoning.fixpoint import Compiled, strata
from govgraph.reasoning.rule import TYPE, Atom, Condition, Kind, PatternTerm, Rule
from govgraph.reasoning.tables import Numbers
from govgraph.vocabulary import BASE, RDFS, XSD


def atom_sparql(atom: Atom) -> str:
    """Return a pattern as SPARQL writes it."""
    if atom.predicate == TYPE:
        return f"{sparql_term(atom.subject)} a {sparql_term(atom.object)}"
    return " ".join(sparql_term(term) for term in atom)


def sparql_term(term: PatternTerm) -> str:
    """Return a term as SPARQL writes it; a blank node by its Skolem IRI."""
    if isinstance(term, ox.BlankNode):
        return f"<{BASE}.well-known/genid/{term.value}>"
    return str(term)


def condition_sparql(condition: Condition) -> str:
    """Return a condition as a SPARQL expression."""
    first, *others = (str(term) for term in condition.terms)
    if condition.kind == Kind.DISTINCT:
        return f"!sameTerm({first}, {others[0]})"
    if condition.kind == Kind.SAME_VALUE:
        return f"COALESCE({first} = {others[0]}, sameTerm({first}, {others[0]}))"
    if condition.kind == Kind.RESOURCE:
        return " && ".join(f"!isLiteral({term})" for term in (first, *others))
    if condition.kind == Kind.DIFFERENT_VALUES:
        literals = f"isLiteral({first}) && isLiteral({others[0]})"
        return f"{literals} && COALESCE({first} != {others[0]}, !sameTerm({first}, {others[0]}))"
    inside = sparql_test(first, condition.datatype)
    return inside if condition.kind == Kind.HAS_DATATYPE else f"isLiteral({first}) && !{inside}"


def sparql_test(term: str, datatype: str) -> str:
    """Return the SPARQL expression for "the value of `term` lies in `datatype`"."""
    if datatype == f"{RDFS}Literal":
        return f"isLiteral({term})"
    if datatype in INTEGERS:
        low, high = INTEGER_BOUNDS[datatype[len(XSD) :]]
        numeric = ", ".join(f"<{name}>" for name in sorted(NUMERIC))
        tests = [f"datatype({term}) IN ({numeric})"]
        tests += [f'REGEX(STR({term}), "^[+-]?[0-9]+([.]0*)?$")']
        tests += [] if low is None else [f"{term} >= {low}"]
        tests += [] if high is None else [f"{term} <= {high}"]
        return f"COALESCE({' && '.join(tests)}, false)"
    names = ", ".join(f"<{name}>" for name in sorted(DATATYPES.get(datatype, {datatype})))
    return f"COALESCE(datatype({term}) IN ({names}), false)"


@dataclass(frozen=True, slots=True)
class Step:
    """Updates to run in this order; until nothing is new, where they feed each other."""

    updates: tuple[str, ...]
    repeated: bool


def steps(rules: Iterable[Rule], graph: str) -> list[Step]:
    """Return the rules that infer something as updates of the named `graph`."""
    compiled = [Compiled(rule, Numbers()) for rule in rules]
    ordered = list(strata(compiled))
    if any(isinstance(each.head_key, ox.Variable) for each in compiled):
        # `?x ?p ?y`, in the rows of equality, depends on all, and all on it
        ordered = [([], [each for strata in ordered for rules in strata for each in rules])]
    return [
        Step(tuple(_updates((each.rule for each in applied), graph)), repeated)
        for once, again in ordered
        for applied, repeated in ((once, False), (again, True))
        if applied
    ]


def _updates(rules: Iterable[Rule], graph: str) -> list[str]:
    heads: dict[Any, list[Atom]] = defaultdict(list)
    for rule in rules:
        same = rule.rename("v")
        if same.head is not None:
            guard = [Condition(Kind.RESOURCE, (subject,)) for subject in carried(same)]
            heads[same.body, (*same.conditions, *guard)].append(same.head)
    return [
        f"INSERT {{ {pattern(dict.fromkeys(atoms), graph)} }}\n"
        f"WHERE {{ {pattern(body, graph)}"
        f"{''.join(f' FILTER({condition_sparql(condition)})' for condition in conditions)} }}"
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
        if condition.kind == Kind.RESOURCE
        for term in condition.terms
    }
    is_resource = subject in resources or any(atom.subject == subject for atom in rule.body)
    return [] if is_resource else [subject]


def pattern(atoms: Iterable[Atom], graph: str) -> str:
    """Return the patterns of a rule as a group over one named graph."""
    text = " . ".join(atom_sparql(atom) for atom in atoms)
    return f"GRAPH <{graph}> {{ {text} }}" if text else ""
