"""Every inferred triple has a proof that ends in assertions and whose every step is a rule's."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import generated_governance
import random_ontologies
import rules
from govgraph import KnowledgeGraph
from govgraph.explanation import Explainer
from govgraph.reasoning import infer
from govgraph.vocabulary import INFERRED_GRAPH
from proof_checker import Checker


def check_all(store: ox.Store, triples: list[ox.Triple] | None = None) -> Checker:
    """Check the proof of every inferred triple, and return the checker."""
    if triples is None:
        inferred = infer(store)
        store.bulk_extend(inferred.quads(INFERRED_GRAPH))
        triples = list(inferred.triples)
    explainer = Explainer(store)
    checker = Checker(store, explainer.ruleset)
    for triple in triples:
        [proof] = explainer.explain(triple)
        assert proof.triple == triple
        assert not proof.is_asserted
        checker.check(proof)
    return checker


@pytest.mark.parametrize(
    "step", [pytest.param(5, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_every_inferred_triple_of_the_bundled_graph(kg: KnowledgeGraph, step: int) -> None:
    graph = ox.NamedNode(INFERRED_GRAPH)
    quads = kg.store.quads_for_pattern(None, None, None, graph)
    triples = [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    assert len(triples) > 5_000
    checker = check_all(kg.store, sorted(triples, key=str)[::step])
    assert len(checker.used) > (100 if step == 1 else 80)
    assert checker.unsound() == []


def test_the_kit() -> None:
    unsound = []
    for name in rules.names():
        checker = check_all(rules.example(name).store("fires"))
        if not name.startswith("prp-key"):  # owlrl gets keys wrong
            unsound += checker.unsound()
    assert unsound == []


@pytest.mark.parametrize("seed", range(40))
def test_random_ontologies(seed: int) -> None:
    check_all(random_ontologies.store(seed, with_equality=seed % 2 == 0))


def test_generated_data() -> None:
    checker = check_all(generated_governance.store(1_000))
    assert checker.unsound() == []


@pytest.mark.parametrize("seed", range(12))
def test_every_alternative_is_a_proof(seed: int) -> None:
    store = random_ontologies.store(seed)
    inferred = infer(store)
    store.bulk_extend(inferred.quads(INFERRED_GRAPH))
    explainer = Explainer(store)
    checker = Checker(store, explainer.ruleset)
    for triple in inferred.triples:
        [shortest] = explainer.explain(triple)
        every = explainer.explain(triple, every=True)
        assert every[0].sort_key() == shortest.sort_key()
        steps = [(p.rule, p.folded, tuple(q.triple for q in p.premises)) for p in every]
        assert len(set(steps)) == len(steps)
        for proof in every:
            checker.check(proof)
            assert triple not in [step.triple for step in list(proof.steps())[1:]]
