"""The rows of tables 4 to 7 of OWL 2 RL/RDF: each axiom of a schema as its rules.

Not written down are eq-ref (everything is the same as itself), which is folded into the rule that
reports what contradicts it, and table 8, the datatypes, which are conditions of other rules.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Final, TypeGuard

import pyoxigraph as ox

from govgraph.rdf.terms import Term, owl, rdf, rdfs
from govgraph.reasoning.datatypes import is_datatype
from govgraph.reasoning.rule import Atom, Condition, Kind, PatternTerm, Rule
from govgraph.reasoning.schema import Fact, Schema, to_triple

A, B, P, Q, X, Y, Z = (ox.Variable(name) for name in "abpqxyz")
DIFFERENT: Final = (Condition(Kind.RESOURCE, (Y, Z)), Condition(Kind.DISTINCT, (Y, Z)))
DIFFERENT_LITERALS: Final = (Condition(Kind.DIFFERENT_VALUES, (Y, Z)),)

_IN_A, _IN_B = Atom(X, rdf.type, A), Atom(X, rdf.type, B)
_BY_A, _BY_B = Atom(X, A, Y), Atom(X, B, Y)
_TWO, _OF_TWO = (_BY_A, Atom(X, A, Z)), (Atom(Y, A, X), Atom(Z, A, X))
_SAME, _SAME_XY = Atom(Y, owl.sameAs, Z), Atom(X, owl.sameAs, Y)

_OF_ONE_TRIPLE: Final = (
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
"""Predicate of an axiom that is one triple, or CLASS where it says `A a CLASS`, and one of its
rules; A and B stand for its subject and value."""

EQUALITY: Final = (
    Rule("eq-sym", (), (_SAME_XY,), Atom(Y, owl.sameAs, X)),
    Rule("eq-trans", (), (_SAME_XY, _SAME), Atom(X, owl.sameAs, Z)),
    Rule("eq-rep-s", (), (_SAME_XY, Atom(X, P, Z)), Atom(Y, P, Z)),
    Rule("eq-rep-p", (), (Atom(P, owl.sameAs, Q), Atom(X, P, Y)), Atom(X, Q, Y)),
    Rule("eq-rep-o", (), (_SAME, Atom(X, P, Y)), Atom(X, P, Z)),
)
"""The rules that hold without any axiom; they are needed only where something is the same."""


def rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules of all axioms."""
    for word in dict(_OF_ONE_TRIPLE):
        facts = [(subject, word, value) for subject, value in schema.pairs(word)]
        facts += [(subject, rdf.type, word) for subject in schema.instances(word)]
        for fact in facts:
            if word not in (rdfs.domain, rdfs.range) or fact not in schema.derivations:
                yield from of_axiom(fact)
    tables = (_chains_and_keys, _negative_assertions, _boolean, _restrictions, _cardinalities)
    yield from chain.from_iterable(table(schema) for table in (*tables, _differences))


def of_axiom(fact: Fact) -> Iterator[Rule]:
    """Yield the rules of an axiom that is one triple."""
    subject, predicate, value = fact
    if predicate == rdfs.range and _is_datatype(value):
        outside = (Condition(Kind.LACKS_DATATYPE, (Y,), value.value),)
        body = (Atom(X, subject, Y),)
        yield Rule("dt-not-type", axiom(fact), body, None, outside, ("prp-rng",))
        return
    for word, row in _OF_ONE_TRIPLE:
        if word == (value if predicate == rdf.type else predicate):
            yield replace(row.bind({A: subject, B: value}), axioms=axiom(fact))


def axiom(*facts: Fact) -> tuple[ox.Triple, ...]:
    """Return schema triples as the axioms of a rule."""
    return tuple(to_triple(fact) for fact in facts)


def _is(term: PatternTerm, kind: Term) -> Atom:
    return Atom(term, rdf.type, kind)


