"""The web application, its HTML pages among them, and the server that runs it."""

import asyncio
import contextlib
import mimetypes
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from govgraph.errors import GovgraphError, UsageError
from govgraph.queries.sparql import lasts
from govgraph.web.describe import PublishedGraph
from govgraph.web.pages import PAGES, Links, missing_page, search
from govgraph.web.pages.links import encoded
from govgraph.web.pages.networks import MEDIA_TYPES, file_of
from govgraph.web.pages.overview import PageName, page_html
from govgraph.web.pages.queries import Answer, filled_in, query_page, sparql_page
from govgraph.web.pages.reading import languages_of
from govgraph.web.pages.rendering import View, editor_files, page_policy, static_files, view_of
from govgraph.web.server import linked_data
from govgraph.web.server.limits import HttpError, Limits
from govgraph.web.server.responses import (
    REVALIDATE,
    Guard,
    QueryAnswer,
    document,
    failed,
    unless_client_leaves,
)
from govgraph.web.server.sparql_protocol import graph_store, sparql
from govgraph.web.server.state import LOCAL_URL, AppState
from govgraph.web.server.stored_queries import openapi, stored_query

Marking: TypeAlias = Callable[[str, str, int], Response]
"""Makes the answer of a page, its policy and its status where the files of a graph are watched."""
Answering: TypeAlias = Callable[..., Awaitable[QueryAnswer | Response]]


_FILE: Final = re.compile(r"network/([^/]+?)\.((?:nodes|edges)\.csv|[a-z]+)")
_LONGEST_SEARCH: Final = 200


