"""Connections that do not last: uvicorn's HTTP protocol, with slow senders hung up on."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from govgraph.web.answering import ABORT

HEAD_LIMIT: Final = 10.0
"""Seconds from the first byte of a connection, or of a further request, to the end of its head."""


class Connection(H11Protocol):
    """uvicorn's h11 protocol with a time limit for heads of requests, and a way to break off.

    uvicorn itself waits for ever for the head of a request that trickles in.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._reaper: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
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

    def _watch(self) -> None:
        waiting = self.cycle is None or self.cycle.response_complete
        if not waiting:
            self._stop()
        elif self._reaper is None:
            self._reaper = self.loop.call_later(HEAD_LIMIT, self._reap)

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
