"""What all answers of one server share: the graph, its limits, its workers."""

import asyncio
import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.queries import StoreResolver
from govgraph.results import FORMATS, Result
from govgraph.web.describe import PublishedGraph, describe
from govgraph.web.pages.links import headers_of
from govgraph.web.pages.reading import Reading, reading_of
from govgraph.web.server.limits import HttpError, Limits
from govgraph.web.server.worker import Job
from govgraph.web.server.workers import Pool

LOCAL_URL: Final = "http://127.0.0.1:8000/"
T = TypeVar("T")
_PAGES: Final = "pages"
"""The name under which all pages together wait for a worker, as one client."""


class AppState:
    """Shared by every route; `graph` is read by the parent, user queries run in `pool`.

    public_url   address under which the world sees it, ending in "/": for the sitemap, VoID and the
                 service description
    root         its path, "/" or what a reverse proxy takes off, which begins redirects: any host
                 will do
    """

    def __init__(
        self, graph: PublishedGraph, public_url: str = LOCAL_URL, limits: Limits | None = None
    ):
        self.graph, self.limits = graph, limits or Limits()
        self.public_url, self.root = public_url, urlsplit(public_url).path or "/"
        self.headers = headers_of(graph, public_url)
        licence = self.headers.of_licence
        self.licence_header = {"Link": licence} if licence else {}
        self.pool = Pool(graph, self.limits)
        self._made: dict[Hashable, asyncio.Future[Any]] = {}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all statements, or of all they were made from: every ETag's beginning."""
        if self.graph.cache_folder is not None:
            return self.graph.cache_folder.name
        lines = (self.graph.store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()
        return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()

    @cached_property
    def iris(self) -> frozenset[str]:
        """Every IRI of the graph that lies on the site, and the document of each hash IRI."""
        terms = {term for quad in self.graph.store for term in quad}
        iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
        iris = {iri for iri in iris if self.reading.paths.place(iri) is not None}
        return frozenset(iris | {iri.partition("#")[0] for iri in iris})

    @property
    def reading(self) -> Reading:
        """What pages ask of the graph."""
        return reading_of(self.graph, self.public_url)

    @cached_property
    def resolver(self) -> StoreResolver:
        """Turns names in the parameters of stored queries into IRIs."""
        return StoreResolver(self.graph.store, self.graph.names)

    async def close(self) -> None:
        """End the workers."""
        await self.pool.close()

    def etag(self, *parts: str) -> str:
        """Return the weak ETag of a representation: weak, as its compressed form shares it."""
        content = "\0".join((self.digest, *parts))
        return f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'

    async def made(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returns, called in a thread when `name` is first asked for."""
        if name not in self._made:
            self._made[name] = asyncio.ensure_future(asyncio.to_thread(make))
        try:
            return cast(T, await asyncio.shield(self._made[name]))
        except GovgraphError:
            self._made.pop(name, None)  # it may be there another time
            raise

    async def bind(self, slug: str, arguments: Mapping[str, Sequence[str]]) -> str:
        """Return the SPARQL text of a stored query with arguments; raises UsageError."""
        query = self.graph.queries[slug]
        # Looking up a name or a default may read much of the graph: not on the event loop.
        return await asyncio.to_thread(self.graph.defaults.bind, query, arguments, self.resolver)

    async def evaluate(self, text: str) -> Result:
        """Return the whole result of a query of a page, run by a worker; raises HttpError."""
        job = self.job(text, "json", "nt", ordered=True)
        async with self.pool.execution(job, _PAGES) as execution:
            body = b"".join([piece async for piece in execution.pieces()])
        if execution.start["type"] == FORMATS["json"].media_type:
            warnings = tuple(execution.start["warnings"])
            return replace(Result.from_serialized(body, "json"), warnings=warnings)
        triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return Result.of_triples(quad.triple for quad in triples)

    def job(self, text: str, *formats: Any, **options: Any) -> Job:
        """Return a query for a worker (see Job); raises HttpError for one that is too long."""
        if len(text.encode()) > self.limits.query_limit:
            raise HttpError(413, f"The query is longer than {self.limits.query_limit:,} bytes.")
        names = self.graph.names
        return Job(text, *formats, base=names.base, prefixes=names.prefixes, **options)  # type: ignore[misc]

    def knows(self, iri: str) -> bool:
        """Whether the graph says anything of an IRI, be it below the base or foreign."""
        try:
            return iri in self.iris or bool(describe(self.graph, iri))
        except ValueError:  # it is no IRI
            return False
