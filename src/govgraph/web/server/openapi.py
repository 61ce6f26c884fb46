"""The REST API described: OpenAPI 3.1, one path for each stored query, made from its header."""

import json
from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from govgraph.coding.study import Study
from govgraph.queries import Parameter, StoredQuery
from govgraph.queries.sparql import DataTerm, Terms
from govgraph.rdf.names import Names
from govgraph.results import FORMATS, display
from govgraph.web.responses import document
from govgraph.web.server.sparql_protocol import GRAPHS, ROWS
from govgraph.web.server.state import AppState

_JSON: Final = FORMATS["json"].media_type
_STRING: Final = {"type": "string"}
_OBJECT: Final = {"type": "object"}
_TYPES: Final[dict[str, dict[str, str]]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "lang": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
}
"""Schemas of the types of parameters; of all others it is a string."""
_OTHERS: Final[dict[str, Any]] = {
    "304": {"description": "Not modified: the ETag sent with If-None-Match still holds."},
    "default": {
        "description": "One line that says what is wrong, and what to do.",
        "content": {"text/plain": {"schema": _STRING}},
    },
}


async def openapi(request: Request, state: AppState) -> Response:
    """Answer /openapi.json."""
    graph = state.graph
    operations = await state.made(  # to look up the defaults that the data give may take a while
        "openapi",
        lambda: {
            f"/query/{slug}": {
                "get": _operation(query, graph.defaults.missing(query, {}), graph.names)
            }
            for slug, query in sorted(graph.queries.items())
        },
    )
    description = {
        "openapi": "3.1.0",
        "info": _info(graph.study),
        "servers": [{"url": state.public_url.rstrip("/")}],
        "paths": operations,
    }
    body = json.dumps(description, ensure_ascii=False, indent=1).encode()
    etag = state.etag("openapi", state.public_url)
    return document(request, body, "application/json", etag=etag)


def _info(study: Study) -> dict[str, Any]:
    """Return what the study says of itself."""
    contact = study.contact
    kind = "email" if contact.startswith("mailto:") else "url"
    said = {
        "title": next(iter(study.title.values()), "Untitled study"),
        "version": study.version or "0",
        "description": next(iter(study.lede.values()), ""),
        "license": {"name": study.licence, "url": study.licence} if study.licence else None,
        "contact": {kind: contact.removeprefix("mailto:")} if contact else None,
    }
    return {key: value for key, value in said.items() if value}


def _operation(query: StoredQuery, defaults: Terms, names: Names) -> dict[str, Any]:
    types = GRAPHS if query.kind == "graph" else ROWS
    content = {name: {"schema": _OBJECT if name == _JSON else _STRING} for name in types}
    operation = {
        "operationId": query.slug.replace("/", "-"),
        "summary": query.summary or query.slug,
        "description": query.question or query.description,
        "tags": list(query.tags),
        "parameters": [
            _parameter(parameter, defaults.get(parameter.name, parameter.default), names)
            for parameter in query.parameters.values()
        ],
        "responses": {"200": {"description": "The answer.", "content": content}, **_OTHERS},
    }
    return {key: value for key, value in operation.items() if value or key == "parameters"}


def _parameter(parameter: Parameter, default: Sequence[DataTerm], names: Names) -> dict[str, Any]:
    """Return a parameter; given several times it takes several values."""
    text = parameter.description
    if parameter.class_iri:
        text = f"{text} One of {display(NamedNode(parameter.class_iri))}.".strip()
    example = ", ".join(display(term, names) for term in default if term is not None)
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "explode": True,
        "schema": {"type": "array", "items": _TYPES.get(parameter.type, _STRING), "minItems": 1},
        **({"description": text} if text else {}),
        **({"example": [example]} if example else {}),
    }
