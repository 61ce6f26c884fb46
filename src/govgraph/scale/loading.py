"""RDF dumps -> a database on disk, as a stream, so that memory does not grow with the dump.

A blank node gets a name, as everywhere in govgraph: nobody could ask for one, compare it or load it
twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import SourceError, UsageError
from govgraph.rdf.dumps import Dump, opened
from govgraph.store.on_disk import fill_store
from govgraph.store.statements import batches
from govgraph.vocabulary import BASE, graph_iri

BATCH: Final = 500_000
"""Statements handed over at once: fewer take less memory, but leave more files to be merged."""
GENID: Final = f"{BASE}.well-known/genid/"


def load_dumps(
    dumps: Sequence[Dump],
    folder: Path,
    progress: Callable[[str, int], None] = lambda shown, read: None,
) -> int:
    """Load dumps into the database in `folder`, which is made, or extended where there is one.

    Triples of a file come into a graph named after the file, as with `build`. `progress` is told,
    now and then, the file and how many statements of it were read. Returns how many were read in
    all. Raises SourceError with file, line and column for what is not RDF; the database is then as
    it was before.
    """
    if not dumps:
        raise UsageError("nothing to load. Name one or several dumps, or - for standard input.")

    def fill(store: ox.Store) -> int:
        names: set[str] = set()
        total = 0
        for dump in dumps:
            read = 0
            for count in _load(store, dump, taken=dump.name in names):
                read += count
                progress(dump.shown, read)
            names.add(dump.name)
            total += read
        return total

    return fill_store(folder, fill, extend=True)


def _load(store: ox.Store, dump: Dump, taken: bool) -> Iterator[int]:
    """Load one dump, yielding how many statements each batch had."""
    with opened(dump.path, dump.shown) as stream:
        quads = ox.parse(stream, format=dump.format.engine, base_iri=BASE)
        try:
            for batch in batches(_named(quads, dump, taken), BATCH):
                store.bulk_extend(batch)
                yield len(batch)
        except SyntaxError as error:
            message = (error.msg or "").partition(": ")[2] or error.msg
            column = f"column {error.offset}: " if error.offset else ""
            line = error.lineno or 1
            raise SourceError(f"{column}not valid RDF: {message}.", dump.shown, line) from None


def _named(quads: Iterable[ox.Quad], dump: Dump, taken: bool) -> Iterator[ox.Quad]:
    """Yield statements with names for the default graph, which is the file's, and blank nodes.

    The label of a blank node is its name in N-Quads and N-Triples; in Turtle and TriG, which have
    some without a label, they are numbered as they appear. `taken`: another dump has its name.
    """
    graph = ox.NamedNode(graph_iri(f"editorial/{dump.name}"))
    numbers: dict[str, int] = {}

    def name(node: Any) -> Any:
        if isinstance(node, ox.DefaultGraph):
            return graph
        if not isinstance(node, ox.BlankNode):
            return node
        if taken:
            message = (
                f"this file has blank nodes, and an earlier one is called {dump.name!r} too: "
                "their names would be the same. Rename one of the files."
            )
            raise SourceError(message, dump.shown)
        label = node.value
        if not dump.format.lines:
            label = str(numbers.setdefault(label, len(numbers)))
        return ox.NamedNode(f"{GENID}{dump.name}/{label}")

    for quad in quads:
        yield ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))
