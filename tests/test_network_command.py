"""govgraph networks and network: what an analyst types, and one line for each mistake."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from click.testing import CliRunner, Result

from first_study import READING
from govgraph.cli import group
from govgraph.errors import GovgraphError
from govgraph.network.files.columns import Sheet
from govgraph.network.files.formats import FORMATS
from govgraph.network.measures.registry import ENTRIES, measure
from govgraph.network.reading.projection import network_queries

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
BINARY = Path(sys.executable).with_name("govgraph")

pytestmark = pytest.mark.usefixtures("kg")  # built once, then read from the cache


def run(*arguments: str | Path) -> Result:
    """Run a command in this process; errors of the contract come out as they are."""
    return CliRunner().invoke(group, [str(each) for each in arguments], catch_exceptions=True)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_networks_are_listed() -> None:
    found = {row["name"]: row for row in rows(run("networks", "--format", "csv").stdout)}
    assert set(found) >= {
        "actors", "sectors", "participation", "cases", "sdg", "citations", "influence",
        "succession", "everything", "causal", "kinds",
    }  # fmt: skip
    assert found["actors"]["ties"] == "co-membership"
    assert found["influence"]["ties"] == "directed"
    assert found["sdg"]["question"].endswith("?")


def test_from_the_command_to_gephi(tmp_path: Path) -> None:
    path = tmp_path / "actors.gexf"
    done = run("network", "actors", "--size-by", "weighted-betweenness", "-o", path)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{path}\n"
    assert done.stderr.startswith(f"{READING}actors: ")
    graph = nx.read_gexf(path)
    node = graph.nodes["actor/el-tiempo"]
    assert {"degree", "strength", "betweenness", "pagerank", "louvain"} <= set(node)
    sizes = {n: d["viz"]["size"] for n, d in graph.nodes(data=True)}
    assert max(sizes, key=sizes.__getitem__) == max(
        graph, key=lambda n: graph.nodes[n]["weighted_betweenness"]
    )
    assert node["viz"]["color"] == {"r": 213, "g": 94, "b": 0, "a": 1.0}
    assert "position" in node["viz"]


def test_options_reach_the_network(tmp_path: Path) -> None:
    path = tmp_path / "x.graphml"
    done = run(
        "network", "actors", "--from", "1990", "--to", "1999", "--unit", "kind", "--dated-only",
        "--lang", "es", "--measures", "none", "-o", path,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    graph = nx.read_graphml(path)
    assert all(int(tie.get("start_year", 0)) <= 1999 for *_, tie in graph.edges(data=True))
    labels = {label for _, label in graph.nodes(data="label")}
    assert "Municipios" in labels or "Policía" in labels or "Gobierno" in labels
    assert all("degree" not in node and "x" in node for _, node in graph.nodes(data=True))


def test_csv_is_two_files(tmp_path: Path) -> None:
    done = run("network", "cases", "-o", tmp_path / "cases.csv")
    names = ["cases.nodes.csv", "cases.edges.csv"]
    assert done.stdout.splitlines() == [str(tmp_path / name) for name in names]
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(names)


@pytest.mark.whole
def test_figures_are_shown_without_an_output(kg: KnowledgeGraph) -> None:
    found = {row["figure"]: row["value"] for row in rows(
        run("network", "cases", "--figures", "--format", "csv").stdout
    )}  # fmt: skip
    graph = kg.network("cases")
    assert found["nodes"] == str(len(graph))
    assert float(found["density"]) == pytest.approx(nx.density(nx.Graph(graph)), rel=1e-5)
    shown = run("network", "cases").stdout
    assert shown.startswith("figure ")
    assert "share of the pairs of nodes that are tied" in shown


def test_gexf_goes_to_stdout() -> None:
    done = subprocess.run(
        [BINARY, "network", "succession", "--format", "gexf"],
        capture_output=True, check=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert len(nx.read_gexf(io.BytesIO(done.stdout))) > 10


def test_ones_own_query_works_the_same(tmp_path: Path) -> None:
    query = tmp_path / "mine.rq"
    query.write_text(
        "PREFIX gg: <https://w3id.org/govgraph/ontology#>\n"
        "SELECT ?source ?target { ?source gg:within ?target }",
        encoding="utf-8",
    )
    path = tmp_path / "mine.graphml"
    done = run("network", query, "-o", path)
    assert done.exit_code == 0, done.output
    assert nx.read_graphml(path).nodes["place/bogota"]["label"].startswith("Bogot")


def own(folder: Path, text: str) -> Path:
    path = folder / "ask.rq"
    path.write_text(text, encoding="utf-8")
    return path


MISTAKES = [
    (["actrs"], 2, "Did you mean 'actors'"),
    (["actors", "-m", "betweness"], 2, "Did you mean 'betweenness'"),
    (["actors", "-m", "betweenness", "--figures"], 2, "-m measures nodes, --figures are of the"),
    (
        ["actors", "-p", "cas=bogota"],
        2,
        "has no parameter 'cas'. Did you mean 'case'? It takes case, place, level, sector.",
    ),
    (["actors", "-m", "in_degree", "-o", "x.gexf"], 2, "take 'degree'"),
    (["actors", "-o", "x.gefx"], 2, "Did you mean 'gexf'"),
    (["actors", "-o", "x"], 2, "no extension"),
    (["actors", "-f", "gefx"], 2, "Did you mean 'gexf'"),
    (["actors", "-o", "none/x.gexf"], 3, "make it first, or correct the path"),
    (["actors", "-o", "x.gexf", "--size-by", "degre"], 2, "Did you mean 'degree'"),
    (["actors", "-o", "x.gexf", "--size-by", "label"], 2, "no number"),
    (["actors", "-o", "x.gexf", "--colour-by", "sectr"], 2, "Did you mean 'sector'"),
    (["actors", "-o", "x.gexf", "--from", "2010", "--to", "1990"], 2, "no span of years"),
    (["actors", "-o", "x.gexf", "--from", "1200", "--to", "1300", "--dated-only"], 3, "empty"),
    (["citations", "-o", "x.gexf", "--dated-only"], 2, "no years at all"),
    (["actors", "-o", "x.gexf", "-p", "year=1"], 2, "no parameter 'year'"),
    (["no.rq", "-o", "x.gexf"], 3, "no such file"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES, ids=lambda v: str(v)[:40])
def test_a_mistake_is_one_line_and_leaves_no_file(
    arguments: list[str], code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("network", *arguments)
    assert isinstance(done.exception, GovgraphError), done.output
    assert done.exception.exit_code == code
    assert message in str(done.exception)
    assert "\n" not in str(done.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?a ?b { ?a ?p ?b }", "No column ?source and ?target"),
        ("SELECT ?source ?target { ?source <urn:none> ?target }", "empty"),
        ("SELECT ?source ?target { ", "not closed"),
    ],
)
def test_a_bad_query_is_one_line_and_leaves_no_file(
    query: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = own(tmp_path, query)
    done = run("network", path, "-o", "x.gexf")
    assert isinstance(done.exception, GovgraphError), done.output
    assert message in str(done.exception)
    assert str(path) in str(done.exception)
    assert "\n" not in str(done.exception)
    assert [each.name for each in tmp_path.iterdir()] == ["ask.rq"]


def test_a_year_that_is_none_is_wrong_usage() -> None:
    done = run("network", "actors", "--from", "soon")
    assert done.exit_code == 2
    assert "'soon' is not a valid integer" in done.stderr


def test_the_study_is_quickly_in_gephi(tmp_path: Path, kg: KnowledgeGraph) -> None:
    """From command to GEXF in under 1.5 s of processor time; four times that where it is busy."""
    code = (
        "import sys, time; from govgraph.cli import group;"
        f"group.main(['network', 'actors', '-o', {str(tmp_path / 'x.gexf')!r}],"
        " standalone_mode=False); print(time.process_time())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    assert float(done.stdout.splitlines()[-1]) < 6.0


GUIDE = Path(__file__).parents[1] / "docs" / "gephi.md"


def test_the_guide_names_every_measure_and_its_queries_run(tmp_path: Path) -> None:
    text = GUIDE.read_text("utf-8")
    assert [entry.name for entry in ENTRIES if f"`{entry.name}`" not in text] == []
    for form in ("gexf", "csv", "graphml"):
        assert f"`.{FORMATS[form].extensions[0]}`" in text
    (network,) = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    (tmp_path / "mine.rq").write_text(network, encoding="utf-8")
    done = run("network", tmp_path / "mine.rq", "-o", tmp_path / "mine.gexf")
    assert done.exit_code == 0, done.output
    graph = nx.read_gexf(tmp_path / "mine.gexf")
    assert graph.number_of_edges() > 20
    assert any("passages" in data for _, _, data in graph.edges(data=True))


@pytest.mark.whole
def test_the_guide_names_every_column(kg: KnowledgeGraph) -> None:
    text = GUIDE.read_text("utf-8")
    for name in network_queries(kg.queries):
        sheet = Sheet(kg.network(name))
        columns = [*sheet.node_columns, *sheet.edge_columns]
        assert [each.title for each in columns if f"`{each.title}`" not in text] == [], name


WITHOUT = """
import importlib.util, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"igraph", "pandas", "pyarrow"}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
find_spec = importlib.util.find_spec
def absent(name, package=None):
    try:
        return find_spec(name, package)
    except ModuleNotFoundError:
        return None
