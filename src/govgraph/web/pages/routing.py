"""The pages as routes of a server: /en/… and /es/…, and their fixed files."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from govgraph.errors import GovgraphError, UsageError
from govgraph.queries.sparql import lasts
from govgraph.vocabulary import BASE, SDG
from govgraph.web.http_error import HttpError
from govgraph.web.languages import LANGUAGES, Language
from govgraph.web.links import page_links
from govgraph.web.pages.files import editor_files, static_files
from govgraph.web.pages.links import Links, encoded
from govgraph.web.pages.network_data import MEDIA_TYPES, explorer_page, file_of
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.overview import PAGES, render_page
from govgraph.web.pages.queries import (
    Answer,
    Arguments,
    answered,
    given_to,
    query_page,
    sparql_page,
)
from govgraph.web.pages.reading import reading_of
from govgraph.web.pages.rendering import View, view_of
from govgraph.web.pages.resource import resource_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

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
class Made:
    """A page that was made, and how it is sent; `lasting` where it would come out the same again.

    Only what is wrong in the request, or took too long, has another status than 200. `has_data`
    says that there are RDF documents about the same.
    """

    text: str
    status: int = 200
    lasting: bool = True
    has_data: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Pages:
    """Answers requests for pages of one graph, which stays as it is; keeps the overviews made."""

    def __init__(
        self,
        graph: PublishedGraph,
        evaluate: Evaluate | None = None,
        bind: Bind | None = None,
        root: str = "/",
        public: str = "",
    ):
        self.graph, self.evaluate, self.bind = graph, evaluate, bind
        self.links = Links(root, public=public)
        self._kept: dict[tuple[str, Language], str] = {}

    async def page(self, request: Request) -> Response:
        """Answer with a page: of the navigation, a stored query, or a resource."""
        language = cast(Language, request.path_params["language"])
        path = request.path_params["path"] or "index.html"
        found = _NUMBERED.fullmatch(path)
        try:
            if found is None:
                return await self._network_file(request, path, language)
            name, number = found[1], int(found[2] or 1)
            made = await self._render(request, name, number, language)
        except GovgraphError:
            return self.missing(request, language)
        base, part = self.links.public or self.links.root, f"~{number}" if number > 1 else ""
        link = page_links(base, language, encoded(name), part, data=made.has_data)
        return _html(request, made, policy=policy_of(name), link=link)

    async def _network_file(self, request: Request, path: str, language: Language) -> Response:
        """Answer with a network as a file; raises UsageError where there is no such file."""
        from starlette.concurrency import run_in_threadpool

        from govgraph.web.responses import document

        asked = _FILE.fullmatch(path)
        if asked is None:
            raise UsageError(f"There is no page {path!r}.")
        body = await run_in_threadpool(file_of, self.graph, asked[1], language, asked[2])
        if body is None:
            raise UsageError(f"There is no network file {path!r}.")
        media_type = MEDIA_TYPES[asked[2].rpartition(".")[2]]
        return document(request, body, media_type, etag=_tag(body))

    async def _render(self, request: Request, name: str, number: int, language: Language) -> Made:
        from starlette.concurrency import run_in_threadpool

        if number == 1:  # only resources have several pages
            found = await self._named(request, name, language)
            if found is not None:
                return found
        links = self.links.within(language)
        iri = _iri(name)
        known = reading_of(self.graph).described
        iri = iri if iri in known else next((i for i in _encoded(name) if i in known), iri)
        return Made(
            await run_in_threadpool(resource_page, self.graph, iri, language, number, links),
            has_data=True,
        )

    async def _named(self, request: Request, name: str, language: Language) -> Made | None:
        """Return a page of the navigation, of a stored query or of a network; None for others."""
        from starlette.concurrency import run_in_threadpool

        links = self.links.within(language)
        view = view_of(self.graph, language, links)
        slug = name.removeprefix("query/")
        if name == "sparql":
            return await self._sparql(request, language)
        if slug != name and slug in self.graph.queries:
            arguments = {key: request.query_params.getlist(key) for key in request.query_params}
            return await self._query(view, slug, arguments)
        if name in PAGES:
            if (name, language) not in self._kept:
                page = await run_in_threadpool(render_page, name, self.graph, language, links)
                self._kept[name, language] = page
            return Made(self._kept[name, language], has_data=name == "ontology")
        if explored := _EXPLORER.fullmatch(name):
            return Made(await run_in_threadpool(explorer_page, view, explored[1]))
        if network := _NETWORK.fullmatch(name):
            return Made(await run_in_threadpool(network_page, view, network[1]))
        return None

    async def _query(self, view: View, slug: str, arguments: Arguments) -> Made:
        """Return the page of a stored query, which is run where the server wants it run."""
        from starlette.concurrency import run_in_threadpool

        query = self.graph.queries[slug]
        given = given_to(view, query, arguments)
        if self.bind is None:
            answer = await run_in_threadpool(answered, view, query, given)
        else:
            try:
                answer = await self._asked(await self.bind(slug, given))
            except UsageError as error:
                answer = Answer(error=str(error), status=400)
        page = await run_in_threadpool(query_page, view, slug, given, answer)
        return Made(page, answer.status, lasts(answer.text), headers=answer.headers)

    async def _sparql(self, request: Request, language: Language) -> Made:
        text = request.query_params.get("query", "")
        view = view_of(self.graph, language, self.links)
        if not text or self.evaluate is None or "run" not in request.query_params:
            return Made(sparql_page(view, text))
        answer = await self._asked(text)
        page = sparql_page(view, text, answer.result, answer.error)
        return Made(page, answer.status, lasting=False, headers=answer.headers)

    async def _asked(self, text: str) -> Answer:
        """Return the answer to a SPARQL text within the limits of the server."""
        assert self.evaluate is not None
        try:
            return Answer(text, await self.evaluate(text))
        except HttpError as refusal:
            return Answer(text, None, refusal.message, refusal.status, refusal.headers)
        except GovgraphError as error:
            return Answer(text, None, str(error), 400)

    def missing(self, request: Request, language: Language) -> Response:
        """Answer that there is no such page, with the way back."""
        view = view_of(self.graph, language, self.links)
        title = view.say("There is no such page", "No existe esa página")
        text = view.render("missing.html", "index", title, section="", both=False)
        return _html(request, Made(text, 404))

    async def static(self, request: Request) -> Response:
        """Answer with a fixed file: style, icon, the code of the editor."""
        from starlette.responses import PlainTextResponse

        from govgraph.web.responses import document

        name = request.path_params["name"]
        found = (static_files() | editor_files()).get(name)
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return document(request, found, kind, etag=_tag(found))


def routes(
    graph: PublishedGraph,
    *,
    evaluate: Evaluate | None = None,
    bind: Bind | None = None,
    root: str = "/",
    public: str = "",
) -> list[Route]:
    """Return the routes of all pages, for a Starlette server.

    `evaluate` answers what is written into the SPARQL form, and stored queries as `bind` gives
    their text: give what keeps the server's limits. Without `evaluate` the form sends its text to
    `sparql`; without `bind` stored queries are run in a thread. `root` is the path the server is
    mounted at, `public` the address of that path as the world sees it.
    """
    from starlette.routing import Route

    pages = Pages(graph, evaluate, bind, root, public)
    found = [Route("/static/{name}", pages.static)]
    for language in LANGUAGES:
        found.append(Route(f"/{language}/{{path:path}}", _fixed(pages.page, language)))
    return found


def policy_of(name: str) -> str:
    """Return the Content-Security-Policy of a page by its name."""
    if name == "sparql":
        return EDITOR_POLICY
    if _EXPLORER.fullmatch(name):
        from govgraph.network.files.explorer import policy

        return f"{policy()}; frame-ancestors 'none'"
    return POLICY


def _fixed(
    answer: Callable[[Request], Awaitable[Response]], language: Language
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        request.path_params["language"] = language
        return await answer(request)

    return endpoint


def _iri(name: str) -> str:
    return f"{SDG}{name[4:]}" if name.startswith("sdg/") else f"{BASE}{name}"


def _encoded(name: str) -> list[str]:
    """Return the IRIs a decoded path may stand for."""
    from urllib.parse import quote

    return [f"{BASE}{quote(name, safe=safe)}" for safe in ("/", "/:@!$&'()*+,;=~-._")]


def _html(request: Request, made: Made, *, policy: str = POLICY, link: str = "") -> Response:
    """Return a page, compressed as asked; status 304 where the reader has it already."""
    from govgraph.web.responses import REVALIDATE, document

    kept = made.status == 200 and made.lasting and not request.scope["query_string"]
    caching = REVALIDATE if kept else "no-cache" if made.status == 200 else "no-store"
    headers = {"Content-Security-Policy": policy, "Cache-Control": caching, **made.headers}
    if link and made.status == 200:
        headers["Link"] = link
    body = made.text.encode()
    return document(
        request, body, "text/html", etag=_tag(body), headers=headers, status=made.status
    )


def _tag(body: bytes) -> str:
    """Return a weak ETag: the same whatever the content coding."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
