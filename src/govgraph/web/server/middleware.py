"""What holds for every request and response: sizes, CORS, security headers."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.web.http_error import HttpError
from govgraph.web.responses import error_response
from govgraph.web.server.limits import Limits

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"cross-origin",
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    # Anyone may read; no cookie or password is ever asked for, so none is let through.
    b"access-control-allow-origin": b"*",
    b"access-control-expose-headers": b"ETag, Link, Location, Content-Location, Retry-After",
}


def allowed_methods(path: str) -> tuple[str, ...]:
    """Return the methods that may be used on a path of the server."""
    posted = ("POST",) if path in {"/sparql", "/query"} else ()
    return ("GET", "HEAD", *posted, "OPTIONS")


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
                headers = [(name.lower(), value) for name, value in message.get("headers", ())]
                present = {name for name, _ in headers}
                headers += [pair for pair in _ALWAYS.items() if pair[0] not in present]
                message = {**message, "headers": headers}
            await send(message)

        answer = self._answer_at_once(scope)
        app = self._app if answer is None else answer
        await app(scope, receive, send_guarded)

    def _answer_at_once(self, scope: Scope) -> Response | None:
        close = {"Connection": "close"}
        address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if address > self._limits.url_limit:
            message = (
                f"The address is longer than {self._limits.url_limit:,} bytes:"
                " send the query with POST."
            )
            return error_response(HttpError(414, message, close))
        headers = sum(len(name) + len(value) for name, value in scope["headers"])
        if headers > self._limits.header_limit:
            message = f"The headers are larger than {self._limits.header_limit:,} bytes."
            return error_response(HttpError(431, message, close))
        methods = allowed_methods(scope["path"])
        allow = ", ".join(methods)
        if scope["method"] == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow, **_preflight(allow)})
        if scope["method"] not in methods:
            message = f"This server is read-only: expected {allow}, found {scope['method']}."
            return error_response(HttpError(405, message, {"Allow": allow, **close}))
        return None


def _preflight(methods: str) -> dict[str, str]:
    """Return what a browser asks before a request from a page of another site (CORS)."""
    return {
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
