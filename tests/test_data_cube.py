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


def test_the_homicide_table_keeps_every_constraint(cube: ox.Store) -> None:
    faults = {path.stem: violations(cube, path) for path in CONSTRAINTS}
    assert {name: rows for name, rows in faults.items() if rows} == {}


def test_what_is_exported_is_a_cube_by_itself(kg: KnowledgeGraph) -> None:
    """With data set, structure and component properties: no constraint fails outside."""
    exported = cube_of(set(kg.query("rates-as-data-cube").triples))
    faults = {path.stem: violations(exported, path) for path in CONSTRAINTS}
    assert {name: rows for name, rows in faults.items() if rows} == {}
    counted = exported.query(
        f"""SELECT (COUNT(DISTINCT ?observation) AS ?count) (COUNT(DISTINCT ?property) AS ?parts) {{
            ?dataset a <{QB}DataSet> ; <{QB}structure> ?structure .
            ?structure <{QB}component>/<{QB}componentProperty> ?property .
            ?observation a <{QB}Observation> ; <{QB}dataSet> ?dataset ; ?property ?value .
        }}"""
    )
    assert isinstance(counted, ox.QuerySolutions)
    (row,) = counted
    assert (int(row["count"].value), int(row["parts"].value)) == (56, 4)


def test_a_code_list_is_exported_with_codes_names_and_tops(kg: KnowledgeGraph) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    triples = set(kg.query("code-list-as-skos", scheme="scheme/sector").triples)
    scheme = ox.NamedNode("https://w3id.org/govgraph/scheme/sector")
    labels = {t.object.value for t in triples if t.subject == scheme and "prefLabel" in str(t)}
    assert len(labels) == 2
    members = {t.subject for t in triples if t.predicate.value == f"{skos}inScheme"}
    noted = {t.subject for t in triples if t.predicate.value == f"{skos}notation"}
    assert members == noted
    assert len(members) == 11
    tops = {t.object for t in triples if t.predicate.value == f"{skos}hasTopConcept"}
    below = {t.subject for t in triples if t.predicate.value == f"{skos}broader"}
    assert tops == members - below
    matched = {t.object.value for t in triples if t.predicate.value == f"{skos}closeMatch"}
    assert "http://eurovoc.europa.eu/829" in matched


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


def test_a_clean_cube_keeps_every_constraint() -> None:
    clean = cube_of(turtle(SEEDS / "clean.ttl"))
    faults = {path.stem: violations(clean, path) for path in CONSTRAINTS}
    assert {name: rows for name, rows in faults.items() if rows} == {}


def test_every_seeded_defect_is_found() -> None:
    faults = []
    for seed in SEEDED:
        constraint = SEEDS.parent / f"{seed.name.partition('.')[0]}.rq"
        finds = re.search(r"^# finds: :(\w+)$", seed.read_text(encoding="utf-8"), re.MULTILINE)
        assert finds, seed
        rows = violations(cube_of([*turtle(SEEDS / "clean.ttl"), *turtle(seed)]), constraint)
        nodes = {row[0] for row in rows}
        if nodes != {f"<http://example.org/{finds[1]}>"}:
            faults.append((seed.name, finds[1], nodes))
    assert faults == []


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
