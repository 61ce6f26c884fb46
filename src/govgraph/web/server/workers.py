"""The pool of workers: fair queueing, one query each, killed and replaced past their limits."""

import asyncio
import contextlib
import json
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any, Final
from weakref import WeakValueDictionary

from govgraph.errors import GovgraphError
from govgraph.rdf.dumps import MEGABYTE
from govgraph.web.describe import PublishedGraph
from govgraph.web.server.fork_server import ForkServer
from govgraph.web.server.limits import HttpError, Limits
from govgraph.web.server.worker import DATA, END, ERROR, FRAME, RETIRE, START, Job

_KINDS: Final = frozenset({START, DATA, END, ERROR})
_LAST_WORDS: Final = 4000


class WorkerLostError(HttpError):
    """A worker was ended from outside before its first frame."""


@dataclass
class Worker:
    """One worker process, and the streams to talk to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Execution:
    """One query under way at a worker; `start` is what the worker says of its answer."""

    def __init__(self, worker: Worker, fork_server: ForkServer, limits: Limits):
        self._worker, self._fork_server, self._limits = worker, fork_server, limits
        self.start: dict[str, Any] = {}
        self.is_free = False  # whether the worker can take another job
        self._left = limits.time_limit
        """Seconds; those in which the client reads do not count."""

    async def begin(self, job: Job) -> None:
        """Send the job and await its first rows; raises HttpError for what stopped it."""
        self._worker.writer.write(json.dumps(asdict(job)).encode() + b"\n")
        kind, content = await self._frame()
        assert kind == START
        self.start = json.loads(content)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the result in pieces; raises HttpError where a limit cuts it short."""
        while True:
            kind, content = await self._frame()
            if kind == END:
                self.is_free = content != RETIRE
                return
            assert kind == DATA
            yield content

    async def _frame(self) -> tuple[bytes, bytes]:
        """Return kind and content of the next frame; raises HttpError for an error."""
        words, loop = b"", asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(self._left):
                head = await self._worker.reader.readexactly(FRAME.size)
                kind, length = FRAME.unpack(head)
                if kind not in _KINDS:  # what a process that dies says on stderr
                    words = head + await self._worker.reader.read(_LAST_WORDS)
                    raise ConnectionError  # noqa: TRY301
                content = await self._worker.reader.readexactly(length)
        except TimeoutError:
            limit = self._limits.time_limit
            message = f"The query was stopped after {limit:g} s, the limit: select less, or LIMIT."
            raise HttpError(503, message, {"Retry-After": "60"}) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            died_of = await asyncio.to_thread(self._fork_server.kill, self._worker.pid)
            raise self._death(died_of, words) from None
        self._left -= loop.time() - begun
        if kind == ERROR:
            self.is_free = True
            error = json.loads(content)
            raise HttpError(error["status"], error["message"])
        return kind, content

    def _death(self, died_of: int, words: bytes) -> HttpError:
        if died_of in {signal.SIGSEGV, signal.SIGBUS}:
            return HttpError(413, "The query is nested too deep to be read: simplify it.")
        if died_of in {signal.SIGKILL, signal.SIGTERM}:
            message = "The process of this query was ended from outside: try again."
            return WorkerLostError(503, message, {"Retry-After": "5"})
        if died_of == signal.SIGABRT and not words.startswith(b"memory"):
            return HttpError(500, "The engine gave up on this query, by a fault of its own.")
        megabytes = self._limits.memory_limit // MEGABYTE
        message = f"The query was stopped: it needed more than the {megabytes:,} MB it may have."
        return HttpError(503, message, {"Retry-After": "60"})


class Pool:
    """Workers, and the queue for them.

    Requests wait in the order they came, but of each client only as many at once as there are
    workers less one: whoever has many queries does not hold up who has one.
    """

    def __init__(self, graph: PublishedGraph, limits: Limits):
        self._limits, self._fork_server = limits, ForkServer(graph, limits)
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._waiting = 0
        self._opening: asyncio.Future[None] | None = None
        self._replacing: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Start the workers, unless they are; awaits until they can answer."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        await asyncio.shield(self._opening)  # whoever else waits, may give up

    async def _open(self) -> None:
        await asyncio.to_thread(self._fork_server.start)
        for _ in range(self._limits.workers):
            self._idle.put_nowait(await self._new())

    async def close(self) -> None:
        """End all workers."""
        if self._opening is None:
            return
        await asyncio.wait({self._opening})
        for task in self._replacing:
            task.cancel()
        await asyncio.to_thread(self._fork_server.close)
        while not self._idle.empty():
            self._idle.get_nowait().writer.close()

    @contextlib.asynccontextmanager
    async def execution(self, job: Job, client: str) -> AsyncIterator[Execution]:
        """Run a job when it is its client's turn; what is left unfinished is killed.

        Raises HttpError where the queue is full, or the job is stopped before its first row.
        """
        most = max(1, self._limits.workers - 1)
        turns = self._turns.setdefault(client, asyncio.Semaphore(most))
        worker = await self._acquire(turns)
        execution = Execution(worker, self._fork_server, self._limits)
        try:
            try:
                await execution.begin(job)
            except WorkerLostError:  # perhaps while it was idle: that is to cost nobody an answer
                worker = await self._renewed(worker)
                execution = Execution(worker, self._fork_server, self._limits)
                await execution.begin(job)
            yield execution
        finally:
            if execution.is_free:
                self._idle.put_nowait(worker)
                turns.release()
            else:
                task = asyncio.create_task(self._replace(worker, turns))
                self._replacing.add(task)
                task.add_done_callback(self._replacing.discard)

    async def _acquire(self, turns: asyncio.Semaphore) -> Worker:
        if self._waiting >= self._limits.queue_limit:
            raise HttpError(503, "Too many queries are waiting: try again.", {"Retry-After": "5"})
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.queue_time_limit):
                await self.open()
                await turns.acquire()
                try:
                    return await self._idle.get()
                except asyncio.CancelledError:
                    turns.release()
                    raise
        except TimeoutError:
            message = "No worker became free in time: try again."
            raise HttpError(503, message, {"Retry-After": "10"}) from None
        except GovgraphError as error:
            raise HttpError(503, str(error), {"Retry-After": "10"}) from None
        finally:
            self._waiting -= 1

    async def _replace(self, worker: Worker, turns: asyncio.Semaphore) -> None:
        while True:
            try:
                self._idle.put_nowait(await self._renewed(worker))
            except (GovgraphError, OSError):  # short of memory or processes: that may pass
                await asyncio.sleep(1)
            else:
                break
        turns.release()

    async def _renewed(self, worker: Worker) -> Worker:
        worker.writer.transport.abort()
        await asyncio.to_thread(self._fork_server.kill, worker.pid)
        return await self._new()

    async def _new(self) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            pid = await asyncio.to_thread(self._fork_server.fork, theirs)
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 18)
        return Worker(pid, reader, writer)
