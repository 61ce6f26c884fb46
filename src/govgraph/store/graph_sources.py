"""Where graphs may be: this program, files, folders, databases, stores; how two sources differ."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.assembly.assemble import graph_sizes
from govgraph.coding.source_files import DATABASE, DUMP
from govgraph.errors import GovgraphError, SourceError
from govgraph.rdf.formats import format_of, shown_path
from govgraph.rdf.reading import read_quads
from govgraph.store.endpoint import Endpoint
from govgraph.store.statements import Difference, Lines, compare, in_order, settled, written
from govgraph.store.store_graphs import StoreGraphs
from govgraph.vocabulary import BASE

BUNDLED: Final = "bundled"
"""Names the graph of this program: the bundled study, and the data given with --data."""


class MemoryGraphs:
    """The graphs of a store of this process; the default graph, if it has any, is named "".

    A store writes literals in its own way, and makes one of "300"^^xsd:byte and 300; what `quads`
    hold besides, by graph, is read as it is.
    """

    def __init__(self, store: ox.Store, name: str, quads: Iterable[ox.Quad] = ()):
        self.store, self.name = store, name
        self.written: dict[str, list[ox.Quad]] = defaultdict(list)
        for quad in quads:
            self.written[getattr(quad.graph_name, "value", "")].append(quad)

    def counts(self) -> dict[str, int]:
        """Return the number of statements of each graph, in the order of every output."""
        if self.written:
            return in_order({graph: len(set(quads)) for graph, quads in self.written.items()})
        counts = {graph.value: count for graph, count in graph_sizes(self.store).items()}
        default = sum(1 for _ in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        return in_order(counts | ({"": default} if default else {}))

    def read(self, counts: Mapping[str, int]) -> Iterator[tuple[str, Lines]]:
        """Yield the graphs named, each with its settled lines, in that order."""
        for graph in counts:
            if self.written:
                yield graph, settled(written(quad.triple for quad in self.written[graph]))
                continue
            name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
            text = self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name) or b""
            yield graph, settled(text.splitlines(keepends=True))


GraphSource: TypeAlias = MemoryGraphs | StoreGraphs


def differences(a: GraphSource, b: GraphSource) -> Iterator[Difference]:
    """Yield what differs in each graph that A or B has, equal ones included, in order."""
    in_a, in_b = a.counts(), b.counts()
    both = in_order(dict.fromkeys((*in_a, *in_b), 0))
    # Each source is read once, in the same order, so that only a few graphs are held at a time.
    of_a = a.read({graph: in_a[graph] for graph in both if graph in in_a})
    of_b = b.read({graph: in_b[graph] for graph in both if graph in in_b})
    for graph in both:
        lines_a = next(of_a)[1] if graph in in_a else []
        lines_b = next(of_b)[1] if graph in in_b else []
        yield compare(graph, lines_a, lines_b)


def open_source(text: str) -> GraphSource | None:
    """Return the graphs that a word of the command line names.

    An address; a folder that `govgraph build` wrote; a database on disk; a file of RDF. None for
    what has yet to be built: "bundled", a folder or file of cases. Raises SourceError where there
    is nothing of that name, RemoteError where a store does not answer.
    """
    if text == BUNDLED:
        return None
    if text.partition("://")[0] in {"http", "https"}:
        return StoreGraphs(Endpoint.of(text))
    path = Path(text)
    if not os.path.lexists(path):
        raise SourceError(
            f"no such file or folder. Check the path, or name {BUNDLED!r} or an address.", path
        )
    if (path / DATABASE).is_file():
        try:
            return MemoryGraphs(ox.Store.read_only(str(path)), text)
        except OSError as error:
            raise GovgraphError(f"{path}: the database cannot be opened ({error}).") from None
    if (path / DUMP).is_file():
        path = path / DUMP
    if not is_rdf_file(path):
        return None
    rdf_format = format_of(path)
    assert rdf_format is not None
    return MemoryGraphs(ox.Store(), text, read_quads(path, rdf_format, shown_path(path), BASE))


def is_rdf_file(text: str | Path) -> bool:
    """Tell whether this is a file of RDF, by its name."""
    return format_of(text) is not None and os.path.isfile(text)  # noqa: PTH113
