"""The fork server: a process that holds the graph once and forks a worker in milliseconds.

A fork shares the graph's memory with its maker, so workers are cheap to have and cheap to kill.
The parent of all (the web server) never forks and never runs a query. Requests come over a socket,
one line of JSON each, answered by one line:

{"do": "fork"} with the worker's end of a socket -> {"pid": 123}
{"do": "kill", "pid": 123}                       -> {"status": 9}   (as os.waitpid gives it)

Run as `python -m govgraph.web.server.fork_server SOCKET LIMITS`. On stdin comes one line with
the folder of the cache that has the graph, or an empty one and then the named graphs as N-Quads;
their union becomes the default graph. It ends, with all its workers, when the socket is closed.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from govgraph.assembly import cache
from govgraph.web.server.limits import Limits
from govgraph.web.server.worker import restrict, serve

_PR_SET_PDEATHSIG: Final = 1
_NEEDED: Final = ("govgraph.results.writers", "rdflib.plugins.sparql.parser")
_prctl: Final = getattr(ctypes.CDLL(None), "prctl", None)
"""prctl(2) of Linux: without it a busy worker would outlive a fork server that is killed."""


def main(arguments: list[str]) -> None:
    """Load the graph, say so, and fork workers until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then hangs up
    control = socket.socket(fileno=int(arguments[0]))
    limits = Limits(**json.loads(arguments[1]))
    _import_all(_NEEDED)
    store = _read(sys.stdin.buffer)
    gc.collect()
    gc.freeze()  # what never changes stays shared
    try:
        control.sendall(b'{"ready": true}\n')
    except OSError:  # the parent has given up before it came to serve
        return
    workers: set[int] = set()
    try:
        while True:
            try:
                message, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
            except ConnectionError:  # the parent was killed in the middle of a request
                return
            if not message:
                return
            request = json.loads(message)
            if request["do"] == "fork":
                answer = _fork(store, control, descriptors[0], limits, workers)
            else:
                answer = _kill(int(request["pid"]), workers)
            control.sendall(json.dumps(answer).encode() + b"\n")
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)


def _read(stream: BinaryIO) -> ox.Store:
    """Return the named graphs and their union, from the cache or from the stream itself."""
    if folder := stream.readline().decode().rstrip("\n"):
        return cache.CachedGraph(Path(folder)).view.store
    store = ox.Store()
    # Parsed, not loaded: blank nodes keep the labels that they have in the server.
    store.bulk_extend(ox.parse(stream, format=ox.RdfFormat.N_QUADS))
    # Oxigraph's own union of graphs repeats a triple that several graphs hold, and so miscounts.
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


def _fork(
    store: ox.Store,
    control: socket.socket,
    descriptor: int,
    limits: Limits,
    workers: set[int],
) -> dict[str, Any]:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        workers.add(pid)
        return {"pid": pid}
    # The child leaves by os._exit alone: nothing of the fork server's may be run or flushed twice.
    try:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        control.close()
        connection = socket.socket(fileno=descriptor)
        serve(store, restrict(connection, limits), limits)
    finally:
        os._exit(0)


def _kill(pid: int, workers: set[int]) -> dict[str, Any]:
    """End a worker and take its status; one that ended by itself keeps its own."""
    if pid not in workers:
        return {"status": 0}
    workers.discard(pid)
    os.kill(pid, signal.SIGKILL)
    return {"status": os.waitpid(pid, 0)[1]}


def _import_all(names: Iterable[str]) -> None:
    """Import what a worker may need, for it can open no file."""
    import importlib

    for name in names:
        importlib.import_module(name)


if __name__ == "__main__":
    main(sys.argv[1:])
