"""A cache in front of the application: what was answered once is answered again as it was.

HTTP Caching (RFC 9111), section 4.1: responses of one address are told apart by the request's
headers that Vary names. One application serves one state of the graph, so what it answered holds as
long as it lives; only responses with a validator are kept, which say themselves that they last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.web.server.responses import REVALIDATE, holds
from govgraph.web.server.state import Shelf

_REVALIDATE: Final = REVALIDATE.encode()
_OF_THE_BODY: Final = {b"content-length", b"content-type", b"content-encoding"}
_HEADER_SIZE: Final = 150
"""Bytes that a header takes in memory, beside its text."""


@dataclass(frozen=True)
class _Response:
    """A response and its 304, as they are sent."""

    etag: str
    start: Message
    body: Message
    unchanged: Message


class Repeats:
    """ASGI middleware: answers GET requests from the shelf, and puts there what may be kept."""

    def __init__(self, app: ASGIApp, shelf: Shelf):
        self._app, self._shelf = app, shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass on and keep."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        address = (scope["raw_path"], scope["query_string"])
        asked = dict(scope["headers"])
        if len(asked) < len(scope["headers"]):  # some header comes twice: rare, and unclear
            await self._app(scope, receive, send)
            return
        named: tuple[bytes, ...] | None = self._shelf.get(address)
        if named is not None:
            kept: _Response | None = self._shelf.get((address, *map(asked.get, named)))
            if kept is not None:
                known = asked.get(b"if-none-match")
                if known is not None and holds(known.decode("latin-1"), kept.etag):
                    await send(kept.unchanged)
                    await send(_EMPTY)
                else:
                    await send(kept.start)
                    await send(kept.body)
                return
        start: Message | None = None

        async def keeping(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message if message["status"] == 200 else None
            elif start is not None and not message.get("more_body"):
                self._keep(address, asked, start, message)
                start = None
            else:
                start = None
            await send(message)

        await self._app(scope, receive, keeping)

    def _keep(
        self,
        address: tuple[bytes, bytes],
        asked: dict[bytes, bytes],
        start: Message,
        body: Message,
    ) -> None:
        headers = dict(start["headers"])
        etag, varies = headers.get(b"etag"), headers.get(b"vary", b"")
        if etag is None or headers.get(b"cache-control") != _REVALIDATE:
            return
        if address[1] and headers.get(b"content-type", b"").startswith(b"text/html"):
            return  # the result of a query, which may change, or the word that there is none
        named = tuple(name.strip().lower() for name in varies.split(b",") if name.strip())
        rest = [(name, value) for name, value in start["headers"] if name not in _OF_THE_BODY]
        unchanged = {"type": "http.response.start", "status": 304, "headers": rest}
        told_apart = [asked.get(name) for name in named]
        texts = [*address, *filter(None, told_apart), *headers.values(), body.get("body", b"")]
        response = _Response(etag.decode("latin-1"), start, body, unchanged)
        size = sum(map(len, texts)) + _HEADER_SIZE * len(headers)
        self._shelf.put(address, named, sum(map(len, address)))
        self._shelf.put((address, *told_apart), response, size)


_EMPTY: Final = {"type": "http.response.body", "body": b""}
