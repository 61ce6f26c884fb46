"""The pages as routes of a server: one folder of addresses for each language, and fixed files."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from govgraph.errors import GovgraphError, UsageError
from govgraph.queries.sparql import lasts
from govgraph.vocabulary import BASE, SDG
from govgraph.web.http_error import HttpError
from govgraph.web.languages import LANGUAGES
from govgraph.web.links import page_links
from govgraph.web.pages import PAGES, Links, missing_page, render_page, resource_page
from govgraph.web.pages.files import editor_files, static_files
from govgraph.web.pages.links import encoded
from govgraph.web.pages.network_data import MEDIA_TYPES, explorer_page, file_of
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.queries import (
    Answer,
    Arguments,
    answered,
    filled_in,
    query_page,
    sparql_page,
)
from govgraph.web.pages.rendering import View, view_of
from govgraph.web.responses import REVALIDATE, document

if TYPE_CHECKING:
    from govgraph.results import Result
    from govgraph.web.graph import PublishedGraph

Evaluate = Callable[[str], Awaitable["Result"]]
"""Answers SPARQL text within the server's limits; raises HttpError or GovgraphError."""
Bind = Callable[[str, Arguments], Awaitable[str]]
"""Returns the SPARQL text of a stored query with arguments; raises UsageError."""

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""The Content-Security-Policy of every page: nothing inline, nothing from another host."""
EDITOR_POLICY: Final = f"script-src 'self'; connect-src 'self'; {POLICY}"
"""That of the page with the SPARQL editor, which runs our script and asks our endpoint."""

_FILE: Final = re.compile(r"network/([^/]+?)\.((?:nodes|edges)\.csv|[a-z]+)")
_EXPLORER: Final = re.compile(r"network/([^/]+)/explorer")
_NETWORK: Final = re.compile(r"network/([^/]+)")
_NUMBERED: Final = re.compile(r"(.+?)(?:~([1-9][0-9]{0,4}))?\.html")


@dataclass(frozen=True)
class Page:
    """A page that was made, and how it is sent; `lasting` where it would come out the same again.

    Only what is wrong in the request, or took too long, has another status than 200. `has_data`
    says that there are RDF documents about the same.
    """

    text: str
    status: int = 200
    lasting: bool = True
    has_data: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class PageRoutes:
    """Answers requests for pages of one graph, which stays as it is; keeps the overviews made.

    `evaluate` answers what is written into the SPARQL form, and stored queries as `bind` gives
    their text: give what keeps the server's limits. Without `evaluate` the form sends its text to
    `sparql`; without `bind` stored queries are run in a thread. `root` is the path the server is
    mounted at, `public` the address of that path as the world sees it.
    """

    def __init__(
        self,
        graph: PublishedGraph,
        *,
        evaluate: Evaluate | None = None,
        bind: Bind | None = None,
        root: str = "/",
        public: str = "",
    ):
        self.graph, self.evaluate, self.bind = graph, evaluate, bind
        self.links = Links(root, public=public)
        self._overviews: dict[tuple[str, str], str] = {}

    def routes(self) -> list[Route]:
        """Return the routes of all pages and fixed files, for a Starlette server."""
        languages = [
            Route(f"/{language}/{{path:path}}", self._in_language(language))
            for language in LANGUAGES
        ]
        return [Route("/static/{name}", self.static), *languages]

    def _in_language(self, language: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await self.page(request, view_of(self.graph, language, self.links))

        return endpoint

    async def page(self, request: Request, view: View) -> Response:
        """Answer with a page: of the navigation, a stored query, a network, or a resource."""
        path = request.path_params["path"] or "index.html"
        match = _NUMBERED.fullmatch(path)
        try:
            if match is None:
                return await self._network_file(request, path, view)
            name, number = match[1], int(match[2] or 1)
            page = await self._render(request, name, number, view)
        except GovgraphError:
            return _html(request, Page(missing_page(view), 404))
        base, part = self.links.public or self.links.root, f"~{number}" if number > 1 else ""
        link = page_links(base, view.language, encoded(name), part, data=page.has_data)
        return _html(request, page, policy=policy_of(name), link=link)

    async def _network_file(self, request: Request, path: str, view: View) -> Response:
        """Answer with a network as a file; raises UsageError where there is no such file."""
        match = _FILE.fullmatch(path)
        if match is None:
            raise UsageError(f"There is no page {path!r}.")
        body = await run_in_threadpool(file_of, self.graph, match[1], view.language, match[2])
        media_type = MEDIA_TYPES[match[2].rpartition(".")[2]]
        return document(request, body, media_type, etag=_tag(body))

    async def _render(self, request: Request, name: str, number: int, view: View) -> Page:
        page = await self._named(request, name, view) if number == 1 else None
        if page is not None:  # only resources have several pages
            return page
        iri = f"{SDG}{name[4:]}" if name.startswith("sdg/") else f"{BASE}{name}"
        candidates = (iri, *(f"{BASE}{quote(name, safe=s)}" for s in ("/", "/:@!$&'()*+,;=~-._")))
        iri = next((iri for iri in candidates if iri in view.reading.described), iri)
        text = await run_in_threadpool(
            resource_page, self.graph, iri, view.language, number, view.links
        )
        return Page(text, has_data=True)

    async def _named(self, request: Request, name: str, view: View) -> Page | None:
        """Return a page of the navigation, of a stored query or of a network; None for others."""
        slug = name.removeprefix("query/")
        if name == "sparql":
            return await self._sparql(request, view)
        if slug != name and slug in self.graph.queries:
            arguments = {key: request.query_params.getlist(key) for key in request.query_params}
            return await self._query(view, slug, arguments)
        if name in PAGES:
            key = (name, view.language)
            if key not in self._overviews:
                self._overviews[key] = await run_in_threadpool(
                    render_page, name, self.graph, view.language, view.links
                )
            return Page(self._overviews[key], has_data=name == "ontology")
        if match := _EXPLORER.fullmatch(name):
            return Page(await run_in_threadpool(explorer_page, view, match[1]))
        if match := _NETWORK.fullmatch(name):
            return Page(await run_in_threadpool(network_page, view, match[1]))
        return None

    async def _query(self, view: View, slug: str, arguments: Arguments) -> Page:
        """Return the page of a stored query, which is run where the server wants it run."""
        query = self.graph.queries[slug]
        filled = filled_in(view, query, arguments)
        if self.bind is None:
            answer = await run_in_threadpool(answered, view, query, filled)
        else:
            try:
                answer = await self._answer(await self.bind(slug, filled))
            except UsageError as error:
                answer = Answer(error=str(error), status=400)
        page = await run_in_threadpool(query_page, view, slug, filled, answer)
        return Page(page, answer.status, lasts(answer.text), headers=answer.headers)

    async def _sparql(self, request: Request, view: View) -> Page:
        text = request.query_params.get("query", "")
        if not text or self.evaluate is None or "run" not in request.query_params:
            return Page(sparql_page(view, text))
        answer = await self._answer(text)
        page = sparql_page(view, text, answer.result, answer.error)
        return Page(page, answer.status, lasting=False, headers=answer.headers)

    async def _answer(self, text: str) -> Answer:
        """Return the answer to a SPARQL text within the limits of the server."""
        assert self.evaluate is not None
        try:
            return Answer(text, await self.evaluate(text))
        except HttpError as error:
            return Answer(text, None, error.message, error.status, error.headers)
        except GovgraphError as error:
            return Answer(text, None, str(error), 400)

    async def static(self, request: Request) -> Response:
        """Answer with a fixed file: style, icon, the code of the editor."""
        name = request.path_params["name"]
        content = (static_files() | editor_files()).get(name)
        if content is None:
            return PlainTextResponse("There is no such file.\n", 404)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return document(request, content, media_type, etag=_tag(content))


def policy_of(name: str) -> str:
    """Return the Content-Security-Policy of a page by its name."""
    if name == "sparql":
        return EDITOR_POLICY
    if _EXPLORER.fullmatch(name):
        from govgraph.network.files.explorer import policy

        return f"{policy()}; frame-ancestors 'none'"
    return POLICY


def _html(request: Request, page: Page, *, policy: str = POLICY, link: str = "") -> Response:
    """Return a page, compressed as asked; status 304 where the reader has it already.

    Caches may keep a page that an address without a query string always gives.
    """
    lasting = page.status == 200 and page.lasting and not request.scope["query_string"]
    caching = REVALIDATE if lasting else "no-cache" if page.status == 200 else "no-store"
    headers = {"Content-Security-Policy": policy, "Cache-Control": caching, **page.headers}
    if link and page.status == 200:
        headers["Link"] = link
    body = page.text.encode()
    return document(
        request, body, "text/html", etag=_tag(body), headers=headers, status=page.status
    )


def _tag(body: bytes) -> str:
    """Return a weak ETag: the same whatever the content coding."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
