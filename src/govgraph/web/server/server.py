"""The web application, and the server that runs it."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from govgraph.errors import GovgraphError
from govgraph.web.http_error import HttpError
from govgraph.web.responses import error_response
from govgraph.web.server import discovery, html_pages, linked_data
from govgraph.web.server.answering import QueryAnswer
from govgraph.web.server.graph_store import graph_store
from govgraph.web.server.middleware import Guard
from govgraph.web.server.openapi import openapi
from govgraph.web.server.sparql_protocol import sparql
from govgraph.web.server.state import AppState, Settings
from govgraph.web.server.stored_queries import stored_query
from govgraph.web.server.workers import ForkServer

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph

Answering: TypeAlias = Callable[[Request, AppState], Awaitable[QueryAnswer | Response]]


def create_app(
    graph: PublishedGraph,
    settings: Settings | None = None,
    fork_server: ForkServer | None = None,
) -> Starlette:
    """Return the application that serves a graph; its workers live as long as its lifespan.

    `fork_server` makes the workers, where it was started ahead of the graph.
    """
    state = AppState(graph, settings or Settings(), fork_server)
    dumps, sitemaps = discovery.Dumps(), discovery.Sitemaps()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            await asyncio.gather(state.pool.open(), asyncio.to_thread(state.warm))
            yield
        finally:
            await state.pool.close()
            dumps.close()

    def route(path: str, answering: Answering, *methods: str) -> BaseRoute:
        async def endpoint(request: Request) -> QueryAnswer | Response:
            return await answering(request, state)

        functools.update_wrapper(endpoint, answering, updated=())
        return Route(path, endpoint, methods=list(methods or ("GET",)))

    routes = [
        route("/sparql", sparql, "GET", "POST"),
        route("/query", sparql, "GET", "POST"),
        route("/store", graph_store),
        route("/store/{path:path}", graph_store),
        route("/query/{name:path}", stored_query),
        route("/openapi.json", openapi),
        route("/resource", linked_data.by_iri),
        route("/.well-known/void", discovery.well_known_void),
        route("/void", discovery.void),
        route("/void.{extension}", discovery.void),
        route("/robots.txt", discovery.robots_txt),
        route("/sitemap.xml", sitemaps.respond),
        route("/sitemap-{number:int}.xml", sitemaps.respond),
        route("/dump/{name}", dumps.respond),
        route("/", html_pages.start),
        *html_pages.routes(state),
        route("/{path:path}", linked_data.resource),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Guard, limits=state.limits),
        ],
        exception_handlers={HttpError: _refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.govgraph = state
    return app


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, HttpError)
    return error_response(refusal)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any that is free.

    Raises GovgraphError where the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, for else asyncio does not set TCP_NODELAY, and answers come 40 ms late.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise GovgraphError(f"{host}:{port}: {reason}. Choose another with --port.") from None
    listening.set_inheritable(False)
    return listening


def run(app: Starlette, listening: socket.socket, *, proxies: str = "127.0.0.1") -> None:
    """Serve until interrupted; `proxies` are the addresses whose X-Forwarded-For is believed."""
    import uvicorn

    limits = app.state.govgraph.limits
    config = uvicorn.Config(
        app,
        http="h11",  # the one that bounds what it reads of a head (httptools does not)
        h11_max_incomplete_event_size=limits.url_limit + limits.header_limit,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=proxies,
        limit_concurrency=limits.connection_limit,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
        backlog=2048,
    )
    uvicorn.Server(config).run(sockets=[listening])
