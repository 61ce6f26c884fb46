"""Attributes of every type in network files: what survives, and what is refused with a reason."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from lxml import etree

import network_readers
from govgraph.errors import UsageError
from govgraph.network.files.formats import FORMATS, save
from network_readers import back, one_node, written

GEXF = FORMATS["gexf"]

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


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


@settings(max_examples=60, deadline=None)
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
@settings(max_examples=40, deadline=None)
@given(st.dictionaries(TEXT, TEXT | st.integers() | st.floats() | st.lists(TEXT)))
def test_any_attributes_are_valid(attributes: dict[str, Any]) -> None:
    grammar = network_readers.grammar()
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b")
    for name, value in attributes.items():
        if name not in {"start", "end", "spells", "periods", "weight"}:
            graph.nodes["a"][name] = graph.edges["a", "b", 0][name] = value
    grammar.assertValid(etree.fromstring(written(graph)))


def test_spells_and_viz_of_someones_own_are_columns() -> None:
    """Those that networkx reads from a GEXF file are dates and style, and no columns."""
    graph = nx.Graph()
    graph.add_node("a", spells="of rain", viz="bars")
    graph.add_node("b", spells=[(1983, 1985)], viz={"size": 2.0})
    graph.add_edge("a", "b", spells=3, viz=True)
    read = nx.read_gexf(io.BytesIO(written(graph)))
    assert (read.nodes["a"]["spells"], read.nodes["a"]["viz_"]) == ("of rain", "bars")
    assert read.edges["a", "b"]["spells"] == 3
    assert read.edges["a", "b"]["viz_"] is True
    assert read.nodes["b"].keys() == {"label"}


@pytest.mark.parametrize("value", ["0", "1983/85/86", "one/two", "1983/1985|", 7])
def test_periods_of_someones_own_are_refused(value: object) -> None:
    graph = nx.Graph()
    graph.add_node("a", periods=value)
    with pytest.raises(UsageError, match=f"'periods' holds '{re.escape(str(value))}', expected"):
        written(graph)


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
        (1j, "complex"), ([{}], "dict"), (np.zeros((2, 2)), "list inside a list"),
        (np.timedelta64(1, "D"), "timedelta"), (len, "builtin_function_or_method"),
    ],
)  # fmt: skip
def test_what_no_file_can_hold_is_refused_with_a_reason(
    value: object, what: str, tmp_path: Path
) -> None:
    for form in FORMATS.values():
        if not form.writer.startswith("files.") or form.name == "html":
            continue  # a picture, or what holds no such attributes
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
