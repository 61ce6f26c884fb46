"""What a graph must answer to be compared, drawn and described, and what its things are called."""

from collections.abc import Mapping
from os import PathLike
from typing import Any, Protocol

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from govgraph.coding.study import Study
from govgraph.queries.defaults import Defaults
from govgraph.queries.resolver import LABELS
from govgraph.queries.running import View, run
from govgraph.queries.stored import StoredQuery
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import SourceMap
from govgraph.results import Result
from govgraph.texts import NONE_FITS, check_language, fits, preference


class QueryableGraph(Protocol):
    """A graph that stored queries are asked of; `govgraph.KnowledgeGraph` is one."""

    @property
    def store(self) -> ox.Store:
        """Every named graph."""

    @property
    def view(self) -> View:
        """Every named graph, and as the default graph their union."""

    @property
    def study(self) -> Study:
        """The study it is of, or the first of several; its names are short."""

    @property
    def names(self) -> Names:
        """What its IRIs are called."""

    @property
    def sources(self) -> SourceMap:
        """File and line of each statement."""

    @property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by name."""

    @property
    def defaults(self) -> Defaults:
        """What stored queries are asked of where nobody says."""

    def query(self, query: str | PathLike[str], **parameters: Any) -> Result:
        """Answer a stored query, a .rq file or SPARQL text."""

    def find_query(self, query: str | PathLike[str]) -> StoredQuery:
        """Return a stored query by name, from a .rq file, or from SPARQL text."""


def label_language(graph: QueryableGraph, asked: str | None) -> str:
    """Return the language of labels: what is asked for, else the first of the study.

    Raises UsageError for what is no language tag.
    """
    language = next(iter(graph.study.languages), "en") if asked is None else asked
    check_language(language)
    return language


def labels_of(graph: QueryableGraph, lang: str) -> dict[str, str]:
    """Return the label of everything that has one, by IRI.

    The label whose language fits `lang` best, else the first language of the study; of several that
    fit alike the first by its letters.
    """
    properties = " ".join(f"<{iri}>" for iri in LABELS)
    result = run(
        f"SELECT ?thing ?label {{ VALUES ?property {{ {properties} }} ?thing ?property ?label }}",
        graph.view,
        quiet=True,
    )
    first = next(iter(graph.study.languages), "en")
    best: dict[str, tuple[int, int, str]] = {}
    for thing, label in result.rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            asked = preference(lang, label.language) if fits(lang, label.language) else NONE_FITS
            candidate = (asked, preference(first, label.language), label.value)
            best[thing.value] = min(candidate, best.get(thing.value, candidate))
    return {iri: label for iri, (*_, label) in best.items()}
