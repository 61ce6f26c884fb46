"""GEXF: valid against the official grammar, and read back whole by networkx and graphology."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from lxml import etree

import network_readers
from govgraph.errors import GovgraphError
from govgraph.network.files.formats import FORMATS, save
from govgraph.network.files.gephi import write_gexf
from govgraph.network.measures.registry import annotate, measure
from govgraph.network.pictures.style import style_of
from govgraph.network.reading.spells import as_attributes, spells_of
from network_readers import back, one_node, written

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

STUDY = (
    "actors", "cases", "participation", "influence", "citations", "succession", "sectors", "sdg",
    "everything", "causal",
)  # fmt: skip
GEXF = FORMATS["gexf"]
NS = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}


def edges(graph: nx.Graph) -> list[tuple[str, ...]]:
    """Return the edges as sorted tuples of ends (sorted too, if undirected), label and weight."""
    found = []
    for u, v, data in graph.edges(data=True):
        ends = (str(u), str(v)) if graph.is_directed() else tuple(sorted((str(u), str(v))))
        label = data.get("label", data.get("kind", ""))
        found.append((*ends, str(label), str(float(data.get("weight", 1)))))
    return sorted(found)


@pytest.fixture(scope="module")
def files(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a GEXF file of each network of the study, with measures and looks."""
    folder = tmp_path_factory.mktemp("gexf")
    found = {}
    for name in STUDY:
        graph = kg.network(name)
        annotate(graph, measure(graph, ["degree", "betweenness"]))
        style = style_of(
            graph, size_by="degree",
            colour_by="kind",
        )  # fmt: skip
        found[name] = save(graph, folder / f"{name}.gexf", GEXF, style)[0]
    return found


@pytest.mark.optional
@pytest.mark.parametrize("name", STUDY)
def test_the_studys_networks_are_valid(name: str, files: dict[str, Path]) -> None:
    grammar = network_readers.grammar()
    assert grammar.validate(etree.parse(files[name])), grammar.error_log.last_error


@pytest.mark.parametrize("name", STUDY)
def test_networkx_reads_the_same(name: str, files: dict[str, Path], kg: KnowledgeGraph) -> None:
    graph, found = kg.network(name), nx.read_gexf(files[name])
    assert (found.is_directed(), found.is_multigraph()) == (
        graph.is_directed(), graph.is_multigraph(),
    )  # fmt: skip
    assert list(found) == list(graph)
    assert edges(found) == edges(graph)
    for node, data in graph.nodes(data=True):
        seen = found.nodes[node]
        for key, value in network_readers.with_lists(graph, data).items():
            title = {"start": "start_year", "end": "end_year"}.get(key, key)
            if isinstance(value, list):
                assert seen[title].replace('"', "") == f"[{', '.join(value)}]", (node, key)
            else:
                assert seen[title] == value, (node, key)
        assert seen.get("start") == data.get("start")
        assert {"x", "y", "z"} == seen["viz"]["position"].keys()
        assert 10 <= seen["viz"]["size"] <= 60
    assert dated(found) == dated(graph)


def dated(graph: nx.Graph) -> list[Any]:
    return sorted(str(spells_of(data)) for _, _, data in graph.edges(data=True))


@pytest.mark.node
@pytest.mark.whole
def test_graphology_reads_the_same(files: dict[str, Path], kg: KnowledgeGraph) -> None:
    for name, found in zip(files, network_readers.read(list(files.values())), strict=True):
        graph = kg.network(name)
        assert list(found["nodes"]) == list(graph)
        assert len(found["edges"]) == graph.number_of_edges()
        assert {edge[2] for edge in found["edges"]} == {graph.is_directed()}
        for node, data in graph.nodes(data=True):
            for key, value in network_readers.with_lists(graph, data).items():
                title = {"start": "start_year", "end": "end_year"}.get(key, key)
                assert found["nodes"][node][title] == value, (name, node, key)
        expected = sorted(
            (*_ends(graph, u, v), d["kind"], d["weight"], d.get("start"), d.get("end"),
             str(network_readers.with_lists(graph, d).get("shared")))
            for u, v, d in graph.edges(data=True)
        )  # fmt: skip
        seen = sorted(
            (*_ends(graph, u, v), d["kind"], d["weight"], d.get("start_year"), d.get("end_year"),
             str(d.get("shared")))
            for u, v, _, d in found["edges"]
        )  # fmt: skip
        assert list(map(str, seen)) == list(map(str, expected))


def _ends(graph: nx.Graph, u: str, v: str) -> tuple[str, ...]:
    return (u, v) if graph.is_directed() else tuple(sorted((u, v)))