importlib.util.find_spec = absent
from govgraph.cli import main
sys.argv[0] = "govgraph"
main()
"""


@pytest.mark.whole
def test_nothing_but_the_plain_installation_is_needed(tmp_path: Path) -> None:
    def bare(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", WITHOUT, "network", *map(str, arguments)],
            capture_output=True, text=True, check=False, env=ENVIRONMENT,
        )  # fmt: skip

    path = tmp_path / "x.gexf"
    done = bare("actors", "-m", "all", "-o", path)
    assert done.returncode == 0, done.stderr
    everything = measure(nx.read_gexf(path), ["weighted_pagerank"]).values["weighted_pagerank"]
    for node, data in nx.read_gexf(path).nodes(data=True):
        assert data["weighted_pagerank"] == pytest.approx(everything[node])
    assert bare("influence").returncode == 0
    assert [each.name for each in tmp_path.iterdir()] == ["x.gexf"]


@pytest.mark.whole
@pytest.mark.parametrize("name", ["everything", "influence"])
def test_the_hash_seed_changes_nothing(name: str) -> None:
    found = set()
    for seed in ("0", "1"):
        done = subprocess.run(
            [BINARY, "network", name, "-m", "all", "-f", "gexf"],
            capture_output=True, check=True, env={**ENVIRONMENT, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        found.add(done.stdout)
    assert len(found) == 1


def test_measures_of_nodes_on_the_terminal(kg: KnowledgeGraph) -> None:
    done = run("network", "actors", "-m", "degree,betweenness")
    assert done.exit_code == 0, done.output
    head, _, *lines = done.stdout.splitlines()
    assert head.split() == ["id", "label", "degree", "betweenness"]
    degree = dict(kg.network("actors").degree())
    assert {line.split()[0] for line in lines} == {*degree}
    police = next(line for line in lines if line.startswith("actor-kind/police@netherlands "))
    assert police.split()[-2:][0] == str(degree["actor-kind/police@netherlands"])
    done = run("network", "actors", "-m", "degree", "--null", "5", "-p", "case=denmark")
    assert done.stdout.splitlines()[0].split()[-3:] == ["degree", "degree_expected", "degree_z"]


@pytest.mark.optional
@pytest.mark.whole
def test_the_null_model_of_a_picture_is_in_its_caption(tmp_path: Path) -> None:
    done = run("network", "actors", "--null", "20", "-o", tmp_path / "x.png")
    assert done.exit_code == 0, done.output
    told = r"density 0\.0233 \(by chance 0\.0\d+ ± [\d.e-]+, p = [\d.]+; 20 random networks\)"
    assert re.search(told, done.stderr)


def test_a_window_says_how_many_ties_it_rests_on(kg: KnowledgeGraph) -> None:
    said = "47 of 109 ties are there by their years, the others have none"
    assert kg.network("actors", start=1990, end=1999).number_of_edges() == 109
    assert kg.network("actors", start=1990, end=1999, undated=False).number_of_edges() == 47
    assert said in run("network", "actors", "--from", "1990", "--to", "1999").stderr
    assert "by their years" not in run("network", "actors").stderr
