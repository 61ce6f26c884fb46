"""A worker: one process that answers one query after another, until it is killed.

It talks over one socket. A job comes as four bytes of length and JSON (see `Job`); what goes back
are frames of one byte of kind, four of length, and content: START (JSON: format, media type,
whether the query answers the same each time, and "whole" where all frames come at once), DATA, and
then END, or ERROR (JSON: status, message) in the place of either.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError, SourceError
from govgraph.queries import run
from govgraph.queries.sparql import Outline, lasts, outline
from govgraph.queries.syntax import syntax_error
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.union import UnionView
from govgraph.rdf.writing import sort_prefixes
from govgraph.results import FORMATS
from govgraph.web.compression import compressor
from govgraph.web.http_error import HttpError
from govgraph.web.server.limits import Limits, check_complexity

START, DATA, END, ERROR = b"S", b"D", b"E", b"X"
FRAME: Final = struct.Struct("!cI")
LENGTH: Final = struct.Struct("!I")
RETIRE: Final = b"retire"
"""Content of END where the worker has grown and wants to be replaced."""

_FIRST_PIECE: Final = 16_384  # held back, so that what fails early still has its right status
_PIECE: Final = 65_536
POSITION: Final = re.compile(r"error at (\d+):(\d+)")
"""Line and column in what the engine says of a text that it cannot read."""

_ROWS: Final = ("json", "xml", "csv", "tsv")


@dataclass(frozen=True)
class Job:
    """A query to answer.

    rows, graph      format for rows or a yes or no, and for a graph; None is not acceptable
    default_graphs, named_graphs   dataset of the protocol; both None: the query's own, else all
    encoding         "identity", "gzip" or "zstd"
    ordered          rows in a settled order, the whole result at once (for stored queries)
    """

    text: str
    rows: str | None
    graph: str | None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    encoding: str = "identity"
    ordered: bool = False

    def dump(self) -> bytes:
        """Return the job as it goes over the socket."""
        content = json.dumps(vars(self)).encode()
        return LENGTH.pack(len(content)) + content


class Output:
    """A binary stream whose content goes to the parent in frames."""

    def __init__(self, connection: socket.socket, start: dict[str, Any], encoding: str, most: int):
        self._connection, self._start, self._most = connection, start, most
        self._compressor = compressor(encoding)
        self._pieces: list[bytes] = []
        self._held = self._written = 0
        self._sort = start.get("format") in {"ttl", "trig"}
        self.started = False
        self.refusal: HttpError | None = None

    def write(self, data: bytes) -> int:
        """Take a piece of the result; raises HttpError where the result becomes too large."""
        self._written += len(data)
        if self._written > self._most:
            self.refusal = HttpError(
                413, f"The result is larger than {self._most:,} bytes: add a LIMIT, or select less."
            )
            raise self.refusal
        self._pieces.append(bytes(data))
        self._held += len(data)
        if self._held >= (_PIECE if self.started else _FIRST_PIECE):
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: pieces are sent by size."""

    def close(self, end: bytes) -> None:
        """Send what is left, and that this is the end."""
        if not self.started:
            self._start["whole"] = True
        frames = self._frames()
        if rest := self._compressor.flush():
            frames += frame(DATA, rest)
        self._connection.sendall(frames + frame(END, end))

    def _send(self) -> None:
        self._connection.sendall(self._frames())

    def _frames(self) -> bytes:
        """Return what is held as frames; a small result goes over in one."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        frames = b""
        if not self.started:
            self.started = True
            frames = frame(START, json.dumps(self._start).encode())
            if self._sort:
                data = sort_prefixes(data)
        if piece := self._compressor.compress(data):
            frames += frame(DATA, piece)
        return frames


def send(connection: socket.socket, kind: bytes, content: bytes = b"") -> None:
    """Send one frame."""
    connection.sendall(frame(kind, content))


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return a frame as it goes over the socket."""
    return FRAME.pack(kind, len(content)) + content


def serve(store: ox.Store, connection: socket.socket, limits: Limits) -> None:
    """Answer jobs until the parent hangs up."""
    while True:
        head = connection.recv(LENGTH.size, socket.MSG_WAITALL)
        if len(head) < LENGTH.size:
            return
        (length,) = LENGTH.unpack(head)
        job = Job(**json.loads(connection.recv(length, socket.MSG_WAITALL)))
        try:
            _answer(store, connection, job, limits)
        except HttpError as refusal:
            content = {"status": refusal.status, "message": refusal.message}
            send(connection, ERROR, json.dumps(content).encode())