class PageRoutes:
    """Answers requests for pages of one graph, which stays as it is; `marking` sends them."""

    def __init__(self, state: AppState, marking: Marking | None = None):
        self.state, self.graph, self.marking = state, state.graph, marking
        self.links = Links(state.root, public=state.public_url)

    def in_language(self, language: str) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that is cancelled, and its query with it, when the reader has left."""

        async def endpoint(request: Request) -> Response:
            page = self._page(request, view_of(self.graph, language, self.links))
            response = await unless_client_leaves(request.receive, page)
            return response or Response(status_code=499)  # nobody reads it

        return endpoint

    async def _page(self, request: Request, view: View) -> Response:
        path = request.path_params["path"] or "index.html"
        if b"%2f" in request.scope.get("raw_path", b"").lower():  # no slash, and no page has one
            path = ""
        name = path.removesuffix(".html")
        try:
            if name in ("", path):
                return await self._network_file(request, path, view)
            slug = name[6:] if name.startswith("query/") else ""
            page, answer = PageName(name), Answer()
            if path == "resource.html":
                iri = request.query_params.get("iri", "")
                page = PageName(name, iri if iri in view.reading.unplaced else "")
                text = await self._of_site(page, view)
            elif name == "search":
                words = request.query_params.get("q", "")[:_LONGEST_SEARCH]
                text = await run_in_threadpool(search.render, view, words)
            elif name == "sparql":
                asked = request.query_params.get("query", "")
                if asked and "run" in request.query_params:
                    answer = await self._answer(asked)
                text = sparql_page(view, asked, answer.result, answer.error)
            elif slug in self.graph.queries:
                text, answer = await self._query(request, view, slug)
            else:
                page = self._named(name, view)
                text = await self._of_site(page, view)
        except GovgraphError:
            text = await run_in_threadpool(missing_page, view, asked=path)
            return self._html(request, text, page_policy(""), Answer(status=404))
        has_data = (bool(page.iri) and name != "resource") or name == "ontology"
        link = self.state.headers.page(view.language, encoded(name), data=has_data)
        return self._html(request, text, page_policy(name), answer, link)

    async def _network_file(self, request: Request, path: str, view: View) -> Response:
        """Answer with a network, or what the search field reads, as a file, or lead to the page.

        Raises UsageError where there is none of these.
        """
        if path == "search.js":
            make = partial(search.index_file, view)
            index = await self.state.made((path, view.language), make)
            return document(request, index, "text/javascript")
        match = _FILE.fullmatch(path)
        if match is None:  # the address of a page without its ending
            page = self._named(path.rstrip("/"), view)
            if not page.iri and "." in page.name:
                raise UsageError(f"There is no page or file {path!r}.")
            return RedirectResponse(view.links.page(page.name), 308)
        body = await run_in_threadpool(file_of, self.graph, match[1], view.language, match[2])
        media_type = MEDIA_TYPES[match[2].rpartition(".")[2]]
        return document(request, body, media_type)

    def _named(self, name: str, view: View) -> PageName:
        if name in PAGES or name.startswith("network/"):
            return PageName(name)
        # The path is decoded, and IRIs of the graph may be percent-encoded.
        names = (name, quote(name), quote(name, safe="/:@!$&'()*+,;=~-._"))
        iris = (iri for path in names for iri in view.reading.paths.iris(path))
        iri = next((iri for iri in iris if iri in view.reading.described), "")
        if not iri or iri in view.reading.homes:
            raise UsageError(f"There is no page {name!r}.")
        return PageName(name, iri)

    async def _of_site(self, page: PageName, view: View) -> str:
        make = partial(page_html, self.graph, page, view.language, view.links)
        if page.name in PAGES and not page.iri:
            return await self.state.made((page, view.language), make)
        return await run_in_threadpool(make)

    async def _query(self, request: Request, view: View, slug: str) -> tuple[str, Answer]:
        arguments = {key: request.query_params.getlist(key) for key in request.query_params}
        filled = filled_in(view, self.graph.queries[slug], arguments)
        try:
            answer = await self._answer(await self.state.bind(slug, filled))
        except UsageError as error:
            answer = Answer(error=str(error), status=400)
        return await run_in_threadpool(query_page, view, slug, filled, answer), answer

    async def _answer(self, text: str) -> Answer:
        try:
            return Answer(text, await self.state.evaluate(text))
        except HttpError as error:
            return Answer(text, None, error.message, error.status, error.headers)
        except GovgraphError as error:
            return Answer(text, None, str(error), 400)

    def _html(
        self, request: Request, text: str, policy: str, answer: Answer, link: str = ""
    ) -> Response:
        """Return a page, compressed as asked; status 304 where the reader has it already.

        `answer` is that to a query of the page. Only what is wrong in the request, or took too
        long, has another status than 200. Caches may keep a page that an address without a query
        string always gives.
        """
        if self.marking:
            return self.marking(text, policy, answer.status)
        status, body = answer.status, text.encode()
        lasting = status == 200 and not request.scope["query_string"] and lasts(answer.text)
        caching = REVALIDATE if lasting else "no-cache" if status == 200 else "no-store"
        headers = {"Content-Security-Policy": policy, "Cache-Control": caching, **answer.headers}
        if link and status == 200:
            headers["Link"] = link
        return document(request, body, "text/html", headers=headers, status=status)


async def static(request: Request) -> Response:
    """Answer with a fixed file: style, icon, the code of the editor."""
    name = request.path_params["name"]
    content = (static_files() | editor_files()).get(name)
    if content is None:
        raise HttpError(404, "There is no such file.")
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return document(request, content, media_type)


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
        return Route(path, partial(answering, state=state), methods=methods or ("GET",))

    pages, languages = PageRoutes(state, marking), languages_of(graph)
    routes = [
        route("/sparql", sparql, "GET", "POST"),
        route("/query", sparql, "GET", "POST"),
        route("/store", graph_store),
        leads("/query/", f"{languages[0]}/queries.html"),
        route("/query/{name:path}", stored_query),
        route("/openapi.json", openapi),
        route("/resource", linked_data.by_iri),
        route("/resource.{extension}", linked_data.by_iri),
        # https://www.w3.org/TR/void/#well-known
        Route("/.well-known/void", RedirectResponse(f"{state.root}void", 303)),
        route("/void", linked_data.void),
        route("/void.{extension}", linked_data.void),
        route("/robots.txt", linked_data.robots_txt),
        route("/sitemap.xml", linked_data.sitemap),
        route("/sitemap-{number}.xml", linked_data.sitemap),
        route("/dump/{name}", linked_data.dump),
        route("/", linked_data.start),
        route("/index.html", linked_data.start),
        leads("/favicon.ico", "static/icon.svg"),
        *(leads(f"/{tag}", f"{tag}/index.html") for tag in languages),
        Route("/static/{name}", static),
        *(Route(f"/{tag}/{{path:path}}", pages.in_language(tag)) for tag in languages),
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
