"""HermiT on the ontology with all data: consistent, and the defined classes as our rules have it.

A full OWL 2 DL reasoner and the RL rules must agree on who is what; the reasoner sees the
asserted statements only, without literals of datatypes that OWL 2 does not know. HermiT takes long
for the study, so a plain run shows it the statements on which every rule fires that fires on the
study; `make test-all` shows it the whole.
"""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from govgraph.coding.terms import ontology_files
from govgraph.reasoning import infer
from govgraph.vocabulary import GG, RDF
from owl import harness
from study_slices import NOT_DATA, copy_of, where_every_rule_fires

pytestmark = pytest.mark.java

DEFINED = [
    GG + name
    for name in (
        "PublicPrivateArrangement",
        "TripartiteArrangement",
        "TripleHelixArrangement",
        "PoliceInvolvingArrangement",
        "PermanentPrivateParticipation",
        "PermanentPrivateArrangement",
        "StatedAlignment",
        "ContestedEntity",
    )
]


def study(kg: KnowledgeGraph) -> list[ox.Triple]:
    """Return what the study asserts, sorted."""
    return sorted({quad.triple for quad in copy_of(kg, without=NOT_DATA)}, key=str)


def part_of_the_study(kg: KnowledgeGraph) -> list[ox.Triple]:
    """Return of what the study asserts that on which every rule fires."""
    return sorted(set(where_every_rule_fires(kg)) & set(study(kg)), key=str)


def ntriples(statements: list[ox.Triple]) -> str:
    return (ox.serialize(statements, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


@pytest.mark.parametrize(
    "select", [part_of_the_study, pytest.param(study, marks=pytest.mark.whole)]
)
def test_defined_classes_have_the_members_that_the_rules_infer(
    select: Callable[[KnowledgeGraph], list[ox.Triple]], kg: KnowledgeGraph
) -> None:
    asserted = select(kg)
    store = ox.Store()
    for path in ontology_files():
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in asserted)
    kind_of = ox.NamedNode(f"{RDF}type")
    types = [(t.subject.value, t.object) for t in infer(store).triples if t.predicate == kind_of]
    types += [(t.subject.value, t.object) for t in asserted if t.predicate == kind_of]
    inferred = {
        iri: sorted({subject for subject, kind in types if kind == ox.NamedNode(iri)})
        for iri in DEFINED
    }
    assert [iri for iri, members in inferred.items() if not members] == [], "without a member"
    assert harness.instances([*ontology_files(), ntriples(asserted)], *DEFINED) == inferred


@pytest.mark.whole
def test_no_class_is_unsatisfiable_with_data(kg: KnowledgeGraph) -> None:
    """Without data: test_ontology_owl.py."""
    assert harness.unsatisfiable_classes([*ontology_files(), ntriples(study(kg))]) == []
