"""The fork server: a process that holds the graph once and forks a worker in milliseconds.

A fork shares the graph's memory with its maker, so workers are cheap to have and cheap to kill.
The parent of all (the web server, which has a `ForkServer`) never forks and never runs a query.
Requests come over a socket and are answered by one number and a line feed:

"0" and the worker's end of a socket    a worker is forked; its process id
the process id of a worker              it is killed; its status as os.waitpid gives it

Run as `python -m govgraph.web.server.fork_server SOCKET LIMITS FOLDER`: the folder of the cache
that has the graph, or "" where its named graphs come on stdin as N-Quads. Their union becomes the
default graph. It ends, with all its workers, when the socket is closed.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.assembly import cache
from govgraph.errors import GovgraphError
from govgraph.rdf.reading import unite
from govgraph.web.describe import PublishedGraph
from govgraph.web.server.limits import Limits
from govgraph.web.server.worker import restrict, serve

_START_LIMIT: Final = 120.0  # seconds until the fork server has read the graph
_PR_SET_PDEATHSIG: Final = 1
_NEEDED: Final = (
    "govgraph.results.writers", "rdflib.plugins.parsers.nquads", "rdflib.plugins.serializers.nt",
    "rdflib.plugins.sparql.parser", "rdflib.plugins.sparql.results.jsonresults",
    "rdflib.plugins.stores.memory",
)  # fmt: skip
"""Modules that a worker may need, which can open no file to import them."""
_prctl: Final = getattr(ctypes.CDLL(None), "prctl", None)
"""prctl(2) of Linux: without it a busy worker would outlive a fork server that is killed."""


class ForkServer:
    """The parent's end: starts the process, and starts it anew where something has ended it."""

    def __init__(self, graph: PublishedGraph, limits: Limits):
        self._graph, self._limits = graph, limits
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process and wait until it has read the graph; raises GovgraphError."""
        folder = self._graph.cache_folder
        cached = str(folder) if folder is not None and folder.is_dir() else ""
        ours, theirs = socket.socketpair()
        ours.settimeout(_START_LIMIT)
        with theirs:
            command = [sys.executable, "-m", "govgraph.web.server.fork_server"]
            arguments = [str(theirs.fileno()), json.dumps(asdict(self._limits)), cached]
            self._process = subprocess.Popen(
                [*command, *arguments], stdin=subprocess.PIPE, pass_fds=[theirs.fileno()]
            )
        self._socket, self._answers = ours, ours.makefile("r")
        assert self._process.stdin is not None
        try:
            with self._process.stdin as stream:
                if not cached:
                    self._graph.store.dump(stream, format=ox.RdfFormat.N_QUADS)
            self._answer()
        except (OSError, ValueError):
            raise GovgraphError("The process that answers queries could not start.") from None

    def fork(self, connection: socket.socket) -> int:
        """Return the process id of a new worker at the other end of `connection`."""
        with self._lock:
            for _ in range(2):
                with contextlib.suppress(OSError, ValueError):
                    socket.send_fds(self._socket, [b"0"], [connection.fileno()])
                    return self._answer()
                self.close(0)
                self.start()
        raise GovgraphError("The process that answers queries forks no worker.")

    def kill(self, pid: int) -> int:
        """End a worker; returns the signal it died of, 0 where it ended by itself."""
        with self._lock:
            try:
                self._socket.sendall(str(pid).encode())
                status = self._answer()
            except (OSError, ValueError):  # the fork server is gone, its workers may not be
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                return int(signal.SIGKILL)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    def close(self, seconds: float = 5) -> None:
        """End the fork server and all its workers; it is killed after some seconds."""
        self._answers.close()
        self._socket.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self) -> int:
        """Return the next answer; raises ValueError where the process has ended."""
        return int(self._answers.readline())


def main(arguments: list[str]) -> None:
    """Load the graph, say so, and fork workers until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then hangs up
    control = socket.socket(fileno=int(arguments[0]))
    limits = Limits(**json.loads(arguments[1]))
    for name in _NEEDED:
        importlib.import_module(name)
    store = _read(arguments[2])
    gc.collect()
    gc.freeze()  # what never changes stays shared
    workers: set[int] = set()
    try:
        control.sendall(b"0\n")
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 100, 1)
            if not message:
                return
            if descriptors:
                answer = _fork(store, control, descriptors[0], limits)
                workers.add(answer)
            else:
                answer = _kill(int(message), workers)
            control.sendall(f"{answer}\n".encode())
    except ConnectionError:  # the parent was killed
        return
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)


def _read(folder: str) -> ox.Store:
    """Return the named graphs and their union, from the cache or from stdin."""
    if folder:
        return cache.CachedGraph(Path(folder)).view.store
    store = ox.Store()
    # Parsed, not loaded: blank nodes keep the labels that they have in the server.
    store.bulk_extend(ox.parse(sys.stdin.buffer, format=ox.RdfFormat.N_QUADS))
    unite(store)
    return store


def _fork(store: ox.Store, control: socket.socket, descriptor: int, limits: Limits) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    # The child leaves by os._exit alone: nothing of the fork server's may be run or flushed twice.
    try:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        control.close()
        connection = socket.socket(fileno=descriptor)
        serve(store, restrict(connection, limits), limits)
    finally:
        os._exit(0)


def _kill(pid: int, workers: set[int]) -> int:
    """End a worker and return its status; one that ended by itself keeps its own."""
    if pid not in workers:
        return int(signal.SIGKILL)  # with the fork server before this one
    workers.remove(pid)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    main(sys.argv[1:])
