"""Connections that do not last: uvicorn's HTTP protocol, with slow clients hung up on."""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

import httptools
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from govgraph.web.server.answering import ABORT
from govgraph.web.server.limits import Limits

_LEAST_TAKEN: Final = 16_384


class _HeadWithBody:
    """A transport that keeps the head of a response back, to send it with what comes next.

    uvicorn writes them one by one; a system call for each is a third of what an answer costs.
    """

    def __init__(self, transport: asyncio.Transport):
        self._transport, self._head = transport, b""

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._head = data
            return
        self._transport.write(data)

    def flush(self) -> None:
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connection(HttpToolsProtocol):
    """uvicorn's httptools protocol, with limits where it waits or collects for ever.

    A head must be complete within the stall limit of its first byte (of the connection, for the
    first), and no larger than the limits of address and headers together. Of what waits to be taken
    by the client, 16 kB must go within each such time, or all that is left.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._reaper: asyncio.TimerHandle | None = None
        self._flusher: asyncio.TimerHandle | None = None
        self._running: RequestResponseCycle | None = None
        limits: Limits = self.config.app.state.govgraph.limits  # type: ignore[union-attr]
        self._limit = limits.stall_limit
        self._most_head = limits.url_limit + limits.header_limit
        self._unread = 0  # bytes that were neither the end of a head nor a piece of a body
        self._in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._holding = _HeadWithBody(transport)
        self.transport = cast(asyncio.Transport, self._holding)
        app = self.app

        async def with_abort(scope: Scope, receive: Receive, send: Send) -> None:
            scope[ABORT] = transport.abort
            await app(scope, receive, send)

        self.app = with_abort
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stop the clock once a request is complete enough to be answered."""
        self._unread += len(data)
        self._unset_keepalive_if_required()
        self._read(data)
        if self._unread > self._most_head and not self.transport.is_closing():
            self.send_400_response(f"A head is larger than {self._most_head:,} bytes.")
        self._watch()

    def _read(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as asked:
                # The parser has read the head alone: what follows would be of another protocol.
                data = self._head_without_upgrade() + data[asked.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            except httptools.HttpParserError:
                self.send_400_response("Invalid HTTP request received.")
                return

    def _head_without_upgrade(self) -> bytes:
        """Return the head that was just read, without what is not followed (RFC 9110, 7.8)."""
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [b"%s: %s" % pair for pair in self.headers if pair[0] != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; where an answer is under way, it can only be broken off."""
        running = self._running
        if running is not None and running.response_started and not running.response_complete:
            self.transport.abort()
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._unread, self._in_head = 0, True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those that follow a body are not wanted."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End a head; raises ValueError, which is answered by 400, for one that cannot be answered.

        RFC 9112, section 3.2: a request of HTTP/1.1 names one host.
        """
        self._unread, self._in_head = 0, False
        if self.parser.get_method() == b"CONNECT":
            raise ValueError("this is no proxy")
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            raise ValueError("one host must be named")
        if not self.parser.should_upgrade():  # else it is read again, without that
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._unread = 0
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, and tell who is at work that nobody waits for it."""
        super().connection_lost(exc)
        self._stop()
        if self._flusher is not None:
            self._flusher.cancel()
        # uvicorn tells the last request that came; of several in a row another may be at work.
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
        self._running = cycle
        super()._start_asgi_task(cycle, app)  # type: ignore[arg-type]

    def pause_writing(self) -> None:
        """See that the client takes what was sent; until then nothing more is."""
        super().pause_writing()
        self._flush()

    def resume_writing(self) -> None:
        """Go on: the client took most of it."""
        super().resume_writing()
        if self._running is None or self._running.response_complete:
            self._flush()
        elif self._flusher is not None:
            self._flusher.cancel()

    def on_response_complete(self) -> None:
        """See that the client takes what is still in the buffer."""
        self._holding.flush()  # the answer to HEAD is nothing but a head
        super().on_response_complete()
        self._flush()

    def _flush(self, left: int | None = None) -> None:
        """Break off where too little was taken since `left` bytes were left; else look later."""
        if self._flusher is not None:
            self._flusher.cancel()
        size = self.transport.get_write_buffer_size()
        if left is not None and left - size < min(left, _LEAST_TAKEN):
            self.transport.abort()
        elif size:
            self._flusher = self.loop.call_later(self._limit, self._flush, size)

    def _watch(self) -> None:
        waiting = self.cycle is None or self.cycle.response_complete
        if not waiting:
            self._stop()
        elif self._reaper is None:
            self._reaper = self.loop.call_later(self._limit, self._reap)

    def _stop(self) -> None:
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None

    def _reap(self) -> None:
        self._reaper = None
        # Between requests uvicorn's own keep-alive timeout counts.
        waiting = self.cycle is None or self.cycle.response_complete
        if waiting and self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self.transport.abort()
