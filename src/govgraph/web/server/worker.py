"""A worker: one process that answers one query after another, until it is killed.

It talks over one socket. A job comes as one line of JSON (see `Job`); what goes back are frames of
one byte of kind, four of length, and content: START (JSON: media type, whether the query
answers the same each time, warnings), DATA, and then END, or ERROR (JSON: status, message) in the
place of any of them.
"""

import contextlib
import errno
import json
import os
import resource
import socket
import struct
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError, SourceError
from govgraph.queries import run
from govgraph.queries.engine import for_engine, syntax_error
from govgraph.queries.running import unknown_terms, unmet_ends
from govgraph.queries.sparql import Outline, lasts, outline
from govgraph.rdf.formats import RDF_FORMATS
from govgraph.rdf.names import Names
from govgraph.rdf.reading import UnionView
from govgraph.rdf.writing import sort_prefixes, write
from govgraph.results import FORMATS
from govgraph.vocabulary import BASE, NAME_PREFIXES
from govgraph.web.server.limits import HttpError, Limits

START, DATA, END, ERROR = b"S", b"D", b"E", b"X"
FRAME: Final = struct.Struct("!cI")
RETIRE: Final = b"retire"
"""Content of END where the worker has grown and wants to be replaced."""

_PIECE: Final = 32_768
"""Bytes that are sent at once; what fails before the first of them still has its right status."""
_NO_SERVICE: Final = "SERVICE is switched off: this endpoint asks no other endpoint."
_NO_DESCRIPTOR: Final = f"(os error {errno.EMFILE})"
_ROWS: Final = ("json", "xml", "csv", "tsv")


@dataclass(frozen=True)
class Job:
    """A query to answer.

    rows, graph      format for rows or a yes or no, and for a graph; None is not acceptable
    default_graphs, named_graphs   dataset of the protocol; both None: the query's own, else all
    gzip             whether the answer is compressed
    ordered          rows in a settled order, the whole result at once (for stored queries)
    base, prefixes   of the graph's names: prefixes need not be declared
    address          what its relative IRIs are relative to; "" is the base
    """

    text: str
    rows: str | None
    graph: str | None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    gzip: bool = False
    ordered: bool = False
    base: str = BASE
    address: str = ""
    prefixes: Mapping[str, str] = field(default_factory=lambda: NAME_PREFIXES)


