"""A graph that stored queries are asked of, its claims, and what its things are called.

What a query is asked of where nobody says is taken from the data. A parameter with `default: data`
stands in its file as UNDEF, so that the query answers for all things in any tool. Asked here
without it, the query is asked of what gives it the most answers, of several alike the first by IRI:
a full answer wherever there is one, the same each time. With `default: gg:Arrangement`, only of
members of that class.

A query of `queries/claims/` returns a row for each thing it asks about (?of, where it says): ?claim
?printed ?computed ?verdict ?passage. Its summary says what is counted. The verdicts are the
concepts of scheme/verdict: holds, holds-truncated, does-not-hold, cannot-be-recomputed (then
?computed is left unbound).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from os import PathLike
from types import NoneType
from typing import Any, Final, Protocol, TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from govgraph.coding.study import UNNAMED, Study
from govgraph.errors import GovgraphError, check_kind
from govgraph.queries.apart import time_limit
from govgraph.queries.parameters import LABELS, Argument, Resolver, StoreResolver, resolve_iri
from govgraph.queries.running import View, run
from govgraph.queries.sparql import DataTerm, Terms, groups, outline, with_values
from govgraph.queries.stored import (
    Queries,
    StoredQuery,
    find_query,
    load_libraries,
    load_query,
    parse_query,
)
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.terms import Term
from govgraph.results import Result, Tabular
from govgraph.texts import NONE_FITS, check_language, fits, preference
from govgraph.vocabulary import RDF, RDFS, SKOS


class Defaults:
    """The defaults that one graph gives, each looked up once.

    `language` is that of labels, "" where each query has its own.
    """

    def __init__(self, view: View, language: str = ""):
        self._view, self._language = view, language
        self._found: dict[tuple[str, tuple[str, ...]], Terms] = {}

    def bind(
        self, query: StoredQuery, arguments: Mapping[str, Argument], resolve: Resolver = resolve_iri
    ) -> str:
        """Return the SPARQL text of a query with arguments, and what the data give besides.

        Raises as `terms` does.
        """
        return with_values(query.text, self.terms(query, arguments, resolve))

    def terms(
        self, query: StoredQuery, arguments: Mapping[str, Argument], resolve: Resolver = resolve_iri
    ) -> Terms:
        """Return the RDF terms of arguments, and what the data give besides.

        Raises as `StoredQuery.terms` does.
        """
        terms = query.terms(arguments, resolve)
        return {**terms, **self.missing(query, terms)}

    def missing(self, query: StoredQuery, terms: Terms) -> Terms:
        """Return values for parameters of a query that `terms` gives none; {} where none is found.

        Raises as `run` does.
        """
        others = [each for each in query.parameters.values() if each.name not in terms]
        names = tuple(each.name for each in others if each.from_data is not None)
        key = with_values(query.text, terms), names
        if names and key not in self._found:
            self._found[key] = self._fullest(query, *key)
        spoken = self._spoken(each.name for each in others if each.type == "lang")
        return {**spoken, **(self._found[key] if names else {})}

    def _spoken(self, names: Iterable[str]) -> Terms:
        return dict.fromkeys(names, (Literal(self._language),)) if self._language else {}

    def answers(self, query: StoredQuery) -> bool:
        """Tell whether a query has an answer of anything, as it then has with its defaults.

        One that asks another endpoint has none: nobody is asked before a reader wishes it.
        """
        if outline(query.text).has_service:
            return False
        spoken = self._spoken(p.name for p in query.parameters.values() if p.type == "lang")
        text = with_values(query.text, spoken)
        result = run(text, self._view, source=query.path, most=1)
        if result.kind == "ask":  # a no to nothing in particular is no answer
            return bool(result.boolean) or not query.parameters
        return len(result) > 0

    def _fullest(self, query: StoredQuery, text: str, names: tuple[str, ...]) -> Terms:
        start = outline(text).start
        listed = " ".join(f"?{name}" for name in names)
        # Not all engines answer alike with a table of UNDEF, or with members told by a filter.
        empty = rf"(?i)\bVALUES\s+\?(?:{'|'.join(names)})\s*\{{\s*UNDEF\s*\}}"
        pattern = re.sub(empty, "", next((text[at:to] for at, to in groups(text)), ""))
        counted = run(
            f"{text[:start]}SELECT {listed} (COUNT(*) AS ?answers)"
            f" {{ {{ SELECT DISTINCT * {{ {pattern}\n}} }} }}"
            f" GROUP BY {listed}",
            self._view,
            source=query.path,
            quiet=True,
        )
        classes = [query.parameters[name].from_data for name in names]
        members = [self._members(kind) if kind else None for kind in classes]
        ranked = [
            (-int(answers.value), [str(term) for term in values], values)
            for *values, answers in counted.rows
            if isinstance(answers, Literal)
            and all(
                value is not None and (of is None or value in of)
                for value, of in zip(values, members, strict=True)
            )
        ]
        if not ranked:
            return {}
        *_, best = min(ranked, key=lambda candidate: candidate[:2])
        return {name: (cast(DataTerm, term),) for name, term in zip(names, best, strict=True)}

    @cache  # noqa: B019 - as long as the graph
    def _members(self, kind: str) -> frozenset[Term]:
        rows = run(
            f"SELECT DISTINCT ?thing {{ {{ ?thing <{RDF}type>/<{RDFS}subClassOf>* <{kind}> }}"
            f" UNION {{ ?thing <{SKOS}inScheme> <{kind}> }} }}",
            self._view,
            quiet=True,
        ).rows
        return frozenset(term for (term,) in rows if term is not None)


COLUMNS: Final = ("claim", "of", "counted", "printed", "computed", "verdict", "passage")
_SELECTED: Final = ("claim", "printed", "computed", "verdict", "passage")
VERDICTS: Final = ("holds", "holds-truncated", "does-not-hold", "cannot-be-recomputed")


@dataclass(frozen=True)
class ClaimCheck:
    """One claim: of whom it is, what is counted, what is printed and computed, and the verdict."""

    query: str
    question: str
    counted: str
    claim: str
    printed: str
    computed: str
    verdict: str
    passage: str
    of: str = ""


class Claims(Tabular, list[ClaimCheck]):
    """The claims of a study, each recomputed; a table too."""

    def __init__(self, checks: Iterable[ClaimCheck], names: Names = NAMES):
        super().__init__(checks)
        self.names = names

    @property
    def result(self) -> Result:
        """A row for each claim."""
        rows = ([getattr(check, name) for name in COLUMNS] for check in self)
        return Result.of_rows(COLUMNS, rows, self.names)


Query: TypeAlias = str | PathLike[str] | StoredQuery
"""A stored query or its name, a .rq file, or SPARQL text."""


class QueryableGraph(Protocol):
    """A graph that stored queries are asked of; `govgraph.KnowledgeGraph` is one."""

    backend: Any
    """Where it lies, here or in a store: what has its store, view, names, studies, sources."""

    @property
    def store(self) -> ox.Store:
        """Every named graph; the default graph is empty."""
        return cast(ox.Store, self.backend.store)

    @property
    def view(self) -> View:
        """Every named graph, and as the default graph their union, each triple once."""
        return cast(View, self.backend.view)

    @property
    def names(self) -> Names:
        """What its IRIs are called: `names.shorten(iri)`, `names.expand("actor/x")`."""
        return cast(Names, self.backend.names)

    @property
    def study(self) -> Study:
        """The study it is of, or the first of several; a temporary one for what lies in none."""
        return self.studies[0] if self.studies else UNNAMED

    @property
    def studies(self) -> tuple[Study, ...]:
        """The studies it is of, side by side; none for what lies in no study."""
        return cast(tuple[Study, ...], self.backend.studies)

    @property
    def sources(self) -> SourceMap:
        """File and line of each statement; none where the graph lies in a remote store."""
        return cast(SourceMap, self.backend.sources)

    @cached_property
    def queries(self) -> Queries:
        """The stored queries by name, such as "founders-of" or "claims/years-apart"."""
        return load_libraries(self.backend.studies)

    def query(
        self,
        query: Query,
        params: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        **parameters: Any,
    ) -> Result:
        """Run a stored query by name, a .rq file, or SPARQL text, over the union of all graphs.

        `parameters`, or `params` for names that Python does not take, bind the query's parameters,
        and any variable of your own text, as VALUES: ids ("place/springfield"), names, CURIEs,
        IRIs, terms of rdflib and pyoxigraph, numbers, dates, or several of them. One that is left
        out may come from the data (`defaults`), and None stands for any value. Prefixes of
        govgraph and the study need no declaration. After `timeout` seconds a query at home is
        stopped; it then runs in a process of its own. Ctrl-C leaves one at once. Raises UsageError
        for an unknown query or parameter, SourceError with the line for a syntax error.
        """
        check_kind("params", params, (Mapping, NoneType), "a dictionary")
        with time_limit(timeout):
            stored, given = self.find_query(query), {**(params or {}), **parameters}
            text = self.defaults.bind(stored, given, StoreResolver(self.view))
            return run(text, self.view, source=stored.path)

    def arguments(self, query: Query, **parameters: Any) -> Terms:
        """Return the RDF terms that `query` asks with: those given, and defaults from the data."""
        stored = self.find_query(query)
        return self.defaults.terms(stored, parameters, StoreResolver(self.view))

    @cached_property
    def defaults(self) -> Defaults:
        """What stored queries are asked of where nobody says: values that the data give."""
        return Defaults(self.view, next(iter(self.study.languages), ""))

    def find_query(self, query: Query) -> StoredQuery:
        """Return a stored query by name, from a .rq file, or from SPARQL text."""
        if isinstance(query, StoredQuery):
            return query
        text = str(query)
        expected = "the name of a stored query, a .rq file, or SPARQL"
        check_kind("query", query, (str, PathLike), expected)
        if set("{<\n") & set(text):
            return parse_query(text)
        if isinstance(query, PathLike) or text.endswith(".rq"):
            return load_query(text)
        return find_query(self.queries, text)

    def claims(self) -> Claims:
        """Recompute every derived claim of the study from its facts.

        Raises GovgraphError where a query of claims does not answer in its form.
        """
        checks = []
        for slug, query in sorted(self.queries.items()):
            if not slug.startswith("claims/"):
                continue
            result = self.query(slug)
            if set(_SELECTED) - set(result.columns):
                expected = " ".join(f"?{name}" for name in _SELECTED)
                raise GovgraphError(f"{query.path}: a claim query selects {expected}.")
            for row in result:
                values = {
                    name: "" if row[name] is None else self.names.abbreviate(str(row[name]))
                    for name in COLUMNS
                    if name in row
                }
                verdict = values["verdict"] = values["verdict"].removeprefix("verdict/")
                if verdict not in VERDICTS:
                    message = f"unknown verdict {verdict!r}; known: {', '.join(VERDICTS)}."
                    raise GovgraphError(f"{query.path}: {message}")
                checks.append(ClaimCheck(slug, query.question, query.summary, **values))
        return Claims(checks, self.names)


def label_language(graph: QueryableGraph, asked: str | None) -> str:
    """Return the language of labels: what is asked for, else the first of the study.

    Raises UsageError for what is no language tag.
    """
    language = next(iter(graph.study.languages), "en") if asked is None else asked
    check_kind("lang", language, str, "a language tag such as en")
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
            distance = preference(lang, label.language) if fits(lang, label.language) else NONE_FITS
            candidate = (distance, preference(first, label.language), label.value)
            best[thing.value] = min(candidate, best.get(thing.value, candidate))
    return {iri: label for iri, (*_, label) in best.items()}
