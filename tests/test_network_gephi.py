"""GEXF: valid against the official grammar, and read back whole by networkx and graphology."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from lxml import etree

import network_readers
from govgraph.errors import GovgraphError, UsageError
from govgraph.network.appearance import Appearance, appearance
from govgraph.network.centrality import annotate, measure
from govgraph.network.formats import FORMATS, save
from govgraph.network.gephi import write_gexf
from govgraph.network.spells import spells_of

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

STUDY = (
    "actors", "cases", "participation", "influence", "citations", "succession", "sectors", "sdg",
    "everything",
)  # fmt: skip
GEXF = FORMATS["gexf"]
NS = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}


def written(graph: nx.Graph, look: Appearance | None = None) -> bytes:
    stream = io.BytesIO()
    write_gexf(graph, stream, look)
    return stream.getvalue()


def back(graph: nx.Graph, look: Appearance | None = None) -> nx.Graph:
    return nx.read_gexf(io.BytesIO(written(graph, look)))


def one_node(**attributes: Any) -> nx.Graph:
    graph = nx.Graph()
    graph.add_node("a", **attributes)
    return graph


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
        look = appearance(
            graph, layout="circle" if len(graph) > 500 else "force", size_by="degree",
            colour_by="kind",
        )  # fmt: skip
        found[name] = save(graph, folder / f"{name}.gexf", GEXF, look)[0]
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
        for key, value in data.items():
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
def test_graphology_reads_the_same(files: dict[str, Path], kg: KnowledgeGraph) -> None:
    for name, found in zip(files, network_readers.read(list(files.values())), strict=True):
        graph = kg.network(name)
        assert list(found["nodes"]) == list(graph)
        assert len(found["edges"]) == graph.number_of_edges()
        assert {edge[2] for edge in found["edges"]} == {graph.is_directed()}
        for node, data in graph.nodes(data=True):
            for key, value in data.items():
                title = {"start": "start_year", "end": "end_year"}.get(key, key)
                assert found["nodes"][node][title] == value, (name, node, key)
        expected = sorted(
            (*_ends(graph, u, v), d["kind"], d["weight"], d.get("start"), d.get("end"),
             str(d.get("shared")))
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
    root = etree.fromstring(written(graph, appearance(graph, colour_by="sector")))
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
    graph.add_node("a", start=spells[0][0], end=spells[-1][1], spells=spells)
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


# Every type of value: how it is drawn, and how networkx gives it back.
TEXT = st.text(max_size=30)
VALUES: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "boolean": (st.booleans(), lambda v: v),
    "integer": (st.integers(-(2**31), 2**31 - 1), lambda v: v),
    "long": (st.integers(-(2**63), 2**63 - 1), lambda v: v),
    "big": (st.integers(2**63, 2**70), str),
    "double": (st.floats(), lambda v: v),
    "mixed numbers": (st.integers(-1000, 1000) | st.floats(allow_nan=False), float),
    "text": (TEXT, None),
    "date": (st.dates(), lambda v: v.isoformat()),
    "instant": (st.datetimes(), lambda v: v.isoformat()),
    "decimal": (st.decimals(-1000, 1000, places=3), float),
    "numpy integer": (st.integers(-100, 100).map(np.int64), int),
    "numpy float": (st.floats(allow_nan=False).map(np.float64), float),
    "numpy truth": (st.booleans().map(np.bool_), bool),
    "timestamp": (st.just(pd.Timestamp("2001-02-03")), lambda v: v.isoformat()),
}


def without_what_xml_forbids(text: str) -> str:
    for line_end in "\x85\u2028\u2029":
        text = text.replace(line_end, "\n")
    return "".join(c for c in text if c in "\t\n\r" or (unicodedata.category(c) not in ("Cc", "Cs")
                   and not (c in "\ufffe\uffff" or "\ufdd0" <= c <= "\ufdef")))  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(sorted(VALUES)))
def test_attributes_of_every_type_survive(data: st.DataObject, kind: str) -> None:
    strategy, expected = VALUES[kind]
    values = data.draw(st.lists(strategy | st.none(), min_size=1, max_size=5))
    values += [0.5] if kind == "mixed numbers" else []
    graph = nx.Graph()
    for number, value in enumerate(values):
        graph.add_node(number, mine=value)
        graph.add_edge(0, number, mine=value)
    found = back(graph)
    for number, value in enumerate(values):
        for seen in (found.nodes[str(number)], found.edges["0", str(number)]):
            if value is None:
                assert "mine" not in seen
            elif expected is None:
                assert seen["mine"] == without_what_xml_forbids(value)
            else:
                wanted = expected(value)
                assert repr(seen["mine"]) == repr(wanted)  # which tells types, and nan is nan


@settings(max_examples=100, deadline=None)
@given(st.text(), TEXT, st.text(min_size=1), st.text(min_size=1))
@example("id", "x", "a", "b")
@example("weight", "Bogotá 波哥大 🏙", "Ñ", "\x00b")
@example("\x00", "\x0b\ud800", "a", "b")
def test_names_of_any_kind_survive(name: str, value: str, one: str, other: str) -> None:
    graph = nx.DiGraph()
    graph.add_node(one, **{name: "node", "label": value})
    graph.add_node(other)
    graph.add_edge(one, other, kind=value or "k")
    graph.edges[one, other][name] = graph.edges[one, other].get(name) or 1
    names = {without_what_xml_forbids(node) for node in graph}
    if len(names) < len(graph) or not all(each.strip() for each in names):
        with pytest.raises(UsageError, match="name"):
            written(graph)
        return
    found = back(graph)
    assert found.number_of_edges() == graph.number_of_edges()
    assert set(found) == names
    if name not in {"label", "kind", "weight", "viz", "spells", "start", "end"}:
        assert "node" in found.nodes[without_what_xml_forbids(one)].values()


@pytest.mark.node
@settings(
    max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.lists(TEXT, max_size=4), min_size=100, max_size=100))
def test_lists_of_any_text_survive(lists: list[list[str]]) -> None:
    graph = nx.Graph()
    for number, items in enumerate([["[a]", "b, c", 'd "e"', "f\\g", "'h'", "null"], *lists]):
        graph.add_node(str(number), items=items)
    path = Path(_folder.name) / "lists.gexf"
    save(graph, path, GEXF)
    (found,) = network_readers.read([path])
    for node, data in graph.nodes(data=True):
        expected = [without_what_xml_forbids(item) for item in data["items"]]
        assert found["nodes"][node].get("items", []) == [item for item in expected if item]


@pytest.fixture(scope="module", autouse=True)
def _scratch(tmp_path_factory: pytest.TempPathFactory) -> None:
    _folder.name = str(tmp_path_factory.mktemp("scratch"))


class _folder:  # noqa: N801  (hypothesis and fixtures of one function do not go together)
    name = ""


@pytest.mark.optional
@settings(max_examples=60, deadline=None)
@given(st.dictionaries(TEXT, TEXT | st.integers() | st.floats() | st.lists(TEXT)))
def test_any_attributes_are_valid(attributes: dict[str, Any]) -> None:
    grammar = network_readers.grammar()
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b")
    for name, value in attributes.items():
        if name not in {"start", "end", "spells", "weight"}:
            graph.nodes["a"][name] = graph.edges["a", "b", 0][name] = value
    grammar.assertValid(etree.fromstring(written(graph)))


def test_mixed_columns_are_widened_without_loss() -> None:
    graph = nx.empty_graph(4)
    nx.set_node_attributes(graph, {0: 1, 1: 2.5}, "number")
    nx.set_node_attributes(graph, {0: 1, 1: "two", 2: True}, "mixture")
    nx.set_node_attributes(graph, {0: 2**60 + 1, 1: 0.5}, "exact")
    nx.set_node_attributes(graph, {0: "one", 1: ["two", 3, None], 2: {"b", "a"}}, "list")
    nx.set_node_attributes(graph, {0: Decimal("0.1234567890123456789")}, "decimal")
    nx.set_node_attributes(graph, {0: np.array([1, 2]), 1: (1.5, date(2001, 1, 1))}, "array")
    found = back(graph).nodes
    assert [found[n].get("number") for n in "0123"] == [1.0, 2.5, None, None]
    assert [found[n].get("mixture") for n in "012"] == ["1", "two", "true"]
    assert found["0"]["exact"] == str(2**60 + 1)
    assert [found[n]["list"] for n in "012"] == ["[one]", "[two, 3]", "[a, b]"]
    assert found["0"]["decimal"] == "0.1234567890123456789"
    assert [found[n]["array"] for n in "01"] == ["[1, 2]", "[1.5, 2001-01-01]"]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"a": 1}, "dict"), (b"x", "bytes"), (object(), "object"), ([["x"]], "list inside a list"),
        (1j, "complex"), ([{}], "dict"), (np.zeros((2, 2)), "ndarray"),
        (np.timedelta64(1, "D"), "timedelta64"), (len, "builtin_function_or_method"),
    ],
)  # fmt: skip
def test_what_no_file_can_hold_is_refused_with_a_reason(
    value: object, what: str, tmp_path: Path
) -> None:
    for form in FORMATS.values():
        if not form.writer.startswith(("gephi", "tables", "graphml", "plain_", "json_")):
            continue
        if form.name == "pajek":
            continue  # holds no attributes
        path = tmp_path / f"x.{form.extensions[0]}"
        with pytest.raises(UsageError, match="the attribute 'mine' holds a") as caught:
            save(one_node(mine=value), path, form)
        assert what in str(caught.value)
        assert "\n" not in str(caught.value)
        assert list(tmp_path.iterdir()) == []
    graph = nx.Graph()
    graph.add_edge("a", "b", mine=value)
    with pytest.raises(UsageError, match="edge 'a' to 'b'"):
        written(graph)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [([1, "1"], "both be named '1'"), ([""], "no name"), (["a", "a\x01"], "both be named")],
)
def test_nodes_that_would_be_one_are_refused(nodes: list[Hashable], message: str) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    with pytest.raises(UsageError, match=message):
        written(graph)


@pytest.mark.parametrize("weight", ["heavy", True, math.inf, math.nan, [1]])
def test_a_weight_that_is_no_number_is_refused(weight: object, tmp_path: Path) -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=weight)
    with pytest.raises(UsageError, match="edge 'a' to 'b': the weight is"):
        save(graph, tmp_path / "x.gexf", GEXF)
    assert list(tmp_path.iterdir()) == []


def test_times_that_are_no_years_are_refused() -> None:
    for value in ("1990", 1990.5, datetime(1990, 1, 1)):
        with pytest.raises(UsageError, match="expected a year"):
            written(one_node(start=value))
    assert back(one_node(start=np.int64(1990))).nodes["a"]["start"] == 1990


def test_long_labels_and_control_characters(tmp_path: Path) -> None:
    label = "Observatorio\x0b de\x1f Bogotá\n" + "x" * 10_000
    graph = one_node(label=label)
    for form in FORMATS.values():
        if form.writer.startswith(("gephi", "tables", "graphml", "plain_", "json_")):
            for path in save(graph, tmp_path / f"x.{form.extensions[0]}", form):
                assert path.stat().st_size > 0
    found = nx.read_gexf(tmp_path / "x.gexf").nodes["a"]["label"]
    assert found == "Observatorio de Bogotá " + "x" * 10_000


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(GovgraphError, match="there is no folder"):
        save(nx.path_graph(2), tmp_path / "no" / "x.gexf", GEXF)
    with pytest.raises(GovgraphError, match="this is a folder"):
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
    assert written(one, appearance(one)) == written(other, appearance(other))
