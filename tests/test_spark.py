"""Networks on Spark: the numbers of networkx and igraph, the same bytes each time, clear errors."""

from __future__ import annotations

import random
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.networks import memberships as power_law
from benchmarks.networks import project
from click.testing import CliRunner, Result

import sparks
from govgraph.cli import group
from govgraph.errors import GovgraphError
from govgraph.network.reading.members import co_members
from govgraph.network.reading.rows import Edge
from govgraph.network.reading.spells import ALWAYS
from govgraph.scale.spark import measures, measuring
from govgraph.scale.spark.components import components, ranked
from govgraph.scale.spark.measures import exact_sum
from govgraph.scale.spark.measuring import measure_pairs
from govgraph.scale.spark.memberships import Memberships, read_memberships
from govgraph.scale.spark.reading import read_pairs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from govgraph import KnowledgeGraph

pytestmark = [pytest.mark.spark, pytest.mark.whole]

Row = tuple[str, str, str, int | None, int | None]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with sparks.running() as session:
        yield session


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, kg: KnowledgeGraph) -> Path:
    path = tmp_path_factory.mktemp("study") / "actors.parquet"
    done = run("pairs", "actors", "-o", path)
    assert done.exit_code == 0, done.output
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, [str(each) for each in arguments], catch_exceptions=True)


def complaint(*arguments: str | Path) -> str:
    """Return the message of a command that fails as the contract wants: one line."""
    done = run(*arguments)
    assert isinstance(done.exception, GovgraphError), (done.exception, done.output)
    assert "\n" not in str(done.exception)
    assert "java." not in str(done.exception)
    return str(done.exception)


def write(path: Path, rows: Iterable[Row]) -> Path:
    columns = list(zip(*rows, strict=True))
    names = ["source", "target", "kind", "start", "end"]
    types = [pa.string()] * 3 + [pa.int32()] * 2
    arrays = [pa.array(column, type) for column, type in zip(columns, types, strict=True)]
    pq.write_table(pa.table(arrays, names=names), path)
    return path


def read(spark: SparkSession, path: Path, *, cuts: int = 1, **options: Any) -> Memberships:
    spark.conf.set("spark.sql.shuffle.partitions", str(cuts))
    return read_memberships(read_pairs(spark, str(path)), **options)


def values(found: Memberships, frame: DataFrame, name: str) -> dict[str, Any]:
    return {row["node"]: row[name] for row in frame.join(found.members, "member").collect()}


def sets(values: dict[str, Any]) -> set[frozenset[str]]:
    inside = defaultdict(set)
    for node, part in values.items():
        inside[part].add(node)
    return {frozenset(each) for each in inside.values()}


def in_memory(rows: Sequence[Row], *, newman: bool) -> nx.MultiGraph:
    """Return the network that `govgraph network` makes of the same rows."""
    edges: dict[tuple[str, str, str], Edge] = {}
    for source, target, kind, start, end in rows:
        edges.setdefault((source, target, kind), Edge(1)).spells.add((start, end))
    found, members = co_members(edges, newman=newman, window=ALWAYS)
    graph = nx.MultiGraph()
    graph.add_nodes_from(members)
    for (one, other, kind), edge in found.items():
        graph.add_edge(one, other, kind, weight=edge.weight)
    return graph


def simple(graph: nx.MultiGraph) -> nx.Graph:
    merged = nx.Graph()
    merged.add_nodes_from(graph)
    for one, other, weight in graph.edges(data="weight"):
        before = merged.get_edge_data(one, other, {"weight": 0})["weight"]
        merged.add_edge(one, other, weight=before + weight)
    return merged


# --- the study ---------------------------------------------------------------------------------


def test_the_study_has_the_numbers_of_networkx(
    spark: SparkSession, kg: KnowledgeGraph, study: Path, tmp_path: Path
) -> None:
    table = tmp_path / "measures.parquet"
    done = run("spark", study, "-o", table)
    assert done.exit_code == 0, (done.output, done.exception)
    assert done.stdout.split() == [str(table)]
    assert "computed by Spark" in done.stderr

    graph = kg.network("actors")
    found = {kg.names.shorten(row["node"]): row for row in pq.read_table(table).to_pylist()}
    assert list(found) == sorted(found)
    assert set(found) == set(graph)
    strength = dict(graph.degree(weight="weight"))
    assert {node: row["strength"] for node, row in found.items()} == strength
    rank = nx.pagerank(graph, weight="weight", tol=1e-12, max_iter=500)
    assert all(abs(found[node]["weighted_pagerank"] - rank[node]) < 1e-6 for node in graph)
    numbers = {node: row["component"] for node, row in found.items()}
    assert sets(numbers) == set(map(frozenset, nx.connected_components(graph)))
    sizes = [sum(part == number for part in numbers.values()) for number in (1, 2, 3)]
    assert sizes == sorted(sizes, reverse=True)


