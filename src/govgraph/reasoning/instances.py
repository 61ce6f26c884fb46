"""Which inferred triples are output: all that says something and can be said in RDF.

Left out are literal subjects, what is true of everything (`x owl:sameAs x`, `x a owl:Thing`), and
what is said of, or by, the parts of an ontology that have no name: restrictions and the like.
Schema triples are output apart.
"""

from typing import Final

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl, rdf, rdfs
from govgraph.rdf.terms import Term
from govgraph.reasoning.schema import AXIOM_PREDICATES, AXIOM_TYPES, Schema

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


def is_nameless(node: Term) -> bool:
    """Whether a term is a blank node, or an IRI that stands for one."""
    if isinstance(node, ox.NamedNode):
        return SKOLEM in node.value
    return isinstance(node, ox.BlankNode)


class OutputFilter:
    """Decides which triples are output for one schema."""

    def __init__(self, schema: Schema):
        ends = {term for p in RELATING for pair in schema.pairs(p) for term in pair}
        nodes = {subject for subject, _, _ in schema.facts} | ends
        self._parts = {node for node in nodes if is_nameless(node)}

    def is_part(self, node: Term) -> bool:
        """Whether a node is a part of an ontology without a name."""
        return node in self._parts

    def takes(self, key: Term | tuple[str, Term]) -> bool:
        """Whether facts of a class, ("type", class), or of a property are output."""
        if isinstance(key, tuple):
            return key[1] != owl.Thing and key[1] not in AXIOM_TYPES and not self.is_part(key[1])
        return not is_nameless(key) and key not in AXIOM_PREDICATES

    def __call__(self, subject: Term, predicate: Term, value: Term) -> bool:
        """Whether a triple is output."""
        key = ("type", value) if predicate == rdf.type else predicate
        is_trivial = predicate == owl.sameAs and subject == value
        return self.takes(key) and not (self.is_part(subject) or self.is_part(value) or is_trivial)
