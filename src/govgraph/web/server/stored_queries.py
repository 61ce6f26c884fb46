"""Stored queries as a REST API: /query/NAME?parameter=…, the format by Accept or by extension."""

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from govgraph.errors import UsageError
from govgraph.queries import StoredQuery, find_query
from govgraph.results import FORMATS
from govgraph.web.addresses import url_path
from govgraph.web.describe import describe
from govgraph.web.http_error import HttpError
from govgraph.web.links import link
from govgraph.web.negotiation import RDF_TYPES, choose
from govgraph.web.responses import document
from govgraph.web.server.answering import QueryAnswer
from govgraph.web.server.linked_data import graph_document, redirect_if_preferred
from govgraph.web.server.sparql_protocol import GRAPHS, ROWS, formats, parse_parameters
from govgraph.web.server.state import AppState

ROW_FORMATS: Final = ("json", "csv", "tsv", "xml", "md")
GRAPH_FORMATS: Final = tuple(GRAPHS.values())
_SOURCE: Final = "application/sparql-query"


async def stored_query(request: Request, state: AppState) -> QueryAnswer | Response:
    """Answer /query/NAME, /query/NAME.EXTENSION, or give its source at /query/NAME.rq."""
    name: str = request.path_params["name"]
    query, ending = _find(name, state)
    if ending == "rq":
        etag = state.etag("source", query.slug, query.text)
        return document(request, query.text.encode(), _SOURCE, etag=etag)
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
