"""The other formats, each read back by something that did not write it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import network_readers
from govgraph.errors import GovgraphError, UsageError
from govgraph.network.files.formats import FORMATS, format_of, save, write
from govgraph.network.pictures.layout import SPAN, force
from govgraph.network.pictures.style import PALETTE, SECTOR_COLOURS, Style, palette_of, style_of

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

STUDY = ("actors", "cases", "participation", "influence", "succession", "citations", "causal")
MINE = ("gexf", "csv", "graphml")


@pytest.fixture(scope="module")
def networks(kg: KnowledgeGraph) -> dict[str, nx.Graph]:
    return {name: kg.network(name) for name in STUDY}


@pytest.fixture(scope="module")
def folder(networks: dict[str, nx.Graph], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every network of the study in every format."""
    folder = tmp_path_factory.mktemp("formats")
    for name, graph in networks.items():
        style = style_of(graph, colour_by="kind")
        for form in MINE:
            save(graph, folder / f"{name}.{FORMATS[form].extensions[0]}", FORMATS[form], style)
    return folder


def ties(graph: nx.Graph) -> list[tuple[str, ...]]:
    """Return the edges as sorted tuples: ends (sorted, if undirected), kind, weight."""
    return sorted(
        (*_ends(u, v, graph.is_directed()), str(d["kind"]), str(float(d["weight"])))
        for u, v, d in graph.edges(data=True)
    )


def _ends(one: str, other: str, directed: bool) -> tuple[str, ...]:
    return (one, other) if directed else tuple(sorted((one, other)))


def text(value: Any) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)


TITLES = {"start": "start_year", "end": "end_year"}


@pytest.mark.parametrize("name", STUDY)
def test_graphml(name: str, folder: Path, networks: dict[str, nx.Graph]) -> None:
    graph, found = networks[name], nx.read_graphml(folder / f"{name}.graphml")
    assert (found.is_directed(), found.is_multigraph()) == (
        graph.is_directed(), graph.is_multigraph(),
    )  # fmt: skip
    assert ties(found) == ties(graph)
    for node, data in graph.nodes(data=True):
        for key, value in network_readers.with_lists(graph, data).items():
            assert text(found.nodes[node][TITLES.get(key, key)]).replace('"', "") == text(value)
    other = igraph.Graph.Read_GraphML(str(folder / f"{name}.graphml"))
    assert (other.vcount(), other.ecount()) == (len(graph), graph.number_of_edges())
    assert other.vs["label"] == [label for _, label in graph.nodes(data="label")]


@pytest.mark.node
def test_graphml_in_javascript(folder: Path, networks: dict[str, nx.Graph]) -> None:
    files = [folder / f"{name}.graphml" for name in STUDY]
    for found, graph in zip(network_readers.read(files), networks.values(), strict=True):
        assert list(found["nodes"]) == list(graph)
        seen = sorted(
            (*_ends(u, v, graph.is_directed()), d["kind"], str(float(d["weight"])))
            for u, v, _, d in found["edges"]
        )
        assert seen == ties(graph)
        for node, data in graph.nodes(data=True):
            assert found["nodes"][node]["label"] == data["label"]
            assert found["nodes"][node].get("start_year") == data.get("start")
            assert "x" in found["nodes"][node]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", STUDY)
def test_csv_for_gephi(name: str, folder: Path, networks: dict[str, nx.Graph]) -> None:
    graph = networks[name]
    nodes, edges = cells(folder / f"{name}.nodes.csv"), cells(folder / f"{name}.edges.csv")
    assert [row["Id"] for row in nodes] == list(graph)
    assert [row["Label"] for row in nodes] == [label for _, label in graph.nodes(data="label")]
    seen = sorted(
        (*_ends(row["Source"], row["Target"], graph.is_directed()), row["Kind"],
         str(float(row["Weight"])))
        for row in edges
    )  # fmt: skip
    assert seen == ties(graph)
    assert {row["Type"] for row in edges} == {"Directed" if graph.is_directed() else "Undirected"}
    dated = [row["Timeset"] for row in edges if row.get("Timeset")]
    assert len(dated) == sum("start" in d or "end" in d for *_, d in graph.edges(data=True))
    assert all(each.startswith("<[") and each.endswith("]>") for each in dated)