def _is_datatype(node: Term) -> TypeGuard[ox.NamedNode]:
    return isinstance(node, ox.NamedNode) and is_datatype(node.value)


def _pairs_of_all(
    schema: Schema, kind: ox.NamedNode, listed: ox.NamedNode = owl.members
) -> Iterator[tuple[tuple[ox.Triple, ...], Term, Term]]:
    """Yield every two members of each list that is said to be `AllDifferent` or the like."""
    for node in schema.instances(kind):
        for head in schema.objects(node, listed):
            axioms = axiom((node, rdf.type, kind), (node, listed, head))
            for one, other in combinations(schema.members(head), 2):
                yield axioms, one, other


def _chains_and_keys(schema: Schema) -> Iterator[Rule]:
    for prop, head in schema.pairs(owl.propertyChainAxiom):
        steps = schema.members(head)
        places = [X, *(ox.Variable(f"y{number}") for number in range(1, len(steps))), Z]
        body = [Atom(places[i], step, places[i + 1]) for i, step in enumerate(steps)]
        if steps:
            axioms = axiom((prop, owl.propertyChainAxiom, head))
            yield Rule("prp-spo2", axioms, tuple(body), Atom(X, prop, Z))
    for axioms, one, other in _pairs_of_all(schema, owl.AllDisjointProperties):
        yield Rule("prp-adp", axioms, (Atom(X, one, Y), Atom(X, other, Y)), None)
    for kind, head in schema.pairs(owl.hasKey):
        keys = schema.members(head)
        body = [_is(Y, kind), _is(Z, kind)]
        for number, key in enumerate(keys):
            shared = ox.Variable(f"v{number}")
            body += [Atom(Y, key, shared), Atom(Z, key, shared)]
        if keys:
            yield Rule("prp-key", axiom((kind, owl.hasKey, head)), tuple(body), _SAME, DIFFERENT)


def _negative_assertions(schema: Schema) -> Iterator[Rule]:
    for node, source in schema.pairs(owl.sourceIndividual):
        for prop in schema.objects(node, owl.assertionProperty):
            said = ((node, owl.sourceIndividual, source), (node, owl.assertionProperty, prop))
            for row, target in (("prp-npa1", owl.targetIndividual), ("prp-npa2", owl.targetValue)):
                for value in schema.objects(node, target):
                    axioms = axiom(*said, (node, target, value))
                    yield Rule(row, axioms, (Atom(source, prop, value),), None)


def _boolean(schema: Schema) -> Iterator[Rule]:
    yield Rule("cls-nothing2", (), (_is(X, owl.Nothing),), None)
    for kind, head in schema.pairs(owl.intersectionOf):
        axioms, parts = axiom((kind, owl.intersectionOf, head)), schema.members(head)
        if parts:
            body = tuple(_is(X, part) for part in parts)
            yield Rule("cls-int1", axioms, body, _is(X, kind))
        for part in parts:
            yield Rule("cls-int2", axioms, (_is(X, kind),), _is(X, part))
    for kind, head in schema.pairs(owl.unionOf):
        for part in schema.members(head):
            axioms = axiom((kind, owl.unionOf, head))
            yield Rule("cls-uni", axioms, (_is(X, part),), _is(X, kind))
    for kind, head in schema.pairs(owl.oneOf):
        for member in schema.members(head):
            if not isinstance(member, ox.Literal):
                yield Rule("cls-oo", axiom((kind, owl.oneOf, head)), (), _is(member, kind))


