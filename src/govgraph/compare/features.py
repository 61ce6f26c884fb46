"""Features of cases, read from stored queries into the matrix of a Comparison.

A row is ?case ?feature ?value ?passage [?conflict]:

feature   an IRI or a text: what is compared, such as scheme/level
value     an IRI or a text: one of many values; or true or false; unbound where the passage
          describes the case in this feature without giving it any of the values
passage   the named graph that says so
conflict  where given, a gg:Conflict that covers the statement
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from govgraph.compare.comparison import Case, Cell, Column, Comparison, State
from govgraph.errors import GovgraphError, UsageError, did_you_mean
from govgraph.queries import StoredQuery, StoreResolver, run
from govgraph.queries.asking import QueryableGraph, label_language, labels_of
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term
from govgraph.results import display, to_python
from govgraph.vocabulary import GG, INFERRED_GRAPH

COLUMNS: Final = ("case", "feature", "value", "passage")
FOLDER: Final = "compare/"
CASE: Final = f"{GG}Case"
Labels: TypeAlias = Mapping[str, str]
"""IRI -> label in the language asked for."""


@dataclass(frozen=True)
class Statement:
    """What a passage says of a case: that a feature has a value, or (None) none of its values.

    `passage` and `conflict`, a gg:Conflict over the statement, are short names, "" for none.
    """

    case: str
    feature: Term
    value: Term | None
    passage: str
    conflict: str = ""


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
    return arranged(statements, chosen, labels, graph.names)


def read_statements(graph: QueryableGraph, query: StoredQuery) -> Iterable[Statement]:
    """Run the query of a feature and return its rows as statements."""
    name = str(query.path or query.slug)
    result = run(query.text, graph.view, source=name)
    if set(COLUMNS) - set(result.columns):
        expected, selected = (
            " ".join(f"?{column}" for column in columns) for columns in (COLUMNS, result.columns)
        )
        raise UsageError(f"{name}: the query of a feature selects {expected}; found {selected}.")
    for number, row in enumerate(result.rows, start=1):
        cells = dict(zip(result.columns, row, strict=True))
        case, feature = cells["case"], cells["feature"]
        if not isinstance(case, NamedNode) or feature is None:
            raise GovgraphError(
                f"{name}: row {number} lacks ?case or ?feature; every row needs both."
            )
        by = (_short(cells.get(name), graph.names) for name in ("passage", "conflict"))
        yield Statement(graph.names.shorten(case.value), feature, cells["value"], *by)


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
    features = [query.slug.removeprefix(FOLDER) for query in _all(graph)]
    raise UsageError(
        f"There is no feature {name!r} to compare.{did_you_mean(name, features)}"
        f" Known: {', '.join(features)}; or a .rq file of your own."
    )


def _cases(graph: QueryableGraph, names: Sequence[str], labels: dict[str, str]) -> list[Case]:
    if names:
        resolver, iris = StoreResolver(graph.view), set()
        for name in names:
            try:
                iris.add(resolver(name, CASE).value)
            except UsageError as error:
                raise UsageError(f"case {name!r}: {error}") from None
    else:
        rows = run(f"SELECT DISTINCT ?case {{ ?case a <{CASE}> }}", graph.view, quiet=True).rows
        iris = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
    ids = {iri: graph.names.shorten(iri) for iri in iris}
    return sorted(Case(id_, labels.get(iri, id_)) for iri, id_ in ids.items())


def arranged(
    statements: Iterable[Statement], cases: Iterable[Case], labels: Labels, names: Names = NAMES
) -> Comparison:
    """Arrange statements in a matrix; those of other cases are left out.

    Columns stand in the order of the features given, then by value. Raises UsageError where a
    feature is true or false in one statement and has another value in the next.
    """
    chosen = tuple(sorted(set(cases)))
    ids = {case.id for case in chosen}
    by_feature: dict[Term, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.case in ids:
            by_feature[statement.feature].append(statement)
    columns: dict[str, Column] = {}
    cells: dict[tuple[str, str], Cell] = {}
    for feature, rows in by_feature.items():
        for column, filled in _columns(feature, rows, labels, chosen):
            if column.name in columns:
                raise UsageError(
                    f"Two features have the name {column.name!r}: rename one in its query."
                )
            columns[column.name] = column
            cells.update({(case, column.name): cell for case, cell in filled.items()})
    return Comparison(chosen, tuple(columns.values()), cells, names)


def _columns(
    feature: Term, statements: list[Statement], labels: Labels, cases: tuple[Case, ...]
) -> Iterator[tuple[Column, dict[str, Cell]]]:
    """Yield the columns of a feature, sorted by value, each with its cells by case.

    What is true or false is one column, else each value is one.
    """
    code, label = _code(feature), _label(feature, labels)
    given = [(row, row.value) for row in statements if row.value is not None]
    kinds = {isinstance(to_python(value), bool) for _, value in given}
    if len(kinds) > 1:
        raise UsageError(
            f"The feature {display(feature)!r} is true or false in one row and has another value"
            " in the next: give it one or the other."
        )
    if kinds == {True}:
        rows_of = {case.id: [row for row, _ in given if row.case == case.id] for case in cases}
        cells = {case: _boolean_cell(rows) for case, rows in rows_of.items()}
        yield Column(code, code, label, "", label), cells
        return
    described = {statement.case for statement in statements}
    values = {value for _, value in given}
    codes = Counter(map(_code, values))
    names = {
        value: _code(value) if codes[_code(value)] == 1 else display(value) for value in values
    }
    for value, name in sorted(names.items(), key=lambda entry: (entry[1], str(entry[0]))):
        cells = {}
        for case in cases:
            rows = [row for row, its in given if row.case == case.id and its == value]
            cells[case.id] = _cell(rows, State.ABSENT if case.id in described else State.MISSING)
        yield Column(f"{code}:{name}", code, label, name, _label(value, labels)), cells


def _boolean_cell(statements: list[Statement]) -> Cell:
    cell, values = _cell(statements), {to_python(row.value) for row in statements}
    if values == {True, False}:
        return replace(cell, state=State.CONTRADICTORY)
    is_false = values == {False} and cell.state is State.PRESENT
    return replace(cell, state=State.ABSENT) if is_false else cell


def _cell(statements: list[Statement], silent: State = State.MISSING) -> Cell:
    """Return the cell of statements that agree: present unless all of them are contested."""
    if not statements:
        return Cell(silent)
    settled = any(not statement.conflict for statement in statements)
    passages = {statement.passage for statement in statements} - {""}
    conflicts = {statement.conflict for statement in statements} - {""}
    return Cell(
        State.PRESENT if settled else State.CONTRADICTORY,
        tuple(sorted(passages, key=_natural)),
        tuple(sorted(conflicts)),
    )


def _natural(text: str) -> list[tuple[int, int | str]]:
    """Order passage/2.1/10 after passage/2.1/9."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", text)]


def _code(term: Term) -> str:
    """Return the short name of a value: the last part of an IRI, the text of a literal."""
    if isinstance(term, NamedNode):
        return re.split(r"[/#]", term.value.rstrip("/#"))[-1]
    return display(term)


def _label(term: Term, labels: Labels) -> str:
    return labels.get(term.value, _code(term)) if isinstance(term, NamedNode) else display(term)
