"""Seeded random ontologies with data, small and dense, within OWL 2 RL."""

from __future__ import annotations

import random

import pyoxigraph as ox

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLASSES = [f":C{i}" for i in range(6)]
PROPERTIES = [f":p{i}" for i in range(5)]
INDIVIDUALS = [f":i{i}" for i in range(7)]


class Maker:
    """Draws axioms and facts."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)

    def kind(self) -> str:
        return self.draw.choice(CLASSES)

    def prop(self) -> str:
        return self.draw.choice(PROPERTIES)

    def one(self) -> str:
        return self.draw.choice(INDIVIDUALS)

    def step(self) -> str:
        """Return a property, or the inverse of one."""
        return self.prop() if self.draw.random() < 0.8 else f"[ owl:inverseOf {self.prop()} ]"

    def below(self, depth: int = 2) -> str:
        """Return a class expression that may stand as a subclass."""
        choice = self.draw.random() if depth else 0.0
        if choice < 0.4:
            return self.kind()
        if choice < 0.55:
            return f"[ owl:intersectionOf ( {self.below(depth - 1)} {self.below(depth - 1)} ) ]"
        if choice < 0.65:
            return f"[ owl:unionOf ( {self.below(depth - 1)} {self.below(depth - 1)} ) ]"
        if choice < 0.72:
            return f"[ owl:oneOf ( {self.one()} {self.one()} ) ]"
        on = f"a owl:Restriction ; owl:onProperty {self.prop()}"
        if choice < 0.85:
            filler = self.below(depth - 1) if self.draw.random() < 0.8 else "owl:Thing"
            return f"[ {on} ; owl:someValuesFrom {filler} ]"
        return f"[ {on} ; owl:hasValue {self.one()} ]"

    def above(self, depth: int = 2) -> str:
        """Return a class expression that may stand as a superclass."""
        choice = self.draw.random() if depth else 0.0
        if choice < 0.45:
            return self.kind()
        if choice < 0.6:
            return f"[ owl:intersectionOf ( {self.above(depth - 1)} {self.above(depth - 1)} ) ]"
        on = f"a owl:Restriction ; owl:onProperty {self.prop()}"
        if choice < 0.8:
            return f"[ {on} ; owl:allValuesFrom {self.above(depth - 1)} ]"
        return f"[ {on} ; owl:hasValue {self.one()} ]"

    def definition(self) -> str:
        """Return a class defined by a class and a value."""
        value = f"[ a owl:Restriction ; owl:onProperty {self.prop()} ; owl:hasValue {self.one()} ]"
        return (
            f"{self.kind()} owl:equivalentClass [ owl:intersectionOf ( {self.kind()} {value} ) ] ."
        )

    def axiom(self, with_equality: bool) -> str:
        """Return one axiom that infers something."""
        kinds = [
            lambda: f"{self.below()} rdfs:subClassOf {self.above()} .",
            lambda: f"{self.below()} rdfs:subClassOf {self.kind()} .",
            lambda: f"{self.kind()} owl:equivalentClass {self.kind()} .",
            self.definition,
            lambda: f"{self.prop()} rdfs:domain {self.kind()} ; rdfs:range {self.kind()} .",
            lambda: f"{self.prop()} rdfs:subPropertyOf {self.prop()} .",
            lambda: f"{self.prop()} owl:inverseOf {self.prop()} .",
            lambda: f"{self.prop()} owl:propertyChainAxiom ( {self.step()} {self.step()} ) .",
            lambda: (
                f"{self.prop()} a owl:{self.draw.choice(['Symmetric', 'Transitive'])}Property ."
            ),
        ]
        if with_equality:
            on = "a owl:Restriction ; owl:onProperty"
            most = '"1"^^xsd:nonNegativeInteger'
            kinds += [
                lambda: f"{self.prop()} a owl:FunctionalProperty .",
                lambda: f"{self.prop()} a owl:InverseFunctionalProperty .",
                lambda: (
                    f"{self.kind()} rdfs:subClassOf [ {on} {self.prop()} ; "
                    f"owl:maxCardinality {most} ] ."
                ),
                lambda: (
                    f"{self.kind()} rdfs:subClassOf [ {on} {self.prop()} ; "
                    f"owl:maxQualifiedCardinality {most} ; owl:onClass {self.kind()} ] ."
                ),
            ]
        return self.draw.choice(kinds)()

    def prohibition(self) -> str:
        """Return one axiom that can be contradicted."""
        on = f"a owl:Restriction ; owl:onProperty {self.prop()}"
        none = '"0"^^xsd:nonNegativeInteger'
        return self.draw.choice(
            [
                f"{self.kind()} owl:disjointWith {self.kind()} .",
                f"{self.kind()} rdfs:subClassOf [ owl:complementOf {self.kind()} ] .",
                f"{self.kind()} rdfs:subClassOf [ {on} ; owl:maxCardinality {none} ] .",
                f"{self.kind()} rdfs:subClassOf [ {on} ; owl:onClass {self.kind()} ; "
                f"owl:maxQualifiedCardinality {none} ] .",
                f"{self.prop()} a owl:{self.draw.choice(['Irreflexive', 'Asymmetric'])}Property .",
                f"{self.prop()} owl:propertyDisjointWith {self.prop()} .",
                f"{self.one()} owl:differentFrom {self.one()} .",
                f"[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {self.one()} ; "
                f"owl:assertionProperty {self.prop()} ; owl:targetIndividual {self.one()} .",
            ]
        )

    def fact(self) -> str:
        if self.draw.random() < 0.3:
            return f"{self.one()} a {self.kind()} ."
        return f"{self.one()} {self.prop()} {self.one()} ."


def store(seed: int, with_equality: bool = False, prohibitions: int = 0) -> ox.Store:
    """Return an ontology of a few axioms with data, the same for the same seed."""
    make = Maker(seed)
    declared = [f"{kind} a owl:Class ." for kind in CLASSES]
    declared += [f"{prop} a owl:ObjectProperty ." for prop in PROPERTIES]
    axioms = [make.axiom(with_equality) for _ in range(make.draw.randint(3, 9))]
    facts = [make.fact() for _ in range(make.draw.randint(4, 10))]
    axioms += [make.prohibition() for _ in range(prohibitions)]
    result = ox.Store()
    for graph, lines in (("schema", declared + axioms), ("data", facts)):
        text = PREFIXES + "\n".join(lines)
        name = ox.NamedNode(f"https://example.org/{graph}")
        result.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=name)
    return result
