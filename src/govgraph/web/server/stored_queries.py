"""Stored queries as a REST API, /query/NAME?parameter=…, and its description as OpenAPI 3.1."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from govgraph.coding.study import Study
from govgraph.errors import UsageError
from govgraph.queries import Parameter, StoredQuery, find_query
from govgraph.queries.sparql import DataTerm, Terms
from govgraph.rdf.names import Names
from govgraph.results import FORMATS, display
from govgraph.web.addresses import url_path
from govgraph.web.describe import describe
from govgraph.web.negotiation import RDF_TYPES, choose
from govgraph.web.pages.links import link
from govgraph.web.server.limits import HttpError
from govgraph.web.server.linked_data import graph_document, redirect_if_preferred
from govgraph.web.server.responses import QueryAnswer, document
from govgraph.web.server.sparql_protocol import GRAPHS, ROWS, formats, parse_parameters
from govgraph.web.server.state import AppState

ROW_FORMATS: Final = ("json", "csv", "tsv", "xml", "md")
GRAPH_FORMATS: Final = tuple(GRAPHS.values())
_SOURCE: Final = "application/sparql-query"
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


async def stored_query(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer /query/NAME, /query/NAME.EXTENSION, or give its source at /query/NAME.rq."""
    name: str = request.path_params["name"]
    query, ending = _find(name, state)
    if ending == "rq":
        return document(request, query.text.encode(), _SOURCE)
    here = f"{state.root}query/{url_path(query.slug)}"
    source = link(f"{here}.rq", "describedby", type=_SOURCE)
    api = link(f"{state.root}openapi.json", "service-desc", type="application/openapi+json")
    links = {"Link": f"{source}, {api}"}
    fields = parse_parameters(request.scope["query_string"])
    if ending is None:
        accept = request.headers.get("accept")
        page = redirect_if_preferred(request, state, f"query/{query.slug}", [*ROWS, *GRAPHS])
        if page is not None:
            return page
        # Who asks for RDF, and the query has rows, is told what the graph says of the query.
        described, iri = choose(accept, [*ROWS, *RDF_TYPES]), query.iri.value
        if not fields and query.kind != "graph" and described in RDF_TYPES and state.knows(iri):
            about = partial(describe, state.graph, iri)
            return await graph_document(request, state, about, described, iri, links)
        chosen = formats(accept)
    else:
        chosen = _by_ending(query, ending)
    arguments = {name: [value for key, value in fields if key == name] for name, _ in fields}
    try:
        text = await state.bind(query.slug, arguments)
    except UsageError as error:
        raise HttpError(400, str(error)) from None
    return QueryAnswer(state, request, state.job(text, *chosen, ordered=True), links)


def _find(name: str, state: AppState) -> tuple[StoredQuery, str | None]:
    """Return a query and the extension asked for; raises HttpError 404 with what is near."""
    queries = state.graph.queries
    if name in queries:
        return queries[name], None
    stem, dot, ending = name.rpartition(".")
    try:
        query = find_query(queries, stem if dot else name)
    except UsageError as error:
        message = str(error).removesuffix(" `govgraph queries`, kg.queries list them.")
        raise HttpError(404, f"{message} They are listed in /openapi.json.") from None
    return query, ending or None


def _by_ending(query: StoredQuery, ending: str) -> tuple[str | None, str | None]:
    formats_of_kind = GRAPH_FORMATS if query.kind == "graph" else ROW_FORMATS
    ending = "rdfxml" if ending == "rdf" else ending
    if ending not in formats_of_kind:
        listed = ", ".join(f".{FORMATS[name].extensions[0]}" for name in formats_of_kind)
        raise HttpError(404, f"The query {query.slug!r} answers as {listed}, or as .rq.")
    return (None, ending) if query.kind == "graph" else (ending, None)


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
    return document(request, body, "application/json")


def _info(study: Study) -> dict[str, Any]:
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
