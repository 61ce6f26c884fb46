"""SPARQL 1.1 Protocol, the update operation: https://www.w3.org/TR/sparql11-protocol/#update-operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from govgraph.web.server.bodies import media_type, parse_parameters, read_body
from govgraph.web.server.change import Change
from govgraph.web.server.limits import Refusal
from govgraph.web.server.state import AppState

if TYPE_CHECKING:
    from govgraph.web.server.live import Live

FORM: Final = "application/x-www-form-urlencoded"
UPDATE: Final = "application/sparql-update"

Fields = Sequence[tuple[str, str]]


def writable(request: Request, state: AppState) -> Live:
    """Return what writes; raises Refusal 403 on a read-only server, 401 without its token."""
    if state.live is None:
        raise Refusal(403, "This server is read-only: it takes queries, no updates.")
    state.live.authority.check(request)
    return state.live


async def update(request: Request, state: AppState) -> Response:
    """Answer a POST of an update, as it stands or in a form (sections 2.2.1 and 2.2.2)."""
    if request.method != "POST":
        raise Refusal(405, "An update comes with POST.", {"Allow": "POST"})
    live = writable(request, state)
    kind = media_type(request)
    if kind not in {FORM, UPDATE}:
        message = f"Found the content type {kind or 'none'}: expected {UPDATE} or {FORM}."
        raise Refusal(415, message, {"Accept-Post": f"{UPDATE}, {FORM}"})
    body = await read_body(request, state.limits, live.limits.write_limit)
    if kind == FORM:
        return await update_of(request, state, parse_parameters(body))
    return await _run(request, live, body, parse_parameters(request.scope["query_string"]))


async def update_of(request: Request, state: AppState, fields: Fields) -> Response:
    """Run the update in the fields of a form."""
    live = writable(request, state)
    found = [value for name, value in fields if name == "update"]
    if len(found) != 1 or any(name == "query" for name, _ in fields):
        raise Refusal(400, "Expected the parameter 'update' exactly once, and no 'query'.")
    return await _run(request, live, found[0].encode(), fields)


async def _run(request: Request, live: Live, text: bytes, fields: Fields) -> Response:
    default, named = (_iris(fields, name) for name in ("using-graph-uri", "using-named-graph-uri"))
    change = Change("update", default_graphs=default, named_graphs=named, content=text)
    await live.write(request, change)
    return Response(status_code=204)


def _iris(fields: Fields, name: str) -> tuple[str, ...]:
    try:
        return tuple(ox.NamedNode(value).value for key, value in fields if key == name)
    except ValueError as error:
        raise Refusal(400, f"{name}: not an IRI ({error}).") from None
