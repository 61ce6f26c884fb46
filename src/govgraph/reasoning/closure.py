"""Table 9: what follows between the axioms themselves (the scm-* rules), before any data.

Only steps are added to the schema, from which its hierarchies are closed; what else follows, such
as a class far above or the domain of a property below, and why, it tells when asked. What is true
of every class or property (`C rdfs:subClassOf C`, `owl:Thing`) is left out.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Final

from govgraph.rdf.namespaces import owl, rdfs
from govgraph.rdf.terms import Term
from govgraph.reasoning.hierarchy import Hierarchy
from govgraph.reasoning.schema import Derivation, Fact, Schema

EQUIVALENT: Final = (
    (owl.equivalentClass, rdfs.subClassOf, "scm-eqc1"),
    (owl.equivalentProperty, rdfs.subPropertyOf, "scm-eqp1"),
)
OF_ONE_FILLER: Final = (
    (owl.hasValue, "scm-hv"), (owl.someValuesFrom, "scm-svf2"), (owl.allValuesFrom, "scm-avf2"),
)  # fmt: skip
OF_ONE_PROPERTY: Final = ((owl.someValuesFrom, "scm-svf1"), (owl.allValuesFrom, "scm-avf1"))
ENDS: Final = ((rdfs.domain, "scm-dom"), (rdfs.range, "scm-rng"))
PARTS: Final = ((owl.intersectionOf, "scm-int"), (owl.unionOf, "scm-uni"))


def close(schema: Schema) -> None:
    """Add to `schema` the steps that follow within it, and close its hierarchies."""
    for equivalent, below, row in EQUIVALENT:
        for one, other in list(schema.pairs(equivalent)):
            for lower, upper in ((one, other), (other, one)):
                _add(schema, row, (lower, below, upper), ((one, equivalent, other),))
    for predicate, row in PARTS:
        for kind, head in schema.pairs(predicate):
            for part in schema.members(head):
                lower, upper = (kind, part) if predicate == owl.intersectionOf else (part, kind)
                _add(schema, row, (lower, rdfs.subClassOf, upper), ((kind, predicate, head),))
    classes, properties = schema.hierarchies.values()
    properties.close()
    for kind, row in OF_ONE_FILLER:
        _compare(schema, kind, row, rdfs.subPropertyOf)
    classes.close()
    # a class above another may be the filler of a restriction, which then is above another
    while sum(_compare(schema, kind, row, rdfs.subClassOf) for kind, row in OF_ONE_PROPERTY):
        classes.close()
    _ends(schema, classes, properties)


def _ends(schema: Schema, classes: Hierarchy, properties: Hierarchy) -> None:
    """scm-dom1, scm-dom2, scm-rng1, scm-rng2."""
    for end, row in ENDS:
        for prop, kind in list(schema.pairs(end)):
            for lower in properties.below(prop):
                premises = ((prop, end, kind), (lower, rdfs.subPropertyOf, prop))
                _add(schema, f"{row}2", (lower, end, kind), premises)
        for prop, kind in list(schema.pairs(end)):
            for upper in classes.above(kind):
                premises = ((prop, end, kind), (kind, rdfs.subClassOf, upper))
                _add(schema, f"{row}1", (prop, end, upper), premises)


def _add(schema: Schema, row: str, fact: Fact, premises: tuple[Fact, ...]) -> bool:
    return fact[0] != fact[2] and schema.add(fact, Derivation(row, premises))


def _compare(schema: Schema, kind: Term, row: str, below: Term) -> bool:
    """Add which restrictions of one `kind` are below each other; return whether any is new.

    They have one filler and properties below each other, or one property and fillers below each
    other, as `below` tells. A property lies below itself (scm-op, scm-dp) and a class below
    owl:Thing (scm-cls), if they are declared.
    """
    found = False
    by_filler = below == rdfs.subPropertyOf
    groups: dict[Term, dict[Term, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for restriction, filler in schema.pairs(kind):
        for prop in schema.objects(restriction, owl.onProperty):
            shared, other = (filler, prop) if by_filler else (prop, filler)
            groups[shared][other].append(restriction)
    for shared, members in groups.items():
        steps = list(schema.hierarchies[below].nearest(members))
        if by_filler:
            steps += [(prop, prop) for prop in members if schema.is_property(prop)]
        elif owl.Thing in members:
            steps += [(filler, owl.Thing) for filler in members if schema.is_class(filler)]
        for lower, upper in steps:
            properties = [lower, upper] if by_filler else [shared]
            for one, other in _pairs(schema, members[lower], members[upper], properties):
                premises: list[Fact] = []
                for node, its in ((one, lower), (other, upper)):
                    filler, prop = (shared, its) if by_filler else (its, shared)
                    premises += [(node, kind, filler), (node, owl.onProperty, prop)]
                # the more a property relates, the less "only" holds of it
                ends = (other, one) if row == "scm-avf2" else (one, other)
                fact = (ends[0], rdfs.subClassOf, ends[1])
                found |= _add(schema, row, fact, (*premises, (lower, below, upper)))
    return found


def _pairs(
    schema: Schema, lower: list[Term], upper: list[Term], properties: list[Term]
) -> Iterator[tuple[Term, Term]]:
    """Yield which restrictions to compare: one for all, where those that are alike are the same."""
    if lower is upper:
        first, *others = lower
        for other in others:
            yield from ((first, other), (other, first))
    elif all(map(schema.is_property, properties)):
        yield lower[0], upper[0]
    else:
        yield from product(lower, upper)
