"""One rule: a body of triple patterns, a head, and the axioms it was compiled from.

A rule bears the name of its row in the OWL 2 RL/RDF rules tables (OWL 2 Profiles, section 4.3).
Where an axiom speaks of classes without a name, the rows that see through them are folded into
one rule: `name` is the row that gives the head, `folded` are the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.reasoning.datatypes import is_datatype, is_in, value_of
from govgraph.vocabulary import RDF

PatternTerm: TypeAlias = Term | ox.Variable
"""What stands in a pattern: a term, or a variable for one."""
Key: TypeAlias = Any
"""What a pattern speaks of: a property, or ("type", class); `?x a ?c` is about rdf:type."""

TYPE: Final = ox.NamedNode(f"{RDF}type")


class Kind(StrEnum):
    """What a condition asks of terms; those of table 8 are dt-diff, dt-eq, -type2 and -not-type."""

    DISTINCT = "two terms that are not the same term"
    RESOURCE = "a term that is no literal"
    DIFFERENT_VALUES = "two literals with different values"
    SAME_VALUE = "the same term, or two literals with the same value"
    HAS_DATATYPE = "a literal whose value lies in a datatype"
    LACKS_DATATYPE = "a literal whose value lies outside a datatype"


class Atom(NamedTuple):
    """A triple pattern; its places hold terms or variables."""

    subject: PatternTerm
    predicate: PatternTerm
    object: PatternTerm

    @property
    def key(self) -> Key:
        """What the pattern speaks of."""
        if self.predicate == TYPE and not isinstance(self.object, ox.Variable):
            return ("type", self.object)
        return self.predicate

    def variables(self) -> list[ox.Variable]:
        """Return the variables, in order, with repetitions."""
        return [term for term in self if isinstance(term, ox.Variable)]

    def bind(self, values: Mapping[ox.Variable, PatternTerm]) -> Atom:
        """Return the pattern with variables replaced."""
        return Atom(*[values.get(t, t) if isinstance(t, ox.Variable) else t for t in self])


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one or two terms; `datatype` is an IRI where the test needs one."""

    kind: Kind
    terms: tuple[PatternTerm, ...]
    datatype: str = ""

    def bind(self, values: Mapping[ox.Variable, PatternTerm]) -> Condition:
        """Return the condition with variables replaced."""
        terms = (values.get(t, t) if isinstance(t, ox.Variable) else t for t in self.terms)
        return Condition(self.kind, tuple(terms), self.datatype)

    def holds(self, *terms: Any) -> bool:
        """Whether the condition is true of `terms`, given in the order of `self.terms`."""
        if self.kind == Kind.RESOURCE:
            return not any(isinstance(term, ox.Literal) for term in terms)
        same = bool(terms[0] == terms[-1])
        if self.kind == Kind.DISTINCT or (self.kind == Kind.SAME_VALUE and same):
            return same == (self.kind == Kind.SAME_VALUE)
        literals = [term for term in terms if isinstance(term, ox.Literal)]
        if len(literals) < len(terms):
            return False
        if self.kind in (Kind.DIFFERENT_VALUES, Kind.SAME_VALUE):
            left, right = map(value_of, literals)  # what cannot be compared is left open
            comparable = left is not None and right is not None
            return comparable and (left == right) == (self.kind == Kind.SAME_VALUE)
        inside = is_in(literals[0], self.datatype)
        if self.kind == Kind.HAS_DATATYPE:
            return inside
        return not inside and is_datatype(literals[0].datatype.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """`body` and `conditions` imply `head`; a rule without head reports a contradiction."""

    name: str
    axioms: tuple[ox.Triple, ...]
    body: tuple[Atom, ...]
    head: Atom | None
    conditions: tuple[Condition, ...] = ()
    folded: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the rules tables this rule stands for, the one of the head first."""
        return (self.name, *self.folded)

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Head and body."""
        return self.body if self.head is None else (self.head, *self.body)

    def variables(self) -> list[ox.Variable]:
        """Return the distinct variables in order of appearance."""
        return list(dict.fromkeys(v for atom in self.atoms for v in atom.variables()))

    def rename(self, prefix: str) -> Rule:
        """Return the same rule with variables called PREFIX0, PREFIX1 …"""
        names: dict[ox.Variable, PatternTerm] = {
            variable: ox.Variable(f"{prefix}{number}")
            for number, variable in enumerate(self.variables())
        }
        return self.bind(names)

    def bind(self, values: Mapping[ox.Variable, PatternTerm]) -> Rule:
        """Return the rule with variables replaced in body, head and conditions."""
        body = tuple([atom.bind(values) for atom in self.body])
        head = self.head.bind(values) if self.head else None
        conditions = tuple([condition.bind(values) for condition in self.conditions])
        return Rule(self.name, self.axioms, body, head, conditions, self.folded)


def by_value(rule: Rule) -> Rule:
    """Return a rule in which what two patterns share as their value may be two equal literals.

    5 and 5.0 are the same (dt-eq), so that what holds of one holds of the other (eq-rep-o).
    """
    subjects = {atom.subject for atom in rule.atoms}
    if rule.head is not None:
        subjects.add(rule.head.object)
    seen: set[PatternTerm] = set()
    body, conditions = [], list(rule.conditions)
    for atom in rule.body:
        value = atom.object
        if isinstance(value, ox.Literal) or (value in seen and value not in subjects):
            value = ox.Variable(f"same{len(conditions)}")
            conditions.append(Condition(Kind.SAME_VALUE, (value, atom.object)))
        elif isinstance(value, ox.Variable):
            seen.add(value)
        body.append(Atom(atom.subject, atom.predicate, value))
    if len(conditions) == len(rule.conditions):
        return rule
    return replace(rule, body=tuple(body), conditions=tuple(conditions))


def unify(left: Atom, right: Atom) -> dict[ox.Variable, PatternTerm] | None:
    """Return the bindings that make two patterns equal, or None; their variables differ."""
    values: dict[ox.Variable, PatternTerm] = {}

    def resolve(term: PatternTerm) -> PatternTerm:
        while isinstance(term, ox.Variable) and term in values:
            term = values[term]
        return term

    for one, other in zip(left, right, strict=True):
        a, b = resolve(one), resolve(other)
        if a == b:
            continue
        if isinstance(a, ox.Variable):
            values[a] = b
        elif isinstance(b, ox.Variable):
            values[b] = a
        else:
            return None
    return {variable: resolve(variable) for variable in values}
