"""A query's answer on its way to the client: streamed, and stopped when nobody listens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from govgraph.web.http_error import HttpError
from govgraph.web.responses import (
    REVALIDATE,
    content_type,
    encoding_for,
    error_response,
    matches,
    not_modified,
)
from govgraph.web.server.disconnect import unless_client_leaves
from govgraph.web.server.state import AppState
from govgraph.web.server.worker import Job
from govgraph.web.server.workers import Execution


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
        self._state, self._request, self._job = state, request, job
        self._headers = {"Vary": "Accept, Accept-Encoding", **(headers or {})}
        parts = (job.text, str(job.rows), str(job.graph), str(job.default_graphs))
        self._etag = state.etag(*parts, str(job.named_graphs), str(job.ordered))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        # An ETag is only ever given for a query that answers the same each time: who has it need
        # not wait until a worker has read the query.
        if self._request.headers.get("if-none-match") != "*" and matches(self._request, self._etag):
            await self._unchanged()(scope, receive, send)
            return
        await unless_client_leaves(receive, self._deliver(scope, receive, send))

    async def _deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        client = self._request.client.host if self._request.client else ""
        try:
            async with self._state.pool.execution(self._job, client) as execution:
                lasting = bool(execution.start["lasting"])
                if lasting and matches(self._request, self._etag):
                    await self._unchanged()(scope, receive, send)
                    return
                started = True
                await self._send(execution, send, lasting=lasting)
        except (HttpError, TimeoutError) as error:
            # Without its last message the server breaks the connection: no client holds the
            # answer for complete. (ASGI: the response is never completed.)
            if not started and isinstance(error, HttpError):
                await error_response(error)(scope, receive, send)

    async def _send(self, execution: Execution, send: Send, *, lasting: bool) -> None:
        """Send the answer piece by piece; raises TimeoutError where the client takes none."""
        media_type = execution.start["type"]
        if "whole" in execution.start:
            body = b"".join([piece async for piece in execution.pieces()])
            await send(self._start(media_type, lasting=lasting, length=len(body)))
            await send({"type": "http.response.body", "body": body})
            return
        await send(self._start(media_type, lasting=lasting))
        if self._request.method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        loop = asyncio.get_running_loop()
        async for piece in execution.pieces():
            before = loop.time()
            async with asyncio.timeout(self._state.limits.stall_limit):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            execution.forgive(loop.time() - before)
        await send({"type": "http.response.body", "body": b""})

    def _start(self, media_type: str, *, lasting: bool, length: int | None = None) -> Message:
        headers = {**self._headers, "Content-Type": content_type(media_type)}
        headers["Cache-Control"] = REVALIDATE if lasting else "no-store"
        if lasting:
            headers["ETag"] = self._etag
        if self._job.encoding != "identity":
            headers["Content-Encoding"] = self._job.encoding
        if length is not None:
            headers["Content-Length"] = str(length)
        return {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()
            ],
        }

    def _unchanged(self) -> Response:
        return not_modified(self._etag, {**self._headers, "Cache-Control": REVALIDATE})


def answer(
    state: AppState,
    request: Request,
    text: str,
    formats: tuple[str | None, str | None],
    *,
    dataset: tuple[tuple[str, ...] | None, tuple[str, ...] | None] = (None, None),
    ordered: bool = False,
    headers: Mapping[str, str] | None = None,
) -> QueryAnswer:
    """Return the answer to a query text.

    `formats` are those for rows and for a graph (None is not acceptable), `dataset` the default
    and named graphs of the request, `ordered` whether rows come in a settled order.
    """
    job = Job(text, *formats, *dataset, encoding=encoding_for(request), ordered=ordered)
    return QueryAnswer(state, request, job, headers)
