"""The REST API as its OpenAPI document says it: requests made up from it, answers checked by it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as drawn
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from govgraph import KnowledgeGraph
from serving import Server, serving

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
BOUNDED = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,  # the same requests each time
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def described(server: Server) -> dict[str, object]:
    found: dict[str, object] = json.loads(server.ask("/openapi.json").body)
    return found


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_answers_are_as_described(
    server: Server, described: dict[str, object], mode: schemathesis.GenerationMode
) -> None:
    """Valid requests are answered as described; invalid ones are refused as described."""
    schema = schemathesis.openapi.from_dict(described)
    count = 0
    for operation in (each.ok() for each in schema.get_all_operations()):
        if mode is schemathesis.GenerationMode.NEGATIVE and not operation.query:
            continue
        count += 1

        @BOUNDED
        @drawn(case=operation.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=server.url.rstrip("/"), checks=list(CHECKS))

        check()
    assert count > 10