def _restrictions(schema: Schema) -> Iterator[Rule]:
    for kind, prop in schema.pairs(owl.onProperty):
        on, related, given = (kind, owl.onProperty, prop), Atom(X, prop, Y), _is(X, kind)
        for filler in schema.objects(kind, owl.someValuesFrom):
            axioms = axiom(on, (kind, owl.someValuesFrom, filler))
            if filler == owl.Thing:
                yield Rule("cls-svf2", axioms, (related,), given)
            elif _is_datatype(filler):
                inside = (Condition(Kind.HAS_DATATYPE, (Y,), filler.value),)
                yield Rule("cls-svf1", axioms, (related,), given, inside, ("dt-type2",))
            else:
                yield Rule("cls-svf1", axioms, (related, _is(Y, filler)), given)
        for filler in schema.objects(kind, owl.allValuesFrom):
            axioms = axiom(on, (kind, owl.allValuesFrom, filler))
            if _is_datatype(filler):
                outside = (Condition(Kind.LACKS_DATATYPE, (Y,), filler.value),)
                yield Rule("dt-not-type", axioms, (given, related), None, outside, ("cls-avf",))
            else:
                yield Rule("cls-avf", axioms, (given, related), _is(Y, filler))
        for value in schema.objects(kind, owl.hasValue):
            axioms = axiom(on, (kind, owl.hasValue, value))
            yield Rule("cls-hv1", axioms, (given,), Atom(X, prop, value))
            yield Rule("cls-hv2", axioms, (Atom(X, prop, value),), given)


def _cardinalities(schema: Schema) -> Iterator[Rule]:
    for kind, prop in schema.pairs(owl.onProperty):
        on = (kind, owl.onProperty, prop)
        for most in schema.objects(kind, owl.maxCardinality):
            axioms = axiom(on, (kind, owl.maxCardinality, most))
            yield from _at_most(most, on, axioms, ("cls-maxc1", "cls-maxc2"))
        for most in schema.objects(kind, owl.maxQualifiedCardinality):
            for filler in schema.objects(kind, owl.onClass):
                qualified = (kind, owl.maxQualifiedCardinality, most)
                axioms = axiom(on, qualified, (kind, owl.onClass, filler))
                if filler == owl.Thing:
                    yield from _at_most(most, on, axioms, ("cls-maxqc2", "cls-maxqc4"))
                else:
                    typed = (_is(Y, filler), _is(Z, filler))
                    yield from _at_most(most, on, axioms, ("cls-maxqc1", "cls-maxqc3"), typed)


def _at_most(
    most: Term,
    on: Fact,
    axioms: tuple[ox.Triple, ...],
    rows: tuple[str, str],
    typed: tuple[Atom, ...] = (),
) -> Iterator[Rule]:
    """Yield the rules of at most none and of at most one, `rows`; others are not followed."""
    given, one, other = _is(X, on[0]), Atom(X, on[2], Y), Atom(X, on[2], Z)
    number = most.value if isinstance(most, ox.Literal) else ""
    if number == "0":
        yield Rule(rows[0], axioms, (given, one, *typed[:1]), None)
    elif number == "1":
        body = (given, one, other, *typed)
        yield Rule(rows[1], axioms, body, _SAME, DIFFERENT)
        yield Rule("eq-diff1", axioms, body, None, DIFFERENT_LITERALS, (rows[1], "dt-diff"))


def _differences(schema: Schema) -> Iterator[Rule]:
    """Yield the rules of disjoint classes, and those that report what is the same and different."""
    for axioms, one, other in _pairs_of_all(schema, owl.AllDisjointClasses):
        yield Rule("cax-adc", axioms, (_is(X, one), _is(X, other)), None)
    yield Rule("eq-diff1", (), (_SAME_XY, Atom(X, owl.differentFrom, Y)), None)
    yield Rule("eq-diff1", (), (Atom(X, owl.differentFrom, X),), None, (), ("eq-ref",))
    for row, listed in (("eq-diff2", owl.members), ("eq-diff3", owl.distinctMembers)):
        for axioms, one, other in _pairs_of_all(schema, owl.AllDifferent, listed):
            if one == other:
                yield Rule(row, axioms, (), None, (), ("eq-ref",))
            elif not isinstance(one, ox.Literal) and not isinstance(other, ox.Literal):
                yield Rule(row, axioms, (Atom(one, owl.sameAs, other),), None)