def test_the_file_is_what_gephi_wants(kg: KnowledgeGraph) -> None:
    graph = kg.network("participation")
    root = etree.fromstring(written(graph, style_of(graph, colour_by="sector")))
    head = root.find("g:graph", NS)
    assert root.get("version") == "1.3"
    assert dict(head.attrib) == {
        "defaultedgetype": "undirected", "idtype": "string", "mode": "dynamic",
        "timeformat": "integer", "timerepresentation": "interval",
    }  # fmt: skip
    blocks = head.findall("g:attributes", NS)
    assert [block.get("class") for block in blocks] == ["node", "edge"]
    titles = [a.get("title") for a in blocks[0]]
    assert titles[:4] == ["iri", "kind", "sector", "case"]
    assert not {"id", "label"} & {title.lower() for title in titles}
    types = {a.get("title"): a.get("type") for a in blocks[0]}
    assert (types["roles"], types["sector"]) == ("liststring", "string")
    parallel = [
        edge for edge in head.iterfind("g:edges/g:edge", NS)
        if edge.get("source") == "actor/el-tiempo"
    ]  # fmt: skip
    assert len({edge.get("kind") for edge in parallel}) == len(parallel) > 1
    colour = head.find("g:nodes/g:node[@id='actor/el-tiempo']/viz:color", NS)
    assert (colour.get("r"), colour.get("g"), colour.get("b")) == ("213", "94", "0")
    assert {edge.get("start") for edge in parallel} == {"1998"}
    assert {edge.get("end") for edge in parallel} == {None}


def test_nothing_dated_is_static() -> None:
    root = etree.fromstring(written(nx.path_graph(2)))
    assert dict(root.find("g:graph", NS).attrib) == {
        "defaultedgetype": "undirected", "idtype": "string", "mode": "static",
    }  # fmt: skip


@pytest.mark.parametrize("spells", [
    [(1990, 1992), (1995, 1999)], [(1990, 1992), (1995, None)], [(None, 1992), (1995, 1999)],
])  # fmt: skip
def test_several_spells(spells: list[tuple[int | None, int | None]]) -> None:
    graph = nx.Graph()
    graph.add_node("a", **as_attributes(spells))
    graph.add_edge("a", "b", start=1990)
    root = etree.fromstring(written(graph))
    node = root.find(".//g:node", NS)
    assert (node.get("start"), node.get("end")) == (None, None)
    found = back(graph).nodes["a"]["spells"]
    assert [(_open(start), _open(end)) for start, end in found] == spells
    open_inside = None in [year for spell in spells for year in spell]
    clock = root.find("g:graph", NS).get("timeformat")
    assert clock == ("double" if open_inside else "integer")
    assert back(graph).edges["a", "b"]["start"] == 1990


def _open(year: float) -> int | None:
    return None if math.isinf(year) else int(year)


@pytest.mark.optional
@pytest.mark.parametrize("graph", [nx.Graph(), nx.MultiDiGraph(), nx.empty_graph(1)], ids=str)
def test_an_empty_network_is_valid(graph: nx.Graph) -> None:
    grammar = network_readers.grammar()
    assert grammar.validate(etree.fromstring(written(graph))), grammar.error_log.last_error


@pytest.mark.node
def test_readers_take_an_empty_network(tmp_path: Path) -> None:
    path = save(nx.Graph(), tmp_path / "empty.gexf", GEXF)[0]
    assert network_readers.read([path]) == [{"nodes": {}, "edges": []}]
    assert len(nx.read_gexf(path)) == 0


def test_long_labels_and_control_characters(tmp_path: Path) -> None:
    label = "Observatorio\x0b de\x1f Bogotá\n" + "x" * 10_000
    graph = one_node(label=label)
    for form in FORMATS.values():
        if form.writer.startswith("files.") and form.name != "html":
            for path in save(graph, tmp_path / f"x.{form.extensions[0]}", form):
                assert path.stat().st_size > 0
    found = nx.read_gexf(tmp_path / "x.gexf").nodes["a"]["label"]
    assert found == "Observatorio de Bogotá " + "x" * 10_000


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(GovgraphError, match="folder does not exist"):
        save(nx.path_graph(2), tmp_path / "no" / "x.gexf", GEXF)
    with pytest.raises(GovgraphError, match="is a folder: name a file"):
        save(nx.path_graph(2), tmp_path, GEXF)


def test_the_file_is_written_in_pieces() -> None:
    class Counting(io.RawIOBase):
        largest = total = 0

        def writable(self) -> bool:
            return True

        def write(self, piece: Any) -> int:
            self.largest, self.total = max(self.largest, len(piece)), self.total + len(piece)
            return len(piece)

    stream = Counting()
    write_gexf(nx.gnm_random_graph(1_000, 20_000, seed=1), stream)  # type: ignore[arg-type]
    assert stream.total > 800_000
    assert stream.largest < 100_000


def test_the_same_network_gives_the_same_bytes(kg: KnowledgeGraph) -> None:
    one, other = kg.network("actors"), kg.network("actors")
    assert written(one, style_of(one)) == written(other, style_of(other))
