"""HermiT on the ontology with all data: consistent, and the defined classes as our rules have it.

A full OWL 2 DL reasoner and the RL rules must agree on who is what; the reasoner sees the
asserted statements only, without literals of datatypes that OWL 2 does not know.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from govgraph.coding.terms import ontology_files
from govgraph.vocabulary import GG, INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH, RDF
from owl import harness

pytestmark = pytest.mark.java

NOT_DATA = {INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH}
DEFINED = [
    GG + name
    for name in (
        "PublicPrivateArrangement",
        "TripartiteArrangement",
        "TripleHelixArrangement",
        "PoliceInvolvingArrangement",
        "PermanentPrivateParticipation",
        "PermanentPrivateArrangement",
        "ContestedEntity",
    )
]


@pytest.fixture(scope="module")
def asserted(kg: KnowledgeGraph) -> str:
    """Return the asserted data as N-Triples."""
    triples = {
        quad.triple
        for quad in kg.store
        if not (isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in NOT_DATA)
    }
    text = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.N_TRIPLES)
    assert text
    return text.decode()


def test_defined_classes_have_the_members_that_the_rules_infer(
    asserted: str, kg: KnowledgeGraph
) -> None:
    inferred = {
        iri: sorted(
            {
                quad.subject.value
                for quad in kg.store.quads_for_pattern(
                    None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(iri)
                )
                if isinstance(quad.subject, ox.NamedNode)
            }
        )
        for iri in DEFINED
    }
    assert [iri for iri, members in inferred.items() if not members] == [], "no member in the study"
    assert harness.instances([*ontology_files(), asserted], *DEFINED) == inferred


def test_no_class_is_unsatisfiable_with_data(asserted: str) -> None:
    assert harness.unsatisfiable_classes([*ontology_files(), asserted]) == []
