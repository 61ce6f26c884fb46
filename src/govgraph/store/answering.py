"""The graph in a remote store, whose answers are the same as those of the graph at home.

union     the stored queries see the union of all graphs as the default graph. Where a store gives
          it on demand (Oxigraph) it is asked for; where a store has none, one is told so.
dialect   Virtuoso gets its queries as it understands them (`virtuoso.py`).
limits    a result that the store cut short is refused (`client.py`).
"""

from __future__ import annotations

import re
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from govgraph.assembly.assemble import choose_sources
from govgraph.coding.study import Study
from govgraph.coding.terms import is_common, load_terms
from govgraph.errors import RemoteError
from govgraph.queries.sparql import outline
from govgraph.queries.syntax import check_syntax
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import SourceMap
from govgraph.results import Result
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.lock import warn_of_others
from govgraph.store.store_graphs import StoreGraphs
from govgraph.store.virtuoso import Rewritten, for_virtuoso
from govgraph.vocabulary import BASE, METADATA_GRAPH, PREFIXES

UNION: Final = (("union-default-graph", "true"),)
"""The parameter that gives a query the union as its default graph, on the oxigraph server."""

_NAMED_GRAPH: Final = "ASK { GRAPH ?g { ?s ?p ?o } }"
_BASES: Final = (
    f"PREFIX void: <{PREFIXES['void']}> SELECT ?base {{ GRAPH <{METADATA_GRAPH}>"
    " { ?whole void:uriSpace ?base FILTER NOT EXISTS { ?other void:subset ?whole } } }"
)
_ANYTHING: Final = "ASK { ?s ?p ?o }"
_DISTINCT: Final = re.compile(r"SELECT\s+DISTINCT\b", re.IGNORECASE)
_BAD_REQUEST: Final = 400
_AT_ONCE: Final = 500
"""IRIs that one query asks about."""


def _is_common(iri: str) -> bool:  # which pickle finds by its name
    return is_common(iri, load_terms().described.__contains__)


class RemoteGraph:
    """A graph in a SPARQL 1.1 store, at the URL its queries go to ("" for the one configured).

    Queries are answered there, over the union of its graphs; `store`, which explaining needs, is
    all of it, pulled once. Files and lines are not known. Every method raises RemoteError where the
    store does not answer.
    """

    def __init__(self, endpoint: Endpoint | str):
        self.endpoint = Endpoint.of(endpoint) if isinstance(endpoint, str) else endpoint
        self.client, self.url = Client(self.endpoint), self.endpoint.query_url
        self.sources = SourceMap()
        self._warned = False

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.endpoint,)

    @property
    def view(self) -> RemoteGraph:
        """What answers queries, and where names are looked up: itself."""
        return self

    lookup = view

    @cached_property
    def studies(self) -> tuple[Study, ...]:
        """The study at hand, whose own questions are asked as well, where the store holds it."""
        study = choose_sources().main
        return (study,) if study.base == self.names.base else ()

    @cached_property
    def store(self) -> ox.Store:
        """Every named graph, all of it pulled; not those that the store or a push keeps for itself.

        Raises RemoteError where it is empty.
        """
        self._warn_of_others()
        if not self.client.ask(_NAMED_GRAPH) and not self.client.ask(_ANYTHING):
            raise self._empty()
        with closing(StoreGraphs(self.endpoint, relabel=False)) as graphs:
            return graphs.fetch(graphs.counts())

    def __len__(self) -> int:
        with closing(StoreGraphs(self.endpoint, relabel=False)) as graphs:
            return sum(graphs.counts().values())

    def __str__(self) -> str:
        return f"at {self.url}"

    @cached_property
    def names(self) -> Names:
        """What its IRIs are called: ids of the study that its metadata name first."""
        bases = self.client.query(_BASES, ()).rows
        base = next((row[0].value for row in bases if isinstance(row[0], Literal)), BASE)
        return Names(base, is_own=self._is_own, is_common=_is_common)

    def _is_own(self, iri: str) -> bool:
        return iri in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        """The things of the study whose ids are also those of the commons."""
        ids = sorted(iri[len(BASE) :] for iri in load_terms().described if iri.startswith(BASE))
        own: set[str] = set()
        for start in range(0, len(ids), _AT_ONCE):
            things = " ".join(f"<{self.names.base}{id_}>" for id_ in ids[start : start + _AT_ONCE])
            result = self.answer(f"SELECT DISTINCT ?x {{ VALUES ?x {{ {things} }} ?x a ?type }}")
            own.update(row[0].value for row in result.rows if isinstance(row[0], NamedNode))
        return frozenset(own)

    def answer(self, text: str, source: Path | str | None = None) -> Result:
        """Return the whole answer to a query.

        Raises SourceError for a syntax error, with its line in `source`; RemoteError where the
        store does not answer, has no union of its graphs, or cuts the answer short.
        """
        parts = outline(text)
        if parts.form == "construct":
            check_syntax(text, source=source, parts=parts)
        self._warn_of_others()
        union = () if parts.has_from else self._union
        rewritten = for_virtuoso(text) if self._is_virtuoso else Rewritten(text)
        try:
            result = self.client.query(rewritten.text, union).without(rewritten.added)
        except RemoteError as error:
            if error.status == _BAD_REQUEST:
                check_syntax(text, source=source, parts=parts)
            raise
        if result.kind == "select" and _DISTINCT.match(text, parts.start):
            # Virtuoso repeats rows where DISTINCT and ORDER BY meet many columns
            return Result(result.kind, result.columns, tuple(dict.fromkeys(result.rows)))
        return result

    def _empty(self) -> RemoteError:
        return RemoteError(f"the store is empty. Fill it: govgraph push {self.url}", self.url)

    @cached_property
    def _union(self) -> tuple[tuple[str, str], ...]:
        """The parameters that make the union the default graph.

        Raises RemoteError where nothing does, and where there is nothing to ask about.
        """
        if self.client.has_union():
            return ()
        if not self.client.ask(_NAMED_GRAPH):
            if self.client.ask(_ANYTHING):
                return ()  # nothing but a default graph: there is nothing else to unite
            raise self._empty()
        if self.client.server.startswith("Oxigraph"):
            return UNION
        raise RemoteError(
            "the default graph of this store is not the union of its named graphs, which the"
            " queries see as one: set it up so (Fuseki: tdb2:unionDefaultGraph true; Stardog:"
            " query.all.graphs=true), or name the graphs in the query with FROM.",
            self.url,
        )

    def _warn_of_others(self) -> None:
        """Say once who else is at work."""
        if not self._warned:
            warn_of_others(self.client)
        self._warned = True

    @property
    def _is_virtuoso(self) -> bool:
        if not self.client.server:
            self.client.ask(_NAMED_GRAPH)
        return self.client.is_virtuoso
