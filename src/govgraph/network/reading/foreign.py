"""RDF of any kind, by itself: its relations as a network, without a query and an ontology."""

from collections import Counter
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.coding.study import TEMPORARY_BASE
from govgraph.errors import UsageError, did_you_mean
from govgraph.network.reading.rows import Edge, EdgeKey
from govgraph.rdf.formats import RdfFormat, format_of
from govgraph.rdf.names import Names
from govgraph.rdf.reading import load_rdf
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH

RELATIONS: Final = "networks/nodes/relations"
"""The stored query of every relation of an RDF file."""


def rdf_of(name: str | PathLike[str]) -> RdfFormat | None:
    """Return the format that the name of a file of RDF tells, else None."""
    return format_of(Path(name)) if Path(name).suffix else None


def read_store(path: Path, form: RdfFormat) -> ox.Store:
    """Read a file of RDF by itself; raises SourceError for what is none."""
    store = ox.Store()
    load_rdf(store, path, form, str(path), f"{TEMPORARY_BASE}graph/editorial/data", Counter())
    return store


def stated_only(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return data without ontology, code lists and what was inferred from them."""
    ours = {INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH}
    store = ox.Store()
    store.bulk_extend(quad for quad in quads if getattr(quad.graph_name, "value", "") not in ours)
    return store


def relations(store: ox.Store, names: Names, wanted: Iterable[str]) -> list[str]:
    """Return the IRIs of relations named by IRI, CURIE or their last part.

    Raises UsageError for one that the data does not have.
    """
    known = sorted({quad.predicate.value for quad in store})
    short = {name: iri for iri in known for name in (names.shorten(iri), local_name(iri), iri)}
    found = []
    for name in (text.strip("<>") for text in wanted):
        if name not in short:
            hint, listed = did_you_mean(name, short), ", ".join(map(names.shorten, known))
            raise UsageError(f"The data has no relation {name!r}.{hint} It has: {listed}.")
        found.append(f"<{short[name]}>")
    return found


def short_kinds(edges: Mapping[EdgeKey, Edge]) -> dict[EdgeKey, Edge]:
    """Return the edges with the ends of IRIs for their kinds, where two do not end alike."""
    ends = {kind: local_name(kind) for _, _, kind in edges}
    alike = Counter(ends.values())
    short = {kind: end if alike[end] == 1 else kind for kind, end in ends.items()}
    return {(source, target, short[kind]): edge for (source, target, kind), edge in edges.items()}


def local_name(iri: str) -> str:
    """Return what an IRI ends in, after the last # or /; the whole IRI where that is nothing."""
    if "://" not in iri:
        return iri  # urn:, mailto: and the like have no parts that say something alone
    name = iri.partition("://")[2].rstrip("#/").replace("#", "/").rpartition("/")[2]
    return name or iri
