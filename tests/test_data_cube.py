"""Table 8.2 as a data cube keeps the W3C integrity constraints; each constraint can fail."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from qb.constraints import CONSTRAINTS, cube_of, violations

SEEDS = Path(__file__).parent / "qb" / "seeds"
SEEDED = sorted(SEEDS.glob("ic-*.ttl"))
QB = "http://purl.org/linked-data/cube#"


def turtle(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def cube(kg: KnowledgeGraph) -> ox.Store:
    return cube_of({quad.triple for quad in kg.store})


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda path: path.stem)
def test_homicide_table(constraint: Path, cube: ox.Store) -> None:
    assert violations(cube, constraint) == []


def test_the_homicide_cube_is_there(cube: ox.Store) -> None:
    counted = cube.query(
        f"""SELECT ?dataset (COUNT(DISTINCT ?observation) AS ?count) (SAMPLE(?found) AS ?any) {{
            ?dataset a <{QB}DataSet> ; <{QB}structure> ?found .
            ?observation a <{QB}Observation> ; <{QB}dataSet> ?dataset .
        }} GROUP BY ?dataset"""
    )
    assert isinstance(counted, ox.QuerySolutions)
    # 53 numbers of countries and territories, and the world row in three periods.
    assert [int(solution["count"].value) for solution in counted] == [56]


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda path: path.stem)
def test_clean_cubes_pass(constraint: Path) -> None:
    assert violations(cube_of(turtle(SEEDS / "clean.ttl")), constraint) == []


@pytest.mark.parametrize("seed", SEEDED, ids=lambda path: path.stem)
def test_seeded_defect_is_found(seed: Path) -> None:
    constraint = SEEDS.parent / f"{seed.name.partition('.')[0]}.rq"
    finds = re.search(r"^# finds: :(\w+)$", seed.read_text(encoding="utf-8"), re.MULTILINE)
    assert finds
    found = violations(cube_of([*turtle(SEEDS / "clean.ttl"), *turtle(seed)]), constraint)
    assert {row[0] for row in found} == {f"<http://example.org/{finds[1]}>"}


def test_every_constraint_is_there_and_has_a_seed() -> None:
    numbers = [f"ic-{number}" for number in range(1, 22)]
    assert [path.stem for path in CONSTRAINTS] == numbers
    assert {seed.name.partition(".")[0] for seed in SEEDED} == set(numbers)


def test_without_normalisation_an_attached_unit_would_be_missed() -> None:
    raw = ox.Store()
    raw.extend(ox.Quad(*triple) for triple in turtle(SEEDS / "clean.ttl"))
    unit = ox.NamedNode("http://example.org/unit")
    observation = ox.NamedNode("http://example.org/o2")
    assert not list(raw.quads_for_pattern(observation, unit, None))
    normalised = cube_of(turtle(SEEDS / "clean.ttl"))
    values = [q.object for q in normalised.quads_for_pattern(observation, unit, None)]
    assert values == [ox.Literal("per 100 000")]
