"""Shapes asked of a store as queries: the results of the engines at home."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.coding.cases import load
from govgraph.errors import GovgraphError
from govgraph.reasoning import infer
from govgraph.scale.on_the_store.shapes import compile_shapes
from govgraph.scale.on_the_store.validation import Ask, run
from govgraph.shapes.engines import run as run_at_home
from govgraph.shapes.engines import shapes_text
from govgraph.store.endpoint import Endpoint
from govgraph.vocabulary import INFERRED_GRAPH
from stores import Embedded, fill
from test_remote_inference import SERVERS
from test_shapes import BACKGROUND, REJECTED, _terms

PREFIXES = """
@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@cache
def everything_wrong() -> ox.Store:
    """Return every negative fixture, all in one store, and what follows."""
    store = ox.Store()
    store.extend([*_terms(), *load([BACKGROUND]).quads])
    for path in REJECTED:
        store.extend(load([BACKGROUND, path]).quads)
    infer(store).load_into(store, INFERRED_GRAPH)
    return store


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    found: Endpoint = request.getfixturevalue(request.param)
    return found


def asking(endpoint: Endpoint) -> Ask:
    view = KnowledgeGraph.at(endpoint).view
    return lambda query: view.answer(query).rows


@pytest.mark.parametrize("engine", ["native", "pyshacl"])
def test_all_that_can_be_wrong_is_found_alike(engine: str) -> None:
    store = everything_wrong()
    found = run(Embedded(store, union=True).rows)
    assert len(found) > len(REJECTED) / 2
    assert found == run_at_home(store, engine)


def test_each_fixture_alone() -> None:
    """One in twelve: each is also in `everything_wrong`, where another could hide what it shows."""
    for path in REJECTED[::12]:
        store = ox.Store()
        store.extend([*_terms(), *load([BACKGROUND, path]).quads])
        infer(store).load_into(store, INFERRED_GRAPH)
        assert run(Embedded(store, union=True).rows) == run_at_home(store), path.name


@pytest.mark.parametrize("endpoint", SERVERS, indirect=True)
def test_a_server_finds_what_is_found_at_home(kg: KnowledgeGraph, endpoint: Endpoint) -> None:
    for store in (everything_wrong(), kg.store):
        fill(endpoint, store)
        assert run(asking(endpoint)) == run_at_home(store)


@pytest.mark.oxigraph_server
def test_the_command(oxigraph_server: Endpoint) -> None:
    fill(oxigraph_server, everything_wrong())
    arguments = ["validate", "--endpoint", oxigraph_server.query_url, "--severity", "warning"]
    done = CliRunner().invoke(group, [*arguments, "--format", "csv"])
    assert done.exit_code == 1
    assert done.stderr.startswith("the graph: ")
    assert "StartYearContested" in done.stdout


def test_every_constraint_of_the_shapes_is_a_query() -> None:
    shapes = ox.Store()
    shapes.bulk_load(shapes_text(), format=ox.RdfFormat.N_TRIPLES)
    checks = compile_shapes(shapes, {})
    targets = {
        quad.subject.value
        for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf")
        for quad in shapes.quads_for_pattern(
            None, ox.NamedNode(f"http://www.w3.org/ns/shacl#{name}"), None
        )
    }
    assert {check.shape for check in checks} == targets
    for check in checks:
        ox.Store().query(check.query)  # is well-formed


@pytest.mark.parametrize(
    ("shape", "wrong"),
    [
        ("sh:path [ sh:zeroOrMorePath :up ] ; sh:minCount 3", {":b"}),
        ("sh:path ( :up :up ) ; sh:maxCount 0", {":a"}),
        ("sh:path ( :up :size ) ; sh:hasValue 5", {":a", ":b"}),
        ("sh:path :size ; sh:nodeKind sh:IRI", {":a", ":b"}),
        ("sh:path :size ; sh:not [ sh:minInclusive 7 ]", {":b"}),
        ("sh:path :size ; sh:lessThanOrEquals :most", {":b"}),
        ("sh:path :up ; sh:node [ sh:property [ sh:path :size ; sh:minCount 1 ] ]", {":b"}),
        ("sh:path :size ; sh:pattern \"^5$\" ; sh:flags \"i\"", {":b"}),
        ("sh:property [ sh:path :size ; sh:in ( 5 6 ) ]", {":b"}),
    ],
)  # fmt: skip
def test_what_shapes_can_say(shape: str, wrong: set[str]) -> None:
    shapes = ox.Store()
    kind = "sh:NodeShape" if shape.startswith("sh:property") else "sh:PropertyShape"
    text = f"{PREFIXES} :s a {kind} ; sh:targetClass :C ; {shape} ."
    shapes.load(text, format=ox.RdfFormat.TURTLE)
    data = ox.Store()
    data.load(
        f"{PREFIXES} :a a :C ; :up :b ; :size 5 ; :most 6 . :b a :D ; :up :c ; :size 9 ; :most 6 .",
        format=ox.RdfFormat.TURTLE,
    )
    below = {"https://example.org/C": {"https://example.org/D"}}
    found = {row[0] for check in compile_shapes(shapes, below) for row in data.query(check.query)}
    assert {str(each) for each in found} == {f"<https://example.org/{each[1:]}>" for each in wrong}


def test_what_is_not_compiled_is_named() -> None:
    shapes = ox.Store()
    text = f"{PREFIXES} :s sh:targetClass :C ; sh:path :p ; sh:maxLength 3 ."
    shapes.load(text, format=ox.RdfFormat.TURTLE)
    with pytest.raises(GovgraphError, match="sh:maxLength cannot be asked of a store yet"):
        compile_shapes(shapes, {})
