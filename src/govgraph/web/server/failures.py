"""What is wrong with a request: a page that leads on for a browser, a line of text for programs."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import choose, choose_language
from govgraph.web.pages import Links, missing_page
from govgraph.web.pages.files import page_policy
from govgraph.web.pages.queries import sparql_page
from govgraph.web.pages.reading import languages_of
from govgraph.web.pages.rendering import view_of
from govgraph.web.responses import error_response
from govgraph.web.server.state import AppState


async def failed(request: Request, state: AppState, error: HttpError) -> Response:
    """Return an error as its client likes it best: text unless it names HTML before all else."""
    if choose(request.headers.get("accept"), ("text/plain", "text/html")) != "text/html":
        return error_response(error)
    language = choose_language(request.headers.get("accept-language"), languages_of(state.graph))
    view = view_of(state.graph, language, Links(state.root, public=state.public_url))
    query, iri = (request.query_params.get(name, "") for name in ("query", "iri"))
    if query and request.url.path == "/sparql":
        text = await asyncio.to_thread(sparql_page, view, query, error=error.message)
        policy = page_policy("sparql")
    else:
        asked = iri or request.scope["path"]
        message = "" if error.status == 404 and not iri else error.message
        text = await asyncio.to_thread(missing_page, view, asked=asked, message=message)
        policy = page_policy("")
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Vary": "Accept, Accept-Language, Accept-Encoding",
    }
    return HTMLResponse(text, error.status, {**headers, **error.headers})
