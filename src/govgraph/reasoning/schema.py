"""The schema: the triples of a store that say how its words are to be understood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import pyoxigraph as ox

from govgraph.rdf import lists
from govgraph.rdf.terms import Term
from govgraph.reasoning.names import owl, rdf, rdfs

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


def to_triple(fact: Fact) -> ox.Triple:
    """Return a fact whose subject and predicate can stand in a triple."""
    subject, predicate, value = fact
    return ox.Triple(subject, predicate, value)  # type: ignore[arg-type]


class Axioms(NamedTuple):
    """What a store says of its schema: triples, and the members of each list that they name."""

    facts: tuple[Fact, ...]
    lists: tuple[tuple[Term, tuple[Term, ...]], ...]


def axioms_of(store: ox.Store, extra: Iterable[Fact] = ()) -> Axioms:
    """Return the axioms in the union of all graphs of `store`, and the `extra` ones."""
    patterns = [*((p, None) for p in AXIOM_PREDICATES), *((rdf.type, kind) for kind in AXIOM_TYPES)]
    quads = (q for p, o in patterns for q in store.quads_for_pattern(None, p, o, None))
    facts = tuple(dict.fromkeys([*((q.subject, q.predicate, q.object) for q in quads), *extra]))
    named = ((value, tuple(lists.members(store, value))) for _, _, value in facts)
    return Axioms(facts, tuple((head, members) for head, members in named if members))


class Derivation(NamedTuple):
    """The row of the rules tables and the triples a schema triple follows from."""

    rule: str
    premises: tuple[Fact, ...]


class Schema:
    """Schema triples with look-ups both ways; `derivations` holds those that were inferred."""

    def __init__(self, axioms: Axioms):
        self._lists = dict(axioms.lists)
        self._objects: dict[Term, dict[Term, list[Term]]] = defaultdict(dict)
        self._subjects: dict[Term, dict[Term, list[Term]]] = defaultdict(dict)
        self.facts: set[Fact] = set()
        self.derivations: dict[Fact, Derivation] = {}
        for fact in axioms.facts:
            self.add(fact)

    def add(self, fact: Fact, derivation: Derivation | None = None) -> bool:
        """Add a triple; return whether it was new."""
        if fact in self.facts:
            return False
        self.facts.add(fact)
        subject, predicate, value = fact
        self._objects[predicate].setdefault(subject, []).append(value)
        self._subjects[predicate].setdefault(value, []).append(subject)
        if derivation is not None:
            self.derivations[fact] = derivation
        return True

    def trivial(self, fact: Fact, derivation: Derivation) -> None:
        """Remember why a triple holds that is true of every class or property, and not listed."""
        self.derivations.setdefault(fact, derivation)

    def __contains__(self, fact: Fact) -> bool:
        return fact in self.facts

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """Return the values of a property of `subject`."""
        return self._objects[predicate].get(subject, [])

    def subjects(self, predicate: Term, value: Term) -> list[Term]:
        """Return what has `value` as a value of `predicate`."""
        return self._subjects[predicate].get(value, [])

    def fillers(self, predicate: Term) -> list[Term]:
        """Return every value of `predicate`, in a stable order."""
        return sorted(self._subjects[predicate], key=str)

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
