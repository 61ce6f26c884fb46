"""HTML pages on a server: `govgraph.web.pages`, with queries that keep the server's limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from govgraph.results import Result
from govgraph.web import pages
from govgraph.web.addresses import url_path
from govgraph.web.http_error import HttpError
from govgraph.web.languages import choose_language
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS, choose
from govgraph.web.server.disconnect import unless_client_leaves
from govgraph.web.server.linked_data import resource
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job

_CLIENT: Final = "pages"
"""The name under which all pages together wait for a worker, as one client."""
_RDF: Final = tuple(EXTENSIONS[ending] for ending in RDF_EXTENSIONS)


async def start(request: Request, state: AppState) -> Response:
    """Answer / with 303 to the start page; where RDF is preferred, with the document at the base.

    That document is about the graph itself, whose IRI is the base.
    """
    if choose(request.headers.get("accept"), ("text/html", *_RDF)) in _RDF:
        return await resource(request, state)
    return redirect_to_page(request, state, "index")


def redirect_if_preferred(
    request: Request, state: AppState, name: str, offered: Sequence[str]
) -> Response | None:
    """Return 303 to a page such as "sparql" where a client prefers it to all types offered."""
    if choose(request.headers.get("accept"), [*offered, "text/html"]) != "text/html":
        return None
    return redirect_to_page(request, state, name)


def redirect_to_page(request: Request, state: AppState, name: str) -> Response:
    """Return 303 to a page in the language of the reader, with the parameters of the request."""
    language = choose_language(request.headers.get("accept-language"))
    query = request.scope["query_string"].decode("ascii", "replace")
    target = f"{state.settings.root}{language}/{url_path(name)}.html"
    headers = {"Vary": "Accept, Accept-Language, Accept-Encoding"}
    return RedirectResponse(f"{target}?{query}" if query else target, 303, headers)


def routes(state: AppState) -> list[BaseRoute]:
    """Return the routes of the pages; what they ask is answered by the workers."""

    async def evaluate(text: str) -> Result:
        return await collect(state, text)

    settings = state.settings
    return [
        Route(route.path, _while_awaited(route.endpoint), methods=route.methods)
        for route in pages.routes(
            state.graph,
            evaluate=evaluate,
            bind=state.bind,
            root=settings.root,
            public=settings.public_url,
        )
    ]


def _while_awaited(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that is cancelled, and its query with it, when the reader has left."""

    async def answer(request: Request) -> Response:
        response = await unless_client_leaves(request.receive, endpoint(request))
        return response or Response(status_code=499)  # nobody reads it

    return answer


async def collect(state: AppState, text: str) -> Result:
    """Return the whole result of a query run by a worker; raises HttpError."""
    job = Job(text, "json", "nt", ordered=True)
    if len(text.encode()) > state.limits.query_limit:
        raise HttpError(413, f"The query is longer than {state.limits.query_limit:,} bytes.")
    async with state.pool.execution(job, _CLIENT) as execution:
        body = b"".join([piece async for piece in execution.pieces()])
        is_graph = execution.start["format"] == job.graph
    if is_graph:
        triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return Result.of_triples(quad.triple for quad in triples)
    return Result.from_serialized(body, "json")
