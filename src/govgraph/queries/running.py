"""Queries run: on Oxigraph, or by what answers queries itself, such as a remote store.

Whoever asked is told where the answer may not be what was meant.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, Final, Protocol, TypeAlias

import pyoxigraph as ox
from pyoxigraph import RdfFormat, Store, parse

from govgraph.errors import GovgraphError, UsageError, did_you_mean, warn
from govgraph.queries.apart import guarded
from govgraph.queries.engine import declarations, for_engine, syntax_error
from govgraph.queries.sparql import Outline, outline, scan
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.reading import UnionView, describes
from govgraph.rdf.terms import owl, rdf
from govgraph.results import Result
from govgraph.results.answer import Kind, Row
from govgraph.vocabulary import GG

_OF_TEXT: Final = frozenset(
    {"GROUP_CONCAT", "CONCAT", "STRLEN", "UCASE", "LCASE", "REPLACE", "REGEX", "CONTAINS", "SUBSTR",
    "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "ENCODE_FOR_URI"}
)  # fmt: skip
"""Functions that make nothing of an IRI or a blank node."""
_LONGEST_PATH: Final = 100  # terms, beyond which no ends are looked for: each step looks anew
_DECLARED: Final = (owl.Class, owl.ObjectProperty, owl.DatatypeProperty)
AT_ONCE: Final = 0.02  # seconds; what took less is not asked again where Ctrl-C can reach it
MOST_QUICK: Final = 1_000  # queries of which this is remembered
MOST_COPIED: Final = 100_000
"""Quads, those of a union too, up to which rdflib answers what Oxigraph gets wrong."""


@dataclass(frozen=True)
class _Reading:
    """IRIs as they are written, those where a path may take no step, columns made by functions."""

    written: tuple[str, ...]
    ends: tuple[str, ...]
    made: tuple[tuple[str, str, str], ...]


@lru_cache(maxsize=512)
def _read(text: str) -> _Reading:
    tokens = list(scan(text))
    written, ends, made, before, earlier = [], [], [], "", ""
    calls: list[tuple[str, str]] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1 : index + 4]
        is_term = token.lastgroup in {"iri", "name"}
        declares = before in {"PREFIX", "BASE"} or earlier == "PREFIX"
        if is_term and not declares:
            written.append(token[0])
        is_step = is_term or token[0] in {")", "a"}
        joins = following and following[0].start() == token.end()  # a variable: `:p?x`
        if is_step and text[token.end() : token.end() + 1] in {"*", "?"} and not joins:
            ends += _ends_of_path(text, tokens, index)
        if token[0].upper() in _OF_TEXT and following and following[0][0] == "(":
            inner = [token for token in following[1:] if token[0].upper() != "DISTINCT"]
            if inner and inner[0].lastgroup == "variable":
                calls.append((token[0].upper(), inner[0][0]))
        if token[0] in {"{", "}"}:
            calls = []
        if before == "AS" and token.lastgroup == "variable":
            made += [(token[0][1:], *call) for call in calls]
            calls = []
        before, earlier = token[0].upper(), before
    return _Reading(tuple(written), tuple(ends), tuple(made))


def _ends_of_path(text: str, tokens: Sequence[re.Match[str]], index: int) -> list[str]:
    """Return the IRIs at the ends of the path with a step at `index`, if it may take no step."""
    ends = []
    for way, opens, closes in ((-1, ")", "("), (1, "(", ")")):
        at, depth = index, 0
        while 0 <= (beyond := at + way) < len(tokens) and abs(at - index) < _LONGEST_PATH:
            depth += (tokens[at][0] == opens) - (tokens[at][0] == closes)
            first, last = sorted((at, beyond))
            between, token = text[tokens[first].end() : tokens[last].start()], tokens[beyond]
            is_term = token.lastgroup in {"iri", "name"} or token[0] == "a"
            if depth <= 0 and token[0] != closes and not re.search(r"[/|]", between):
                ends += [token[0]] if is_term else []
                break
            is_optional = text[token.end() : token.end() + 1] in {"*", "?"}
            if depth <= 0 and "/" in between and is_term and not is_optional:
                return []
            at = beyond
    return ends


def cautions(
    text: str, result: Result, store: ox.Store, names: Names, *, is_whole: bool
) -> Iterator[str]:
    """Yield what to look at in an answer, and in the query it answers.

    `is_whole` says that what a path of no step leads to is in the answer.
    """
    reading = _read(text)
    yield from unknown_terms(text, store, names)
    for iri in () if is_whole else unmet_ends(text, store, names):
        yield (
            f"{names.shorten(iri)} is in no statement: a path with * or ? that begins or"
            " ends there has itself as an answer in SPARQL 1.1, and none here."
        )
    for column, function, variable in reading.made:
        index = result.columns.index(column) if column in result.columns else None
        if index is not None and (empty := sum(row[index] is None for row in result.rows)):
            yield (
                f"?{column} is empty in {empty:,} of {len(result):,} rows: {function}({variable})"
                f" is nothing where {variable} is unbound, an IRI or a blank node. The text of an"
                f" IRI is STR({variable})."
            )


def unmet_ends(text: str, store: ox.Store, names: Names) -> list[str]:
    """Return the IRIs in no statement where a path that may take no step begins or ends.

    Such a path has the IRI itself as an answer (SPARQL 1.1, 18.4, ZeroOrMorePath); Oxigraph finds
    none (oxigraph/oxigraph#1815).
    """
    match = store.quads_for_pattern
    nodes = map(ox.NamedNode, _in_full(_read(text).ends, text, names))
    return [
        node.value
        for node in nodes
        if next(chain(match(node, None, None), match(None, None, node)), None) is None
    ]


def _in_full(written: Iterable[str], text: str, names: Names) -> Iterator[str]:
    """Yield IRIs `written` in a query, in full, each once; not those it cannot name."""
    prefixes = {**names.prefixes, **outline(text).prefixes}
    for term in dict.fromkeys(written):
        prefix, _, local = term.rstrip(".").partition(":")
        iri = term[1:-1] if term[0] == "<" else None
        if iri is None and prefix in prefixes:
            iri = prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        if iri is not None and ":" in iri:
            yield iri


def unknown_terms(asked: str | Iterable[str], store: ox.Store, names: Names) -> Iterator[str]:
    """Yield what is wrong with terms of govgraph's or the study's ontology that do not exist.

    `asked` is a query, or IRIs. A store without an ontology tells nothing.
    """
    for iri in _in_full(_read(asked).written, asked, names) if isinstance(asked, str) else asked:
        space = next((s for s in (GG, f"{names.base}ontology#") if iri.startswith(s)), iri)
        if iri == space or describes(store, iri):
            continue
        of_type = (store.quads_for_pattern(None, rdf.type, kind, None) for kind in _DECLARED)
        declared = {str(quad.subject)[1:-1] for quad in chain.from_iterable(of_type)}
        near = [names.shorten(term) for term in declared if term.startswith(space)]
        if near:
            short = names.shorten(iri)
            yield f"{short} is no term of the ontology.{did_you_mean(short, near)}"


class Answering(Protocol):
    """An engine that answers queries over the union of its graphs, such as a remote store."""

    @property
    def names(self) -> Names:
        """What its IRIs are called."""

    def answer(self, text: str, source: Path | str | None = None) -> Result:
        """Return the whole answer to a query; raises as `run` does."""


View: TypeAlias = UnionView | Answering
"""What answers queries over the union of all graphs, each triple once."""


def names_of(store: Store | View) -> Names:
    """Return what the IRIs of a store are called; a plain store knows only govgraph's names."""
    return NAMES if isinstance(store, Store) else store.names


def run(
    text: str,
    store: Store | View,
    *,
    source: Path | str | None = None,
    quiet: bool = False,
    most: int | None = None,
) -> Result:
    """Answer a SPARQL query from a store; without FROM it sees the union of all graphs.

    A UnionView has each triple of the union once, a plain store as often as graphs have it.
    `source` is the file named in errors; `quiet` is for questions that no user wrote; of `most`
    rows, which are any, nothing is warned. Rows without ORDER BY are sorted, so that the same data
    gives the same bytes. Raises SourceError for a syntax error, with its line; UsageError for an
    update; GovgraphError where the engine gives up.
    """
    parts = outline(text)
    if parts.form == "update":
        message = "This is a SPARQL update, which changes data: expected"
        raise UsageError(f"{message} SELECT, ASK, CONSTRUCT or DESCRIBE.")
    names = names_of(store)
    if not isinstance(store, Store | UnionView):
        declared = declarations(text, names.prefixes)
        return _in_order(replace(store.answer(declared + text, source), names=names), parts, text)
    given = for_engine(text, names.prefixes, sorts=True)
    # Oxigraph lets the union win over FROM, so it is asked for only where there is none.
    options: dict[str, Any] = {"base_iri": names.base}
    if isinstance(store, Store) and not parts.has_from:
        options["use_default_graph_as_union"] = True
    engine = store if isinstance(store, Store) else store.store

    # rdflib would fetch what stands in FROM.
    quick = store.quick if isinstance(store, UnionView) else set()
    is_quick = quiet or given.text in quick
    is_local = not (is_quick or parts.has_from or parts.has_service)
    ends = is_local and unmet_ends(text, engine, names)
    by_reference = ends and len(engine) <= MOST_COPIED

    def answer() -> tuple[Kind, tuple[str, ...], tuple[Row, ...]]:
        if by_reference:
            engine.query(given.text, **options)  # raises what is wrong with the query
            result = _by_reference(given.text, engine, names.base)
        else:
            result = Result.from_oxigraph(engine.query(given.text, **options), most)
        return result.kind, result.columns, result.rows

    began = perf_counter()
    try:
        result = Result(*guarded(given.text, answer, is_quick=is_quick), names=names)
    except SyntaxError as error:
        raise syntax_error(given.located(str(error)), text, source) from None
    except (ValueError, RuntimeError, OSError, GovgraphError) as error:
        name = f"The query {str(source)!r}" if source else "The query"
        raise GovgraphError(f"{name} could not be answered: {error}.") from None
    took = perf_counter() - began
    if most is not None:
        return result
    if given.text not in quick:
        warnings = tuple(cautions(text, result, engine, names, is_whole=bool(by_reference)))
        result = replace(result, warnings=warnings)
        for caution in () if quiet else warnings:
            warn(caution)
        if took < AT_ONCE and is_local and not (warnings or ends) and len(quick) < MOST_QUICK:
            quick.add(given.text)
    return _in_order(result.sorted(given.order) if given.order else result, parts, text)


def _by_reference(text: str, store: Store, base: str) -> Result:
    """Return what rdflib answers over the union of a small store's graphs."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=(store.dump(format=RdfFormat.N_QUADS) or b"").decode(), format="nquads")
    try:
        answer = dataset.query(text, base=base)
    except Exception as error:  # rdflib gives up in ways of its own
        raise GovgraphError(f"rdflib, which answers paths of no step, gave up: {error}") from None
    if answer.graph is None:
        return Result.from_serialized(answer.serialize(format="json") or b"", "json")
    triples = parse(answer.graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    return Result.of_triples(quad.triple for quad in triples)


def _in_order(result: Result, parts: Outline, text: str) -> Result:
    """Return the rows of a SELECT in an order of their own where the query leaves it open.

    So are the columns of a SELECT *: they come as they are first named.
    """
    if result.kind != "select":
        return result
    if parts.selects_all:
        named = dict.fromkeys(token[0][1:] for token in scan(text) if token.lastgroup == "variable")
        order = {name: number for number, name in enumerate(named)}
        result = result.with_columns(sorted(result.columns, key=lambda c: (order.get(c, 0), c)))
    return result if parts.has_order else result.sorted()
