"""The reference engine: owlrl, slow and independent, to compare with.

Known holes of owlrl 7: `owl:hasKey` with one property makes all members the same; the last pair
of `owl:distinctMembers` and of a list of disjoint properties is not compared; two values of a
functional data property are no contradiction. tests/test_reasoning_rules.py lists them.
"""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.rdf.terms import Term
from govgraph.reasoning.instances import InstanceFilter
from govgraph.reasoning.model import Clash, Inferred


def infer(store: ox.Store) -> Inferred:
    """Return what owlrl infers from the union of all graphs of `store`."""
    import owlrl
    import rdflib
    from owlrl.Namespaces import ERRNS

    def to_rdflib(node: Term) -> rdflib.term.Identifier:
        if isinstance(node, ox.NamedNode):
            return rdflib.URIRef(node.value)
        if isinstance(node, ox.BlankNode):
            return rdflib.BNode(node.value)
        if not isinstance(node, ox.Literal):
            raise GovgraphError(f"owlrl knows no quoted triples such as {node}: use the rules.")
        if node.language:
            return rdflib.Literal(node.value, lang=node.language)
        return rdflib.Literal(node.value, datatype=node.datatype.value, normalize=False)

    graph = rdflib.Graph("SimpleMemory", bind_namespaces="none")
    for quad in store:
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    asserted = set(graph)
    closure = owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
    )
    closure.expand(graph)

    inferred = rdflib.Graph("SimpleMemory", bind_namespaces="none")
    for subject, predicate, value in graph:
        in_rdf = isinstance(predicate, rdflib.URIRef) and not isinstance(subject, rdflib.Literal)
        if in_rdf and (subject, predicate, value) not in asserted:
            inferred.add((subject, predicate, value))
    parsed = ox.parse(inferred.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    is_output = InstanceFilter(store)
    triples = {quad.triple for quad in parsed if is_output(*quad.triple)}
    messages = sorted(str(error) for error in graph.objects(None, ERRNS.error))
    return Inferred(
        triples=sorted(triples, key=str),
        clashes=[Clash("owlrl", (), (), message) for message in messages],
    )
