"""RDF dumps -> a database on disk, as a stream, so that memory does not grow with the dump.

A blank node gets a name, as everywhere in govgraph: nobody could ask for one, compare it or load it
twice. As names depend on a dump's content, it is read twice; standard input is kept on disk for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.errors import UsageError
from govgraph.rdf.dumps import Dump, opened, regular, unchanged
from govgraph.rdf.formats import path_in_iri
from govgraph.rdf.inspection import inspect
from govgraph.rdf.reading import blank_names, checked, named, syntax_errors_named
from govgraph.store.on_disk import fill_store
from govgraph.store.statements import batches
from govgraph.vocabulary import BASE, graph_iri

BATCH: Final = 500_000
"""Statements handed over at once: fewer take less memory, but leave more files to be merged."""


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
        taken: Counter[str] = Counter()
        total = 0
        for dump in dumps:
            read = 0
            with regular(dump.path, dump.shown, folder.parent) as path:
                for count in _load(store, dump, path, taken):
                    read += count
                    progress(dump.shown, read)
            total += read
        return total

    return fill_store(folder, fill, extend=True)


def _load(store: ox.Store, dump: Dump, path: Path, taken: Counter[str]) -> Iterator[int]:
    """Load one dump, yielding how many statements each batch had."""
    with unchanged(path, dump.shown):
        digest = inspect(path, dump.format, dump.shown, None).digest
        name = path_in_iri(dump.name)
        names = blank_names(BASE, name, digest, taken)
        graph = ox.NamedNode(graph_iri(f"editorial/{name}"))
        with opened(path, dump.shown, None) as stream, syntax_errors_named(dump.shown):
            quads = checked(ox.parse(stream, format=dump.format.engine, base_iri=BASE), dump.shown)
            numbers: dict[str, int] = {}

            def written(label: str) -> str:
                is_name = dump.format.lines  # other formats have some without a label
                return label if is_name else str(numbers.setdefault(label, len(numbers)))

            for batch in batches(named(quads, names, graph, written), BATCH):
                store.bulk_extend(batch)
                yield len(batch)
