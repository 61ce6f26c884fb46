"""Tables 6 and 7: class expressions (cls-*) and class axioms (cax-*) that are several triples."""

from collections.abc import Iterator
from typing import TypeGuard

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl, rdf
from govgraph.rdf.terms import Term
from govgraph.reasoning.datatypes import is_datatype
from govgraph.reasoning.rows import DIFFERENT, DIFFERENT_LITERALS, X, Y, Z, axiom, pairs_of_all
from govgraph.reasoning.rule import HAS_DATATYPE, LACKS_DATATYPE, Atom, Condition, PatternTerm, Rule
from govgraph.reasoning.schema import Fact, Schema


def rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules of the class expressions and class axioms that are several triples."""
    yield Rule("cls-nothing2", (), (_is(X, owl.Nothing),), None)
    yield from _boolean(schema)
    yield from _restrictions(schema)
    yield from _cardinalities(schema)
    for axioms, one, other in pairs_of_all(schema, owl.AllDisjointClasses):
        yield Rule("cax-adc", axioms, (_is(X, one), _is(X, other)), None)


def _is(term: PatternTerm, kind: Term) -> Atom:
    return Atom(term, rdf.type, kind)


def _boolean(schema: Schema) -> Iterator[Rule]:
    for kind, head in schema.pairs(owl.intersectionOf):
        axioms, parts = axiom((kind, owl.intersectionOf, head)), schema.members(head)
        if parts:
            body = tuple(_is(X, part) for part in parts)
            yield Rule("cls-int1", axioms, body, _is(X, kind))
        for part in parts:
            yield Rule("cls-int2", axioms, (_is(X, kind),), _is(X, part))
    for kind, head in schema.pairs(owl.unionOf):
        axioms = axiom((kind, owl.unionOf, head))
        for part in schema.members(head):
            yield Rule("cls-uni", axioms, (_is(X, part),), _is(X, kind))
    for kind, head in schema.pairs(owl.oneOf):
        axioms = axiom((kind, owl.oneOf, head))
        for member in schema.members(head):
            if not isinstance(member, ox.Literal):
                yield Rule("cls-oo", axioms, (), _is(member, kind))


def _restrictions(schema: Schema) -> Iterator[Rule]:
    for kind, prop in schema.pairs(owl.onProperty):
        on = (kind, owl.onProperty, prop)
        for filler in schema.objects(kind, owl.someValuesFrom):
            yield _some(on, filler)
        for filler in schema.objects(kind, owl.allValuesFrom):
            yield _all(on, filler)
        for value in schema.objects(kind, owl.hasValue):
            axioms = axiom(on, (kind, owl.hasValue, value))
            yield Rule("cls-hv1", axioms, (_is(X, kind),), Atom(X, prop, value))
            yield Rule("cls-hv2", axioms, (Atom(X, prop, value),), _is(X, kind))


def _some(on: Fact, filler: Term) -> Rule:
    kind, _, prop = on
    axioms, related = axiom(on, (kind, owl.someValuesFrom, filler)), Atom(X, prop, Y)
    if filler == owl.Thing:
        return Rule("cls-svf2", axioms, (related,), _is(X, kind))
    if _is_datatype(filler):
        inside = (Condition(HAS_DATATYPE, (Y,), filler.value),)
        return Rule("cls-svf1", axioms, (related,), _is(X, kind), inside, ("dt-type2",))
    return Rule("cls-svf1", axioms, (related, _is(Y, filler)), _is(X, kind))


def _all(on: Fact, filler: Term) -> Rule:
    kind, _, prop = on
    axioms = axiom(on, (kind, owl.allValuesFrom, filler))
    body = (_is(X, kind), Atom(X, prop, Y))
    if _is_datatype(filler):
        outside = (Condition(LACKS_DATATYPE, (Y,), filler.value),)
        return Rule("dt-not-type", axioms, body, None, outside, ("cls-avf",))
    return Rule("cls-avf", axioms, body, _is(Y, filler))


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
                    yield from _at_most(most, on, axioms, ("cls-maxqc1", "cls-maxqc3"), filler)


def _at_most(
    most: Term,
    on: Fact,
    axioms: tuple[ox.Triple, ...],
    rows: tuple[str, str],
    filler: Term | None = None,
) -> Iterator[Rule]:
    """Yield the rules of at most none and of at most one, `rows`; others are not followed."""
    kind, _, prop = on
    typed = [_is(node, filler) for node in (Y, Z)] if filler else []
    if _number(most) == 0:
        body = (_is(X, kind), Atom(X, prop, Y), *typed[:1])
        yield Rule(rows[0], axioms, body, None)
    elif _number(most) == 1:
        body = (_is(X, kind), Atom(X, prop, Y), Atom(X, prop, Z), *typed)
        yield Rule(rows[1], axioms, body, Atom(Y, owl.sameAs, Z), DIFFERENT)
        yield Rule("eq-diff1", axioms, body, None, DIFFERENT_LITERALS, (rows[1], "dt-diff"))


def _is_datatype(node: Term) -> TypeGuard[ox.NamedNode]:
    return isinstance(node, ox.NamedNode) and is_datatype(node.value)


def _number(literal: Term) -> int | None:
    """Return the number a cardinality is limited to, or None where it is none."""
    if isinstance(literal, ox.Literal) and literal.value.isdecimal():
        return int(literal.value)
    return None
