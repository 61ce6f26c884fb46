"""Documents of RDF: what the graph says of a resource, or of itself, in one of the formats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from govgraph.errors import GovgraphError
from govgraph.web.documents import serialise
from govgraph.web.http_error import HttpError
from govgraph.web.links import link
from govgraph.web.negotiation import EXTENSIONS
from govgraph.web.responses import REVALIDATE, document, matches, not_modified
from govgraph.web.server.state import AppState

_ENDINGS: Final = {media_type: ending for ending, media_type in EXTENSIONS.items()}


@dataclass(frozen=True)
class Part:
    """A page of a description, where it does not fit on one: the number of it and of all.

    `address` is that of a page without its number, relative to the document.
    """

    statements: Sequence[ox.Quad | ox.Triple]
    number: int = 1
    pages: int = 1
    address: str = "?page="


async def graph_document(
    request: Request,
    state: AppState,
    describe: Callable[[], Sequence[ox.Quad | ox.Triple] | Part],
    media_type: str,
    name: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return statements as a response; `name` tells this document from others of the graph.

    `describe` returns them; it is called in a thread, and only where the client has not this
    document already.
    """
    etag = state.etag("document", name, media_type)
    sent = {"Vary": "Accept, Accept-Encoding", **(headers or {})}
    if matches(request, etag):
        return not_modified(etag, {"Cache-Control": REVALIDATE, **sent})
    body, links = await asyncio.to_thread(_make, describe, media_type)
    if links:
        sent["Link"] = ", ".join(filter(None, (sent.get("Link"), links)))
    return document(request, body, media_type, etag=etag, headers=sent)


def _make(
    describe: Callable[[], Sequence[ox.Quad | ox.Triple] | Part], media_type: str
) -> tuple[bytes, str]:
    """Return the body of a document, and the links to its other pages."""
    described = describe()
    part = described if isinstance(described, Part) else Part(described)
    try:
        return serialise(part.statements, _ENDINGS[media_type]), _page_links(part)
    except GovgraphError as error:
        raise HttpError(406, str(error)) from None


def _page_links(part: Part) -> str:
    """Return the Link header's links to the other pages (RFC 8288), "" where there is one."""
    if part.pages == 1:
        return ""
    targets = {"first": 1, "prev": part.number - 1, "next": part.number + 1, "last": part.pages}
    return ", ".join(
        link(f"{part.address}{number}", relation)
        for relation, number in targets.items()
        if 1 <= number <= part.pages
    )
