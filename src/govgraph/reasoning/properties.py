"""Table 5: axioms about properties, each as one rule (prp-*)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import pyoxigraph as ox

from govgraph.reasoning.datatypes import is_datatype
from govgraph.reasoning.names import owl, rdf, rdfs
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

X, Y, Z = (ox.Variable(name) for name in "xyz")
DIFFERENT: Final = (Condition(RESOURCE, (Y, Z)), Condition(DISTINCT, (Y, Z)))
DIFFERENT_LITERALS: Final = (Condition(DIFFERENT_VALUES, (Y, Z)),)


def axiom(*facts: Fact) -> tuple[ox.Triple, ...]:
    """Return schema triples as the axioms of a rule."""
    return tuple(to_triple(fact) for fact in facts)


def of_axiom(fact: Fact) -> Rule:
    """Return the rule of one triple that relates classes, properties, or a property and a class."""
    lower, predicate, upper = fact
    if predicate == rdfs.subClassOf:
        row, body, head = "cax-sco", Atom(X, rdf.type, lower), Atom(X, rdf.type, upper)
    elif predicate == rdfs.subPropertyOf:
        row, body, head = "prp-spo1", Atom(X, lower, Y), Atom(X, upper, Y)
    elif predicate == rdfs.domain:
        row, body, head = "prp-dom", Atom(X, lower, Y), Atom(X, rdf.type, upper)
    else:
        row, body, head = "prp-rng", Atom(X, lower, Y), Atom(Y, rdf.type, upper)
    return Rule(row, axiom(fact), (body,), head)


def rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules of all property axioms."""
    yield from _ends(schema)
    yield from _characteristics(schema)
    yield from _hierarchy(schema)
    yield from _inverses(schema)
    yield from _disjoint(schema)
    yield from _keys(schema)
    yield from _negative_assertions(schema)


def _ends(schema: Schema) -> Iterator[Rule]:
    facts = [(p, end, c) for end in (rdfs.domain, rdfs.range) for p, c in schema.pairs(end)]
    for fact in (fact for fact in facts if fact not in schema.derivations):
        prop, end, kind = fact
        if end == rdfs.range and isinstance(kind, ox.NamedNode) and is_datatype(kind.value):
            outside = (Condition(LACKS_DATATYPE, (Y,), kind.value),)
            body = (Atom(X, prop, Y),)
            yield Rule("dt-not-type", axiom(fact), body, None, outside, ("prp-rng",))
        else:
            yield of_axiom(fact)


def _characteristics(schema: Schema) -> Iterator[Rule]:
    for prop in schema.instances(owl.FunctionalProperty):
        axioms = axiom((prop, rdf.type, owl.FunctionalProperty))
        body = (Atom(X, prop, Y), Atom(X, prop, Z))
        yield Rule("prp-fp", axioms, body, Atom(Y, owl.sameAs, Z), DIFFERENT)
        yield Rule("eq-diff1", axioms, body, None, DIFFERENT_LITERALS, ("prp-fp", "dt-diff"))
    for prop in schema.instances(owl.InverseFunctionalProperty):
        axioms = axiom((prop, rdf.type, owl.InverseFunctionalProperty))
        body = (Atom(Y, prop, X), Atom(Z, prop, X))
        yield Rule("prp-ifp", axioms, body, Atom(Y, owl.sameAs, Z), DIFFERENT)
    for prop in schema.instances(owl.IrreflexiveProperty):
        axioms = axiom((prop, rdf.type, owl.IrreflexiveProperty))
        yield Rule("prp-irp", axioms, (Atom(X, prop, X),), None)
    for prop in schema.instances(owl.SymmetricProperty):
        axioms = axiom((prop, rdf.type, owl.SymmetricProperty))
        yield Rule("prp-symp", axioms, (Atom(X, prop, Y),), Atom(Y, prop, X))
    for prop in schema.instances(owl.AsymmetricProperty):
        axioms = axiom((prop, rdf.type, owl.AsymmetricProperty))
        yield Rule("prp-asyp", axioms, (Atom(X, prop, Y), Atom(Y, prop, X)), None)
    for prop in schema.instances(owl.TransitiveProperty):
        axioms = axiom((prop, rdf.type, owl.TransitiveProperty))
        yield Rule("prp-trp", axioms, (Atom(X, prop, Y), Atom(Y, prop, Z)), Atom(X, prop, Z))


def _hierarchy(schema: Schema) -> Iterator[Rule]:
    for lower, upper in schema.pairs(rdfs.subPropertyOf):
        yield of_axiom((lower, rdfs.subPropertyOf, upper))
    for one, other in schema.pairs(owl.equivalentProperty):
        axioms = axiom((one, owl.equivalentProperty, other))
        yield Rule("prp-eqp1", axioms, (Atom(X, one, Y),), Atom(X, other, Y))
        yield Rule("prp-eqp2", axioms, (Atom(X, other, Y),), Atom(X, one, Y))
    for prop, head in schema.pairs(owl.propertyChainAxiom):
        chain = schema.members(head)
        places = [X, *(ox.Variable(f"y{number}") for number in range(1, len(chain))), Z]
        body = tuple(Atom(places[i], step, places[i + 1]) for i, step in enumerate(chain))
        if chain:
            axioms = axiom((prop, owl.propertyChainAxiom, head))
            yield Rule("prp-spo2", axioms, body, Atom(X, prop, Z))


def _inverses(schema: Schema) -> Iterator[Rule]:
    for one, other in schema.pairs(owl.inverseOf):
        axioms = axiom((one, owl.inverseOf, other))
        yield Rule("prp-inv1", axioms, (Atom(X, one, Y),), Atom(Y, other, X))
        yield Rule("prp-inv2", axioms, (Atom(X, other, Y),), Atom(Y, one, X))


def _disjoint(schema: Schema) -> Iterator[Rule]:
    for one, other in schema.pairs(owl.propertyDisjointWith):
        axioms = axiom((one, owl.propertyDisjointWith, other))
        yield Rule("prp-pdw", axioms, (Atom(X, one, Y), Atom(X, other, Y)), None)
    for node in schema.instances(owl.AllDisjointProperties):
        for members in schema.objects(node, owl.members):
            axioms = axiom(
                (node, rdf.type, owl.AllDisjointProperties), (node, owl.members, members)
            )
            for one, other in combinations(schema.members(members), 2):
                yield Rule("prp-adp", axioms, (Atom(X, one, Y), Atom(X, other, Y)), None)


def _keys(schema: Schema) -> Iterator[Rule]:
    for kind, head in schema.pairs(owl.hasKey):
        keys = schema.members(head)
        body = [Atom(Y, rdf.type, kind), Atom(Z, rdf.type, kind)]
        for number, key in enumerate(keys):
            shared = ox.Variable(f"v{number}")
            body += [Atom(Y, key, shared), Atom(Z, key, shared)]
        if keys:
            axioms = axiom((kind, owl.hasKey, head))
            yield Rule("prp-key", axioms, tuple(body), Atom(Y, owl.sameAs, Z), DIFFERENT)


def _negative_assertions(schema: Schema) -> Iterator[Rule]:
    for node, source in schema.pairs(owl.sourceIndividual):
        for prop in schema.objects(node, owl.assertionProperty):
            for row, target in (("prp-npa1", owl.targetIndividual), ("prp-npa2", owl.targetValue)):
                for value in schema.objects(node, target):
                    axioms = axiom(
                        (node, owl.sourceIndividual, source),
                        (node, owl.assertionProperty, prop),
                        (node, target, value),
                    )
                    yield Rule(row, axioms, (Atom(source, prop, value),), None)
