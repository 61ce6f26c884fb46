"""RDF dumps -> a database on disk, in pieces, so that memory does not grow with the dump.

N-Quads and N-Triples are cut at line ends and handed to Oxigraph's bulk loader piece by piece;
Turtle and TriG, whose lines hang together, are parsed as a stream of statements. A blank node gets
a name, as everywhere in govgraph: a piece would not know the blank nodes of another, and nobody
could ask for one, compare it or load it twice.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

from govgraph.errors import SourceError, UsageError
from govgraph.rdf.dumps import LINES, RDF_FORMATS, Dump, opened
from govgraph.store.on_disk import fill_store
from govgraph.vocabulary import BASE, graph_iri

PIECE: Final = 160 << 20
"""Bytes handed over at once: smaller takes less memory, but leaves more files to be merged."""
LONGEST_LINE: Final = 64 << 20
BATCH: Final = 500_000
"""Statements of Turtle and TriG handed over at once."""
GENID: Final = f"{BASE}.well-known/genid/"
STATEMENT: Final = re.compile(rb"^[ \t]*[^#\s]", re.MULTILINE)


@dataclass(frozen=True)
class Loaded:
    """How many statements were read, and of how many files."""

    statements: int
    files: int


def load_dumps(
    dumps: Sequence[Dump],
    folder: Path,
    progress: Callable[[str, int], None] = lambda shown, read: None,
) -> Loaded:
    """Load dumps into the database in `folder`, which is made, or extended where there is one.

    Triples of a file come into a graph named after the file, as with `build`. `progress` is told,
    now and then, the file and how many statements of it were read. Raises SourceError with file,
    line and column for what is not RDF; the database is then as it was before.
    """
    if not dumps:
        raise UsageError("nothing to load. Name one or several dumps, or - for standard input.")

    def fill(store: ox.Store) -> Loaded:
        names: set[str] = set()
        total = 0
        for dump in dumps:
            read = 0
            for count in _load(store, dump, taken=dump.name in names):
                read += count
                progress(dump.shown, read)
            names.add(dump.name)
            total += read
        return Loaded(total, len(dumps))

    return fill_store(folder, fill, extend=True)


def _load(store: ox.Store, dump: Dump, taken: bool) -> Iterator[int]:
    """Load one dump, yielding how many statements each piece had."""
    graph = ox.NamedNode(graph_iri(f"editorial/{dump.name}"))
    with opened(dump.path, dump.shown) as stream:
        if dump.suffix not in LINES:
            yield from _load_statements(store, stream, dump, _Namer(dump, graph, taken, {}))
            return
        line = 1
        for piece in _pieces(stream, dump.shown):
            try:
                if b"_:" in piece:
                    parsed = ox.parse(piece, format=RDF_FORMATS[dump.suffix])
                    store.bulk_extend(map(_Namer(dump, graph, taken, None), parsed))
                else:
                    lines = _Interruptible(piece)
                    store.bulk_load(lines, format=RDF_FORMATS[dump.suffix], to_graph=graph)
            except SyntaxError as error:
                raise _not_rdf(error, dump, line) from None
            yield _statements(piece)
            line += piece.count(b"\n")


def _load_statements(
    store: ox.Store, stream: IO[bytes], dump: Dump, name: Callable[[ox.Quad], ox.Quad]
) -> Iterator[int]:
    parsed = ox.parse(stream, format=RDF_FORMATS[dump.suffix], base_iri=BASE)
    try:
        while batch := [name(quad) for quad in islice(parsed, BATCH)]:
            store.bulk_extend(batch)
            yield len(batch)
    except SyntaxError as error:
        raise _not_rdf(error, dump, 1) from None


class _Interruptible(io.BytesIO):
    """Bytes read by Python code, which is where Python looks whether Ctrl-C was pressed."""

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        return super().read(size)


def _pieces(stream: IO[bytes], shown: str) -> Iterator[bytes]:
    """Cut a stream at line ends."""
    line = 1
    while piece := stream.read(PIECE):
        rest = b"" if piece.endswith(b"\n") else stream.readline(LONGEST_LINE)
        if len(rest) == LONGEST_LINE:
            line += piece.count(b"\n")
            message = (
                f"this line is longer than {LONGEST_LINE >> 20} MB. Is it N-Quads or N-Triples?"
            )
            raise SourceError(message, shown, line)
        piece += rest
        yield piece
        line += piece.count(b"\n")


def _statements(piece: bytes) -> int:
    """Count the lines that are neither empty nor a remark."""
    if b"#" in piece[:1] or b"\n#" in piece or b"\n\n" in piece or b"\n " in piece:
        return sum(1 for _ in STATEMENT.finditer(piece))
    return piece.count(b"\n") + (not piece.endswith(b"\n"))


def _not_rdf(error: SyntaxError, dump: Dump, first: int) -> SourceError:
    """Return the error with the line counted from the start of the file."""
    line = first - 1 + (error.lineno or 1)
    found = (error.msg or "").partition(": ")[2] or error.msg
    column = f"column {error.offset}: " if error.offset else ""
    return SourceError(f"{column}not valid RDF: {found}.", dump.shown, line)


class _Namer:
    """Names blank nodes and the default graph.

    `numbers` is None where the label in the file is the name; else blank nodes are numbered as
    they appear, since Turtle has some without a label.
    """

    def __init__(
        self, dump: Dump, graph: ox.NamedNode, taken: bool, numbers: dict[str, int] | None
    ):
        self.dump, self.graph, self.taken, self.numbers = dump, graph, taken, numbers

    def __call__(self, quad: ox.Quad) -> ox.Quad:
        """Return the statement with names in it."""
        return ox.Quad(
            self.name(quad.subject),
            quad.predicate,
            self.name(quad.object),
            self.name(quad.graph_name),
        )

    def name(self, node: Any) -> Any:
        """Return the name of a node, or the node if it has one."""
        if isinstance(node, ox.DefaultGraph):
            return self.graph
        if not isinstance(node, ox.BlankNode):
            return node
        if self.taken:
            message = (
                f"this file has blank nodes, and an earlier one is called {self.dump.name!r} too: "
                "their names would be the same. Rename one of the files."
            )
            raise SourceError(message, self.dump.shown)
        label: str | int = node.value
        if self.numbers is not None:
            label = self.numbers.setdefault(node.value, len(self.numbers))
        return ox.NamedNode(f"{GENID}{self.dump.name}/{label}")
