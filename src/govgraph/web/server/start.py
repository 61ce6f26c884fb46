"""The root of a server, which is the IRI of the graph itself: a page, or data to who wants RDF."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from govgraph.web.server import html_pages, linked_data
from govgraph.web.server.negotiation import EXTENSIONS, RDF_EXTENSIONS, choose
from govgraph.web.server.state import AppState

_RDF: Final = tuple(EXTENSIONS[ending] for ending in RDF_EXTENSIONS)


async def start(request: Request, state: AppState) -> Response:
    """Answer / with the document about the graph where RDF is preferred, else with 303 to a page.

    A page in the reader's language; without pages installed, all get the document.
    """
    chosen = choose(request.headers.get("accept"), ("text/html", *_RDF))
    page = None if chosen in _RDF else html_pages.to_page(request, state, "index")
    return page or await linked_data.resource(request, state)
