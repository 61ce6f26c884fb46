"""The compiled rules infer what the reference engine infers: at random, at scale, on the study.

owlrl takes half a minute for the study, so a plain run shows it a slice on which every rule fires
that fires on the study; `make test-all` shows it the whole.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import generated_governance
import owlrl_engine
import random_ontologies
from govgraph import KnowledgeGraph
from govgraph.reasoning import infer
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, RDF
from study_slices import axioms, copy_of, firing, where_every_rule_fires

RDF_TYPE = ox.NamedNode(f"{RDF}type")


def difference(store: ox.Store) -> tuple[list[str], list[str]]:
    """Return what the rules miss and what they infer in excess, of facts and of axioms."""
    found, (facts, axioms, _) = infer(store), owlrl_engine.closure(store)
    assert list(found.triples) == sorted(found.triples, key=str)
    mine = {*found.triples, *(axiom for axiom in found.axioms if axiom.predicate != RDF_TYPE)}
    theirs = facts | axioms
    return sorted(map(str, theirs - mine)), sorted(map(str, mine - theirs))


@pytest.mark.parametrize("seed", range(36))
def test_random_ontologies(seed: int) -> None:
    assert difference(random_ontologies.store(seed, with_equality=seed % 3 == 0)) == ([], [])


@pytest.mark.parametrize("seed", [228, 408, 598])
def test_random_ontologies_that_once_differed(seed: int) -> None:
    assert difference(random_ontologies.store(seed)) == ([], [])


@pytest.mark.parametrize("seed", range(36))
def test_the_same_ontologies_are_contradicted(seed: int) -> None:
    store = random_ontologies.store(seed, with_equality=seed % 3 == 0, prohibitions=2)
    ours, reference = infer(store), owlrl_engine.infer(store)
    assert bool(ours.clashes) == bool(reference.clashes)
    assert list(ours.triples) == list(reference.triples)


@pytest.mark.parametrize(
    ("size", "inferred"), [(250, 540), pytest.param(1_000, 1_769, marks=pytest.mark.whole)]
)
def test_generated_data(size: int, inferred: int) -> None:
    store = generated_governance.store(size)
    assert difference(store) == ([], [])
    assert len(infer(store).triples) == inferred


def test_a_slice_of_the_study_on_which_every_rule_fires(kg: KnowledgeGraph) -> None:
    study = copy_of(kg, without={METADATA_GRAPH})
    part = ox.Store()
    part.extend(axioms(kg))
    part.extend(ox.Quad(t.subject, t.predicate, t.object) for t in where_every_rule_fires(kg))
    assert len(part) < len(study) / 5
    assert difference(part) == ([], [])
    part.bulk_extend(infer(part).quads(INFERRED_GRAPH))
    assert firing(part).keys() == firing(study).keys()


@pytest.mark.whole
def test_the_study(kg: KnowledgeGraph) -> None:
    assert difference(copy_of(kg, without={INFERRED_GRAPH, METADATA_GRAPH})) == ([], [])


def test_the_graph_holds_what_the_rules_infer_from_the_rest_of_it(kg: KnowledgeGraph) -> None:
    quads = kg.store.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH))
    inferred = {quad.triple for quad in quads}
    assert inferred == set(infer(copy_of(kg, without={INFERRED_GRAPH, METADATA_GRAPH})).triples)
    assert len(inferred) > 5_000
