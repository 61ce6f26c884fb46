"""The graph in a remote store, whose answers are the same as those of the graph at home.

union     the stored queries see the union of all graphs as the default graph. Where a store gives
          it on demand (Oxigraph) it is asked for; where a store has none, one is told so.
dialect   Virtuoso leaves unbound what an OPTIONAL binds where its FILTER compares with a variable
          of VALUES that is not selected. A table of one term is therefore written out: the term
          stands in the place of its variable. The variable of a table of several is selected
          beside what was asked for.
limits    a result that the store cut short is refused (`client.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, QuerySolutions

from govgraph.assembly.assemble import choose_sources
from govgraph.coding.study import Study
from govgraph.coding.terms import is_common, load_terms
from govgraph.errors import RemoteError
from govgraph.queries.engine import check_syntax, empty_store
from govgraph.queries.sparql import Outline, ValuesBlock, outline, scan, write_term
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import SourceMap
from govgraph.results import Result
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.lock import warn_of_others
from govgraph.store.store_graphs import StoreGraphs
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
_AT_ONCE: Final = 500  # IRIs that one query asks about


@dataclass(eq=False)
class _Group:
    """A group `{ … }` of a query, the one around it, and the terms of the tables directly in it."""

    around: _Group | None = None
    is_query: bool = True
    is_minus: bool = False
    terms: dict[str, str] = field(default_factory=dict)

    @property
    def is_outermost(self) -> bool:
        """Whether it is the group that the whole query is about."""
        return self.around is not None and self.around.around is None

    def term(self, variable: str) -> str | None:
        """Return the term that a variable stands for in this group; None where it is free."""
        group: _Group | None = self
        while group is not None and not group.is_minus:
            if variable in group.terms:
                return group.terms[variable]
            group = None if group.is_query else group.around
        return None


@dataclass(frozen=True)
class _Occurrence:
    """A variable, or the whole of its table or of its BOUND(…), in a text; the group it is in."""

    variable: str
    start: int
    end: int
    group: _Group
    is_table: bool = False
    is_test: bool = False


@dataclass(frozen=True)
class Rewritten:
    """A query as Virtuoso understands it, and the columns of its answer that nobody asked for."""

    text: str
    added: tuple[str, ...] = ()


def for_virtuoso(text: str) -> Rewritten:
    """Return a query whose VALUES tables of one variable and one term are written out.

    A variable stays where it is selected or grouped by, part of a MINUS, in a table of several
    terms, or out of reach of its table.
    """
    parts = outline(text)
    if parts.selects_all or parts.form == "describe":
        return Rewritten(text)  # every variable is part of the answer
    terms = {block.start: term for block in parts.values if (term := _term(text, parts, block))}
    uses = list(_occurrences(text, parts, terms))
    stays = {use.variable for use in uses if use.group.term(use.variable) is None}
    pieces, last = [], 0
    for use in uses:
        if use.variable not in stays:
            term = "true" if use.is_test else use.group.term(use.variable) or ""
            pieces += [text[last : use.start], "" if use.is_table else term]
            last = use.end
    written = "".join([*pieces, text[last:]])
    tables = [use.variable for use in uses if use.is_table and use.group.is_outermost]
    added = tuple(dict.fromkeys(name for name in tables if name in stays))
    return _selecting(written, parts, added)


def _selecting(text: str, parts: Outline, variables: tuple[str, ...]) -> Rewritten:
    """Return a SELECT with more columns, where that changes nothing else of its answer."""
    depth, after_select, words = 0, 0, set[str]()
    for token in scan(text):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if token.start() < parts.start or depth > 1:
            continue
        words.add(token[0].upper())
        if not after_select and token[0].upper() in {"WHERE", "FROM", "{"}:
            after_select = token.start()
    selected = {token[0][1:] for token in scan(text[parts.start : after_select])}
    added = tuple(name for name in variables if name not in selected)
    grouped = words & {"GROUP", "LIMIT", "OFFSET", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"}
    if parts.form != "select" or grouped or not added:
        return Rewritten(text)
    columns = "".join(f"?{name} " for name in added)
    return Rewritten(f"{text[:after_select]} {columns}{text[after_select:]}", added)


def _term(text: str, parts: Outline, block: ValuesBlock) -> str:
    """Return the only term of a table, in full; "" where it has several or none."""
    table = f"SELECT ?x {{ VALUES ?x {{ {text[block.start : block.end]}\n}} }}"
    try:
        rows = empty_store().query(text[: parts.start] + table)
    except SyntaxError:  # the server will say so
        return ""
    assert isinstance(rows, QuerySolutions)
    values = [row["x"] for row in rows]
    return write_term(values[0]) if len(values) == 1 and values[0] is not None else ""


def _occurrences(text: str, parts: Outline, terms: dict[int, str]) -> Iterator[_Occurrence]:
    """Yield the variables of a query and the tables of one variable, in order."""
    tables = {block.start: block for block in parts.values}
    tokens = list(scan(text))
    group = _Group()
    table_end = 0
    for index, token in enumerate(tokens):
        if token.start() < table_end:
            continue
        following = tokens[index + 2].end() if index + 2 < len(tokens) else 0
        if token[0].upper() == "VALUES" and following in tables:
            block = tables[following]
            table_end = block.end + 1
            if following in terms:
                group.terms[block.variable] = terms[following]
            yield _Occurrence(block.variable, token.start(), table_end, group, is_table=True)
        elif token.lastgroup == "variable":
            around = tokens[max(index - 2, 0) : index + 2]
            is_test = [near[0].upper() for near in around] == ["BOUND", "(", token[0].upper(), ")"]
            first, last = (around[0], around[-1]) if is_test else (token, token)
            yield _Occurrence(token[0][1:], first.start(), last.end(), group, is_test=is_test)
        elif token[0] == "{":
            before = tokens[index - 1][0].upper() if index else ""
            after = tokens[index + 1][0].upper() if index + 1 < len(tokens) else ""
            group = _Group(group, after == "SELECT", before == "MINUS")
        elif token[0] == "}" and group.around is not None:
            group = group.around


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
        """What answers queries: itself."""
        return self

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
        self._has_named_graphs()
        graphs = StoreGraphs(self.endpoint, relabel=False)
        return graphs.fetch(graphs.counts())

    def __len__(self) -> int:
        return sum(StoreGraphs(self.endpoint, relabel=False).counts().values())

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
            check_syntax(text, source)
        self._warn_of_others()
        union = () if parts.has_from else self._union
        rewritten = for_virtuoso(text) if self._is_virtuoso else Rewritten(text)
        try:
            result = self.client.query(rewritten.text, union).without(rewritten.added)
        except RemoteError as error:
            if error.status == _BAD_REQUEST:
                check_syntax(text, source)
            raise
        if result.kind == "select" and _DISTINCT.match(text, parts.start):
            # Virtuoso repeats rows where DISTINCT and ORDER BY meet many columns
            return Result(result.kind, result.columns, tuple(dict.fromkeys(result.rows)))
        return result

    def _has_named_graphs(self) -> bool:
        """Tell whether it has; raises RemoteError where it has no default graph either."""
        if self.client.ask(_NAMED_GRAPH):
            return True
        if self.client.ask(_ANYTHING):
            return False
        raise RemoteError(f"the store is empty. Fill it: govgraph push {self.url}", self.url)

    @cached_property
    def _union(self) -> tuple[tuple[str, str], ...]:
        """The parameters that make the union the default graph.

        Raises RemoteError where nothing does, and where there is nothing to ask about.
        """
        if self.client.has_union():
            return ()
        if not self._has_named_graphs():
            return ()  # there is nothing else to unite
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
