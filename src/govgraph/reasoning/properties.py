"""Table 5: axioms about properties, each as one rule (prp-*), that are several triples."""

from collections.abc import Iterator

import pyoxigraph as ox

from govgraph.rdf.namespaces import owl, rdf
from govgraph.reasoning.rows import DIFFERENT, X, Y, Z, axiom, pairs_of_all
from govgraph.reasoning.rule import Atom, Rule
from govgraph.reasoning.schema import Schema


def rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules of the property axioms that are several triples."""
    yield from _chains(schema)
    for axioms, one, other in pairs_of_all(schema, owl.AllDisjointProperties):
        yield Rule("prp-adp", axioms, (Atom(X, one, Y), Atom(X, other, Y)), None)
    yield from _keys(schema)
    yield from _negative_assertions(schema)


def _chains(schema: Schema) -> Iterator[Rule]:
    for prop, head in schema.pairs(owl.propertyChainAxiom):
        chain = schema.members(head)
        places = [X, *(ox.Variable(f"y{number}") for number in range(1, len(chain))), Z]
        body = tuple(Atom(places[i], step, places[i + 1]) for i, step in enumerate(chain))
        if chain:
            axioms = axiom((prop, owl.propertyChainAxiom, head))
            yield Rule("prp-spo2", axioms, body, Atom(X, prop, Z))


def _keys(schema: Schema) -> Iterator[Rule]:
    for kind, head in schema.pairs(owl.hasKey):
        keys = schema.members(head)
        body = [Atom(Y, rdf.type, kind), Atom(Z, rdf.type, kind)]
        for number, key in enumerate(keys):
            shared = ox.Variable(f"v{number}")
            body += [Atom(Y, key, shared), Atom(Z, key, shared)]
        if keys:
            axioms = axiom((kind, owl.hasKey, head))
            yield Rule("prp-key", axioms, tuple(body), Atom(Y, owl.sameAs, Z), DIFFERENT)


def _negative_assertions(schema: Schema) -> Iterator[Rule]:
    for node, source in schema.pairs(owl.sourceIndividual):
        for prop in schema.objects(node, owl.assertionProperty):
            for row, target in (("prp-npa1", owl.targetIndividual), ("prp-npa2", owl.targetValue)):
                for value in schema.objects(node, target):
                    axioms = axiom(
                        (node, owl.sourceIndividual, source),
                        (node, owl.assertionProperty, prop),
                        (node, target, value),
                    )
                    yield Rule(row, axioms, (Atom(source, prop, value),), None)
