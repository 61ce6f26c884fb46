"""The benchmark: generated data are what they claim to be, and a small run answers rightly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.generator import plan_for, records, write_case_files, write_nquads

from govgraph.assembly import assemble
from govgraph.cases import load
from govgraph.validation import validate


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    data = records(plan_for(5_000, seed=7, error_share=1.0))
    write_case_files(data, folder / "files")
    write_nquads(data, folder / "data.nq")
    return folder


def quads(path: Path) -> set[ox.Quad]:
    return set(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))


def test_case_files_and_quads_say_the_same(generated: Path) -> None:
    assert set(load([generated / "files"]).quads) == quads(generated / "data.nq")


def test_the_seed_decides_the_data(generated: Path, tmp_path: Path) -> None:
    write_nquads(records(plan_for(5_000, seed=7, error_share=1.0)), tmp_path / "again.nq")
    write_nquads(records(plan_for(5_000, seed=8, error_share=1.0)), tmp_path / "other.nq")
    same = (generated / "data.nq").read_bytes()
    assert (tmp_path / "again.nq").read_bytes() == same
    assert (tmp_path / "other.nq").read_bytes() != same


@pytest.mark.parametrize("size", [1_000, 10_000, 50_000])
def test_the_size_is_near_what_was_asked(size: int, tmp_path: Path) -> None:
    count = write_nquads(records(plan_for(size)), tmp_path / "data.nq")
    assert count == len(quads(tmp_path / "data.nq"))
    assert abs(count - size) < max(0.03 * size, 200)


def test_validation_finds_the_seeded_errors_and_no_others(generated: Path) -> None:
    data = records(plan_for(5_000, seed=7, error_share=1.0))
    for _ in data:
        pass
    assert len(data.seeded) >= 6
    built = assemble([generated / "files"])
    found = Counter(each.shape for each in validate(built.store, built.sources).results)
    assert found == data.seeded
    assert not built.clashes


def test_few_actors_take_part_in_much(generated: Path) -> None:
    """The most frequent tenth takes at least a third of the participations, as by Zipf's law."""
    predicate = ox.NamedNode("https://w3id.org/govgraph/ontology#participant")
    shares = Counter(q.object for q in quads(generated / "data.nq") if q.predicate == predicate)
    actors = plan_for(5_000).actors
    top = sum(count for _, count in shares.most_common(actors // 10))
    assert top >= sum(shares.values()) / 3
