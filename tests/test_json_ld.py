"""JSON-LD as others read it: classes are `@type`, and the context is published."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph import KnowledgeGraph
from govgraph.assembly.building import common_files
from govgraph.rdf.writing import serialise, write
from govgraph.vocabulary import BASE, GG, RDF
from network_readers import run
from study_slices import one_case_of_the_study

JSON_LD = ox.RdfFormat.JSON_LD
TYPE = ox.NamedNode(f"{RDF}type")
LOOKALIKE = f'"{RDF}type":[{{"@id":"x:a"}}]'


def written(quads: list[ox.Quad]) -> bytes:
    data = io.BytesIO()
    write(quads, data, JSON_LD, {})
    return data.getvalue()


NODES = st.sampled_from([ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.BlankNode("c")])
TEXTS = st.sampled_from([LOOKALIKE, "}]", '"}]', "\\", '\\"', "]}", "a" * 9000, "\n", "é"])
LITERALS = st.lists(TEXTS, max_size=4).map("".join).map(ox.Literal)
PREDICATES = st.sampled_from([TYPE, TYPE, ox.NamedNode("x:p")])
GRAPHS = st.sampled_from([ox.DefaultGraph(), ox.NamedNode("x:g")])


@given(st.lists(st.builds(ox.Quad, NODES, PREDICATES, st.one_of(NODES, LITERALS), GRAPHS)))
def test_whatever_the_texts_it_says_the_same(quads: list[ox.Quad]) -> None:
    data = written(quads)
    json.loads(data)
    assert ox.Dataset(ox.parse(data, format=JSON_LD)) == ox.Dataset(quads)


def nodes_of(content: Any) -> list[dict[str, Any]]:
    return [node for entry in content for node in entry.get("@graph", [entry])]


def test_types_are_a_keyword(kg: KnowledgeGraph) -> None:
    some = one_case_of_the_study(kg).store
    document = json.loads(serialise(list(some), JSON_LD))
    assert not [node for node in nodes_of(document) if TYPE.value in node]
    of_type = [node for node in nodes_of(document) if f"{GG}Programme" in node.get("@type", ())]
    assert {node["@id"] for node in of_type} == {
        quad.subject.value  # type: ignore[union-attr]
        for quad in some.quads_for_pattern(None, TYPE, ox.NamedNode(f"{GG}Programme"))
    }


def test_a_type_that_is_a_text_stays_a_property() -> None:
    quad = ox.Quad(ox.NamedNode("x:a"), TYPE, ox.Literal("x"), ox.DefaultGraph())
    assert TYPE.value in json.loads(written([quad]))[0]


@pytest.mark.node
def test_framing_by_class_gives_the_programmes_in_words_of_the_context(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    graph = one_case_of_the_study(kg)
    (tmp_path / "graph.jsonld").write_bytes(serialise(list(graph.store), JSON_LD))
    (tmp_path / "context.jsonld").write_bytes(common_files()["context.jsonld"])
    framed = run("frame.mjs", tmp_path / "graph.jsonld", tmp_path / "context.jsonld", "Programme")
    match = graph.store.quads_for_pattern(None, TYPE, ox.NamedNode(f"{GG}Programme"))
    expected = {quad.subject.value for quad in match}  # type: ignore[union-attr]
    assert {urljoin(BASE, node["id"]) for node in framed} == expected != set()
    assert all(node["label"]["en"] and "Programme" in node["type"] for node in framed)
