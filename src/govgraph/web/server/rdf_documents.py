"""Documents of RDF: what the graph says of a resource, or of itself, in one of the formats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from govgraph.errors import GovgraphError
from govgraph.web.describe import serialise
from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import EXTENSIONS, RDF_TYPES, choose
from govgraph.web.responses import REVALIDATE, document, unchanged
from govgraph.web.server.state import AppState

_ENDINGS: Final = {media_type: ending for ending, media_type in EXTENSIONS.items()}


def preferred_rdf(request: Request) -> str:
    """Return the media type of RDF that a client likes best, the first one for a browser.

    Raises HttpError 406.
    """
    media_type = choose(request.headers.get("accept"), [*RDF_TYPES, "text/html"])
    if media_type is None:
        raise HttpError(406, f"This comes as {', '.join(RDF_TYPES)}.", {"Vary": "Accept"})
    return RDF_TYPES[0] if media_type == "text/html" else media_type


async def graph_document(
    request: Request,
    state: AppState,
    describe: Callable[[], Sequence[ox.Quad | ox.Triple]],
    media_type: str,
    name: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return statements as a response; `name` tells this document from others of the graph.

    `describe` returns them; it is called in a thread, and only where the client has not this
    document already. Raises HttpError 406 for what the format cannot hold.
    """
    etag = state.etag("document", name, media_type)
    headers = {"Vary": "Accept, Accept-Encoding", "Cache-Control": REVALIDATE, **(headers or {})}
    if not_modified := unchanged(request, etag, headers):
        return not_modified
    try:
        body = await asyncio.to_thread(lambda: serialise(describe(), _ENDINGS[media_type]))
    except GovgraphError as error:
        raise HttpError(406, str(error)) from None
    return document(request, body, media_type, etag=etag, headers=headers)
