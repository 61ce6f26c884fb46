"""What all answers of one server share: the graph, its limits, its workers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

from govgraph.queries import StoreResolver
from govgraph.vocabulary import BASE
from govgraph.web.describe import resources
from govgraph.web.server.limits import Limits
from govgraph.web.server.workers import ForkServer, Pool

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph


@dataclass(frozen=True)
class Settings:
    """How a server is set up.

    public_url   address under which the world sees it, ending in "/": for the sitemap, VoID and the
                 service description. Redirects use its path alone, so that any host will do.
    """

    public_url: str = "http://127.0.0.1:8000/"
    limits: Limits = field(default_factory=Limits)

    @property
    def root(self) -> str:
        """The path of the public address: "/", or what a reverse proxy takes off."""
        return urlsplit(self.public_url).path or "/"


class AppState:
    """Shared by every route; `graph` is read by the parent, user queries run in `pool`."""

    def __init__(
        self, graph: PublishedGraph, settings: Settings, fork_server: ForkServer | None = None
    ):
        self.graph, self.settings = graph, settings
        self.limits = settings.limits
        self.pool = Pool(graph.store, settings.limits, fork_server)
        self.searching = asyncio.Semaphore(1)

    def warm(self) -> None:
        """Read what the first request would else wait for."""
        _ = self.digest, self.iris

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all statements, or of all they were made from: every ETag's beginning."""
        if self.graph.cache_folder is not None:
            return self.graph.cache_folder.name
        lines = (self.graph.store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()
        return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()

    @cached_property
    def iris(self) -> frozenset[str]:
        """Every IRI of the graph below its base, and the document of each hash IRI."""
        iris = resources(self.graph.store)
        return iris | {iri.partition("#")[0] for iri in iris} | {BASE}

    @cached_property
    def resolver(self) -> StoreResolver:
        """Turns names in the parameters of stored queries into IRIs."""
        return StoreResolver(self.graph.store)

    def etag(self, *parts: str) -> str:
        """Return the weak ETag of a representation: weak, as its compressed form shares it."""
        content = "\0".join((self.digest, *parts))
        return f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'

    async def bind(self, slug: str, arguments: Mapping[str, Sequence[str]]) -> str:
        """Return the SPARQL text of a stored query with arguments; raises UsageError."""
        query = self.graph.queries[slug]
        # Looking a name up may read all members of a class: not on the event loop.
        return await asyncio.to_thread(query.bind, arguments, self.resolver)

    def knows(self, iri: str) -> bool:
        """Whether the graph says anything with an IRI, be it below the base or foreign."""
        if iri in self.iris:
            return True
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return False
        match = self.graph.store.quads_for_pattern
        positions = (match(node, None, None), match(None, None, node), match(None, node, None))
        return any(next(quads, None) is not None for quads in positions)
