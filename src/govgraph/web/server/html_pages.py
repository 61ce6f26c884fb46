"""The seam to the HTML pages, which a server may lack: `govgraph.web.pages`, found when needed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from types import ModuleType
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from govgraph.results import Result
from govgraph.web.server.disconnect import unless_client_leaves
from govgraph.web.server.limits import Refusal
from govgraph.web.server.negotiation import choose, choose_language, url_path
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job

Endpoint = Callable[[Request], Awaitable[Response]]
_CLIENT: Final = "pages"
"""Under what name queries of pages wait their turn: all pages together are one client."""


@cache
def _pages() -> ModuleType | None:
    """Return the pages, where everything they need is installed."""
    needed = ("babel", "jinja2", "govgraph.web.pages")
    if any(importlib.util.find_spec(name) is None for name in needed):
        return None
    return importlib.import_module("govgraph.web.pages")


def has_page(state: AppState, iri: str) -> bool:
    """Whether there is an HTML page about an IRI."""
    pages = _pages()
    return pages is not None and bool(pages.has_page(state.graph, iri))


def redirect(
    request: Request, state: AppState, name: str, offered: Sequence[str]
) -> Response | None:
    """Return 303 to a page such as "sparql" where a client prefers it to all that is offered."""
    accept = request.headers.get("accept")
    if choose(accept, [*offered, "text/html"]) != "text/html":
        return None
    return to_page(request, state, name)


def to_page(request: Request, state: AppState, name: str) -> Response | None:
    """Return 303 to a page in the language of the reader; None where there are no pages."""
    pages = _pages()
    if pages is None:
        return None
    language = choose_language(request.headers.get("accept-language"), pages.LANGUAGES)
    query = request.scope["query_string"].decode("ascii", "replace")
    target = f"{state.settings.root}{language}/{url_path(name)}.html"
    headers = {"Vary": "Accept, Accept-Language, Accept-Encoding"}
    return RedirectResponse(f"{target}?{query}" if query else target, 303, headers)


def routes(state: AppState) -> list[BaseRoute]:
    """Return the routes of the pages; what they ask is answered by the workers."""
    pages = _pages()
    if pages is None:
        return []

    async def evaluate(text: str) -> Result:
        return await collect(state, text)

    settings = state.settings
    found = importlib.import_module("govgraph.web.server.page_routes").PageRoutes(
        state.graph,
        evaluate=evaluate,
        bind=state.bind,
        root=settings.root,
        public=settings.public_url,
    )
    return [
        Route(each.path, _while_there(each.endpoint), methods=each.methods)
        for each in found.routes()
    ]


def _while_there(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that is cancelled, and its query with it, when the reader has left."""

    async def answer(request: Request) -> Response:
        response = await unless_client_leaves(request.receive, endpoint(request))
        return response or Response(status_code=499)  # nobody reads it

    return answer


async def collect(state: AppState, text: str) -> Result:
    """Return the whole result of a query run by a worker; raises Refusal."""
    job = Job(text, "json", "nt", ordered=True)
    if len(text.encode()) > state.limits.query_limit:
        raise Refusal(413, f"The query is longer than {state.limits.query_limit:,} bytes.")
    async with state.pool.execution(job, _CLIENT) as execution:
        body = b"".join([piece async for piece in execution.pieces()])
        is_graph = execution.start["format"] == job.graph
    if is_graph:
        triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return Result.of_triples(quad.triple for quad in triples)
    return Result.from_serialized(body, "json")
