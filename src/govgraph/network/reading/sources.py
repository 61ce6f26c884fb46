"""Networks of files of RDF of any kind, without a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path

import pyoxigraph as ox

from govgraph.assembly.assemble import LocalGraph
from govgraph.coding.study import TEMPORARY_BASE
from govgraph.errors import UsageError, did_you_mean
from govgraph.network.reading.descriptions import local_name
from govgraph.network.reading.projection import RELATIONS, Projection, read_network
from govgraph.queries.asking import QueryableGraph
from govgraph.rdf.formats import RdfFormat, format_of
from govgraph.rdf.reading import load_rdf
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH


def rdf_of(name: str | PathLike[str]) -> RdfFormat | None:
    """Return the format that the name of a file of RDF tells, else None."""
    return format_of(Path(name)) if Path(name).suffix else None


class DataGraph(QueryableGraph):
    """A graph of data alone, without ontology, code lists and what was inferred from them."""

    def __init__(self, store: ox.Store):
        self.backend = LocalGraph(store)

    @classmethod
    def of_file(cls, path: Path, form: RdfFormat) -> DataGraph:
        """Read a file of RDF by itself; raises SourceError for what is none."""
        store = ox.Store()
        load_rdf(store, path, form, str(path), f"{TEMPORARY_BASE}graph/editorial/data", Counter())
        return cls(store)

    @classmethod
    def stated(cls, quads: Iterable[ox.Quad]) -> DataGraph:
        """Return what is stated in a graph."""
        ours = {INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH}
        store = ox.Store()
        store.bulk_extend(q for q in quads if getattr(q.graph_name, "value", "") not in ours)
        return cls(store)


def read_relations(graph: QueryableGraph, wanted: Iterable[str]) -> Projection:
    """Return what a graph states as a network: all, or relations by IRI, CURIE or last part.

    A tie is called by the last part of its relation, where no other ends alike. Raises UsageError
    for a relation that the data does not have.
    """
    known = sorted({quad.predicate.value for quad in graph.store})
    shorten = graph.names.shorten
    short = {name: iri for iri in known for name in (shorten(iri), local_name(iri), iri)}
    found = []
    for name in (text.strip("<>") for text in wanted):
        if name not in short:
            hint, listed = did_you_mean(name, short), ", ".join(map(shorten, known))
            raise UsageError(f"The data has no relation {name!r}.{hint} It has: {listed}.")
        found.append(f"<{short[name]}>")
    read = read_network(graph, RELATIONS, {"relation": found} if found else {})
    alike = Counter(local_name(kind) for kind in {kind for *_, kind in read.rows.edges})
    edges = {
        (one, other, end if alike[end := local_name(kind)] == 1 else kind): edge
        for (one, other, kind), edge in read.rows.edges.items()
    }
    return replace(read, rows=replace(read.rows, edges=edges))
