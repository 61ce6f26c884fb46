"""Connections that do not last: uvicorn's HTTP protocol, with slow senders hung up on."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from govgraph.web.answering import ABORT


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

    def close(self) -> None:
        if self._head:
            self._transport.write(self._head)
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connection(H11Protocol):
    """uvicorn's h11 protocol with time limits where uvicorn waits for ever, and a way to break off.

    A head must be complete within the stall limit of its first byte (of the connection, for the
    first); what is left of an answer must shrink within each such time.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._reaper: asyncio.TimerHandle | None = None
        self._flusher: asyncio.TimerHandle | None = None
        self._limit: float = self.config.app.state.govgraph.limits.stall_limit  # type: ignore[union-attr]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, _HeadWithBody(transport))
        app = self.app

        async def with_abort(scope: Scope, receive: Receive, send: Send) -> None:
            await app(dict(scope) | {ABORT: transport.abort}, receive, send)

        self.app = with_abort
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Stop the clock once a request is complete enough to be answered."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        super().connection_lost(exc)
        self._stop()
        if self._flusher is not None:
            self._flusher.cancel()

    def on_response_complete(self) -> None:
        """See that the client takes what is still in the buffer."""
        super().on_response_complete()
        self._flush(left=None)

    def _flush(self, left: int | None) -> None:
        """Break off where no more was taken since `left` bytes were left; else look again later."""
        size = self.transport.get_write_buffer_size()
        if left is not None and size >= left:
            self.transport.abort()
        elif size:
            if self._flusher is not None:
                self._flusher.cancel()
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
