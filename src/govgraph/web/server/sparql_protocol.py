"""SPARQL 1.1 Protocol, the query operation: https://www.w3.org/TR/sparql11-protocol/#query-operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from govgraph.rdf.formats import GRAPH_TYPE_ALIASES, RDF_FORMATS
from govgraph.results import FORMATS
from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import choose
from govgraph.web.server.answering import QueryAnswer, answer
from govgraph.web.server.bodies import media_type, parse_parameters, read_body
from govgraph.web.server.html_pages import redirect_if_preferred
from govgraph.web.server.service_description import service_description
from govgraph.web.server.state import AppState

ROWS: Final = {FORMATS[name].media_type: name for name in ("json", "xml", "csv", "tsv")}
"""Media type -> format of rows and of a yes or no."""

GRAPHS: Final = {entry.media_type: entry.name for entry in RDF_FORMATS.values()}
"""Media type -> format of a graph."""

_ROW_ALIASES: Final = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
_QUERY: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_READ_ONLY: Final = (
    "This endpoint is read-only: it takes queries, not updates. Push the graph to a store that"
    " takes them."
)


@lru_cache(maxsize=256)
def formats(accept: str | None) -> tuple[str | None, str | None]:
    """Return the formats for rows and for a graph; None for a kind the client cannot take.

    Raises HttpError 406 where it can take neither.
    """
    rows = choose(accept, tuple(ROWS), _ROW_ALIASES)
    graph = choose(accept, tuple(GRAPHS), GRAPH_TYPE_ALIASES)
    if rows is None and graph is None:
        raise HttpError(406, f"Found nothing to answer in: ask for {', '.join([*ROWS, *GRAPHS])}.")
    return ROWS.get(rows or ""), GRAPHS.get(graph or "")


async def sparql(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer a request to the endpoint; without a query, describe the service."""
    fields = parse_parameters(request.scope["query_string"])
    accept = request.headers.get("accept")
    if request.method == "POST":
        fields = await _posted(request, state, fields)
    elif not fields:
        page = redirect_if_preferred(request, state, "sparql", tuple(GRAPHS))
        return page or await service_description(request, state)
    text = _only_query(fields)
    if len(text.encode()) > state.limits.query_limit:
        raise HttpError(413, f"The query is longer than {state.limits.query_limit:,} bytes.")
    return answer(state, request, text, formats(accept), dataset=_dataset(fields))


async def _posted(
    request: Request, state: AppState, fields: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the fields of a form, or a query and the fields that go with it (section 2.1)."""
    kind = media_type(request)
    if kind == "application/sparql-update":
        raise HttpError(403, _READ_ONLY)
    if kind not in {_FORM, _QUERY}:
        message = f"Found the content type {kind[:60] or 'none'}: expected {_QUERY} or {_FORM}."
        raise HttpError(415, message, {"Accept-Post": f"{_QUERY}, {_FORM}"})
    body = await read_body(request, state.limits)
    if kind == _FORM:
        return parse_parameters(body)
    try:
        return [*fields, ("query", body.decode())]
    except UnicodeDecodeError:
        raise HttpError(400, "The query is not UTF-8 text.") from None


def _only_query(fields: Sequence[tuple[str, str]]) -> str:
    names = [name for name, _ in fields]
    if "update" in names:
        raise HttpError(403, _READ_ONLY)
    texts = [value for name, value in fields if name == "query"]
    if len(texts) != 1:
        number = "none" if not texts else str(len(texts))
        raise HttpError(400, f"Found {number} of the parameter 'query': expected exactly one.")
    return texts[0]


def _dataset(
    fields: Sequence[tuple[str, str]],
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return default and named graphs, both None where the request names none (section 2.1.4)."""
    graphs: Mapping[str, list[str]] = {"default-graph-uri": [], "named-graph-uri": []}
    for name, value in fields:
        if name in graphs:
            try:
                graphs[name].append(ox.NamedNode(value).value)
            except ValueError as error:
                raise HttpError(400, f"{name}: not an IRI ({error}).") from None
    default, named = graphs["default-graph-uri"], graphs["named-graph-uri"]
    return (tuple(default), tuple(named)) if default or named else (None, None)
