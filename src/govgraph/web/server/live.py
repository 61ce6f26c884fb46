"""A server that may be written to: after each write, an application of the new state takes over.

A request is answered by one state from its first byte to its last. Writes wait for one another; a
reader waits for none, and what it reads is whole: the state before a write, or that after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable
from typing import Final

import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from govgraph.api.knowledge_graph import KnowledgeGraph
from govgraph.api.local import LocalGraph
from govgraph.errors import GovgraphError
from govgraph.web.server.authority import Authority
from govgraph.web.server.change import Change
from govgraph.web.server.durable import DurableStore
from govgraph.web.server.limits import Refusal
from govgraph.web.server.state import AppState, Settings
from govgraph.web.server.workers import Template

MakeApp = Callable[[KnowledgeGraph, Settings, Template | None, "Live | None"], Starlette]
Precondition = Callable[[ox.Store], None]
"""Raises Refusal 412 where a store is not what the client takes it for."""

_STACK: Final = "govgraph.state"
"""Key in the scope of what lets go of the state that answers a request."""
_MOST_STATES: Final = 4
"""States kept for requests under way; a write waits where there are more."""


class _Serving:
    """The application of one state, and how many requests it has under way."""

    def __init__(self, app: Starlette):
        self.app, self.users = app, 0
        self._stack = contextlib.AsyncExitStack()

    @property
    def state(self) -> AppState:
        state: AppState = self.app.state.govgraph
        return state

    async def open(self) -> None:
        await self._stack.enter_async_context(self.app.router.lifespan_context(self.app))

    async def close(self) -> None:
        await self._stack.aclose()


class Live:
    """ASGI application over a durable store; `make_app` makes that of one state of it."""

    def __init__(self, durable: DurableStore, token: str, settings: Settings, make_app: MakeApp):
        self.authority = Authority(token)
        self.limits = settings.limits
        self._durable, self._settings, self._make_app = durable, settings, make_app
        self._sources = durable.sources()
        self._writing = asyncio.Lock()
        self._room = asyncio.Condition()
        self._retired: set[_Serving] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._spare = Template(settings.limits, writable=True)
        self._current = self._serve(durable.graph_store())
        self._lifespan = Starlette(lifespan=self._live)
        self.state = State({"govgraph": self._current.state})

    def _serve(self, store: ox.Store) -> _Serving:
        """Return the application of a state, with the spare template; a new spare is begun."""
        graph = KnowledgeGraph(LocalGraph(store, self._sources))
        template, self._spare = self._spare, Template(self.limits, writable=True)
        return _Serving(self._make_app(graph, self._settings, template, self))

    @contextlib.asynccontextmanager
    async def _live(self, app: Starlette) -> AsyncIterator[None]:
        await self._current.open()
        try:
            yield
        finally:
            for each in [self._current, *self._retired]:
                await each.close()
            await asyncio.to_thread(self._spare.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from the state there is when it comes."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        serving = self._current
        serving.users += 1
        with contextlib.ExitStack() as stack:
            stack.callback(self._leave, serving)
            await serving.app({**scope, _STACK: stack}, receive, send)

    def _leave(self, serving: _Serving) -> None:
        serving.users -= 1
        self._close_if_done(serving)

    async def write(
        self, request: Request, change: Change, precondition: Precondition | None = None
    ) -> bool:
        """Apply a change; returns whether it made the graph it is about.

        When this returns, it is on the disk, and whoever asks sees it. Raises Refusal where it is
        refused, violates the shapes or cannot be stored; then nothing has changed.
        """
        # Who waits to write needs no longer the state that was there when the request came.
        request.scope[_STACK].close()
        await self._turn()
        try:
            return await self._write(change, precondition)
        finally:
            self._writing.release()

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(self.limits.queue_time_limit):
                await self._writing.acquire()
        except TimeoutError:
            raise _busy("Other writes are under way: try again.") from None
        try:
            async with asyncio.timeout(self.limits.queue_time_limit), self._room:
                await self._room.wait_for(lambda: len(self._retired) < _MOST_STATES)
        except TimeoutError:
            self._writing.release()
            raise _busy("Too many earlier states are still being read: try again.") from None

    async def _write(self, change: Change, precondition: Precondition | None) -> bool:
        before = self._current
        store = before.state.graph.store
        if precondition is not None:
            await asyncio.to_thread(precondition, store)
        report, content = await before.state.pool.attempt(change)
        if not content:
            return bool(report["created"])
        removed, added = await asyncio.to_thread(_difference, report["removed"], content)
        changed = await asyncio.to_thread(_changed, store, removed, added)
        after = self._serve(changed)
        try:
            await after.open()
            # All that could fail for want of memory or processes is done: now it counts.
            await asyncio.to_thread(self._durable.commit, removed, added)
        except (GovgraphError, OSError) as error:
            await after.close()
            raise Refusal(507, f"The write could not be stored: {error}") from None
        self._current = after
        self.state.govgraph = after.state
        self._retired.add(before)
        self._close_if_done(before)
        return bool(report["created"])

    def _close_if_done(self, serving: _Serving) -> None:
        if serving in self._retired and not serving.users:
            task = asyncio.create_task(self._close(serving))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _close(self, serving: _Serving) -> None:
        await serving.close()
        gc.collect()  # an application is full of cycles, and holds a whole graph
        async with self._room:
            self._retired.discard(serving)
            self._room.notify_all()


def _busy(message: str) -> Refusal:
    return Refusal(503, message, {"Retry-After": "5"})


def _difference(length: int, content: bytes) -> tuple[frozenset[ox.Quad], frozenset[ox.Quad]]:
    parts = content[:length], content[length:]
    removed, added = (frozenset(ox.parse(each, format=ox.RdfFormat.N_QUADS)) for each in parts)
    return removed, added


def _changed(store: ox.Store, removed: frozenset[ox.Quad], added: frozenset[ox.Quad]) -> ox.Store:
    """Return a copy of a store without some quads, and with others."""
    changed = ox.Store()
    changed.bulk_extend(quad for quad in store if quad not in removed)
    changed.bulk_extend(added)
    return changed
