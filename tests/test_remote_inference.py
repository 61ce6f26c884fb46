"""Inference for a store: the same statements, contradictions and warnings as at home."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import random_ontologies
import rules
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.reasoning import Inferred, infer
from govgraph.store.changing import infer_for, named
from govgraph.store.endpoint import Endpoint
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH
from stores import asserted_of, fill, graph_of

SERVERS = (
    pytest.param("oxigraph_server", marks=pytest.mark.oxigraph_server),
    pytest.param("virtuoso_server", marks=[pytest.mark.virtuoso, pytest.mark.whole]),
)
TELLING = (
    "cls-svf1-datatype", "equality-and-rules", "nameless-type", "prp-inv1", "prp-spo2",
    "schema-from-data",
)  # fmt: skip
"""Examples of the kit in which stores differ."""


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    found: Endpoint = request.getfixturevalue(request.param)
    return found


on_each_server = pytest.mark.parametrize("endpoint", SERVERS, indirect=True)


def without_labels(found: list[object]) -> list[str]:
    """Return what is reported, sorted, without labels of blank nodes, which no two stores share."""
    return sorted({re.sub(r"_:\w+", "_:b", str(each)) for each in found})


def assert_same(found: Inferred, expected: Inferred, triples: set[ox.Triple]) -> None:
    assert triples == set(expected.triples)
    assert len(found.triples) == len(triples)
    assert without_labels([*found.clashes]) == without_labels([*expected.clashes])
    assert without_labels([*found.cautions]) == without_labels([*expected.cautions])
    assert found.complete == expected.complete


def asserted(store: ox.Store) -> ox.Store:
    left_out = {INFERRED_GRAPH, METADATA_GRAPH}
    result = ox.Store()
    result.extend(q for q in store if getattr(q.graph_name, "value", "") not in left_out)
    return result


@pytest.mark.whole
@on_each_server
def test_the_study_is_inferred_at_home_for_a_server(kg: KnowledgeGraph, endpoint: Endpoint) -> None:
    """Over what is wrong, and over the right result."""
    there = fill(endpoint, kg.store)
    before, expected = asserted_of(there), infer(asserted(kg.store))
    wrong = "<https://example.org/old> <https://example.org/p> <https://example.org/old>"
    there.update(f"INSERT DATA {{ GRAPH <{INFERRED_GRAPH}> {{ {wrong} }} }}", repeatable=True)
    for _ in range(2):
        assert_same(infer_for(endpoint), expected, graph_of(there))
    assert asserted_of(there) == before


@on_each_server
def test_the_kit_is_inferred_at_home_for_a_server(endpoint: Endpoint) -> None:
    for name in TELLING:
        store = rules.example(name).store("fires")
        there = fill(endpoint, store)
        assert_same(infer_for(endpoint), named(infer(store)), graph_of(there))
    store.clear()
    store.add(ox.Quad(*[ox.NamedNode("https://example.org/x")] * 4))
    fill(endpoint, store)  # nothing follows: the inferred graph goes
    assert len(infer_for(endpoint).triples) == 0
    assert graph_of(there) == set()


@pytest.mark.whole
@on_each_server
def test_random_ontologies_on_a_server(endpoint: Endpoint) -> None:
    for seed in (0, 3, 19):
        store = random_ontologies.store(seed, with_equality=seed % 2 == 0, prohibitions=2)
        there = fill(endpoint, store)
        assert_same(infer_for(endpoint), named(infer(store)), graph_of(there))


@pytest.mark.oxigraph_server
def test_the_command(oxigraph_server: Endpoint) -> None:
    fill(oxigraph_server, rules.example("cax-dw").store("fires"))
    url = oxigraph_server.query_url
    done = CliRunner().invoke(group, ["infer", "--endpoint", url])
    assert done.exit_code == 1
    assert "govgraph: contradiction: cax-dw: " in done.stderr
    assert done.stderr.endswith("1 statement follows\n")
    assert done.stdout == ""
