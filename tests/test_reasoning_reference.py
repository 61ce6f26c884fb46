"""The compiled rules infer what the reference engine infers: at random, at scale, on the study."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import generated_governance
import random_ontologies
from govgraph import KnowledgeGraph
from govgraph.reasoning import infer
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH


def difference(store: ox.Store) -> tuple[list[str], list[str]]:
    """Return what the rules miss and what they infer in excess."""
    ours, reference = infer(store).triples, infer(store, "owlrl").triples
    mine, theirs = set(ours), set(reference)
    assert [str(t) for t in reference] == sorted(str(t) for t in theirs)
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
    ours, reference = infer(store), infer(store, "owlrl")
    assert ours.is_consistent == reference.is_consistent
    assert list(ours.triples) == list(reference.triples)


def test_generated_data() -> None:
    store = generated_governance.store(1_000)
    assert difference(store) == ([], [])
    assert len(infer(store).triples) == 1_769


def test_the_study(kg: KnowledgeGraph) -> None:
    store = ox.Store()
    made_later = {INFERRED_GRAPH, METADATA_GRAPH}
    store.bulk_extend(q for q in kg.store if getattr(q.graph_name, "value", "") not in made_later)
    assert difference(store) == ([], [])
    inferred = {ox.Triple(q.subject, q.predicate, q.object) for q in _graph(kg, INFERRED_GRAPH)}
    assert inferred == set(infer(store).triples)
    assert len(inferred) > 5_000


def _graph(kg: KnowledgeGraph, name: str) -> list[ox.Quad]:
    return list(kg.store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
