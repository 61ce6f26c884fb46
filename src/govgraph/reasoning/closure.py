"""Table 9: what follows between the axioms themselves (the scm-* rules), before any data.

With the schema closed, a rule for a class or property fires once with all that is above it. Each
derived triple remembers row and premises, so that a proof can be followed into the ontology.
What is true of every class or property (`C rdfs:subClassOf C`, `owl:Thing`) is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from govgraph.rdf.terms import Term
from govgraph.reasoning.names import owl, rdf, rdfs
from govgraph.reasoning.schema import Derivation, Fact, Schema

Step = tuple[str, Fact, tuple[Fact, ...]]


def close(schema: Schema) -> None:
    """Add to `schema` all that follows within it; breadth first, so that proofs are short."""
    waiting = deque(sorted(schema.facts, key=str))
    while waiting:
        fact = waiting.popleft()
        for rule, derived, premises in _consequences(schema, fact):
            if derived[0] != derived[2] and schema.add(derived, Derivation(rule, premises)):
                waiting.append(derived)


def _consequences(schema: Schema, fact: Fact) -> Iterator[Step]:
    """Yield what follows from one triple and those already there."""
    subject, predicate, value = fact
    if predicate == rdfs.subClassOf:
        yield from _above(schema, fact, ("scm-sco", "scm-eqc2"), owl.equivalentClass)
        yield from _ends_above_class(schema, fact)
        yield from _fillers(schema, fact)
    elif predicate == rdfs.subPropertyOf:
        yield from _above(schema, fact, ("scm-spo", "scm-eqp2"), owl.equivalentProperty)
        yield from _ends_above_property(schema, fact)
        yield from _restrictions_above(schema, fact)
    elif predicate == owl.equivalentClass:
        yield "scm-eqc1", (subject, rdfs.subClassOf, value), (fact,)
        yield "scm-eqc1", (value, rdfs.subClassOf, subject), (fact,)
    elif predicate == owl.equivalentProperty:
        yield "scm-eqp1", (subject, rdfs.subPropertyOf, value), (fact,)
        yield "scm-eqp1", (value, rdfs.subPropertyOf, subject), (fact,)
    elif predicate == owl.intersectionOf:
        for member in schema.members(value):
            yield "scm-int", (subject, rdfs.subClassOf, member), (fact,)
    elif predicate == owl.unionOf:
        for member in schema.members(value):
            yield "scm-uni", (member, rdfs.subClassOf, subject), (fact,)
    elif predicate in (rdfs.domain, rdfs.range):
        yield from _end(schema, fact)
    elif predicate in (owl.someValuesFrom, owl.allValuesFrom, owl.hasValue):
        yield from _same_restriction(schema, fact)


def _above(schema: Schema, fact: Fact, rows: tuple[str, str], equivalent: Term) -> Iterator[Step]:
    """scm-sco, scm-spo: transitivity; scm-eqc2, scm-eqp2: below each other is equivalent."""
    lower, predicate, upper = fact
    for top in list(schema.objects(upper, predicate)):
        yield rows[0], (lower, predicate, top), (fact, (upper, predicate, top))
    for bottom in list(schema.subjects(predicate, lower)):
        yield rows[0], (bottom, predicate, upper), ((bottom, predicate, lower), fact)
    back = (upper, predicate, lower)
    if back in schema:
        yield rows[1], (lower, equivalent, upper), (fact, back)
        yield rows[1], (upper, equivalent, lower), (back, fact)


def _ends_above_class(schema: Schema, fact: Fact) -> Iterator[Step]:
    """scm-dom1, scm-rng1, where the axiom about the classes comes last."""
    lower, _, upper = fact
    for end, row in ((rdfs.domain, "scm-dom1"), (rdfs.range, "scm-rng1")):
        for prop in list(schema.subjects(end, lower)):
            yield row, (prop, end, upper), ((prop, end, lower), fact)


def _ends_above_property(schema: Schema, fact: Fact) -> Iterator[Step]:
    """scm-dom2, scm-rng2, where the axiom about the properties comes last."""
    lower, _, upper = fact
    for end, row in ((rdfs.domain, "scm-dom2"), (rdfs.range, "scm-rng2")):
        for kind in list(schema.objects(upper, end)):
            yield row, (lower, end, kind), ((upper, end, kind), fact)


def _end(schema: Schema, fact: Fact) -> Iterator[Step]:
    """scm-dom1, scm-dom2, scm-rng1, scm-rng2, where the domain or range comes last."""
    prop, end, kind = fact
    row = "scm-dom" if end == rdfs.domain else "scm-rng"
    for upper in list(schema.objects(kind, rdfs.subClassOf)):
        yield f"{row}1", (prop, end, upper), (fact, (kind, rdfs.subClassOf, upper))
    for lower in list(schema.subjects(rdfs.subPropertyOf, prop)):
        yield f"{row}2", (lower, end, kind), (fact, (lower, rdfs.subPropertyOf, prop))


def _fillers(schema: Schema, fact: Fact) -> Iterator[Step]:
    """scm-svf1, scm-avf1: restrictions of one property whose fillers lie above each other."""
    lower, _, upper = fact
    for kind, row in ((owl.someValuesFrom, "scm-svf1"), (owl.allValuesFrom, "scm-avf1")):
        for one in list(schema.subjects(kind, lower)):
            for other in list(schema.subjects(kind, upper)):
                yield from _by_property(schema, row, one, other, kind, fact)


def _restrictions_above(schema: Schema, fact: Fact) -> Iterator[Step]:
    """scm-hv, scm-svf2, scm-avf2: one filler, properties that lie above each other."""
    lower, _, upper = fact
    for one in list(schema.subjects(owl.onProperty, lower)):
        for other in list(schema.subjects(owl.onProperty, upper)):
            yield from _by_filler(schema, one, other, fact)


def _same_restriction(schema: Schema, fact: Fact) -> Iterator[Step]:
    """Yield what follows where the filler of a restriction comes last.

    A property lies below itself (scm-op) and a class below itself and owl:Thing (scm-cls): these
    are written down only here, where something else follows from them.
    """
    restriction, kind, filler = fact
    row = "scm-svf1" if kind == owl.someValuesFrom else "scm-avf1"
    for lower, upper in [] if kind == owl.hasValue else _neighbours(schema, kind, filler):
        for other in list(schema.subjects(kind, upper if lower == filler else lower)):
            pair = (restriction, other) if lower == filler else (other, restriction)
            yield from _by_property(schema, row, *pair, kind, (lower, rdfs.subClassOf, upper))
    for prop in list(schema.objects(restriction, owl.onProperty)):
        for upper in [*_itself(schema, prop), *schema.objects(prop, rdfs.subPropertyOf)]:
            for other in list(schema.subjects(owl.onProperty, upper)):
                between = (prop, rdfs.subPropertyOf, upper)
                yield from _by_filler(schema, restriction, other, between)
        for lower in list(schema.subjects(rdfs.subPropertyOf, prop)):
            for other in list(schema.subjects(owl.onProperty, lower)):
                between = (lower, rdfs.subPropertyOf, prop)
                yield from _by_filler(schema, other, restriction, between)


def _neighbours(schema: Schema, kind: Term, filler: Term) -> list[tuple[Term, Term]]:
    """Return (lower, upper) for each class axiom that `filler` takes part in."""
    above = [(filler, upper) for upper in schema.objects(filler, rdfs.subClassOf)]
    below = [(lower, filler) for lower in schema.subjects(rdfs.subClassOf, filler)]
    thing: list[tuple[Term, Term]] = []
    if filler == owl.Thing:
        thing = [(other, owl.Thing) for other in schema.fillers(kind)]
    elif schema.subjects(kind, owl.Thing):
        thing = [(filler, owl.Thing)]
    for lower, _ in thing:
        declared = (lower, rdf.type, owl.Class)
        if declared in schema:
            schema.trivial((lower, rdfs.subClassOf, owl.Thing), Derivation("scm-cls", (declared,)))
    return above + below + [pair for pair in thing if (pair[0], rdf.type, owl.Class) in schema]


def _itself(schema: Schema, prop: Term) -> list[Term]:
    """Return the property in a list if it is declared, so that it lies below itself."""
    for kind, row in ((owl.ObjectProperty, "scm-op"), (owl.DatatypeProperty, "scm-dp")):
        declared = (prop, rdf.type, kind)
        if declared in schema:
            schema.trivial((prop, rdfs.subPropertyOf, prop), Derivation(row, (declared,)))
            return [prop]
    return []


def _by_property(
    schema: Schema, row: str, one: Term, other: Term, kind: Term, between: Fact
) -> Iterator[Step]:
    for prop in list(schema.objects(one, owl.onProperty)):
        if prop in schema.objects(other, owl.onProperty):
            premises = (
                (one, kind, between[0]),
                (one, owl.onProperty, prop),
                (other, kind, between[2]),
                (other, owl.onProperty, prop),
                between,
            )
            yield row, (one, rdfs.subClassOf, other), premises


def _by_filler(schema: Schema, one: Term, other: Term, between: Fact) -> Iterator[Step]:
    rows = {owl.hasValue: "scm-hv", owl.someValuesFrom: "scm-svf2", owl.allValuesFrom: "scm-avf2"}
    for kind, row in rows.items():
        for filler in list(schema.objects(one, kind)):
            if filler not in schema.objects(other, kind):
                continue
            premises = (
                (one, kind, filler),
                (one, owl.onProperty, between[0]),
                (other, kind, filler),
                (other, owl.onProperty, between[2]),
                between,
            )
            # the more a property relates, the less "only" holds of it
            pair = (other, one) if kind == owl.allValuesFrom else (one, other)
            yield row, (pair[0], rdfs.subClassOf, pair[1]), premises