def test_figures_without_an_output(
    spark: SparkSession, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "PRECISION", 1e-2)
    done = run("spark", study)
    assert done.exit_code == 0, done.exception
    figures = dict(line.split() for line in done.stdout.splitlines()[2:])
    assert figures["members"] == "89"
    assert int(figures["components"]) >= 2


# --- networks with years, kinds, isolates ------------------------------------------------------


def drawn(seed: int, members: int = 40) -> list[Row]:
    """Draw memberships with years (often in different ones), several spells, kinds, isolates."""
    draw = random.Random(seed)
    rows: list[Row] = [(f"m/alone-{i}", f"g/alone-{i}", "", None, None) for i in range(3)]
    for number in range(30):
        inside = draw.sample(range(members), draw.choice([2, 2, 3, 4, 8]))
        kind = draw.choice(["", "", "works with"])
        for member in inside:
            for _ in range(draw.choice([1, 1, 1, 2])):
                start = draw.choice([None, draw.randint(1990, 2010)])
                end = draw.choice([None, (start or 1995) + draw.randint(0, 6)])
                rows.append((f"m/{member:02}", f"g/{number}", kind, start, end))
    return rows


@pytest.mark.parametrize("newman", [False, True], ids=["shared", "newman"])
def test_members_in_different_years_have_no_edge(
    spark: SparkSession, tmp_path: Path, newman: bool
) -> None:
    rows = drawn(7)
    graph = in_memory(rows, newman=newman)
    everybody = in_memory([(*row[:3], None, None) for row in rows], newman=newman)
    assert graph.number_of_edges() < everybody.number_of_edges()

    weighting = "newman" if newman else "co-membership"
    path = write(tmp_path / "years.parquet", rows)
    found = read(spark, path, weighting=weighting)
    strengths = measures.strength(found)
    strength = dict(graph.degree(weight="weight"))
    assert values(found, strengths, "strength") == pytest.approx(strength, abs=1e-12)
    roots, _ = components(found)
    assert sets(values(found, roots, "root")) == set(map(frozenset, nx.connected_components(graph)))
    if not newman:
        return  # the study has PageRank by plain weights
    ranks, _, settled = measures.pagerank(found, strengths)
    assert settled
    expected = nx.pagerank(simple(graph), weight="weight", tol=1e-12, max_iter=500)
    got = values(found, ranks, "weighted_pagerank")
    assert got == pytest.approx(expected, abs=1e-6)
    assert sum(got.values()) == pytest.approx(1, abs=1e-12)


def test_an_undated_membership_meets_all(spark: SparkSession, tmp_path: Path) -> None:
    rows: list[Row] = [
        ("a", "g", "", 1990, 1995), ("b", "g", "", 1995, None), ("c", "g", "", None, None),
        ("d", "g", "", 1996, 1999),
    ]  # fmt: skip
    path = write(tmp_path / "p.parquet", rows)
    found = read(spark, path)
    strengths = values(found, measures.strength(found), "strength")
    assert strengths == {"a": 2, "b": 3, "c": 3, "d": 2}


# --- larger networks ---------------------------------------------------------------------------


def test_a_skewed_network_has_the_numbers_of_igraph(spark: SparkSession, tmp_path: Path) -> None:
    import igraph

    members, groups = power_law(3_000)
    pairs = [(f"{m:05}", f"{g}", "", None, None) for m, g in zip(members, groups, strict=True)]
    found = read(spark, write(tmp_path / "p.parquet", pairs))
    one, other, weight = project(members, groups)
    graph = igraph.Graph(int(members.max()) + 1, list(zip(one, other, strict=True)))
    weights = [float(each) for each in weight]

    present = {f"{member:05}": int(member) for member in members}
    strength = graph.strength(weights=weights)
    strengths = measures.strength(found)
    assert values(found, strengths, "strength") == {n: strength[i] for n, i in present.items()}
    graph = graph.induced_subgraph(sorted(present.values()))
    ranks, _, _ = measures.pagerank(found, strengths)
    expected = dict(zip(sorted(present), graph.pagerank(weights=weights), strict=True))
    assert values(found, ranks, "weighted_pagerank") == pytest.approx(expected, abs=1e-6)
    roots, _ = components(found)
    membership = dict(zip(sorted(present), graph.connected_components().membership, strict=True))
    assert sets(values(found, roots, "root")) == sets(membership)


def chain(length: int) -> list[Row]:
    """Return groups of two in a row, under names in no order, and one pair beside."""
    names = [f"m/{number:04}" for number in range(length)]
    random.Random(3).shuffle(names)
    rows: list[Row] = [("z/1", "g/z", "", None, None), ("z/2", "g/z", "", None, None)]
    for number in range(length - 1):
        for name in names[number : number + 2]:
            rows.append((name, f"g/{number}", "", None, None))
    return rows


