"""The pool of workers: fair queueing, one query each, killed and replaced past their limits."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.web.http_error import HttpError
from govgraph.web.server.limits import MEGABYTE, Limits
from govgraph.web.server.worker import DATA, END, ERROR, FRAME, RETIRE, START, Job

_START_LIMIT: Final = 120.0  # seconds until the fork server has read the graph
_QUICK: Final = 0.3  # seconds; a query that takes longer leaves the processor to others
_NICE: Final = 5
_SHORT_WAIT: Final = 0.05  # seconds; a longer wait for the client is the client's own


class ForkServer:
    """The parent's end of the process that workers are made from (see `fork_server`)."""

    def __init__(self, limits: Limits):
        if not hasattr(os, "fork"):
            raise GovgraphError("serve needs a system that can fork: Linux or macOS, or WSL.")
        self._limits = limits
        self._lock = threading.Lock()
        self._store: ox.Store | None = None
        self._spawn()

    def begin(self, folder: Path) -> None:
        """Have it read the graph from a folder of the cache, while others do something else."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as stream:
            stream.write(f"{folder}\n".encode())
        self._begun = True

    def load(self, store: ox.Store) -> None:
        """Hand over the graph, unless it is being read, and wait until that is done."""
        self._store = store
        assert self._process.stdin is not None
        try:
            if not self._begun:
                with self._process.stdin as stream:
                    stream.write(b"\n")
                    store.dump(stream, format=ox.RdfFormat.N_QUADS)
            self._read()
        except OSError:
            raise GovgraphError("The process that answers queries could not start.") from None

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "govgraph.web.server.fork_server"]
            arguments = [str(theirs.fileno()), json.dumps(asdict(self._limits))]
            self._process = subprocess.Popen(
                [*command, *arguments], stdin=subprocess.PIPE, pass_fds=[theirs.fileno()]
            )
        self._begun = False
        self._socket = ours
        self._socket.settimeout(_START_LIMIT)

    def fork(self, connection: socket.socket) -> int:
        """Return the process id of a new worker at the other end of `connection`.

        Starts the fork server anew where something has ended it.
        """
        with self._lock:
            try:
                return int(self._ask({"do": "fork"}, connection)["pid"])
            except (OSError, ValueError):
                self._socket.close()
                self._process.kill()
                self._process.wait()
                self._spawn()
                assert self._store is not None
                self.load(self._store)
                return int(self._ask({"do": "fork"}, connection)["pid"])

    def kill(self, pid: int) -> int:
        """End a worker; returns the signal it died of."""
        with self._lock:
            try:
                status = int(self._ask({"do": "kill", "pid": pid})["status"])
            except (OSError, ValueError):  # the fork server is gone, its workers may not be
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                return int(signal.SIGKILL)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    def close(self) -> None:
        """End the fork server and all its workers."""
        self._socket.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, request: dict[str, Any], connection: socket.socket | None = None) -> Any:
        message = json.dumps(request).encode()
        if connection is None:
            self._socket.sendall(message)
        else:
            socket.send_fds(self._socket, [message], [connection.fileno()])
        return self._read()

    def _read(self) -> Any:
        line = b""
        while not line.endswith(b"\n"):
            piece = self._socket.recv(4096)
            if not piece:
                raise ConnectionError
            line += piece
        return json.loads(line)


@dataclass
class Worker:
    """One worker process, and the streams to talk to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Execution:
    """One query under way at a worker."""

    def __init__(self, worker: Worker, fork_server: ForkServer, limits: Limits):
        self._worker, self._fork_server, self._limits = worker, fork_server, limits
        self.start: dict[str, Any] = {}
        self.finished = self.retire = False
        loop = asyncio.get_running_loop()
        self._begun = loop.time()
        self._yielding = loop.call_later(_QUICK, self._yield)
        self._deadline = self._begun + limits.time_limit

    def _yield(self) -> None:
        """Let whatever is quick go first from now on; a process never gets that back."""
        self.retire = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._worker.pid, _NICE)

    def close(self) -> None:
        """Stop the clock."""
        self._yielding.cancel()

    async def begin(self, job: Job) -> None:
        """Send the job and await its first rows; raises HttpError for what stopped it."""
        self._worker.writer.write(job.dump())
        kind, content = await self._frame()
        if kind == ERROR:
            self.finished = True
            error = json.loads(content)
            raise HttpError(error["status"], error["message"])
        assert kind == START
        self.start = json.loads(content)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the result in pieces; raises HttpError where a limit cuts it short."""
        while True:
            kind, content = await self._frame()
            if kind == DATA:
                yield content
                continue
            self.finished = True
            self.retire = self.retire or content == RETIRE
            if kind == END:
                return
            raise HttpError(413, json.loads(content)["message"])

    def forgive(self, seconds: float) -> None:
        """Give back the time a slow client took to read, up to the limit of a delivery."""
        if seconds > _SHORT_WAIT:
            latest = self._begun + self._limits.delivery_limit
            self._deadline = max(self._deadline, min(self._deadline + seconds, latest))

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            async with asyncio.timeout_at(self._deadline):
                head = await self._worker.reader.readexactly(FRAME.size)
                kind, length = FRAME.unpack(head)
                return kind, await self._worker.reader.readexactly(length)
        except TimeoutError:
            limit = self._limits.time_limit
            message = f"The query was stopped after {limit:g} s, the limit: select less, or LIMIT."
            raise HttpError(503, message, {"Retry-After": "60"}) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            died_of = await asyncio.to_thread(self._fork_server.kill, self._worker.pid)
            raise self._death(died_of) from None

    def _death(self, died_of: int) -> HttpError:
        if died_of in {signal.SIGSEGV, signal.SIGBUS}:
            return HttpError(413, "The query is nested too deep to be read: simplify it.")
        megabytes = self._limits.memory_limit // MEGABYTE
        message = f"The query was stopped: it needed more than the {megabytes:,} MB it may have."
        return HttpError(503, message, {"Retry-After": "60"})


class Pool:
    """Workers, and the queue for them.

    Clients take turns: whoever has many queries waiting does not hold up who has one, and no
    client has all workers at once. A `fork_server` started beforehand saves the time it takes.
    """

    def __init__(self, store: ox.Store, limits: Limits, fork_server: ForkServer | None = None):
        self.limits = limits
        self._store, self._fork_server = store, fork_server or ForkServer(limits)
        self._idle: list[Worker] = []
        self._waiting: OrderedDict[str, deque[asyncio.Future[Worker]]] = OrderedDict()
        self._running: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def open(self) -> None:
        """Load the graph and start the workers; awaits until they can answer."""
        await asyncio.to_thread(self._fork_server.load, self._store)
        for _ in range(self.limits.workers):
            self._idle.append(await self._new())

    async def close(self) -> None:
        """End all workers."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.to_thread(self._fork_server.close)
        for worker in self._idle:
            worker.writer.close()

    @contextlib.asynccontextmanager
    async def execution(self, job: Job, client: str) -> AsyncIterator[Execution]:
        """Run a job when it is its client's turn; what is left unfinished is killed.

        Raises HttpError where the queue is full, or the job is stopped before its first row.
        """
        worker = await self._acquire(client)
        execution = Execution(worker, self._fork_server, self.limits)
        try:
            await execution.begin(job)
            yield execution
        finally:
            execution.close()
            if execution.finished and not execution.retire:
                self._release(worker, client)
            else:
                task = asyncio.create_task(self._replace(worker, client))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _acquire(self, client: str) -> Worker:
        if sum(map(len, self._waiting.values())) >= self.limits.queue_limit:
            raise HttpError(503, "Too many queries are waiting: try again.", {"Retry-After": "5"})
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._dispatch()
        if turn.done():
            return turn.result()
        try:
            async with asyncio.timeout(self.limits.queue_time_limit):
                return await asyncio.shield(turn)
        except TimeoutError:
            self._leave(turn, client)
            message = "No worker became free in time: try again."
            raise HttpError(503, message, {"Retry-After": "10"}) from None
        except asyncio.CancelledError:
            self._leave(turn, client)
            raise

    def _leave(self, turn: asyncio.Future[Worker], client: str) -> None:
        if turn.done():  # its turn came in the same moment
            self._release(turn.result(), client)
        else:
            turn.cancel()

    def _dispatch(self) -> None:
        """Give idle workers to the clients waiting, one each in turn."""
        most = max(1, self.limits.workers - 1)
        passed = 0
        while self._idle and passed < len(self._waiting):
            client, turns = next(iter(self._waiting.items()))
            while turns and turns[0].done():
                turns.popleft()
            if not turns:
                del self._waiting[client]
                continue
            self._waiting.move_to_end(client)
            if self._running[client] >= most:
                passed += 1
                continue
            passed = 0
            self._running[client] += 1
            turns.popleft().set_result(self._idle.pop())

    def _release(self, worker: Worker | None, client: str) -> None:
        self._running[client] -= 1
        if self._running[client] <= 0:
            del self._running[client]
        if worker is not None:
            self._idle.append(worker)
        self._dispatch()

    async def _replace(self, worker: Worker, client: str) -> None:
        worker.writer.transport.abort()
        await asyncio.to_thread(self._fork_server.kill, worker.pid)
        fresh = None
        while fresh is None and not self._closing:
            try:
                fresh = await self._new()
            except (GovgraphError, OSError):  # short of memory or processes: that may pass
                await asyncio.sleep(1)
        self._release(fresh, client)

    async def _new(self) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            pid = await asyncio.to_thread(self._fork_server.fork, theirs)
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 18)
        return Worker(pid, reader, writer)
