"""Inference for a store, at home and on it: the same statements, contradictions and warnings."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import generated_governance
import random_ontologies
import rules
import servers
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.errors import GovgraphError, RemoteError, UsageError
from govgraph.reasoning import Bounds, Inferred, infer
from govgraph.scale.on_the_store.inference import NotInSparqlError, infer_on_store
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.inference import StoreInference, infer_for
from govgraph.store.reserved import LOCK_GRAPH, WORKING_GRAPH
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH
from stores import Embedded, asserted_of, fill, graph_of

SERVERS = (
    pytest.param("oxigraph_server", marks=pytest.mark.oxigraph_server),
    pytest.param("virtuoso_server", marks=[pytest.mark.virtuoso, pytest.mark.whole]),
)
TELLING = (
    "cls-svf1-datatype", "equality-and-rules", "nameless-type", "prp-inv1", "prp-spo2",
    "schema-from-data",
)  # fmt: skip
"""Examples of the kit in which stores differ, or which the rules do not run on a store for."""
NOT_ON_A_STORE = {"nameless-type", "recursive-class"}


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    found: Endpoint = request.getfixturevalue(request.param)
    return found


on_each_server = pytest.mark.parametrize("endpoint", SERVERS, indirect=True)


def without_labels(found: list[object]) -> list[str]:
    """Return what is reported, sorted, without labels of blank nodes, which no two stores share."""
    return sorted({re.sub(r"_:\w+", "_:b", str(each)) for each in found})


def assert_same(found: StoreInference, expected: Inferred, triples: set[ox.Triple]) -> None:
    assert triples == set(expected.triples)
    assert found.count == len(triples)
    assert without_labels([*found.clashes]) == without_labels([*expected.clashes])
    assert without_labels([*found.cautions]) == without_labels([*expected.cautions])
    assert found.complete == expected.complete


def copy_of(store: ox.Store) -> ox.Store:
    result = ox.Store()
    result.bulk_extend(store)
    return result


@pytest.mark.parametrize("data", ["fires", "near-miss"])
def test_every_rule_runs_on_the_store_as_at_home(data: str) -> None:
    faults = []
    for name in rules.names():
        store = rules.example(name).store(data)
        there = Embedded(copy_of(store))
        try:
            assert_same(infer_on_store(there), infer(store), graph_of(there))
        except NotInSparqlError as error:
            if name not in NOT_ON_A_STORE:
                faults.append(f"{name}: {error}")
        except AssertionError as error:
            faults.append(f"{name}: {error}")
    assert faults == []


@pytest.mark.parametrize("union", [False, True])
def test_random_ontologies(union: bool) -> None:
    inferred = 0
    for seed in range(20):
        store = random_ontologies.store(seed, with_equality=seed % 2 == 0, prohibitions=seed % 3)
        there = Embedded(copy_of(store), union=union)
        with suppress(NotInSparqlError):
            assert_same(infer_on_store(there), infer(store), graph_of(there))
            inferred += 1
    assert inferred > 10


def test_the_study_and_generated_data(kg: KnowledgeGraph) -> None:
    for store in (kg.store, generated_governance.store(1_000)):
        there = Embedded(copy_of(store))
        before = asserted_of(there)
        found = infer_on_store(there)
        expected = infer(asserted(store))
        assert_same(found, expected, graph_of(there))
        assert asserted_of(there) == before


def asserted(store: ox.Store) -> ox.Store:
    left_out = {INFERRED_GRAPH, METADATA_GRAPH}
    result = ox.Store()
    result.extend(q for q in store if getattr(q.graph_name, "value", "") not in left_out)
    return result


def check_the_study(
    there: Client, kg: KnowledgeGraph, inferring: Callable[[], StoreInference]
) -> None:
    """Infer the study in a store that holds it, over what is wrong, and over the right result."""
    before, expected = asserted_of(there), infer(asserted(kg.store))
    wrong = "<https://example.org/old> <https://example.org/p> <https://example.org/old>"
    there.update(f"INSERT DATA {{ GRAPH <{INFERRED_GRAPH}> {{ {wrong} }} }}", repeatable=True)
    for _ in range(2):
        assert_same(inferring(), expected, graph_of(there))
    assert asserted_of(there) == before


@on_each_server
def test_the_study_is_inferred_at_home_for_a_server(kg: KnowledgeGraph, endpoint: Endpoint) -> None:
    check_the_study(fill(endpoint, kg.store), kg, partial(infer_for, endpoint))


@on_each_server
def test_the_kit_is_inferred_at_home_for_a_server(endpoint: Endpoint) -> None:
    for name in TELLING:
        store = rules.example(name).store("fires")
        there = fill(endpoint, store)
        assert_same(infer_for(endpoint), infer(store), graph_of(there))
    store.clear()
    store.add(ox.Quad(*[ox.NamedNode("https://example.org/x")] * 4))
    fill(endpoint, store)  # nothing follows: the inferred graph goes
    assert infer_for(endpoint).count == 0
    assert graph_of(there) == set()


@pytest.mark.whole
@on_each_server
def test_the_study_on_a_server(kg: KnowledgeGraph, endpoint: Endpoint) -> None:
    there = fill(endpoint, kg.store)
    check_the_study(there, kg, partial(infer_on_store, there))
    assert graph_of(there, WORKING_GRAPH) == set()


@on_each_server
def test_the_kit_on_a_server(endpoint: Endpoint) -> None:
    for name in set(TELLING) - NOT_ON_A_STORE:
        store = rules.example(name).store("fires")
        there = fill(endpoint, store)
        assert_same(infer_on_store(there), infer(store), graph_of(there))


@pytest.mark.whole
@on_each_server
def test_random_ontologies_on_a_server(endpoint: Endpoint) -> None:
    for seed in (0, 3, 19):
        store = random_ontologies.store(seed, with_equality=seed % 2 == 0, prohibitions=2)
        there = fill(endpoint, store)
        assert_same(infer_for(endpoint), infer(store), graph_of(there))
        with suppress(NotInSparqlError):
            assert_same(infer_on_store(there), infer(store), graph_of(there))


def test_the_default_graph_counts_where_it_is_a_graph_of_its_own() -> None:
    store = rules.example("prp-spo2").store("fires")
    unnamed = ox.Store()
    unnamed.extend(ox.Quad(q.subject, q.predicate, q.object) for q in store)
    there = Embedded(unnamed)
    assert_same(infer_on_store(there), infer(store), graph_of(there))


def test_what_was_inferred_before_is_no_premise() -> None:
    store = rules.example("cax-sco").store("fires")
    there = Embedded(copy_of(store))
    assert infer_on_store(there).count
    there.store.remove_graph(ox.NamedNode("https://example.org/fires"))
    assert infer_on_store(there).count == 0
    assert graph_of(there) == set()


def test_an_interrupted_run_is_cleared_by_the_next() -> None:
    store = rules.example("cax-sco").store("fires")

    class Breaking(Embedded):
        left = 0

        def update(self, text: str, *, repeatable: bool) -> None:
            if not self.left:
                raise RemoteError("the connection broke.", "http://example.org")
            self.left -= 1
            super().update(text, repeatable=repeatable)

    there = Breaking(copy_of(store))
    expected, before = infer(store), asserted_of(there)
    for steps in range(20):
        there.left = steps
        try:
            assert infer_on_store(there).count == len(expected.triples)
            break
        except RemoteError:
            found = graph_of(there)
            assert found in (set(), set(expected.triples))  # never half of it
    else:
        pytest.fail("never came to an end")
    assert graph_of(there) == set(expected.triples)
    assert asserted_of(there) == before


def test_bounds_are_stated() -> None:
    store = rules.example("prp-trp").store("fires")
    found = infer_on_store(Embedded(store), Bounds(rounds=1))
    assert not found.complete
    assert "the bound of 1 rounds" in str(found.cautions[-1])


def test_rules_that_cannot_run_on_a_store_say_what_to_do() -> None:
    there = Embedded(rules.example("nameless-type").store("fires"))
    with pytest.raises(NotInSparqlError, match=r"without a name\. Leave out --on-store"):
        infer_on_store(there)
    assert graph_of(there, WORKING_GRAPH) == graph_of(there, LOCK_GRAPH) == set()


@pytest.mark.oxigraph_server
def test_the_command(oxigraph_server: Endpoint) -> None:
    fill(oxigraph_server, rules.example("cax-dw").store("fires"))
    url = oxigraph_server.query_url
    done = CliRunner().invoke(group, ["infer", "--endpoint", url])
    assert done.exit_code == 1
    assert "govgraph: contradiction: cax-dw: " in done.stderr
    assert done.stderr.endswith("1 statement follows\n")
    assert done.stdout == ""
    again = CliRunner().invoke(group, ["infer", "--endpoint", url, "--on-store"])
    assert (again.exit_code, again.stdout, again.stderr) == (1, "", done.stderr)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["infer"], "name FILES, or a store with --endpoint URL"),
        (["infer", "x.ttl", "--endpoint", "http://127.0.0.1/query"], "name only one"),
        (["infer", "--endpoint", "http://127.0.0.1/query", "-f", "nt"], "go with files"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    error = refused(arguments)
    assert isinstance(error, UsageError)
    assert message in str(error)


def refused(arguments: list[str]) -> BaseException | None:
    """Return the error that a command raises, and the command line says in one line."""
    return CliRunner().invoke(group, arguments).exception


@pytest.mark.oxigraph_server
def test_a_store_that_is_read_only(tmp_path: Path) -> None:
    with servers.oxigraph(tmp_path):
        pass
    with servers.oxigraph(tmp_path, read_only=True) as endpoint:
        error = refused(["infer", "--endpoint", endpoint.query_url])
    assert isinstance(error, RemoteError)
    assert str(error).startswith(f"{endpoint.update_url}: the server answered 403")
    assert str(error).endswith("read-only. Start the server so that it takes writes.")


@pytest.mark.whole
@pytest.mark.virtuoso
def test_no_right_to_update(virtuoso_server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGRAPH_USER", "dba")
    monkeypatch.setenv("GOVGRAPH_PASSWORD", "wrong")
    error = refused(["infer", "--endpoint", virtuoso_server.query_url])
    assert isinstance(error, RemoteError)
    assert "check GOVGRAPH_USER and GOVGRAPH_PASSWORD" in str(error)


def test_a_store_without_an_address_for_updates() -> None:
    there = Client(Endpoint("http://127.0.0.1:1/x"))
    with pytest.raises(GovgraphError, match="Set GOVGRAPH_UPDATE_URL"):
        infer_on_store(there)
