"""Validation of what a store holds: the results of the engines at home."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.rdf.source_map import SourceMap
from govgraph.reasoning import infer
from govgraph.shapes.validation import validate
from govgraph.store.endpoint import Endpoint
from govgraph.vocabulary import INFERRED_GRAPH
from stores import fill
from test_remote_inference import SERVERS
from test_shapes import BACKGROUND, REJECTED, _terms


@cache
def everything_wrong() -> ox.Store:
    """Return every negative fixture, all in one store, and what follows."""
    store = ox.Store()
    store.extend([*_terms(), *load(Sources(data=(BACKGROUND,))).store])
    for path in REJECTED:
        store.extend(
            load(
                Sources(
                    data=(
                        BACKGROUND,
                        path,
                    )
                )
            ).store
        )
    store.bulk_extend(infer(store).quads(INFERRED_GRAPH))
    return store


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    found: Endpoint = request.getfixturevalue(request.param)
    return found


@pytest.mark.whole
@pytest.mark.parametrize("endpoint", SERVERS, indirect=True)
def test_a_server_finds_what_is_found_at_home(endpoint: Endpoint) -> None:
    fill(endpoint, everything_wrong())
    expected = validate(everything_wrong(), SourceMap()).results
    assert len(expected) > len(REJECTED) / 2
    assert KnowledgeGraph.at(endpoint).validate().results == expected


@pytest.mark.oxigraph_server
def test_the_command(oxigraph_server: Endpoint) -> None:
    fill(oxigraph_server, everything_wrong())
    arguments = ["validate", "--endpoint", oxigraph_server.query_url, "--severity", "warning"]
    done = CliRunner().invoke(group, [*arguments, "--format", "csv"])
    assert done.exit_code == 1
    assert done.stderr.startswith("the graph: ")
    assert "StartYearContested" in done.stdout
