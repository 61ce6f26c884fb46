"""What holds for every request and response: sizes, CORS, security headers."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.web.http_error import HttpError
from govgraph.web.responses import error_response
from govgraph.web.server.limits import Limits

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
