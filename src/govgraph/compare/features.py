"""Features of cases, read from stored queries: ?case ?feature ?value ?passage [?conflict].

feature   an IRI or a text: what is compared, such as scheme/level
value     an IRI or a text: one of many values; or true or false; unbound where the passage
          describes the case in this feature without giving it any of the values
passage   the named graph that says so
conflict  where given, a gg:Conflict that covers the statement
"""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Final

from pyoxigraph import NamedNode

from govgraph.compare.comparison import Case, Comparison, Statement
from govgraph.errors import GovgraphError, UsageError, did_you_mean
from govgraph.queries import StoredQuery, StoreResolver, run
from govgraph.queries.asking import QueryableGraph, label_language, labels_of
from govgraph.rdf.names import Names
from govgraph.results import Term
from govgraph.vocabulary import GG, INFERRED_GRAPH

COLUMNS: Final = ("case", "feature", "value", "passage")
FOLDER: Final = "compare/"
CASE: Final = f"{GG}Case"


def compare_cases(
    graph: QueryableGraph,
    cases: Sequence[str] = (),
    features: Sequence[str | PathLike[str]] = (),
    *,
    lang: str | None = None,
) -> Comparison:
    """Compare cases (all where none are named) in features (all of `queries/compare/`).

    `cases` are ids, names or IRIs; `features` names of stored queries ("sectors") or .rq files.
    `lang` is any language tag, by default the first of the study. Raises UsageError for what is
    none, for a case or feature there is none of, and for a query without the columns.
    """
    lang = label_language(graph, lang)
    queries = [_find(graph, name) for name in features] if features else _all(graph)
    labels = labels_of(graph, lang)
    chosen = _cases(graph, cases, labels)
    statements = [row for query in queries for row in read_statements(graph, query)]
    return Comparison.of(statements, chosen, labels, graph.names)


def read_statements(graph: QueryableGraph, query: StoredQuery) -> Iterable[Statement]:
    """Run the query of a feature and return its rows as statements."""
    name = str(query.path or query.slug)
    result = run(query.text, graph.view, source=name)
    if set(COLUMNS) - set(result.columns):
        expected, found = (
            " ".join(f"?{column}" for column in columns) for columns in (COLUMNS, result.columns)
        )
        raise UsageError(f"{name}: the query of a feature selects {expected}; found {found}.")
    for number, row in enumerate(result.rows, start=1):
        cells = dict(zip(result.columns, row, strict=True))
        case, feature = cells["case"], cells["feature"]
        if not isinstance(case, NamedNode) or feature is None:
            raise GovgraphError(
                f"{name}: row {number} lacks ?case or ?feature; every row needs both."
            )
        passage, conflict = (
            _short(cells.get(name), graph.names) for name in ("passage", "conflict")
        )
        yield Statement(graph.names.shorten(case.value), feature, cells["value"], passage, conflict)


def _short(term: Term | None, names: Names) -> str:
    """Return the short name of a passage or conflict; what is only inferred has none."""
    if not isinstance(term, NamedNode) or term.value == INFERRED_GRAPH:
        return ""
    return names.shorten(term.value)


def _all(graph: QueryableGraph) -> list[StoredQuery]:
    return [query for slug, query in sorted(graph.queries.items()) if slug.startswith(FOLDER)]


def _find(graph: QueryableGraph, name: str | PathLike[str]) -> StoredQuery:
    if isinstance(name, PathLike) or name.endswith(".rq"):
        return graph.find_query(name)
    slug = FOLDER + name.removeprefix(FOLDER)
    if slug in graph.queries:
        return graph.queries[slug]
    known = [query.slug.removeprefix(FOLDER) for query in _all(graph)]
    raise UsageError(
        f"There is no feature {name!r} to compare.{did_you_mean(name, known)}"
        f" Known: {', '.join(known)}; or a .rq file of your own."
    )


def _cases(graph: QueryableGraph, names: Sequence[str], labels: dict[str, str]) -> list[Case]:
    if names:
        resolver = StoreResolver(graph.view)
        iris = {_resolved(resolver, name) for name in names}
    else:
        rows = run(f"SELECT DISTINCT ?case {{ ?case a <{CASE}> }}", graph.view, quiet=True).rows
        iris = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
    ids = {iri: graph.names.shorten(iri) for iri in iris}
    return sorted(Case(id_, labels.get(iri, id_)) for iri, id_ in ids.items())


def _resolved(resolver: StoreResolver, name: str) -> str:
    try:
        return resolver(name, CASE).value
    except UsageError as error:
        raise UsageError(f"case {name!r}: {error}") from None
