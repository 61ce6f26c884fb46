"""Queries run: on Oxigraph, or by what answers queries itself, such as a remote store."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from pyoxigraph import RdfFormat, Store, parse

from govgraph.errors import GovgraphError, UsageError, warn
from govgraph.queries.apart import guarded
from govgraph.queries.cautions import cautions, unmet_ends
from govgraph.queries.engine_text import declarations, for_engine
from govgraph.queries.sparql import Outline, outline, scan
from govgraph.queries.syntax import syntax_error
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.union import UnionView
from govgraph.results import Result
from govgraph.results.answer import Kind, Row

MOST_COPIED: Final = 100_000
"""Quads, those of a union too, up to which rdflib answers what Oxigraph gets wrong."""


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
        raise UsageError(
            "This is a SPARQL update, which changes data: expected SELECT, ASK, CONSTRUCT or"
            " DESCRIBE."
        )
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
    is_local = not (quiet or parts.has_from or parts.has_service)
    ends = is_local and unmet_ends(text, engine, names)
    by_reference = ends and len(engine) <= MOST_COPIED

    def answer() -> tuple[Kind, tuple[str, ...], tuple[Row, ...]]:
        found = engine.query(given.text, **options)  # raises what is wrong with the query
        if by_reference:
            result = _by_reference(given.text, engine, names.base)
        else:
            result = Result.from_oxigraph(found, most)
        return result.kind, result.columns, result.rows

    try:
        result = Result(*guarded(given.text, answer, is_quick=quiet), names=names)
    except SyntaxError as error:
        raise syntax_error(given.located(str(error)), text, parts, source) from None
    except (ValueError, RuntimeError, OSError, GovgraphError) as error:
        name = f"The query {str(source)!r}" if source else "The query"
        raise GovgraphError(f"{name} could not be answered: {error}.") from None
    if most is not None:
        return result
    warnings = tuple(cautions(text, result, engine, names, is_whole=bool(by_reference)))
    result = replace(result, warnings=warnings)
    for caution in () if quiet else result.warnings:
        warn(caution)
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
        named = dict.fromkeys(each[0][1:] for each in scan(text) if each.lastgroup == "variable")
        order = {name: number for number, name in enumerate(named)}
        result = result.with_columns(sorted(result.columns, key=lambda c: (order.get(c, 0), c)))
    return result if parts.has_order else result.sorted()