def test_components_of_a_long_chain_take_few_rounds(spark: SparkSession, tmp_path: Path) -> None:
    found = read(spark, write(tmp_path / "p.parquet", chain(600)))
    roots, rounds = components(found)
    found_sets = sets(values(found, roots, "root"))
    assert sorted(map(len, found_sets)) == [2, 600]
    assert rounds <= 15
    numbers = values(found, ranked(roots), "component")
    assert numbers["z/1"] == 2
    assert numbers["m/0000"] == 1


# --- the same bytes ----------------------------------------------------------------------------


def test_sums_do_not_depend_on_the_order(spark: SparkSession) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    draw = random.Random(1)
    numbers = [draw.random() * 10 ** draw.randint(-9, 2) for _ in range(500)]
    sums = set()
    for parts_of in (1, 3, 7):
        draw.shuffle(numbers)
        frame = spark.createDataFrame([(each,) for each in numbers], "x double")
        frame = frame.repartition(parts_of)
        sums.add(struct.pack("d", frame.agg(exact_sum(F.col("x"))).collect()[0][0]))
    assert len(sums) == 1
    exact = float(sum(map(Fraction, numbers)))
    assert struct.unpack("d", sums.pop())[0] == pytest.approx(exact, abs=500 * 2**-72, rel=1e-15)


def test_the_same_bytes_however_the_data_are_cut(
    spark: SparkSession, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "PRECISION", 1e-2)
    shuffled = pq.read_table(study).to_pylist()
    random.Random(2).shuffle(shuffled)
    other = tmp_path / "other" / "actors.parquet"
    other.parent.mkdir()
    write(other, [tuple(row.values()) for row in shuffled])
    outputs = []
    for path, cuts in ((study, 1), (other, 3)):
        spark.conf.set("spark.sql.shuffle.partitions", str(cuts))
        monkeypatch.setattr(measuring, "cut", lambda spark, pairs: None)
        output = path.with_name(f"out-{cuts}.parquet")
        measure_pairs(spark, str(path), str(output), weighting="newman")
        outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1]


def test_an_address_gets_a_folder_of_parts(
    spark: SparkSession, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "PRECISION", 1e-2)
    output = tmp_path / "measures.parquet"
    assert run("spark", study, "-o", output.as_uri()).exit_code == 0
    assert len(list(output.glob("part-*.parquet"))) >= 1
    assert len(pq.read_table(output)) == 89
    assert "There is something at this path" in complaint("spark", study, "-o", output.as_uri())
    assert "Remove it, or name another" in complaint("spark", study, "-o", output)


def test_groups_of_one_member_are_told(spark: SparkSession, study: Path) -> None:
    pairs = [(row["target"], row["source"]) for row in pq.read_table(study).to_pylist()]
    sizes = Counter(target for target, _ in set(pairs))
    alone = sum(size == 1 for size in sizes.values())
    done = run("spark", study)
    assert f"memberships (without {alone} groups of one member, which tie nobody)" in done.output
    assert sum(sizes.values()) - alone == 112
    assert alone == 27


def test_a_large_group_costs_what_its_members_cost(spark: SparkSession, tmp_path: Path) -> None:
    rows: list[Row] = [(f"m/{n:05}", "hub", "", None, None) for n in range(5_000)]
    rows += [(f"m/{n:05}", f"g/{n % 900}", "", None, None) for n in range(4_000, 5_500)]
    found = read(spark, write(tmp_path / "p.parquet", rows))
    strength = values(found, measures.strength(found), "strength")
    assert strength["m/00000"] == 4_999
    assert (
        strength["m/04000"] == 4_999 + sum(n % 900 == 4_000 % 900 for n in range(4_000, 5_500)) - 1
    )


# --- tables that do not fit --------------------------------------------------------------------


def test_tables_with_other_columns(spark: SparkSession, study: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pq.write_table(pa.table({"sourse": ["a"], "target": ["g"]}), path)
    message = complaint("spark", path)
    assert "No column 'source': found sourse, target. Did you mean 'sourse'?" in message
    pq.write_table(pa.table({"source": ["a"], "target": ["g"], "start": ["1998"]}), path)
    assert "'start': found string, expected years as whole numbers" in complaint("spark", path)
    pq.write_table(pa.table({"source": [1.5], "target": ["g"]}), path)
    assert "'source': found double, expected texts or whole numbers" in complaint("spark", path)
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(study.read_bytes()[:200])
    message = complaint("spark", cut)
    assert str(cut) in message
    assert "This is no Parquet file" in message
    missing = tmp_path / "none.parquet"
    message = complaint("spark", missing)
    assert str(missing) in message
    assert "write it with `govgraph pairs" in message
    (tmp_path / "folder").mkdir()
    assert "no Parquet files in this folder" in complaint("spark", tmp_path / "folder")
    nobody = pq.read_table(study).slice(0, 0)
    pq.write_table(nobody, tmp_path / "nobody.parquet")
    assert "There are no pairs" in complaint("spark", tmp_path / "nobody.parquet")
