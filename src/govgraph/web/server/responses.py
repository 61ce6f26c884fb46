"""Responses with what HTTP wants of them: documents, answers to queries, errors that lead on."""

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.web.negotiation import accepts_gzip, choose, choose_language
from govgraph.web.pages import Links, missing_page
from govgraph.web.pages.queries import sparql_page
from govgraph.web.pages.reading import languages_of
from govgraph.web.pages.rendering import page_policy, view_of
from govgraph.web.server.limits import HttpError, Limits
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job
from govgraph.web.server.workers import Execution

_WORTH_COMPRESSING: Final = 1000
REVALIDATE: Final = "public, no-cache"
"""Caches may keep a response, and ask whether it still holds: a 304 costs next to nothing."""
_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    # Anyone may read; no cookie or password is ever asked for, so none is let through.
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Location, Content-Location, Retry-After, Warning",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_POSTED: Final = {"/sparql", "/query"}
"""Paths that take POST."""
T = TypeVar("T")
_MOST_WARNED = 500


def content_type(media_type: str) -> str:
    """Return a media type with its charset where it has one."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def unchanged(request: Request, etag: str, headers: Mapping[str, str]) -> Response | None:
    """Return 304 with the headers a cache needs where the client holds this representation.

    RFC 9110, section 13.1.2: weak comparison. `*`, which no client that reads sends, holds nothing.
    """
    tags = request.headers.get("if-none-match", "").split(",")
    held = {tag.strip().removeprefix("W/") for tag in tags}
    if request.method not in {"GET", "HEAD"} or etag.removeprefix("W/") not in held:
        return None
    return Response(status_code=304, headers={**headers, "ETag": etag})


def document(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    etag: str = "",
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return a whole document: 304 where the client has it, else compressed as it asks.

    `etag` is by default the hash of the body; weak, as it is the same whatever the content coding.
    With another status than 200 it tells of an error, which has no validator.
    """
    etag = etag or f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    sent = {"Cache-Control": REVALIDATE, "Vary": "Accept-Encoding", **(headers or {})}
    if status == 200:
        if not_modified := unchanged(request, etag, sent):
            return not_modified
        sent["ETag"] = etag
    if len(body) >= _WORTH_COMPRESSING and accepts_gzip(request.headers.get("accept-encoding")):
        body = gzip.compress(body, 5, mtime=0)
        sent["Content-Encoding"] = "gzip"
    sent["Content-Type"] = content_type(media_type)
    return Response(body, status, sent)


def error_response(error: HttpError) -> Response:
    """Return an error as one line of plain text."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding", **error.headers}
    return PlainTextResponse(f"{error.message}\n", error.status, headers)


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


class Guard:
    """ASGI middleware: refuses oversized requests and writing methods, answers OPTIONS (CORS)."""

    def __init__(self, app: ASGIApp, limits: Limits):
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._answer_at_once(scope)
        app = self._app if answer is None else answer
        await app(scope, receive, send_guarded)

    def _answer_at_once(self, scope: Scope) -> Response | None:
        """Return what needs no further look at a request, None for all others."""
        close, limits = {"Connection": "close"}, self._limits
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.url_limit:
            most = f"{limits.url_limit:,} bytes"
            message = f"The address is longer than {most}: send the query with POST."
            return error_response(HttpError(414, message, close))
        if sum(len(name) + len(value) for name, value in scope["headers"]) > limits.header_limit:
            message = f"The headers are larger than {limits.header_limit:,} bytes."
            return error_response(HttpError(431, message, close))
        methods = ("GET", "HEAD", *(("POST",) if scope["path"] in _POSTED else ()), "OPTIONS")
        allow = ", ".join(methods)
        if scope["method"] == "OPTIONS":  # a browser asks it for a page of another site (CORS)
            preflight = {**_PREFLIGHT, "Allow": allow, "Access-Control-Allow-Methods": allow}
            return Response(status_code=204, headers=preflight)
        if scope["method"] not in methods:
            message = f"This server is read-only: expected {allow}, found {scope['method']}."
            return error_response(HttpError(405, message, {"Allow": allow, **close}))
        return None


class QueryAnswer:
    """An ASGI response that runs a job at a worker and streams what comes.

    Once rows are under way the status is sent; a limit met later than that breaks the connection,
    so that no client takes half a result for a whole one.
    """

    def __init__(
        self, state: AppState, request: Request, job: Job, headers: Mapping[str, str] | None = None
    ):
        self._state, self._request = state, request
        self._job = replace(job, gzip=accepts_gzip(request.headers.get("accept-encoding")))
        self._headers = {"Vary": "Accept, Accept-Encoding", **(headers or {})}
        self._etag = state.etag(repr(job))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        # An ETag is only ever given for a query that answers the same each time: who has it need
        # not wait until a worker has read the query.
        headers = {**self._headers, "Cache-Control": REVALIDATE}
        if not_modified := unchanged(self._request, self._etag, headers):
            await not_modified(scope, receive, send)
        else:
            await unless_client_leaves(receive, self._deliver(scope, receive, send))

    async def _deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        client = self._request.client.host if self._request.client else ""
        try:
            async with self._state.pool.execution(self._job, client) as execution:
                started = True
                await self._send(execution, send)
        except (HttpError, TimeoutError) as error:
            # Without its last message the server breaks the connection: no client holds the
            # answer for complete. (ASGI: the response is never completed.)
            if not started and isinstance(error, HttpError):
                response = await failed(self._request, self._state, error)
                await response(scope, receive, send)

    async def _send(self, execution: Execution, send: Send) -> None:
        await send(self._start(execution.start))
        if self._request.method != "HEAD":
            limits = self._state.limits
            async with asyncio.timeout(limits.delivery_limit):
                async for piece in execution.pieces():
                    async with asyncio.timeout(limits.stall_limit):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _start(self, start: Mapping[str, Any]) -> Message:
        headers = {**self._headers, "Content-Type": content_type(start["type"])}
        headers["Cache-Control"] = REVALIDATE if start["lasting"] else "no-store"
        if start["lasting"]:
            headers["ETag"] = self._etag
        if warnings := start["warnings"]:  # RFC 7234, section 5.5
            quoted = "; ".join(warnings)[:_MOST_WARNED].replace('"', "'")
            headers["Warning"] = f'299 - "{quoted.encode("ascii", "replace").decode()}"'
        if self._job.gzip:
            headers["Content-Encoding"] = "gzip"
        lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        return {"type": "http.response.start", "status": 200, "headers": lines}


async def unless_client_leaves(receive: Receive, work: Awaitable[T]) -> T | None:
    """Return what `work` returns; where the client disconnects first, cancel it and return None.

    `receive` is that of the request, whose body must have been read by then.
    """
    working = asyncio.ensure_future(work)

    async def cancel_when_left() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        working.cancel()

    leaving = asyncio.ensure_future(cancel_when_left())
    try:
        return await working
    except asyncio.CancelledError:
        if leaving.done():
            return None
        raise  # this task itself is to end
    finally:
        leaving.cancel()