@pytest.mark.parametrize("form", MINE)
@pytest.mark.parametrize("graph", [nx.Graph(), nx.MultiDiGraph()], ids=str)
def test_an_empty_network(form: str, graph: nx.Graph, tmp_path: Path) -> None:
    for path in save(graph, tmp_path / f"x.{FORMATS[form].extensions[0]}", FORMATS[form]):
        assert path.stat().st_size > 0
    if form == "graphml":
        assert len(nx.read_graphml(tmp_path / "x.graphml")) == 0


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(NAMES, st.booleans() | st.integers() | st.floats() | NAMES, max_size=4),
    NAMES,
)
def test_any_attributes_survive_in_text_formats(attributes: dict[str, Any], label: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a")
    graph.nodes["a"].update({k: v for k, v in attributes.items() if k not in ("start", "end")})
    graph.nodes["a"]["label"] = label
    graph.add_node("b", label="b")
    graph.add_edge("a", "b", kind="k", weight=2)
    graph.add_edge("a", "b", kind="l")
    for form in MINE:
        if FORMATS[form].tables:
            continue
        stream = io.BytesIO()
        write(graph, stream, FORMATS[form])
        content = stream.getvalue()
        if form == "graphml":
            found = nx.read_graphml(io.BytesIO(content), force_multigraph=True)
        else:
            found = nx.read_gexf(io.BytesIO(content))
        assert sorted(found) == ["a", "b"]
        assert found.number_of_edges() == 2
        assert sorted(str(d.get("kind", d.get("label"))) for *_, d in found.edges(data=True)) == [
            "k", "l",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "output", "expected"),
    [
        (None, "x.gexf", "gexf"), (None, "x.CSV", "csv"), ("csv", "x.gexf", "csv"),
        ("html", None, "html"), (".htm", None, "html"), (None, Path("a.b/x.csv"), "csv"),
    ],
)  # fmt: skip
def test_the_extension_tells_the_format(name: str, output: str, expected: str) -> None:
    assert format_of(name, output).name == expected


@pytest.mark.parametrize(
    ("name", "output", "message"),
    [
        ("gefx", None, "Did you mean 'gexf'"),
        (None, "x.gxf", "Did you mean 'gexf'"),
        (None, "x", "no extension"),
        (None, None, "no extension"),
    ],
)
def test_unknown_formats_are_refused(name: str, output: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        format_of(name, output)


def test_two_tables_do_not_fit_one_stream() -> None:
    with pytest.raises(UsageError, match="two tables"):
        write(nx.path_graph(2), io.BytesIO(), FORMATS["csv"])


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "x.gexf"
    path.write_text("before")
    graph = nx.path_graph(2)
    graph.nodes[1]["mine"] = {}
    with pytest.raises(UsageError):
        save(graph, path, FORMATS["gexf"])
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["x.gexf"]
    with pytest.raises(GovgraphError, match="folder does not exist"):
        save(nx.path_graph(2), tmp_path / "no" / "x.csv", FORMATS["csv"])


def test_layouts_are_the_same_each_time_and_fill_the_span() -> None:
    graph = nx.karate_club_graph()
    places = force(graph)
    assert places == force(graph)
    assert max(abs(each) for place in places.values() for each in place) == pytest.approx(
        SPAN, rel=0.01
    )
    assert len(set(places.values())) == len(graph)
    assert force(nx.Graph()) == {}
    assert force(nx.empty_graph(1)).keys() == {0}


def test_tied_nodes_lie_near_each_other() -> None:
    graph = nx.disjoint_union(nx.complete_graph(8), nx.complete_graph(8))
    graph.add_edge(0, 8)
    places = force(graph)

    def apart(u: int, v: int) -> float:
        return ((places[u][0] - places[v][0]) ** 2 + (places[u][1] - places[v][1]) ** 2) ** 0.5

    inside = [apart(u, v) for u in range(8) for v in range(u)]
    across = [apart(u, v) for u in range(8) for v in range(8, 16)]
    assert sum(inside) / len(inside) < 0.6 * sum(across) / len(across)


def test_large_networks_have_a_layout_too() -> None:
    assert len(force(nx.path_graph(2_000))) == 2_000


def test_looks() -> None:
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {0: "private", 1: "police", 2: None}, "sector")
    nx.set_node_attributes(graph, {0: 0, 1: 5, 2: 10}, "score")
    style = style_of(graph, positions={}, size_by="score", colour_by="sector")
    assert style.colours[0] == SECTOR_COLOURS["private"]
    assert style.sizes[0] == 10
    assert style.sizes[2] == 60
    assert style.sizes[1] ** 2 == pytest.approx(
        (style.sizes[0] ** 2 + style.sizes[2] ** 2) / 2, rel=0.01
    )
    assert style == Style({}, style.sizes, style.colours, "score", "sector")
    assert palette_of("xxx") == {"x": PALETTE[0]}
    numbers = nx.empty_graph(20)
    nx.set_node_attributes(numbers, {n: n / 7 for n in numbers}, "score")
    with pytest.raises(UsageError, match="has 20 values, and colours tell 12 apart"):
        style_of(numbers, colour_by="score")
    for wrong in ("sector", "nothing"):
        with pytest.raises(UsageError):
            style_of(graph, positions={}, size_by=wrong)
