"""The schema: the triples of a store that say how its words are to be understood, closed.

Table 9 of OWL 2 RL/RDF, the scm-* rules, says what follows between them before any data. Only steps
are added to the schema, from which its hierarchies are closed; what else follows, such as a class
far above or the domain of a property below, and why, it tells when asked. What is true of every
class or property (`C rdfs:subClassOf C`, `owl:Thing`) is left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

import pyoxigraph as ox

from govgraph.rdf.terms import Term, owl, rdf, rdfs
from govgraph.reasoning.hierarchy import Hierarchy
from govgraph.reasoning.rule import Atom, Key
from govgraph.reasoning.tables import Source

Fact = tuple[Term, Term, Term]
"""A triple as a plain tuple: quick to take apart."""

AXIOM_PREDICATES: Final = (
    *(rdfs.subClassOf, rdfs.subPropertyOf, rdfs.domain, rdfs.range),
    *(owl.equivalentClass, owl.equivalentProperty, owl.inverseOf, owl.propertyChainAxiom),
    *(owl.disjointWith, owl.complementOf, owl.propertyDisjointWith, owl.disjointUnionOf),
    *(owl.intersectionOf, owl.unionOf, owl.oneOf, owl.hasKey, owl.members, owl.distinctMembers),
    *(owl.onProperty, owl.onClass, owl.onDataRange, owl.someValuesFrom, owl.allValuesFrom),
    *(owl.hasValue, owl.hasSelf, owl.maxCardinality, owl.maxQualifiedCardinality),
    *(owl.minCardinality, owl.minQualifiedCardinality, owl.cardinality, owl.qualifiedCardinality),
    *(owl.onDatatype, owl.withRestrictions, owl.datatypeComplementOf),
    *(owl.sourceIndividual, owl.assertionProperty, owl.targetIndividual, owl.targetValue),
)
AXIOM_TYPES: Final = (
    *(owl.Class, owl.Restriction, owl.ObjectProperty, owl.DatatypeProperty),
    *(owl.FunctionalProperty, owl.InverseFunctionalProperty, owl.TransitiveProperty),
    *(owl.SymmetricProperty, owl.AsymmetricProperty, owl.IrreflexiveProperty),
    *(owl.ReflexiveProperty, owl.AllDifferent, owl.AllDisjointClasses),
    *(owl.AllDisjointProperties, owl.NegativePropertyAssertion, rdfs.Datatype),
)
SCHEMA_KEYS: Final[frozenset[Key]] = frozenset(
    (*AXIOM_PREDICATES, *(("type", kind) for kind in AXIOM_TYPES))
)
SKOLEM: Final = "/.well-known/genid/"
"""Marks a blank node that was given an IRI (RDF 1.1 Concepts, section 3.5)."""
RELATING: Final = (
    *(rdfs.subClassOf, owl.equivalentClass, owl.disjointWith, rdfs.domain, rdfs.range),
    *(rdfs.subPropertyOf, owl.equivalentProperty, owl.propertyDisjointWith, owl.inverseOf),
)
"""Predicates whose subject and object are parts of an ontology."""
CLASS_EXPRESSIONS: Final = (
    *(owl.intersectionOf, owl.unionOf, owl.complementOf, owl.oneOf, owl.onProperty),
    *(owl.hasKey, owl.propertyChainAxiom),
)
"""Predicates whose subject is part of an ontology."""
EQUIVALENT: Final[dict[Term, tuple[Term, str]]] = {
    owl.equivalentClass: (rdfs.subClassOf, "scm-eqc"),
    owl.equivalentProperty: (rdfs.subPropertyOf, "scm-eqp"),
}
OF_ONE_FILLER: Final = (
    (owl.hasValue, "scm-hv"), (owl.someValuesFrom, "scm-svf2"), (owl.allValuesFrom, "scm-avf2"),
)  # fmt: skip
OF_ONE_PROPERTY: Final = ((owl.someValuesFrom, "scm-svf1"), (owl.allValuesFrom, "scm-avf1"))


def is_nameless(node: Term) -> bool:
    """Whether a term is a blank node, or an IRI that stands for one."""
    if isinstance(node, ox.NamedNode):
        return SKOLEM in node.value
    return isinstance(node, ox.BlankNode)


def to_triple(fact: Fact | Atom) -> ox.Triple:
    """Return a fact, or a pattern without variables, whose terms can stand in a triple."""
    return ox.Triple(*fact)


class Axioms(NamedTuple):
    """What a store says of its schema: triples, and the members of each list that they name."""

    facts: tuple[Fact, ...]
    lists: tuple[tuple[Term, tuple[Term, ...]], ...]

    def hidden(self) -> set[Key]:
        """Return the keys of anonymous classes and properties."""
        result: set[Key] = set()
        for subject, predicate, value in self.facts:
            if predicate in CLASS_EXPRESSIONS and is_nameless(subject):
                result.add(("type", subject))
            elif predicate == owl.inverseOf:
                result.update(node for node in (subject, value) if is_nameless(node))
        return result


def axioms_of(source: Source, extra: Iterable[Fact] = ()) -> Axioms:
    """Return the axioms of a source, and the `extra` ones."""
    facts_of: list[Fact] = [(s, p, o) for p in AXIOM_PREDICATES for s, o in source.pairs(p)]
    facts_of += [(node, rdf.type, kind) for kind in AXIOM_TYPES for node in source.instances(kind)]
    facts = tuple(sorted({*facts_of, *extra}, key=str))
    first, rest = dict(source.pairs(rdf.first)), dict(source.pairs(rdf.rest))
    named = ((value, tuple(_members(first, rest, value))) for _, _, value in facts)
    return Axioms(facts, tuple((head, members) for head, members in named if members))


def _members(first: Mapping[Term, Term], rest: Mapping[Term, Term], head: Term) -> Iterator[Term]:
    seen: set[Term] = set()
    while head in first and head not in seen:
        seen.add(head)
        yield first[head]
        head = rest.get(head, rdf.nil)


class Derivation(NamedTuple):
    """The row of the rules tables and the triples a schema triple follows from."""

    rule: str
    premises: tuple[Fact, ...]


class Schema:
    """Schema triples with look-ups both ways; `derivations` holds the steps that were inferred.

    What follows from steps, by its hierarchies, is in the schema too, but not in `facts`.
    """

    def __init__(self, axioms: Axioms):
        self._lists = dict(axioms.lists)
        self._objects: dict[Term, dict[Term, list[Term]]] = defaultdict(dict)
        self._subjects: dict[Term, dict[Term, list[Term]]] = defaultdict(dict)
        self.facts: set[Fact] = set()
        self.derivations: dict[Fact, Derivation] = {}
        both = (rdfs.subClassOf, rdfs.subPropertyOf)
        self.hierarchies: dict[Term, Hierarchy] = {order: Hierarchy() for order in both}
        for fact in axioms.facts:
            self.add(fact)

    def add(self, fact: Fact, derivation: Derivation | None = None) -> bool:
        """Add a triple; return whether it was new."""
        subject, predicate, value = fact
        if fact in self.facts or isinstance(subject, ox.Literal):
            return False
        self.facts.add(fact)
        self._objects[predicate].setdefault(subject, []).append(value)
        self._subjects[predicate].setdefault(value, []).append(subject)
        if predicate in self.hierarchies:
            self.hierarchies[predicate].add(subject, value)
        if derivation is not None:
            self.derivations[fact] = derivation
        return True

    def derivation(self, fact: Fact) -> Derivation | None:
        """Return why a triple that is not asserted follows from others, or None."""
        if fact in self.facts:
            return self.derivations.get(fact)
        subject, predicate, value = fact
        if predicate in self.hierarchies:
            return self._way(subject, predicate, value)
        if predicate in EQUIVALENT:
            below, row = EQUIVALENT[predicate]
            both = ((subject, below, value), (value, below, subject))
            return Derivation(f"{row}2", both) if all(map(self.__contains__, both)) else None
        return None

    def _way(self, lower: Term, below: Term, upper: Term) -> Derivation | None:
        if self.hierarchies[below].is_below(lower, upper):
            middle = self.hierarchies[below].middle(lower, upper)
            row = "scm-sco" if below == rdfs.subClassOf else "scm-spo"
            return Derivation(row, ((lower, below, middle), (middle, below, upper)))
        if below == rdfs.subClassOf and upper == owl.Thing and self.is_class(lower):
            return Derivation("scm-cls", ((lower, rdf.type, owl.Class),))
        if below == rdfs.subPropertyOf and lower == upper:
            for kind, row in ((owl.ObjectProperty, "scm-op"), (owl.DatatypeProperty, "scm-dp")):
                if (lower, rdf.type, kind) in self.facts:
                    return Derivation(row, ((lower, rdf.type, kind),))
        return None

    def all_following(self, of: Callable[[Term], bool]) -> Iterator[Fact]:
        """Yield all triples of terms `of` some kind that follow, the stated ones among them."""
        yield from (fact for fact in self.facts if of(fact[0]) and of(fact[2]))
        for equivalent, (below, _) in EQUIVALENT.items():
            hierarchy = self.hierarchies[below]
            for lower, upper in hierarchy.pairs(of):
                yield lower, below, upper
                if hierarchy.is_below(upper, lower):
                    yield lower, equivalent, upper

    def is_class(self, node: Term) -> bool:
        """Whether a class is declared."""
        return (node, rdf.type, owl.Class) in self.facts

    def is_property(self, node: Term) -> bool:
        """Whether an object or datatype property is declared."""
        kinds = (owl.ObjectProperty, owl.DatatypeProperty)
        return any((node, rdf.type, kind) in self.facts for kind in kinds)

    def __contains__(self, fact: Fact) -> bool:
        return fact in self.facts or self.derivation(fact) is not None

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """Return the values of a property of `subject`."""
        return self._objects[predicate].get(subject, [])

    def subjects(self, predicate: Term, value: Term) -> list[Term]:
        """Return what has `value` as a value of `predicate`."""
        return self._subjects[predicate].get(value, [])

    def pairs(self, predicate: Term) -> Iterator[tuple[Term, Term]]:
        """Yield subject and value of every triple with `predicate`, in a stable order."""
        for subject in sorted(self._objects[predicate], key=str):
            for value in sorted(self._objects[predicate][subject], key=str):
                yield subject, value

    def instances(self, kind: Term) -> list[Term]:
        """Return what is declared to be of the type `kind`, in a stable order."""
        return sorted(self.subjects(rdf.type, kind), key=str)

    def members(self, head: Term) -> tuple[Term, ...]:
        """Return the members of a list that an axiom names; a broken one ends where it breaks."""
        return self._lists.get(head, ())


def close(schema: Schema) -> None:
    """Add to `schema` the steps that follow within it, and close its hierarchies."""
    for equivalent, (below, row) in EQUIVALENT.items():
        for one, other in list(schema.pairs(equivalent)):
            for lower, upper in ((one, other), (other, one)):
                _add(schema, f"{row}1", (lower, below, upper), ((one, equivalent, other),))
    for predicate, row in ((owl.intersectionOf, "scm-int"), (owl.unionOf, "scm-uni")):
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
    _close_ends(schema, classes, properties)


def _close_ends(schema: Schema, classes: Hierarchy, properties: Hierarchy) -> None:
    for end, row in ((rdfs.domain, "scm-dom"), (rdfs.range, "scm-rng")):
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
    is_new = False
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
                is_new |= _add(schema, row, fact, (*premises, (lower, below, upper)))
    return is_new


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
