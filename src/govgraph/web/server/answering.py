"""A query's answer on its way to the client: kept, streamed, or stopped when nobody listens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from govgraph.queries.sparql import lasts
from govgraph.web.server.limits import Refusal
from govgraph.web.server.responses import (
    REVALIDATE,
    content_type,
    encoding_for,
    matches,
    not_modified,
    refuse,
)
from govgraph.web.server.state import AppState, Kept
from govgraph.web.server.worker import Job

ABORT: Final = "govgraph.abort"
"""Key of the connection's abort function in the scope (see `govgraph.web.server.connections`)."""


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
        etag: str = "",
    ):
        self._state, self._request, self._job = state, request, job
        self._headers = {"Vary": "Accept, Accept-Encoding", **(headers or {})}
        parts = (job.text, str(job.rows), str(job.graph), str(job.default_graphs))
        self._etag = etag or state.etag(*parts, str(job.named_graphs), str(job.ordered))
        self._lasting = lasts(job.text)
        self._headers["Cache-Control"] = REVALIDATE if self._lasting else "no-store"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._lasting and matches(self._request, self._etag):
            await not_modified(self._etag, self._headers)(scope, receive, send)
            return
        if self._lasting:
            self._headers["ETag"] = self._etag
            kept: Kept | None = self._state.shelf.get((self._etag, self._job.encoding))
            if kept is not None:
                await send(self._start(kept.media_type, len(kept.body)))
                await send({"type": "http.response.body", "body": kept.body})
                return
        # Whoever comes first: the end of the answer, or the client's leaving.
        work = asyncio.create_task(self._deliver(scope, receive, send))
        gone = asyncio.create_task(until_gone(receive))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not work.done():
                work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise

    def _start(self, media_type: str, length: int | None = None) -> Message:
        headers = {**self._headers, "Content-Type": content_type(media_type)}
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

    def _keep(self, body: bytes, media_type: str) -> None:
        if self._lasting:
            kept = Kept(body, media_type)
            self._state.shelf.put((self._etag, self._job.encoding), kept, len(body))

    async def _deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        client = self._request.client.host if self._request.client else ""
        loop = asyncio.get_running_loop()
        try:
            async with self._state.pool.execution(self._job, client) as execution:
                media_type = execution.start["type"]
                started = True
                if "whole" in execution.start:
                    body = b"".join([piece async for piece in execution.pieces()])
                    self._keep(body, media_type)
                    await send(self._start(media_type, len(body)))
                    await send({"type": "http.response.body", "body": body})
                    return
                await send(self._start(media_type))
                if self._request.method == "HEAD":
                    await send({"type": "http.response.body", "body": b""})
                    return
                copy: list[bytes] | None = [] if self._lasting else None
                size = 0
                async for piece in execution.pieces():
                    before = loop.time()
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    execution.forgive(loop.time() - before)
                    size += len(piece)
                    if copy is not None:
                        copy = [*copy, piece] if size <= self._state.shelf.piece else None
                await send({"type": "http.response.body", "body": b""})
                if copy is not None:
                    self._keep(b"".join(copy), media_type)
        except Refusal as refusal:
            if started:
                await break_off(scope)
            else:
                await refuse(refusal)(scope, receive, send)


def answer(
    state: AppState,
    request: Request,
    text: str,
    formats: tuple[str | None, str | None],
    *,
    dataset: tuple[tuple[str, ...] | None, tuple[str, ...] | None] = (None, None),
    ordered: bool = False,
    headers: Mapping[str, str] | None = None,
    etag: str = "",
) -> QueryAnswer:
    """Return the answer to a query text.

    `formats` are those for rows and for a graph (None is not acceptable), `dataset` the default
    and named graphs of the request; `etag` where it is not to be that of the query.
    """
    job = Job(text, *formats, *dataset, encoding=encoding_for(request), ordered=ordered)
    return QueryAnswer(state, request, job, headers, etag)


async def until_gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def break_off(scope: Scope) -> None:
    """Close the connection at once: without the last chunk, no client holds this complete."""
    abort = scope.get(ABORT)
    if abort is None:
        raise RuntimeError("the result was cut short by a limit")
    abort()
    await asyncio.sleep(0.05)  # the server then knows that the client is gone
