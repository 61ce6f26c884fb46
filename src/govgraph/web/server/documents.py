"""Documents of RDF: what the graph says of a resource, or of itself, in one of the formats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from govgraph.errors import GovgraphError
from govgraph.rdf import writing
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.results import Result
from govgraph.web.server.limits import Refusal
from govgraph.web.server.negotiation import EXTENSIONS
from govgraph.web.server.responses import REVALIDATE, document, matches, not_modified
from govgraph.web.server.state import AppState

_FORMATS: Final = {entry.ending: entry for entry in RDF_FORMATS.values()}
_ENDINGS: Final = {media_type: ending for ending, media_type in EXTENSIONS.items()}


def serialise(quads: Iterable[ox.Quad | ox.Triple], extension: str) -> bytes:
    """Return statements in the format of an extension, the same bytes every time.

    Formats of one graph hold the union. Raises Refusal 406 for what the format cannot hold.
    """
    statements, rdf_format = list(quads), _FORMATS[extension]
    try:
        if not rdf_format.graphs:
            triples = {each if isinstance(each, ox.Triple) else each.triple for each in statements}
            return Result.of_triples(triples).serialize(rdf_format.name)
        whole = [each if isinstance(each, ox.Quad) else ox.Quad(*each) for each in statements]
        return writing.serialise(writing.sorted_quads(whole), rdf_format.engine)
    except (GovgraphError, ValueError) as error:
        raise Refusal(406, f"This cannot be written as .{extension}: {error}") from None


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
    look: Callable[[], Sequence[ox.Quad | ox.Triple] | Part],
    media_type: str,
    name: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return statements as a response; `name` tells this document from others of the graph.

    `look` finds them, in a thread, and only where the client has not this document already.
    """
    etag = state.etag("document", name, media_type)
    sent = {"Vary": "Accept, Accept-Encoding", **(headers or {})}
    if matches(request, etag):
        return not_modified(etag, {"Cache-Control": REVALIDATE, **sent})
    body, links = await asyncio.to_thread(_made, look, media_type)
    if links:
        sent["Link"] = ", ".join(filter(None, (sent.get("Link"), links)))
    return document(request, body, media_type, etag=etag, headers=sent)


def _made(
    look: Callable[[], Sequence[ox.Quad | ox.Triple] | Part], media_type: str
) -> tuple[bytes, str]:
    """Return the body of a document, and the links to its other pages."""
    found = look()
    part = found if isinstance(found, Part) else Part(found)
    return serialise(part.statements, _ENDINGS[media_type]), _page_links(part)


def _page_links(part: Part) -> str:
    """Return the Link header's links to the other pages (RFC 8288), "" where there is one."""
    if part.pages == 1:
        return ""
    targets = {"first": 1, "prev": part.number - 1, "next": part.number + 1, "last": part.pages}
    return ", ".join(
        f'<{part.address}{each}>; rel="{relation}"'
        for relation, each in targets.items()
        if 1 <= each <= part.pages
    )