class Output:
    """A binary stream whose content goes to the parent in frames."""

    def __init__(
        self, connection: socket.socket, job: Job, name: str, most: int, warnings: Iterable[str]
    ):
        self._connection, self._most = connection, most
        start = {
            "type": FORMATS[name].media_type,
            "lasting": lasts(job.text),
            "warnings": list(warnings),
        }
        self._first = frame(START, json.dumps(start).encode())
        self._compressor = zlib.compressobj(5, zlib.DEFLATED, 31) if job.gzip else None
        self._held = bytearray()
        self._written = 0

    def write(self, data: bytes) -> int:
        """Take a piece of the result; raises HttpError where the result becomes too large."""
        self._written += len(data)
        if self._written > self._most:
            message = (
                f"The result is larger than {self._most:,} bytes: add a LIMIT, or select less."
            )
            raise HttpError(413, message)
        self._held += data
        if len(self._held) >= _PIECE:
            self._connection.sendall(self._frames())
        return len(data)

    def flush(self) -> None:
        """Do nothing: pieces are sent by size."""

    def close(self, end: bytes) -> None:
        """Send what is left, and that this is the end."""
        frames = self._frames()
        if self._compressor is not None:
            frames += frame(DATA, self._compressor.flush())
        self._connection.sendall(frames + frame(END, end))

    def _frames(self) -> bytes:
        """Return what is held as frames; a small result goes over in one."""
        data, first = bytes(self._held), self._first
        self._held.clear()
        self._first = b""
        if first and data.startswith(b"@prefix "):
            data = sort_prefixes(data)
        if self._compressor is not None:
            data = self._compressor.compress(data)
        return first + frame(DATA, data) if data else first


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return a frame as it goes over the socket."""
    return FRAME.pack(kind, len(content)) + content


def serve(store: ox.Store, connection: socket.socket, limits: Limits) -> None:
    """Answer jobs until the parent hangs up."""
    at_first = _peak_memory()
    for line in connection.makefile("rb"):
        try:
            output = _answer(store, connection, Job(**json.loads(line)), limits)
            # What past queries left behind must not take too much of the next one's memory.
            grown = _peak_memory() - at_first > limits.memory_limit // 4
            output.close(RETIRE if grown else b"")
        except HttpError as error:
            content = {"status": error.status, "message": error.message}
            connection.sendall(frame(ERROR, json.dumps(content).encode()))


def _answer(store: ox.Store, connection: socket.socket, job: Job, limits: Limits) -> Output:
    """Write the answer to a job; returns where it was written. Raises HttpError."""
    parts = outline(job.text)
    if parts.has_service:
        raise HttpError(400, _NO_SERVICE)
    if parts.form == "update":
        raise HttpError(403, "This endpoint is read-only: it takes queries, not updates.")
    given, names = for_engine(job.text, job.prefixes), Names(job.base, job.prefixes)
    is_plain = job.default_graphs is None and job.named_graphs is None
    try:
        if job.ordered or (is_plain and unmet_ends(job.text, store, names)):
            result = run(job.text, UnionView(store, names))
            name = _format(job, result.kind == "graph")
            output = Output(connection, job, name, limits.result_limit, result.warnings)
            output.write(result.serialize(name))
        else:
            # without FROM, the default graph: the union of all others
            dataset: dict[str, Any] = {}
            if not is_plain:  # SPARQL 1.1 Protocol, section 2.1.4: it wins over FROM
                dataset["default_graph"] = list(map(ox.NamedNode, job.default_graphs or ()))
                dataset["named_graphs"] = list(map(ox.NamedNode, job.named_graphs or ()))
            answer = store.query(given.text, base_iri=job.address or job.base, **dataset)
            name = _format(job, isinstance(answer, ox.QueryTriples))
            warnings = unknown_terms(job.text, store, names)
            output = Output(connection, job, name, limits.result_limit, warnings)
            _write(answer, name, output, parts)
    except (SyntaxError, SourceError) as error:
        # A SourceError stands for the engine's SyntaxError, which alone knows the column.
        first = error if isinstance(error, SyntaxError) else error.__context__
        message = given.located(str(first)) if first is error else str(first or error)
        wrong = syntax_error(message, job.text, None)
        place = f"line {wrong.line or 1}, column {wrong.column or 1}"
        raise HttpError(400, f"{place}: {wrong.message}") from None
    except (ValueError, RuntimeError, OSError, GovgraphError) as error:
        # The scanner can be deceived; that no connection can be opened here cannot.
        message = f"The query could not be answered: {error}"
        raise HttpError(400, _NO_SERVICE if _NO_DESCRIPTOR in message else message) from None
    except (HttpError, MemoryError):
        raise
    except Exception as error:
        message = f"The server failed by a fault of its own ({type(error).__name__}): report it."
        raise HttpError(500, message) from None
    return output


def _format(job: Job, is_graph: bool) -> str:
    name = job.graph if is_graph else job.rows
    if name is None:
        offered = [FORMATS[format].media_type for format in (RDF_FORMATS if is_graph else _ROWS)]
        raise HttpError(406, f"This query answers in one of: {', '.join(offered)}.")
    return name


def _write(
    answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    name: str,
    output: Output,
    parts: Outline,
) -> None:
    engine: Any = FORMATS[name].engine
    if isinstance(answer, ox.QueryTriples) and not RDF_FORMATS[name].lines:
        prefixes = {key: iri for key, iri in parts.prefixes.items() if ":" in iri}
        write(answer, output, engine, prefixes)
    else:
        answer.serialize(output, format=engine)  # type: ignore[arg-type]


def _peak_memory() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def restrict(connection: socket.socket, limits: Limits) -> socket.socket:
    """Take from this process what no query needs; returns the connection, on a new descriptor.

    Memory past the limit (on Linux); and every file descriptor but the connection's, so that
    whatever the engine may be talked into, no query reaches a file or another host.
    """
    fixed = socket.socket(fileno=os.dup2(connection.detach(), 3))
    with contextlib.suppress(OSError):  # no /proc
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + limits.memory_limit
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    # The engine's last words, before a panic or for want of memory, are for the parent.
    os.dup2(fixed.fileno(), 2)
    sys.stderr = sys.stdout
    os.closerange(4, 1024)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return fixed
