"""The native SHACL engine and pySHACL report the same, result by result, on much data at once.

The fixtures of test_shapes.py compare them shape by shape.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.generator import plan_for, records, write_nquads

from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import assemble
from govgraph.coding.study import Sources, Study
from govgraph.shapes.engines import available_engine
from govgraph.vocabulary import METADATA_GRAPH, ONTOLOGY_GRAPH
from prepared_queries import prepared_queries
from study_slices import fifth_of_the_study
from test_shapes import run

pytestmark = pytest.mark.skipif(
    available_engine() != "native", reason="the native engine has no wheel for this machine"
)
KEPT_WHOLE = {METADATA_GRAPH, ONTOLOGY_GRAPH}


def damaged(store: ox.Store, share: float, seed: int) -> ox.Store:
    """Return a copy from which statements were taken, and in which others have a wrong object."""
    chance = random.Random(seed)
    quads = sorted(store, key=str)
    # pySHACL does not compare a blank node with a year
    objects = [quad.object for quad in quads if not isinstance(quad.object, ox.BlankNode)]
    copy = ox.Store()
    for quad in quads:
        graph = quad.graph_name
        fate = chance.random() if getattr(graph, "value", "") not in KEPT_WHOLE else 1.0
        if fate < share / 2:
            continue
        value = chance.choice(objects) if fate < share else quad.object
        copy.add(ox.Quad(quad.subject, quad.predicate, value, graph))
    return copy


def assert_same(store: ox.Store, at_least: int, studies: Sequence[Study] = ()) -> None:
    native = run(store, "native", studies)
    with prepared_queries():
        reference = run(store, "pyshacl", studies)
    assert set(native) == set(reference)
    assert sorted(map(repr, native)) == sorted(map(repr, reference))
    assert len(native) >= at_least


def test_the_study_has_no_result(kg: KnowledgeGraph) -> None:
    assert run(kg.store, "native", kg.backend.studies) == []


@pytest.mark.whole
def test_on_a_part_of_the_study_with_statements_lost_and_objects_exchanged(
    kg: KnowledgeGraph,
) -> None:
    assert_same(damaged(fifth_of_the_study(kg), share=0.02, seed=16), 200, kg.backend.studies)


@pytest.mark.whole
def test_on_the_study_with_statements_lost_and_objects_exchanged(kg: KnowledgeGraph) -> None:
    assert_same(damaged(kg.store, share=0.03, seed=16), 200, kg.backend.studies)


@pytest.mark.whole
@pytest.mark.parametrize("statements", [1_000, pytest.param(3_000, marks=pytest.mark.whole)])
def test_on_generated_data_with_seeded_errors(statements: int, tmp_path: Path) -> None:
    data = records(plan_for(statements, seed=17, error_share=1.0))
    write_nquads(data, tmp_path / "data.nq")
    assert_same(assemble(Sources(data=(tmp_path / "data.nq",))).store, at_least=data.seeded.total())
