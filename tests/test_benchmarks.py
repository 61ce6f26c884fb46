"""The benchmark: generated data are what they claim to be, and a small run answers rightly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks.__main__ import main
from benchmarks.figures import FIGURES
from benchmarks.generator import plan_for, records, write_case_files, write_nquads
from benchmarks.growth import exponent
from benchmarks.loading import table_worker, write_tables
from benchmarks.measure import Measurement
from benchmarks.report import BEGIN, END, STAGES, insert, markdown
from benchmarks.results import Results
from benchmarks.tasks import load_govgraph, parse_govgraph
from benchmarks.workload import STUDY, make
from click.testing import CliRunner

from govgraph.assembly.assemble import assemble, choose_sources
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.coding.terms import missing
from govgraph.shapes.validation import validate
from govgraph.vocabulary import COMMONS_GRAPH, SDG


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
    """But for the goals that the case files name, which govgraph adds."""
    loaded = load(Sources(data=(generated / "files",))).store
    written = {quad for quad in loaded if quad.graph_name != ox.NamedNode(COMMONS_GRAPH)}
    assert written == quads(generated / "data.nq")


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
    built = assemble(Sources(data=(generated / "files",)))
    found = Counter(each.shape for each in validate(built.store, built.sources).results)
    assert found == data.seeded
    assert not built.clashes


def test_the_data_have_the_shape_of_the_study(generated: Path) -> None:
    """Of a hundred statements of each, at least eighty have the same predicate."""
    study = Counter(quad.predicate for quad in load(choose_sources()).store)
    made = Counter(quad.predicate for quad in quads(generated / "data.nq"))
    assert made.keys() <= study.keys()
    share = sum(min(study[p] / study.total(), made[p] / made.total()) for p in made)
    assert share >= 0.8


def named_goals() -> ox.Store:
    """Return a store that names a target of each goal that generated data name targets of."""
    here, target = ox.NamedNode("x:arrangement"), ox.NamedNode("x:target")
    store = ox.Store()
    store.extend(ox.Quad(here, target, ox.NamedNode(SDG + each)) for each in ("16.1", "17.16"))
    return store


def test_few_actors_take_part_in_much(generated: Path) -> None:
    """The most frequent tenth takes at least a third of the participations, as by Zipf's law."""
    predicate = ox.NamedNode("https://w3id.org/govgraph/ontology#participant")
    shares = Counter(q.object for q in quads(generated / "data.nq") if q.predicate == predicate)
    actors = plan_for(5_000).actors
    top = sum(count for _, count in shares.most_common(actors // 10))
    assert top >= sum(shares.values()) / 3


@pytest.mark.whole
def test_a_small_run_measures_every_stage_and_answers_rightly(tmp_path: Path) -> None:
    arguments = ["--sizes", "1e3", "--no-study", "--runs", "1", "--references-up-to", "0"]
    done = CliRunner().invoke(main, [*arguments, "--output", str(tmp_path)])
    assert done.exit_code == 0, done.output
    results = Results.read(tmp_path / "results.json")
    found = {each.stage: each for each in results.measurements if each.engine == "govgraph"}
    assert set(found) == set(STAGES)
    assert all(each.cpu > 0 and each.wall > 0 and each.memory > 10 for each in found.values())
    assert found["validate"].answer == found["validate"].errors
    goals = len(list(missing(named_goals(), ("en", "es"))))
    assert found["parse"].answer == found["load"].answer == found["load"].statements + goals
    assert found["reason"].answer > 1_000
    assert found["queries"].answer > 10
    assert (tmp_path / "performance.md").read_text("utf-8") == markdown(results)
    assert (tmp_path / "performance.svg").read_text("utf-8").startswith("<?xml")
    assert not list(tmp_path.glob("work/*"))


def measurement(stage: str, engine: str, size: int, cpu: float) -> Measurement:
    return Measurement(stage, engine, str(size), size, cpu, cpu, 100.0, 7, 1, 3)


def test_the_study_is_measured_as_it_is_read(tmp_path: Path) -> None:
    workload = make(tmp_path / "study", STUDY, 1)
    assert workload.statements == len(load(choose_sources()).store) > 13_000
    assert parse_govgraph(workload)() == workload.statements
    assert load_govgraph(workload)() == workload.statements


def test_a_table_is_measured_from_the_file_to_the_validated_graph(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", 20, ".csv", places=10)
    found = table_worker(tmp_path / "tables")
    rows = 20 * 26 + 40 * 4 + 10 * 4 + 3  # cases with what they state, actors, places, a country
    assert (found["stated"], found["results"]) == (rows, 0)


def test_the_growth_exponent_is_that_of_the_larger_sizes() -> None:
    assert exponent([(10, 1.0), (100, 10.0), (1000, 100.0)]) == pytest.approx(1.0)
    assert exponent([(10, 1.0), (100, 100.0)]) == pytest.approx(2.0)
    assert exponent([(10, 1.0)]) is None
    cpus = {1_000: 5.0, 10_000: 1.0, 100_000: 10.0, 1_000_000: 100.0}
    results = Results("", [measurement("reason", "govgraph", s, c) for s, c in cpus.items()])
    assert results.growth("reason", "govgraph") == pytest.approx(1.0)


def test_the_figures_are_read_from_results() -> None:
    results = Results(
        "a machine",
        [
            measurement("reason", "govgraph", 10_000, 0.2),
            measurement("reason", "by hand", 10_000, 9.0),
            measurement("build", "govgraph", 1_000_000, 61.0),
        ],
    )
    reached = {each.work: each.reached(results) for each in FIGURES}
    assert reached["inference at 10⁴, times owlrl"] is True
    assert reached["whole build at 10⁶"] is False
    assert reached["the same, memory"] is True
    assert reached["validation at 10⁶"] is None
    text = markdown(results)
    assert "| inference at 10⁴, times owlrl | ≥ 40× | 45× | reached |" in text
    assert "| whole build at 10⁶ | ≤ 60 s | 61 s | **missed** |" in text
    assert "| 10,000 | 0.2 s | 50,000 | 100 MB | 9 s (45×) |" in text


def test_a_page_keeps_what_stands_around_the_tables() -> None:
    results = Results("a machine", [measurement("load", "govgraph", 10, 1.0)])
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    renewed = insert(page, results)
    assert renewed.startswith(f"before\n{BEGIN}\n\nMeasured on a machine.")
    assert renewed.endswith(f"{END}\nafter\n")
    assert "old" not in renewed
    assert insert(renewed, results) == renewed
