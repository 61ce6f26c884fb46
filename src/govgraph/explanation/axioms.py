"""Axioms in words a reader knows: the Manchester syntax of OWL 2, with short names."""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from govgraph.explanation.proof import Proof
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.namespaces import owl, rdf, rdfs
from govgraph.rdf.terms import Term
from govgraph.reasoning.schema import Schema, is_nameless
from govgraph.vocabulary import XSD

RELATIONS: Final = {
    rdfs.subClassOf: "SubClassOf",
    owl.equivalentClass: "EquivalentTo",
    owl.disjointWith: "DisjointWith",
    owl.complementOf: "EquivalentTo not",
    rdfs.subPropertyOf: "SubPropertyOf",
    owl.equivalentProperty: "EquivalentTo",
    owl.propertyDisjointWith: "DisjointWith",
    owl.inverseOf: "InverseOf",
    rdfs.domain: "Domain",
    rdfs.range: "Range",
}
RESTRICTIONS: Final = {
    owl.someValuesFrom: "some",
    owl.allValuesFrom: "only",
    owl.hasValue: "value",
    owl.maxCardinality: "max",
    owl.maxQualifiedCardinality: "max",
}
PARTS: Final = {owl.intersectionOf: " and ", owl.unionOf: " or ", owl.oneOf: ", "}
LISTS: Final = {
    owl.propertyChainAxiom: ("SubPropertyChain", " o "),
    owl.hasKey: ("HasKey", ", "),
    **{predicate: ("EquivalentTo", between) for predicate, between in PARTS.items()},
}
"""What stands before a list, and between its members."""
_PLAIN: Final = frozenset({f"{XSD}integer", f"{XSD}decimal", f"{XSD}date"})


def short_name(node: Term, names: Names = NAMES) -> str:
    """Return the shortest way to write a term: an id, a CURIE, a number, or N-Triples."""
    if isinstance(node, ox.Literal) and node.datatype.value in _PLAIN:
        return node.value
    if not isinstance(node, ox.NamedNode):
        return str(node)
    short = names.shorten(node.value)
    return "a" if short == "rdf:type" else short


class AxiomText:
    """Writes the triples of one schema in short names."""

    def __init__(self, schema: Schema, names: Names):
        self._schema, self._names = schema, names

    def line(self, proofs: Iterable[Proof]) -> str:
        """Return the axioms of one rule as one line; parts of a shown expression are left out."""
        axioms = [proof.triple for proof in proofs]
        shown = [axiom for axiom in axioms if axiom.predicate in RELATIONS]
        if len(shown) > 1:  # what only places an expression that another shows, is left out
            shown = [a for a in shown if not (is_nameless(a.subject) and is_nameless(a.object))]
        shown = shown or [axiom for axiom in axioms if axiom.predicate not in RESTRICTIONS]
        return "; ".join(dict.fromkeys(self.text(axiom) for axiom in shown or axioms))

    def text(self, axiom: ox.Triple) -> str:
        """Return one axiom, with class expressions and lists written out."""
        subject, predicate, value = axiom.subject, axiom.predicate, axiom.object
        name = self.name(subject)
        if predicate in RELATIONS:
            relation = f"{RELATIONS[predicate]} {self.name(value)}"
        elif predicate in LISTS:
            word, between = LISTS[predicate]
            relation = f"{word} {self._list(value, between)}"
        elif predicate in (owl.members, owl.distinctMembers):
            return f"all different: {self._list(value, ', ')}"
        elif predicate == rdf.type:
            relation = f"is {_words(value)}"
        else:
            relation = f"{short_name(predicate, self._names)} {self.name(value)}"
        return f"{name} {relation}"

    def name(self, node: Term) -> str:
        """Return the short name of a term, or the expression it stands for."""
        if not is_nameless(node):
            return short_name(node, self._names)
        for predicate, between in PARTS.items():
            for head in self._schema.objects(node, predicate):
                return f"({self._list(head, between)})"
        for other in self._schema.objects(node, owl.complementOf):
            return f"(not {self.name(other)})"
        for prop in self._schema.objects(node, owl.inverseOf):
            return f"(inverse {self.name(prop)})"
        for prop in self._schema.objects(node, owl.onProperty):
            for predicate, word in RESTRICTIONS.items():
                for value in self._schema.objects(node, predicate):
                    of = [self.name(kind) for kind in self._schema.objects(node, owl.onClass)]
                    return f"({' '.join([self.name(prop), word, self.name(value), *of])})"
        return "(unnamed)"

    def _list(self, head: Term, between: str) -> str:
        return between.join(self.name(member) for member in self._schema.members(head))


def _words(kind: Term) -> str:
    """Return "transitive" for owl:TransitiveProperty."""
    name = kind.value.rpartition("#")[2] if isinstance(kind, ox.NamedNode) else str(kind)
    return name.removesuffix("Property").lower() if name.endswith("Property") else name
