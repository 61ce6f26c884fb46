"""Pictures of networks: labels that do not overlap, a legend, widths, the same bytes every time."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Circle, FancyArrowPatch
from PIL import Image

from govgraph.errors import GovgraphError
from govgraph.network.files.explorer import page_data
from govgraph.network.pictures import matplotlib_style as figures
from govgraph.network.pictures import picture
from govgraph.network.pictures.labels import LINE, LINES, Request, place_labels, wrap
from govgraph.network.pictures.layout import arrange
from govgraph.network.pictures.legend import LINE_STYLES, colour_entries, edge_widths, line_styles
from govgraph.network.pictures.picture import draw_edges
from govgraph.network.pictures.style import Style, complete, style_of
from govgraph.network.reading.values import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.text import Text

    from govgraph import KnowledgeGraph

SECTORS = ("government", "police", "private", "society", "academia", "professions")
NAMES = (
    "Ministry of the Interior", "Consejo Ciudadano de Núcleo Fórum", "Škoda", "Ålborg Kommune",
    "Mesa de Seguridad y Justicia de Ñuñoa", "Øst", "Alliance for the Security of the Region",
)  # fmt: skip


def town(count: int) -> nx.Graph:
    """Return so many actors who meet in councils of their own quarters, and a few beyond."""
    graph = nx.Graph(title="Actors of a town")
    for n in range(count):
        graph.add_node(n, label=f"{NAMES[n % len(NAMES)]} {n}", sector=SECTORS[n % 5])
    for n in range(count):
        for step in (1, 2, 7):
            if n % 10 + step < 10 and n + step < count:
                graph.add_edge(n, n + step, weight=1 + n % 4)
        if n % 9 == 0:
            graph.add_edge(n, n * 7 % count, weight=2)
    return graph


def drawn(graph: nx.Graph, style: Style | None = None) -> Figure:
    with figures.drawing():
        figure = picture.draw(graph, style)
        figure.draw_without_rendering()
    return figure


def labels_in(figure: Figure, graph: nx.Graph) -> list[Text]:
    wanted = {wrap(str(data["label"])) for _, data in graph.nodes(data=True)}
    return [text for text in figure.axes[0].texts if text.get_text() in wanted]


def legend_of(figure: Figure) -> list[str]:
    """Return headings and entries of the legend, from the top."""
    return [
        text.get_text()
        for legend in figure.findobj(Legend)
        for text in (legend.get_title(), *legend.get_texts())
    ]


def overlapping(figure: Figure, texts: Sequence[Text]) -> list[tuple[str, str]]:
    with figures.drawing():
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1
    ]


# ------------------------------------------------------------------------------ labels


def test_nearly_every_node_of_a_small_network_has_its_label() -> None:
    graph = town(30)
    texts = labels_in(figure := drawn(graph), graph)
    assert len(texts) >= 28
    assert overlapping(figure, texts) == []


@pytest.mark.parametrize(
    ("count", "least"), [(200, 50), pytest.param(2000, 25, marks=pytest.mark.whole)]
)
def test_labels_of_large_networks_do_not_overlap(count: int, least: int) -> None:
    graph = town(count)
    texts = labels_in(figure := drawn(graph), graph)
    assert least <= len(texts) <= 90
    assert overlapping(figure, texts) == []


@pytest.mark.parametrize(
    ("name", "share"), [("actors", 0.8), ("sectors", 1.0), ("influence", 0.85), ("cases", 1.0)]
)
def test_labels_of_the_study(kg: KnowledgeGraph, name: str, share: float) -> None:
    graph = kg.network(name)
    texts = labels_in(figure := drawn(graph), graph)
    assert len(texts) >= share * len(graph)
    assert overlapping(figure, texts) == []
    page = figure.bbox
    with figures.drawing():
        boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert all(box.x0 >= -1 and box.x1 <= page.x1 + 1 for box in boxes)
    assert all(box.y0 >= -1 and box.y1 <= page.y1 + 1 for box in boxes)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(1, 12), st.floats(5, 90)),
        min_size=1,
        max_size=25,
    )
)
def test_placed_labels_never_overlap_or_leave_the_page(
    nodes: list[tuple[float, float, float, float]],
) -> None:
    centres = np.array([node[:2] for node in nodes])
    radii = np.array([node[2] for node in nodes])
    requests = [Request(place, node[3], 9.0) for place, node in enumerate(nodes)]
    ties = np.hstack([centres[:-1], centres[1:]])
    placed = place_labels(requests, centres, radii, ties, (300.0, 200.0))
    for label in placed:
        left, bottom, right, top = label.box
        assert left >= -1e-9
        assert bottom >= -1e-9
        assert right <= 300 + 1e-9
        assert top <= 200 + 1e-9
    for one, other in itertools.combinations(placed, 2):
        a, b = one.box, other.box
        assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


def test_no_label_lies_beside_the_node_of_another() -> None:
    rng = np.random.default_rng(1)
    centres, radii = rng.uniform(40, 560, (60, 2)), rng.uniform(3, 6, 60)
    requests = [Request(node, 50, 9) for node in range(60)]
    placed = place_labels(requests, centres, radii, np.empty((0, 4)), (600.0, 600.0))
    assert len(placed) == 60
    for label in placed:
        left, bottom, right, top = label.box
        nearest = np.clip(centres, [left, bottom], [right, top])
        gaps = np.hypot(*(centres - nearest).T) - radii
        own = label.request.node
        others = [gap for n, gap in enumerate(gaps) if n != own and radii[n] > 0.6 * radii[own]]
        assert min(others) > 0
        if label.leader is None:
            assert min(others) > gaps[own] - 1e-9


def test_the_first_to_ask_is_the_first_placed() -> None:
    centres, radii = np.array([[50.0, 50.0], [50.0, 65.0]]), np.array([3.0, 3.0])
    asked = [Request(1, 40, 9), Request(0, 40, 9)]
    placed = place_labels(asked, centres, radii, np.empty((0, 4)), (100, 100))
    assert [label.request.node for label in placed] == [1, 0]
    assert (placed[0].x, placed[0].y) == (50 + 3 + 3 + 20, 65)


def test_wrap() -> None:
    expected = {
        "Police": ["Police"],
        "Alliance for the Security of the Region": ["Alliance for the", "Security of the Region"],
        "x" * 10_000: ["x" * LINE, "x" * LINE, "…"],
        "Ministry of the Interior 7": ["Ministry of", "the Interior 7"],
        "Ministry of the Interior and of the Affairs of the Kingdom and its Overseas Territories": [
            "Ministry of the Interior", "and of the Affairs of", "the Kingdom and its…",
        ],
        "one\ttwo\n three": ["one two three"],
        "   ": [""],
    }  # fmt: skip
    assert {text: wrap(text).split("\n") for text in expected} == expected
    assert all(len(lines) <= LINES for lines in expected.values())


# ------------------------------------------------------------------------------ places


def test_components_lie_apart() -> None:
    graph = nx.disjoint_union_all([nx.cycle_graph(8), nx.path_graph(3), nx.empty_graph(4)])
    places = arrange(graph)
    assert set(places) == set(graph)
    spans = []
    for part in nx.connected_components(graph):
        xs, ys = zip(*(places[node] for node in part), strict=True)
        spans.append((min(xs), max(xs), min(ys), max(ys)))
    for a, b in itertools.combinations(spans, 2):
        assert a[1] < b[0] or b[1] < a[0] or a[3] < b[2] or b[3] < a[2]


def test_distances_on_the_page_are_those_of_the_network() -> None:
    places = arrange(nx.path_graph(6))
    along = sorted(places[node][0] for node in range(6))
    assert along == pytest.approx([along[0] + step for step in range(6)], abs=0.05)


@pytest.mark.parametrize("positions", [{}, dict.fromkeys(range(40), (0.0, 0.0))])
def test_discs_do_not_overlap(positions: dict[int, tuple[float, float]]) -> None:
    graph = nx.complete_graph(40)
    canvas = picture.canvas_of(graph, complete(graph, Style(positions)), 500)
    apart = np.hypot(*(canvas.centres[:, None] - canvas.centres[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (apart >= canvas.radii[:, None] + canvas.radii[None] - 0.5).all()


# ------------------------------------------------------------------------------ ties


@pytest.mark.parametrize("places", [[(0, 3), (5, 3)], [(2, 0), (2, 4)], [(7, 7)]])
def test_what_has_no_height_or_width_lies_in_the_middle(places: list[tuple[float, float]]) -> None:
    graph = nx.empty_graph(len(places))
    canvas = picture.canvas_of(graph, complete(graph, Style(dict(enumerate(places)))), 500)
    assert canvas.centres.mean(axis=0) == pytest.approx((250, canvas.height / 2))


def test_heavier_ties_are_wider() -> None:
    widths = edge_widths([1, 2, 9])
    assert widths == sorted(widths)
    assert widths[2] == pytest.approx(6 * widths[0])
    assert len(set(edge_widths([4, 4, 4]))) == 1
    assert edge_widths([]) == []
    assert max(edge_widths([1.0, 5.0] * 1000)) < widths[2]


def test_parallel_ties_part_and_kinds_have_their_style() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", kind="led to")
    graph.add_edge("a", "b", kind="model")
    graph.add_edge("b", "a", kind="led to")
    graph.add_edge("a", "a", kind="led to")
    patches = drawn(graph).axes[0].patches
    arrows = [patch for patch in patches if isinstance(patch, FancyArrowPatch)]
    middles = {tuple(np.round(arrow.get_path().vertices[1], 3)) for arrow in arrows}
    assert len(middles) == 3
    assert sum(isinstance(patch, Circle) and not patch.get_fill() for patch in patches) == 1
    assert line_styles(graph) == {"led to": LINE_STYLES[0], "model": LINE_STYLES[1]}
    many = nx.MultiDiGraph([("a", "b", {"kind": str(n)}) for n in range(7)])
    assert line_styles(many) == {}
    assert line_styles(nx.Graph([("a", "b", {"kind": "co-membership"})])) == {}


def test_the_direction_of_an_effect_is_told_by_lines(kg: KnowledgeGraph) -> None:
    whole = kg.network("causal")
    assert list(line_styles(whole)) == ["raises", "lowers", "makes possible", "prevents"]
    assert len({style[0] for style in LINE_STYLES}) == len({s[1] for s in LINE_STYLES}) == 6
    figure = drawn(whole)
    told = legend_of(figure)
    start = told.index("Ties")
    assert told[start + 1 : start + 5] == ["Raises", "Lowers", "Makes possible", "Prevents"]
    colours = {
        to_hex(patch.get_edgecolor())
        for patch in figure.axes[0].patches
        if isinstance(patch, FancyArrowPatch)
    }
    assert colours == {style[0] for style in LINE_STYLES[:4]}
    assert page_data(whole)["colours"]["tie"] == {
        kind: style[0] for kind, style in line_styles(whole).items()
    }
    alone = kg.network("causal", case="tijuana")  # where all raise
    told = legend_of(drawn(alone))
    assert told[told.index("Ties") + 1] == "Raises"
    assert page_data(alone)["colours"]["tie"] == {"raises": LINE_STYLES[0][0]}


def test_arrows_end_at_the_rim_of_the_disc() -> None:
    graph = nx.DiGraph([("a", "b")])
    figure = Figure(figsize=(2, 1), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 144), ylim=(0, 72))
    draw_edges(axes, graph, np.array([[10.0, 0.0], [110.0, 0.0]]), np.array([5.0, 10.0]))
    (arrow,) = axes.patches
    assert arrow.get_path().vertices[0, 0] == pytest.approx(15, abs=0.5)
    assert arrow.get_path().vertices[:, 0].max() == pytest.approx(100, abs=1.5)


# ------------------------------------------------------------------------------ colours


def test_legend_names_sectors_and_what_has_none() -> None:
    graph = nx.Graph()
    graph.add_node(1, sector="police")
    graph.add_node(2, sector="police + local-government")
    graph.add_node(3, sector="local-government")
    graph.add_node(4)
    style = complete(graph, None)
    assert style.colour_by == "sector"
    assert [name for name, _ in colour_entries(graph, style)] == [
        "Police",
        "Local government",
        "Not stated",
    ]
    graph.graph["lang"] = "es"
    tell(graph, words={"local-government": "Gobierno local"})
    assert [name for name, _ in colour_entries(graph, style)][1:] == [
        "Gobierno local",
        "Sin indicar",
    ]


def test_communities_are_in_order_and_named_after_their_hub() -> None:
    graph = nx.star_graph(3)
    graph.add_edges_from([(4, 5), (5, 6), (7, 8)])
    nx.set_node_attributes(graph, {n: f"Node {n}" for n in graph}, "label")
    parts = {node: 1 + (node > 3) + (node > 6) for node in graph}
    nx.set_node_attributes(graph, parts, "louvain")
    style = style_of(graph, colour_by="louvain", positions={})
    assert [name for name, _ in colour_entries(graph, style)] == [
        "1: Node 0", "2: Node 5", "3: Node 7",
    ]  # fmt: skip
    for node in (0, 1, 2):
        graph.nodes[node]["louvain"] = 3
    style = style_of(graph, colour_by="louvain", positions={})
    assert [name[:2] for name, _ in colour_entries(graph, style)] == ["1:", "2:", "3:"]


def test_the_legend_of_sizes_has_a_scale_and_nothing_is_cut() -> None:
    graph = town(12)
    graph.nodes[next(iter(graph))]["sector"] = "a sector with a name that is longer than a line"
    nx.set_node_attributes(graph, dict(graph.degree()), "degree")
    style = style_of(graph, size_by="degree", colour_by="sector")
    told = legend_of(drawn(graph, style))
    degrees = sorted(degree for _, degree in graph.degree())
    assert told[-3:] == ["Size of nodes: Degree", str(degrees[0]), str(degrees[-1])]
    assert not any("…" in text for text in told)
    assert "A sector with a name\nthat is longer than a\nline" in told


def test_networks_with_few_sectors_are_coloured_by_class() -> None:
    graph = nx.path_graph(6)
    nx.set_node_attributes(graph, "Law", "kind")
    graph.nodes[0]["sector"] = "police"
    assert complete(graph, None).colour_by == "kind"
    assert complete(nx.path_graph(3), None).colour_by == ""


def test_what_the_legend_says(kg: KnowledgeGraph) -> None:
    graph = kg.network("influence")
    texts = legend_of(drawn(graph))
    for wanted in ("Class", "Event", "Ties", "Led to", "Size of nodes: Weight\nof their ties"):
        assert wanted in texts
    graph = kg.network("actors", lang="es")
    texts = legend_of(drawn(graph))
    for wanted in ("Sector", "Gobierno local", "Peso de los vínculos", "Tamaño de los nodos"):
        assert wanted in " ".join(texts).replace("\n", " ")


# ------------------------------------------------------------------------------ files

WRITERS = {"png": picture.write_png, "svg": picture.write_svg, "pdf": picture.write_pdf}


def written(graph: nx.Graph, format: str) -> bytes:
    stream = io.BytesIO()
    WRITERS[format](graph, stream)
    return stream.getvalue()


@pytest.mark.whole
def test_same_network_same_bytes_in_any_process(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; sys.path.insert(0, sys.argv[1]); import test_picture as t\n"
        "for f in t.WRITERS: pathlib.Path(sys.argv[2], f).write_bytes(t.written(t.town(30), f))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "123", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent), str(tmp_path)],
        env=environment,
        check=True,
    )
    for format in WRITERS:
        assert (tmp_path / format).read_bytes() == written(town(30), format)


def in_other_processes(program: str, environments: Sequence[dict[str, str]]) -> set[bytes]:
    """Return what a program prints in each environment: one text, where all print the same."""
    return {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, **environment},
            capture_output=True, check=True, cwd=Path(__file__).parent,
        ).stdout
        for environment in environments
    }  # fmt: skip


def test_places_of_a_directed_network_in_parts_are_the_same_in_any_process() -> None:
    """networkx goes through parts and through directed networks by sets, whose order varies."""
    program = (
        "import networkx as nx; from govgraph.network.pictures.layout import arrange\n"
        "ties = [(f'{p}{i}', f'{p}{j}') for p in 'abcdef' for i, j in ((0, 1), (1, 2), (3, 1))]\n"
        "print(sorted(arrange(nx.DiGraph(ties)).items()))"
    )
    seeds = [{"PYTHONHASHSEED": str(seed)} for seed in range(3)]
    assert len(in_other_processes(program, seeds)) == 1


@pytest.mark.whole
@pytest.mark.parametrize("count", [60, 600])
def test_positions_and_measures_do_not_depend_on_the_processor(count: int) -> None:
    """OpenBLAS takes other kernels, and adds in another order, on other processors and threads."""
    program = (
        "import networkx as nx; from test_picture import town\n"
        "from govgraph.network.measures.registry import measure\n"
        "from govgraph.network.measures.figures import summarise\n"
        "from govgraph.network.measures.registry import parse_measures\n"
        "from govgraph.network.pictures.layout import force\n"
        f"for graph in (town(90), nx.cycle_graph(9), nx.barabasi_albert_graph({count}, 2, 1),\n"
        "              nx.gnp_random_graph(60, 0.1, 1, directed=True)):\n"
        "    names = parse_measures('all', directed=graph.is_directed())\n"
        "    print(measure(graph, names), summarise(graph), force(graph))"
    )
    processors = [
        {"OPENBLAS_NUM_THREADS": threads, "OPENBLAS_CORETYPE": core}
        for threads, core in (("1", "Prescott"), ("2", "SkylakeX"))
    ]
    assert len(in_other_processes(program, processors)) == 1


def test_files_hold_no_dates_and_no_program_names() -> None:
    png = Image.open(io.BytesIO(written(town(10), "png")))
    assert png.size[0] > 1000
    assert png.info.keys() <= {"Title", "dpi"}
    assert png.info["Title"] == "Actors of a town"
    svg = written(town(10), "svg")
    root = etree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Actors of a town"
    assert b"Matplotlib v" not in svg
    assert b"dc:date" not in svg
    pdf = written(town(10), "pdf")
    assert pdf.startswith(b"%PDF-")
    assert b"CreationDate" not in pdf
    assert b"Producer" not in pdf


def test_any_label() -> None:
    labels = (
        "$x_1$ & <b>",
        "x" * 10_000,
        "",
        "a\x00b\ud800",
        "مجلس الأمن",
        "治安協議会",
        "👮 Policía",
    )
    graph = nx.path_graph(len(labels))
    nx.set_node_attributes(graph, dict(enumerate(labels)), "label")
    etree.fromstring(written(graph, "svg"))
    assert written(graph, "png").startswith(b"\x89PNG")


def test_any_network() -> None:
    graphs = {
        "empty": nx.Graph(),
        "single": nx.empty_graph(1),
        "isolates": nx.empty_graph(3),
        "parallel": nx.MultiDiGraph([(1, 1), (1, 2), (2, 1), (1, 2)]),
        "weights": nx.Graph(
            [(1, 2, {"weight": float("nan")}), (2, 3, {"weight": -1}), (1, 3, {"weight": 0})]
        ),
    }
    faults = [
        name for name, graph in graphs.items() if not written(graph, "svg").startswith(b"<?xml")
    ]
    assert faults == []


def test_letters_no_font_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert figures.fallback_fonts(["Bogotá Cómo Vamos", "Škoda Ødegård ß Ω Ж", "a\x00b"])[1] == ""
    monkeypatch.setattr(figures, "_charmap", lambda family: {ord("a"), ord(" ")})
    assert figures.fallback_fonts(["治安 a", "安"]) == ([], "安治")
    with pytest.warns(UserWarning, match="No installed font has these letters: 安治"):
        written(nx.Graph([("治安", "a")]), "png")


def test_without_matplotlib_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(GovgraphError, match=r"pip install -e '.*\[pictures\]'"):
        written(town(3), "png")


@pytest.mark.usefixtures("kg")
def test_command_writes_pictures(tmp_path: Path) -> None:
    from govgraph.commands.network import network

    for name in ("sectors.png", "sectors.svg", "sectors.pdf"):
        outcome = CliRunner().invoke(network, ["sectors", "-o", str(tmp_path / name)])
        assert outcome.exit_code == 0
        assert outcome.stdout.strip() == str(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 10_000
    outcome = CliRunner().invoke(network, ["sectors", "-o", str(tmp_path / "none" / "x.png")])
    assert isinstance(outcome.exception, GovgraphError)
    assert "folder does not exist" in str(outcome.exception)
