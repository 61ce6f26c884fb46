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
@pytest.mark.parametrize(
    "step", [pytest.param(12, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_answers_are_as_described(
    server: Server, described: dict[str, object], mode: schemathesis.GenerationMode, step: int
) -> None:
    """Valid requests are answered as described; invalid ones are refused as described.

    Stored queries, which are described alike, are asked every one, or only each twelfth.
    """
    schema = schemathesis.openapi.from_dict(described)
    operations = [each.ok() for each in schema.get_all_operations()]
    stored = [each for each in operations if each.path.startswith("/query/")]
    assert len(stored) > 100
    count = 0
    for operation in operations:
        if mode is schemathesis.GenerationMode.NEGATIVE and not operation.query:
            continue
        if operation in stored and stored.index(operation) % step:
            continue
        count += 1

        @BOUNDED
        @drawn(case=operation.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=server.url.rstrip("/"), checks=list(CHECKS))

        check()
    assert count > 5
