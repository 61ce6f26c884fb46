"""Which inferred triples are output: what is said of individuals, and is not trivially true.

Left out are schema triples (their subject is a class, property or other part of an ontology),
literal subjects, `x owl:sameAs x`, `x a owl:Thing`, anonymous classes and blank nodes.
"""

from __future__ import annotations

from typing import Final, TypeGuard

import pyoxigraph as ox

from govgraph.rdf.terms import Term
from govgraph.reasoning.names import owl, rdf, rdfs
from govgraph.reasoning.schema import AXIOM_PREDICATES
from govgraph.vocabulary import OWL, RDF, RDFS, XSD

SKOLEM: Final = "/.well-known/genid/"
"""Marks a blank node that was given an IRI (RDF 1.1 Concepts, section 3.5)."""
BUILT_IN: Final = (RDF, RDFS, OWL, XSD)

OWL_SCHEMA_TYPES: Final = (
    "AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty "
    "AsymmetricProperty Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty "
    "FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NegativePropertyAssertion "
    "ObjectProperty Ontology OntologyProperty ReflexiveProperty Restriction SymmetricProperty "
    "TransitiveProperty"
)
SCHEMA_TYPES: Final = (
    *(ox.NamedNode(OWL + name) for name in OWL_SCHEMA_TYPES.split()),
    ox.NamedNode(f"{RDFS}Class"),
    ox.NamedNode(f"{RDFS}Datatype"),
    ox.NamedNode(f"{RDF}Property"),
)
"""Types whose members are parts of an ontology, not individuals."""

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


def is_nameless(node: Term) -> bool:
    """Whether a term is a blank node, or an IRI that stands for one."""
    if isinstance(node, ox.NamedNode):
        return SKOLEM in node.value
    return isinstance(node, ox.BlankNode)


def schema_terms(store: ox.Store) -> frozenset[Term]:
    """Return the subjects that are part of an ontology: declared so, or used so in an axiom."""
    terms: set[Term] = set()
    for kind in SCHEMA_TYPES:
        terms.update(q.subject for q in store.quads_for_pattern(None, rdf.type, kind, None))
    for predicate in CLASS_EXPRESSIONS:
        terms.update(q.subject for q in store.quads_for_pattern(None, predicate, None, None))
    for predicate in RELATING:
        for quad in store.quads_for_pattern(None, predicate, None, None):
            terms |= {quad.subject, quad.object}
    return frozenset(terms)


class InstanceFilter:
    """Decides which triples are output for one store."""

    def __init__(self, store: ox.Store):
        self.schema = schema_terms(store)

    def is_individual(self, node: Term) -> TypeGuard[ox.NamedNode]:
        """Whether a node is an IRI that stands for an individual."""
        return (
            isinstance(node, ox.NamedNode)
            and node not in self.schema
            and not node.value.startswith(BUILT_IN)
        )

    def is_anonymous(self, node: Term) -> bool:
        """Whether a node is a class without a name."""
        return isinstance(node, ox.BlankNode) or (is_nameless(node) and node in self.schema)

    def is_instance_property(self, predicate: Term) -> bool:
        """Whether a property has a name and is not one that axioms are made of."""
        return not is_nameless(predicate) and predicate not in AXIOM_PREDICATES

    def is_about_individuals(self, key: Term | tuple[str, Term]) -> bool:
        """Whether the facts of a class, ("type", class), or of a property can be output."""
        if isinstance(key, tuple):
            return key[1] != owl.Thing and not self.is_anonymous(key[1])
        return self.is_instance_property(key)

    def __call__(self, subject: Term, predicate: Term, value: Term) -> bool:
        """Whether the triple is output."""
        if not self.is_individual(subject) or isinstance(value, ox.BlankNode):
            return False
        if not self.is_instance_property(predicate):
            return False
        if predicate == rdf.type:
            return value != owl.Thing and not self.is_anonymous(value)
        return not (predicate == owl.sameAs and subject == value)
