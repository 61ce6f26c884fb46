"""The REST API described: OpenAPI 3.1, one path for each stored query, made from its header."""

from __future__ import annotations

import json
from typing import Any, Final

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from govgraph.queries import Parameter, StoredQuery
from govgraph.resources import __version__
from govgraph.results import FORMATS, display
from govgraph.web.responses import document
from govgraph.web.server.sparql_protocol import GRAPHS, ROWS
from govgraph.web.server.state import AppState

_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "iri": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "lang": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
}
_REFUSALS: Final = {
    "304": "Not modified: the ETag sent with If-None-Match still holds.",
    "400": "A parameter the query does not have, or a value that does not fit.",
    "404": "There is no such stored query.",
    "406": "None of the media types asked for can hold the answer.",
    "413": "The result is too large.",
    "414": "The address is too long.",
    "503": "The query met a limit of time or memory, or too many are waiting.",
}


async def openapi(request: Request, state: AppState) -> Response:
    """Answer /openapi.json."""
    body = json.dumps(describe_api(state), ensure_ascii=False, indent=1).encode()
    etag = state.etag("openapi", state.settings.public_url)
    return document(request, body, "application/json", etag=etag)


def describe_api(state: AppState) -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "govgraph: stored queries",
            "version": __version__,
            "description": "Questions asked of coded case studies of public governance.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": state.settings.public_url.rstrip("/")}],
        "paths": {
            f"/query/{slug}": {"get": _operation(query)}
            for slug, query in sorted(state.graph.queries.items())
        },
    }


def _operation(query: StoredQuery) -> dict[str, Any]:
    types = GRAPHS if query.kind == "graph" else ROWS
    content = {media_type: {"schema": _body(media_type)} for media_type in types}
    answers: dict[str, Any] = {"200": {"description": "The answer.", "content": content}}
    for status, description in _REFUSALS.items():
        answers[status] = {"description": description}
        if status != "304":
            answers[status]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    operation: dict[str, Any] = {
        "operationId": query.slug.replace("/", "-"),
        "summary": query.summary or query.slug,
        "parameters": [_parameter(parameter) for parameter in query.parameters.values()],
        "responses": answers,
    }
    described = query.question or query.description
    if described:
        operation["description"] = described
    if query.tags:
        operation["tags"] = list(query.tags)
    return operation


def _body(media_type: str) -> dict[str, Any]:
    return {"type": "object" if media_type == FORMATS["json"].media_type else "string"}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter; given several times it takes several values."""
    items = _SCHEMAS[parameter.type]
    described = parameter.description
    if parameter.class_iri:
        described = f"{described} One of {display(NamedNode(parameter.class_iri))}.".strip()
    schema: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "explode": True,
        "schema": {"type": "array", "items": items, "minItems": 1},
    }
    if described:
        schema["description"] = described
    if parameter.default_text:
        schema["example"] = [parameter.default_text]
    return schema
