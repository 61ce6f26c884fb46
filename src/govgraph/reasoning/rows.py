"""The rows of tables 5 to 7 whose axiom is one triple: written here as in the tables.

A and B stand for the subject and the value of the axiom.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl, rdf, rdfs
from govgraph.rdf.terms import Term
from govgraph.reasoning.datatypes import is_datatype
from govgraph.reasoning.rule import (
    DIFFERENT_VALUES,
    DISTINCT,
    LACKS_DATATYPE,
    RESOURCE,
    Atom,
    Condition,
    Rule,
)
from govgraph.reasoning.schema import Fact, Schema, to_triple

A, B, X, Y, Z = (ox.Variable(name) for name in "abxyz")
DIFFERENT: Final = (Condition(RESOURCE, (Y, Z)), Condition(DISTINCT, (Y, Z)))
DIFFERENT_LITERALS: Final = (Condition(DIFFERENT_VALUES, (Y, Z)),)

_IN_A, _IN_B = Atom(X, rdf.type, A), Atom(X, rdf.type, B)
_BY_A, _BY_B = Atom(X, A, Y), Atom(X, B, Y)
_TWO, _OF_TWO = (_BY_A, Atom(X, A, Z)), (Atom(Y, A, X), Atom(Z, A, X))
_SAME: Final = Atom(Y, owl.sameAs, Z)

_ROWS: Final = (
    (rdfs.domain, Rule("prp-dom", (), (_BY_A,), _IN_B)),
    (rdfs.range, Rule("prp-rng", (), (_BY_A,), Atom(Y, rdf.type, B))),
    (owl.FunctionalProperty, Rule("prp-fp", (), _TWO, _SAME, DIFFERENT)),
    (
        owl.FunctionalProperty,
        Rule("eq-diff1", (), _TWO, None, DIFFERENT_LITERALS, ("prp-fp", "dt-diff")),
    ),
    (owl.InverseFunctionalProperty, Rule("prp-ifp", (), _OF_TWO, _SAME, DIFFERENT)),
    (owl.IrreflexiveProperty, Rule("prp-irp", (), (Atom(X, A, X),), None)),
    (owl.SymmetricProperty, Rule("prp-symp", (), (_BY_A,), Atom(Y, A, X))),
    (owl.AsymmetricProperty, Rule("prp-asyp", (), (_BY_A, Atom(Y, A, X)), None)),
    (owl.TransitiveProperty, Rule("prp-trp", (), (_BY_A, Atom(Y, A, Z)), Atom(X, A, Z))),
    (rdfs.subPropertyOf, Rule("prp-spo1", (), (_BY_A,), _BY_B)),
    (owl.equivalentProperty, Rule("prp-eqp1", (), (_BY_A,), _BY_B)),
    (owl.equivalentProperty, Rule("prp-eqp2", (), (_BY_B,), _BY_A)),
    (owl.inverseOf, Rule("prp-inv1", (), (_BY_A,), Atom(Y, B, X))),
    (owl.inverseOf, Rule("prp-inv2", (), (_BY_B,), Atom(Y, A, X))),
    (owl.propertyDisjointWith, Rule("prp-pdw", (), (_BY_A, _BY_B), None)),
    (owl.complementOf, Rule("cls-com", (), (_IN_A, _IN_B), None)),
    (rdfs.subClassOf, Rule("cax-sco", (), (_IN_A,), _IN_B)),
    (owl.equivalentClass, Rule("cax-eqc1", (), (_IN_A,), _IN_B)),
    (owl.equivalentClass, Rule("cax-eqc2", (), (_IN_B,), _IN_A)),
    (owl.disjointWith, Rule("cax-dw", (), (_IN_A, _IN_B), None)),
)
"""Predicate of the axiom, or CLASS where it says `A a CLASS`, and one of its rules."""


def axiom(*facts: Fact) -> tuple[ox.Triple, ...]:
    """Return schema triples as the axioms of a rule."""
    return tuple(to_triple(fact) for fact in facts)


def rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules of all axioms that are one triple."""
    for word in dict(_ROWS):
        facts = [(subject, word, value) for subject, value in schema.pairs(word)]
        facts += [(subject, rdf.type, word) for subject in schema.instances(word)]
        for fact in facts:
            if word not in (rdfs.domain, rdfs.range) or fact not in schema.derivations:
                yield from of_axiom(fact)


def of_axiom(fact: Fact) -> Iterator[Rule]:
    """Yield the rules of an axiom that is one triple."""
    subject, predicate, value = fact
    if predicate == rdfs.range and isinstance(value, ox.NamedNode) and is_datatype(value.value):
        outside = (Condition(LACKS_DATATYPE, (Y,), value.value),)
        body = (Atom(X, subject, Y),)
        yield Rule("dt-not-type", axiom(fact), body, None, outside, ("prp-rng",))
        return
    for word, row in _ROWS:
        if word == (value if predicate == rdf.type else predicate):
            yield replace(row.bind({A: subject, B: value}), axioms=axiom(fact))


def pairs_of_all(
    schema: Schema, kind: ox.NamedNode, listed: ox.NamedNode = owl.members
) -> Iterator[tuple[tuple[ox.Triple, ...], Term, Term]]:
    """Yield every two members of each list that is said to be `AllDifferent` or the like."""
    for node in schema.instances(kind):
        for head in schema.objects(node, listed):
            axioms = axiom((node, rdf.type, kind), (node, listed, head))
            for one, other in combinations(schema.members(head), 2):
                yield axioms, one, other