def _answer(store: ox.Store, connection: socket.socket, job: Job, limits: Limits) -> None:
    check_complexity(job.text, limits)
    parts = outline(job.text)
    if parts.has_service:
        raise HttpError(400, "SERVICE is switched off: this endpoint asks no other endpoint.")
    if parts.form == "update":
        raise HttpError(403, "This endpoint is read-only: it takes queries, not updates.")
    output = None
    try:
        if job.ordered:
            output = _write_ordered(store, connection, job, limits)
        else:
            answer = _query(store, job)
            name = _format(job, isinstance(answer, ox.QueryTriples))
            output = Output(connection, _start(name, job), job.encoding, limits.result_limit)
            _write(answer, name, output, parts)
        output.close(RETIRE if _grown(limits) else b"")
    except HttpError:
        raise
    except (SyntaxError, SourceError) as error:
        # A SourceError stands for the engine's SyntaxError, which alone knows the column.
        first = error if isinstance(error, SyntaxError) else error.__context__
        raise HttpError(400, _located(str(first or error), job.text, parts)) from None
    except (ValueError, RuntimeError, OSError, GovgraphError) as error:
        if output is not None and output.refusal is not None:
            raise output.refusal from None
        raise HttpError(400, f"The query could not be answered: {error}") from None


def _query(store: ox.Store, job: Job) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    if job.default_graphs is None and job.named_graphs is None:
        return store.query(job.text)  # without FROM, the default graph: the union of all others
    # SPARQL 1.1 Protocol, section 2.1.4: the dataset of the request wins over FROM.
    return store.query(
        job.text,
        default_graph=[ox.NamedNode(iri) for iri in job.default_graphs or ()],
        named_graphs=[ox.NamedNode(iri) for iri in job.named_graphs or ()],
    )


def _format(job: Job, is_graph: bool) -> str:
    name = job.graph if is_graph else job.rows
    if name is None:
        offered = [FORMATS[format].media_type for format in (RDF_FORMATS if is_graph else _ROWS)]
        raise HttpError(406, f"This query answers in one of: {', '.join(offered)}.")
    return name


def _start(name: str, job: Job) -> dict[str, Any]:
    return {"format": name, "type": FORMATS[name].media_type, "lasting": lasts(job.text)}


def _write(
    answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    name: str,
    output: Output,
    parts: Outline,
) -> None:
    if not isinstance(answer, ox.QueryTriples):
        answer.serialize(output, format=FORMATS[name].engine)  # type: ignore[arg-type]
    elif (rdf_format := RDF_FORMATS[name]).lines:
        answer.serialize(output, format=rdf_format.engine)  # type: ignore[arg-type]
    else:
        prefixes = {key: iri for key, iri in parts.prefixes.items() if ":" in iri}
        ox.serialize(answer, output, format=rdf_format.engine, prefixes=prefixes)  # type: ignore[arg-type]


def _write_ordered(store: ox.Store, connection: socket.socket, job: Job, limits: Limits) -> Output:
    result = run(job.text, UnionView(store))
    name = _format(job, result.kind == "graph")
    output = Output(connection, _start(name, job), job.encoding, limits.result_limit)
    output.write(result.serialize(name))
    return output


def _located(message: str, text: str, parts: Outline) -> str:
    """Return line, column and what is wrong there, given what the engine says."""
    error = syntax_error(message, text, parts, None)
    position = POSITION.match(message)
    line = error.line or 1
    column = int(position[2]) if position and int(position[1]) == line else 1
    return f"line {line}, column {column}: {error.message}"


def _grown(limits: Limits) -> bool:
    """Whether what past queries left behind takes too much of the next one's memory."""
    return address_space() - _room.at_first > limits.memory_limit // 4


class _Room:
    """How much address space this process had when it began."""

    at_first = 0
    statm: int | None = None


_room: Final = _Room()


def open_statm() -> None:
    """Open what tells the size of this process; without it (not Linux) no memory is limited."""
    try:
        _room.statm = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        _room.statm = None


def address_space() -> int:
    """Return the size of this process's address space in bytes; 0 where /proc is not there."""
    if _room.statm is None:
        return 0
    return int(os.pread(_room.statm, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")


def restrict(connection: socket.socket, limits: Limits) -> socket.socket:
    """Take from this process what no query needs; returns the connection, on a new descriptor.

    Memory past the limit; and every file descriptor but the connection's, so that whatever the
    engine may be talked into, no query reaches a file or another host.
    """
    import resource

    fixed = socket.socket(fileno=os.dup2(connection.detach(), 3))
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(4, 1024)
    open_statm()
    last = 4 if _room.statm is None else 5
    resource.setrlimit(resource.RLIMIT_NOFILE, (last, last))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _room.at_first = address_space()
    if _room.at_first:
        most = _room.at_first + limits.memory_limit
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return fixed
