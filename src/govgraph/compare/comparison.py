"""The case x feature matrix: one cell a case and a feature, with the passages behind it.

A feature is a column: either one value of a feature with many ("level:local"), or a feature that
is true or false ("thefts-fell"). What a cell holds never goes beyond what a passage says:

1   a passage says so
0   passages describe the case in this feature, and none gives this value (or one says false)
NA  no passage describes the case in this feature
C   passages contradict each other: true and false, or nothing but statements in a Conflict
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from govgraph.errors import UsageError, did_you_mean
from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term
from govgraph.results import Result, Tabular, display, to_python

Labels: TypeAlias = Mapping[str, str]
"""IRI -> label in the language asked for."""
Table: TypeAlias = tuple[tuple[str, ...], list[tuple[str | int | float, ...]]]
VIEWS: Final[dict[str, Callable[[Comparison], Table]]] = {}
"""What a reader sees of a comparison, by name; views.py has them."""


class State(StrEnum):
    """What is known of a case and a feature, as it is written."""

    PRESENT = "1"
    ABSENT = "0"
    MISSING = "NA"
    CONTRADICTORY = "C"

    @property
    def known(self) -> bool:
        """Whether it is a plain yes or no."""
        return self in (State.PRESENT, State.ABSENT)


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


@dataclass(frozen=True, order=True)
class Case:
    """A case: its id ("case/springfield") and its label."""

    id: str
    label: str

    @property
    def slug(self) -> str:
        """The id without its folder: "springfield"."""
        return self.id.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Column:
    """A feature of the matrix: its name ("level:local"), and labels for a reader.

    `value` is "" for a feature that is true or false.
    """

    name: str
    feature: str
    feature_label: str
    value: str
    label: str


@dataclass(frozen=True)
class Cell:
    """What is known of a case and a feature, the passages that say so, conflicts over them."""

    state: State
    passages: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Comparison(Tabular):
    """Cases and features, and a cell for each pair, by case id and column name.

    As a table it is the matrix: a row for each feature, a column for each case. `table` has others.
    """

    cases: tuple[Case, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[str, str], Cell]
    names: Names = field(default=NAMES, compare=False)

    @property
    def result(self) -> Result:
        """The matrix."""
        return self.table("matrix")

    def table(self, view: str) -> Result:
        """Return a view: convergences, matrix, evidence, similarity, pairs or clusters."""
        if view not in VIEWS:
            known = ", ".join(VIEWS)
            hint = did_you_mean(view, VIEWS)
            raise UsageError(f"there is no view {view!r}.{hint} Views: {known}.")
        columns, rows = VIEWS[view](self)
        return Result.of_rows(columns, rows, self.names)

    @classmethod
    def of(
        cls,
        statements: Iterable[Statement],
        cases: Iterable[Case],
        labels: Labels,
        names: Names = NAMES,
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
            fill = _boolean if _is_boolean(feature, rows) else _categorical
            for column, filled in fill(feature, rows, labels, chosen):
                if column.name in columns:
                    raise UsageError(
                        f"Two features have the name {column.name!r}: rename one in its query."
                    )
                columns[column.name] = column
                cells.update({(case, column.name): cell for case, cell in filled.items()})
        return cls(chosen, tuple(columns.values()), cells, names)

    def state(self, case: Case, column: Column) -> State:
        """Return what is known of a case and a feature."""
        return self.cells[case.id, column.name].state

    def having(self, column: Column, state: State = State.PRESENT) -> tuple[Case, ...]:
        """Return the cases whose cell of a column is in a state."""
        return tuple(case for case in self.cases if self.state(case, column) is state)


def _is_boolean(feature: Term, statements: list[Statement]) -> bool:
    values = (statement.value for statement in statements if statement.value is not None)
    kinds = {isinstance(to_python(value), bool) for value in values}
    if len(kinds) > 1:
        raise UsageError(
            f"The feature {display(feature)!r} is true or false in one row and has another value"
            " in the next: give it one or the other."
        )
    return kinds == {True}


def _boolean(
    feature: Term, statements: list[Statement], labels: Labels, cases: tuple[Case, ...]
) -> Iterable[tuple[Column, dict[str, Cell]]]:
    """Return the one column of a feature that is true or false."""
    code, label = _code(feature), _label(feature, labels)
    cells = {}
    for case in cases:
        rows = [row for row in statements if row.case == case.id and row.value is not None]
        values = {to_python(row.value) for row in rows}
        cell = _cell(rows)
        if values == {True, False}:
            cell = replace(cell, state=State.CONTRADICTORY)
        elif values == {False} and cell.state is State.PRESENT:
            cell = replace(cell, state=State.ABSENT)
        cells[case.id] = cell
    yield Column(code, code, label, "", label), cells


def _categorical(
    feature: Term, statements: list[Statement], labels: Labels, cases: tuple[Case, ...]
) -> Iterable[tuple[Column, dict[str, Cell]]]:
    """Return a column for each value of a feature, sorted by name."""
    described = {statement.case for statement in statements}
    values = {statement.value for statement in statements if statement.value is not None}
    codes = Counter(map(_code, values))
    names = {
        value: _code(value) if codes[_code(value)] == 1 else display(value) for value in values
    }
    for value, name in sorted(names.items(), key=lambda entry: (entry[1], str(entry[0]))):
        cells = {}
        for case in cases:
            rows = [row for row in statements if row.case == case.id and row.value == value]
            silent = State.ABSENT if case.id in described else State.MISSING
            cells[case.id] = _cell(rows) if rows else Cell(silent)
        code, label = _code(feature), _label(feature, labels)
        yield Column(f"{code}:{name}", code, label, name, _label(value, labels)), cells


def _cell(statements: list[Statement]) -> Cell:
    """Return the cell of statements that agree: present unless all of them are contested."""
    if not statements:
        return Cell(State.MISSING)
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
