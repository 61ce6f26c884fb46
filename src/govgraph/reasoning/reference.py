"""The reference engine: owlrl, slow and independent, to compare with.

Known holes of owlrl 7: `owl:hasKey` with one property makes all members the same; the last pair
of `owl:distinctMembers` and of a list of disjoint properties is not compared; two values of a
functional data property are no contradiction. tests/test_reasoning_rules.py lists them.
"""

from __future__ import annotations

from typing import Any

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

    is_output = InstanceFilter(store)
    triples: set[ox.Triple] = set()
    for triple in graph:
        if triple in asserted or isinstance(triple[0], rdflib.Literal):
            continue
        subject, predicate, value = (_from_rdflib(node) for node in triple)
        if is_output(subject, predicate, value):
            triples.add(ox.Triple(subject, predicate, value))
    messages = sorted(str(error) for error in graph.objects(None, ERRNS.error))
    return Inferred(
        triples=sorted(triples, key=str),
        clashes=[Clash("owlrl", (), (), message) for message in messages],
        engine="owlrl",
    )


def _from_rdflib(node: Any) -> Any:
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return ox.BlankNode(str(node))
    if node.language:
        return ox.Literal(str(node), language=node.language)
    datatype = node.datatype
    return ox.Literal(str(node), datatype=ox.NamedNode(str(datatype)) if datatype else None)
