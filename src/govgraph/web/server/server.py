"""The web application, and the server that runs it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from govgraph.errors import GovgraphError
from govgraph.web.graph import PublishedGraph
from govgraph.web.http_error import HttpError
from govgraph.web.pages.reading import languages_of
from govgraph.web.server import discovery, linked_data
from govgraph.web.server.answering import QueryAnswer
from govgraph.web.server.failures import failed
from govgraph.web.server.html_pages import Marking, PageRoutes
from govgraph.web.server.limits import Limits
from govgraph.web.server.middleware import Guard
from govgraph.web.server.openapi import openapi
from govgraph.web.server.sparql_protocol import graph_store, sparql
from govgraph.web.server.state import LOCAL_URL, AppState
from govgraph.web.server.stored_queries import stored_query

Answering: TypeAlias = Callable[[Request, AppState], Awaitable[QueryAnswer | Response]]


def create_app(
    graph: PublishedGraph,
    public_url: str = LOCAL_URL,
    limits: Limits | None = None,
    marking: Marking | None = None,
) -> Starlette:
    """Return the application that serves a graph; its workers live as long as its lifespan.

    Where pages are marked, the next graph may come before a query does: workers wait for one.
    """
    state = AppState(graph, public_url, limits)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            if marking is None:  # what the first request would wait for is read meanwhile
                read = asyncio.to_thread(
                    lambda: (state.digest, state.iris, state.reading.described)
                )
                await asyncio.gather(state.pool.open(), read)
            yield
        finally:
            await state.close()

    async def http_error(request: Request, error: Exception) -> Response:
        nothing = HttpError(404, "There is nothing at this address.")  # which has a line break
        return await failed(request, state, error if isinstance(error, HttpError) else nothing)

    def leads(path: str, target: str) -> BaseRoute:
        return Route(path, RedirectResponse(f"{state.root}{target}", 308))

    def route(path: str, answering: Answering, *methods: str) -> BaseRoute:
        async def endpoint(request: Request) -> QueryAnswer | Response:
            return await answering(request, state)

        return Route(path, endpoint, methods=list(methods or ("GET",)))

    routes = [
        route("/sparql", sparql, "GET", "POST"),
        route("/query", sparql, "GET", "POST"),
        route("/store", graph_store),
        route("/query/", linked_data.queries),
        route("/query/{name:path}", stored_query),
        route("/openapi.json", openapi),
        route("/resource", linked_data.by_iri),
        route("/resource.{extension}", linked_data.by_iri),
        # https://www.w3.org/TR/void/#well-known
        Route("/.well-known/void", RedirectResponse(f"{state.root}void", 303)),
        route("/void", discovery.void),
        route("/void.{extension}", discovery.void),
        route("/robots.txt", discovery.robots_txt),
        route("/sitemap.xml", discovery.sitemap),
        route("/sitemap-{number}.xml", discovery.sitemap),
        route("/dump/{name}", discovery.dump),
        route("/", linked_data.start),
        route("/index.html", linked_data.start),
        leads("/favicon.ico", "static/icon.svg"),
        *(leads(f"/{each}", f"{each}/index.html") for each in languages_of(graph)),
        *PageRoutes(state, marking).routes(),
        route("/{path:path}", linked_data.resource),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, limits=state.limits)],
        exception_handlers={HttpError: http_error, 404: http_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.govgraph = state
    return app


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
