"""Proofs as RDF in the words of PROV-O: what was derived from what, by which rule.

Nodes have IRIs made from what they say (`proof/…` for a statement, `proof-step/…` for the
application of a rule), so that proofs that share a step share a node and the same proof gives the
same bytes. Terms: PROV-O (W3C Recommendation 2013), sections 3.1 and 3.2; rdf:Statement.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from govgraph.explanation.proof import Proof
from govgraph.rdf.namespaces import Namespace, rdf, rdfs
from govgraph.rdf.terms import Term
from govgraph.vocabulary import BASE, DCTERMS, PROV

prov, dcterms = Namespace(PROV), Namespace(DCTERMS)
RULES: Final = ox.NamedNode(
    "https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules"
)


def to_prov(proofs: Iterable[Proof], base: str = BASE) -> list[ox.Triple]:
    """Return proofs as triples with IRIs below `base`, sorted and distinct, without blank nodes."""
    triples: set[ox.Triple] = set()
    for proof in proofs:
        for step in proof.steps():
            triples.update(_statement(step, base))
            if not step.is_asserted:
                triples.update(_application(step, base))
    return sorted(triples, key=str)


def _iri(base: str, kind: str, *parts: object) -> ox.NamedNode:
    text = "\n".join(str(part) for part in parts)
    return ox.NamedNode(f"{base}{kind}/{hashlib.sha256(text.encode()).hexdigest()[:20]}")


def statement_iri(triple: ox.Triple, base: str = BASE) -> ox.NamedNode:
    """Return the IRI that stands for a triple in proofs."""
    return _iri(base, "proof", triple)


def _named(node: Term, base: str) -> Term:
    return _iri(base, "proof-node", node) if isinstance(node, ox.BlankNode) else node


def _statement(step: Proof, base: str) -> list[ox.Triple]:
    node, triple = statement_iri(step.triple, base), step.triple
    passages = [ox.NamedNode(source.graph) for source in step.sources if source.graph]
    return [
        ox.Triple(node, rdf.type, prov.Entity),
        ox.Triple(node, rdf.type, rdf.Statement),
        ox.Triple(node, rdf.subject, _named(triple.subject, base)),
        ox.Triple(node, rdf.predicate, triple.predicate),
        ox.Triple(node, rdf.object, _named(triple.object, base)),
        *(ox.Triple(node, prov.hadPrimarySource, passage) for passage in passages),
    ]


def _application(step: Proof, base: str) -> list[ox.Triple]:
    node = statement_iri(step.triple, base)
    used = [statement_iri(part.triple, base) for part in (*step.premises, *step.axioms)]
    rows = (step.rule, *step.folded)
    names = sorted(statement.value for statement in used)
    activity = _iri(base, "proof-step", step.triple, *rows, *names)
    return [
        ox.Triple(node, prov.wasGeneratedBy, activity),
        ox.Triple(activity, rdf.type, prov.Activity),
        ox.Triple(activity, rdfs.label, ox.Literal(", ".join(rows))),
        ox.Triple(activity, dcterms.conformsTo, RULES),
        *(ox.Triple(node, prov.wasDerivedFrom, statement) for statement in used),
        *(ox.Triple(activity, prov.used, statement) for statement in used),
    ]
