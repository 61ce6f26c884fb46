"""The reference engine: owlrl, slow and independent, to compare with.

Known holes of owlrl 7: `owl:hasKey` with one property makes all members the same; the last pair
of `owl:distinctMembers` and of a list of disjoint properties is not compared; two values of a
functional data property are no contradiction. tests/test_reasoning_rules.py lists them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.rdf.terms import Term
from govgraph.reasoning import Clash, Inferred
from govgraph.vocabulary import OWL, RDFS

REFLEXIVE = {
    f"{OWL}sameAs", f"{RDFS}subClassOf", f"{RDFS}subPropertyOf",
    f"{OWL}equivalentClass", f"{OWL}equivalentProperty",
}  # fmt: skip
SCHEMA = {
    *(f"{RDFS}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(f"{OWL}{name}" for name in ("equivalentClass", "equivalentProperty", "disjointWith")),
    *(f"{OWL}{name}" for name in ("inverseOf", "sourceIndividual", "assertionProperty")),
    f"{OWL}targetIndividual",
}
"""Predicates of what is a statement about the ontology, as far as the rules give any."""
OF_NAMELESS = {
    f"{OWL}{name}"
    for name in ("onProperty", "intersectionOf", "unionOf", "complementOf", "oneOf", "members")
}
"""Predicates whose nameless subject is part of an ontology."""


def infer(store: ox.Store) -> Inferred:
    """Return what owlrl infers from the union of all graphs of `store`, but schema triples."""
    facts, _, messages = closure(store)
    clashes = [Clash("owlrl", (), (), message) for message in messages]
    return Inferred(triples=sorted(facts, key=str), clashes=clashes)


def closure(store: ox.Store) -> tuple[set[ox.Triple], set[ox.Triple], list[str]]:
    """Return what owlrl infers: facts, schema triples, and what it says of contradictions.

    Left out is only what docs/reasoning.md lists.
    """
    import rdflib

    graph = rdflib.Graph("SimpleMemory", bind_namespaces="none")
    for quad in store:
        graph.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))
    asserted = set(graph)
    messages = _expand(graph)
    ends = SCHEMA | {f"{OWL}propertyDisjointWith"}
    parts = {s for s, p, _ in asserted if _is_nameless(s) and str(p) in OF_NAMELESS | ends}
    parts |= {o for _, p, o in asserted if _is_nameless(o) and str(p) in ends}
    built_in = {s for s, _, _ in _axiomatic()} - {s for s, _, _ in asserted}
    facts, schema = rdflib.Graph("SimpleMemory"), rdflib.Graph("SimpleMemory")
    for s, p, o in set(graph) - asserted - _axiomatic():
        if not isinstance(p, rdflib.URIRef) or isinstance(s, rdflib.Literal):
            continue
        trivial = str(p) in REFLEXIVE and s == o
        trivial |= str(s) == f"{OWL}Nothing" or str(o) == f"{OWL}Thing"
        if not trivial and s not in built_in and not parts & {s, p, o}:
            (schema if str(p) in SCHEMA else facts).add((s, p, o))
    return _from_rdflib(facts), _from_rdflib(schema), messages


@cache
def _axiomatic() -> frozenset[Any]:
    """Return what owlrl infers from nothing: the terms of OWL and XML Schema themselves."""
    import rdflib

    graph = rdflib.Graph("SimpleMemory", bind_namespaces="none")
    _expand(graph)
    return frozenset(graph)


def _expand(graph: Any) -> list[str]:
    import owlrl
    from owlrl.Namespaces import ERRNS

    semantics = owlrl.OWLRL_Semantics
    owlrl.DeductiveClosure(semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    messages = sorted(str(error) for error in graph.objects(None, ERRNS.error))
    for error in list(graph.subjects(ERRNS.error, None)):
        graph.remove((error, None, None))
    return messages


def _to_rdflib(node: Term) -> Any:
    import rdflib

    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return rdflib.BNode(node.value)
    if not isinstance(node, ox.Literal):
        raise GovgraphError(f"owlrl knows no quoted triples such as {node}: use the rules.")
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    return rdflib.Literal(node.value, datatype=node.datatype.value, normalize=False)


def _from_rdflib(graph: Any) -> set[ox.Triple]:
    parsed = ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    return {quad.triple for quad in parsed}


def _is_nameless(node: Any) -> bool:
    import rdflib

    return isinstance(node, rdflib.BNode) or "/.well-known/genid/" in node
