"""From source files to one store: data and ontology, what follows from them, and metadata."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from govgraph import resources
from govgraph.assembly.local import LocalGraph
from govgraph.coding.cases import load
from govgraph.coding.study import (
    FILE,
    UNNAMED,
    Sources,
    Study,
    check_side_by_side,
    study_folder,
)
from govgraph.coding.study_file import read_study
from govgraph.coding.terms import ontology_quads
from govgraph.errors import GovgraphError
from govgraph.files import is_file, real
from govgraph.rdf import collector
from govgraph.rdf.namespaces import owl
from govgraph.rdf.reading import canonical
from govgraph.rdf.source_map import SourceMap
from govgraph.reasoning import Caution, Clash, infer
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, METADATA_GRAPH, ONTOLOGY_GRAPH

_ONTOLOGY = ox.NamedNode(GG[:-1])
Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""


@dataclass
class Assembly(LocalGraph):
    """A graph just built: the files it was read from, contradictions, axioms that no rule uses."""

    store: ox.Store
    sources: SourceMap
    studies: tuple[Study, ...]
    files: list[str]
    clashes: list[Clash]
    cautions: list[Caution]


def choose_sources(
    data: Sequence[Path] = (), studies: Sequence[Path] = (), *, alone: bool = False
) -> Sources:
    """Return what to read: the studies named, else the one here or above, else the bundled one.

    `alone` leaves that one out. What of `data` is the folder of a study is read as that study, the
    rest as parts of the first. Where none is named and none lies here, that is the one that `data`
    lie in, or a temporary one, so that nothing of theirs becomes the bundled study's. Raises
    SourceErrors where a study.yaml is wrong.
    """
    folders = [resources.study_folder(path) for path in studies]
    beside = [path for path in data if is_file(path / FILE)]
    rest = tuple(path for path in data if path not in beside)
    unnamed: tuple[Study, ...] = ()
    if not folders and not alone:
        here = next(filter(None, map(study_folder, (Path.cwd(), *rest))), None)
        folders = [here or resources.default_study()]
        unnamed = (UNNAMED,) if rest and here is None else ()
    folders += beside
    chosen = tuple(map(read_study, dict.fromkeys(map(real, folders))))
    check_side_by_side(chosen)
    return Sources((*unnamed, *chosen), rest)


def check_named(study: Study) -> None:
    """Raise GovgraphError where there is no study.yaml, before names of nobody get abroad."""
    if study.is_temporary:
        remedy = "`govgraph new study NAME --base URL` writes a study for it."
        message = f"what lies in no study has names below {study.base}, which are nobody's"
        raise GovgraphError(f"{message}: it is not published or pushed. {remedy}")


@cache
def read_ontology() -> list[ox.Quad]:
    """Return the ontology as quads of its graph, blank nodes labelled canonically (RDFC-1.0).

    Of the headers of its files only the first is there: one document of OWL has one.
    """
    parts = {q.subject for q in ontology_quads() if q.object == owl.Ontology} - {_ONTOLOGY}
    return _in(
        ONTOLOGY_GRAPH, canonical(quad for quad in ontology_quads() if quad.subject not in parts)
    )


@collector.paused()
def assemble(
    sources: Sources,
    *,
    progress: Progress = lambda stage: None,
    store: ox.Store | None = None,
    described: bool = False,
) -> Assembly:
    """Read `sources`, infer what follows, describe the result.

    All is put into `store`, an empty one, or one in memory if none is given. RDF that lies in no
    study and speaks of nothing of govgraph's gets no ontology of ours, and is only to be
    `described` where that is asked for. Raises SourceErrors with everything that is wrong in the
    files. Contradictions in the sense of OWL are returned as clashes, not raised.
    """
    from govgraph.assembly.metadata import describe

    progress("read")
    data = load(sources, store=store)
    store = data.store
    is_ours = bool(sources.studies) or not data.is_all_rdf or speaks_of_ours(store)
    if is_ours:
        store.bulk_extend(read_ontology())
    progress("infer")
    inferred = infer(store)
    store.bulk_extend(inferred.quads(INFERRED_GRAPH))
    if is_ours or described:
        progress("describe")
        store.bulk_extend(_in(METADATA_GRAPH, describe(store, sources.studies)))
    return Assembly(
        store, data.sources, sources.studies, data.files, inferred.clashes, inferred.cautions
    )


def speaks_of_ours(store: ox.Store) -> bool:
    """Tell whether a store has the IRI of anything below the base of govgraph."""
    said = " || ".join(f"STRSTARTS(STR(?{name}), '{BASE}')" for name in ("s", "p", "o", "g"))
    return bool(store.query(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({said}) }}"))


def _in(graph: str, statements: Iterable[ox.Triple | ox.Quad]) -> list[ox.Quad]:
    name = ox.NamedNode(graph)
    return [ox.Quad(row.subject, row.predicate, row.object, name) for row in statements]
