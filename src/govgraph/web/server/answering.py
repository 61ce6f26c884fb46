"""A query's answer on its way to the client: streamed, and stopped when nobody listens."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from govgraph.web.negotiation import accepts_gzip
from govgraph.web.server.limits import HttpError
from govgraph.web.server.responses import (
    REVALIDATE,
    content_type,
    failed,
    unchanged,
)
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job
from govgraph.web.server.workers import Execution

T = TypeVar("T")
_MOST_WARNED = 500


class QueryAnswer:
    """An ASGI response that runs a job at a worker and streams what comes.

    Once rows are under way the status is sent; a limit met later than that breaks the connection,
    so that no client takes half a result for a whole one.
    """

    def __init__(
        self,
        state: AppState,
        request: Request,
        job: Job,
        headers: Mapping[str, str] | None = None,
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
        """Send the answer piece by piece; raises TimeoutError where the client takes none."""
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
