"""From source files to one store: data and ontology, what follows from them, and metadata."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.cases import load
from govgraph.errors import SourceError
from govgraph.source_map import SourceMap
from govgraph.terms import ontology_files
from govgraph.vocabulary import INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH

if TYPE_CHECKING:
    from govgraph.reasoning import Caution, Clash

Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""

STAGES: Final = ("read", "infer", "describe")


@dataclass(frozen=True)
class Assembly:
    """A complete graph: `store` holds every named graph, `sources` the line of each statement."""

    store: ox.Store
    sources: SourceMap
    files: list[str]
    clashes: list[Clash]
    cautions: list[Caution]


def source_folders(data: Sequence[Path], *, bundled: bool = True) -> list[Path]:
    """Return the folders to read: the bundled data unless left out, then those given."""
    return [*([resources.bundled("data")] if bundled else []), *data]


def read_ontology() -> list[ox.Quad]:
    """Return the ontology as quads of its graph, blank nodes labelled canonically (RDFC-1.0)."""
    dataset = ox.Dataset()
    for path in ontology_files():
        try:
            parsed = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
            for quad in parsed:
                dataset.add(quad)
        except SyntaxError as error:
            raise SourceError(f"not valid Turtle: {error.msg}.", path, error.lineno) from None
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    graph = ox.NamedNode(ONTOLOGY_GRAPH)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in dataset]


def assemble(
    folders: Sequence[Path], *, reasoner: str = "rules", progress: Progress = lambda stage: None
) -> Assembly:
    """Read `folders`, infer what follows, describe the result.

    Raises SourceError for the first thing wrong in a file. Contradictions in the sense of OWL are
    returned as clashes, not raised.
    """
    from govgraph.metadata import describe
    from govgraph.reasoning import infer

    progress("read")
    data = load(folders)
    store = ox.Store()
    store.bulk_extend(read_ontology())
    store.bulk_extend(data.quads)
    progress("infer")
    inferred = infer(store, reasoner=reasoner)
    store.bulk_extend(_in(INFERRED_GRAPH, inferred.triples))
    progress("describe")
    store.bulk_extend(_in(METADATA_GRAPH, describe(store)))
    return Assembly(store, data.sources, data.files, inferred.clashes, inferred.cautions)


def _in(graph: str, triples: Sequence[ox.Triple]) -> list[ox.Quad]:
    name = ox.NamedNode(graph)
    return [ox.Quad(each.subject, each.predicate, each.object, name) for each in triples]
