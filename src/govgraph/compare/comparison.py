"""The case x feature matrix: one cell a case and a feature, with the passages behind it.

A feature is a column: either one value of a feature with many ("level:local"), or a feature that
is true or false ("homicides-fell"). What a cell holds never goes beyond what a passage says:

1   a passage says so
0   passages describe the case in this feature, and none gives this value (or one says false)
NA  no passage describes the case in this feature
C   passages contradict each other: true and false, or nothing but statements in a Conflict
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode

from govgraph.errors import UsageError, did_you_mean
from govgraph.results import display, to_python

if TYPE_CHECKING:
    from govgraph.compare.features import Statement
    from govgraph.results import Term

Labels: TypeAlias = Mapping[str, str]
"""IRI -> label in the language asked for."""


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


@dataclass(frozen=True, order=True)
class Case:
    """A case: its id ("case/bogota") and its label."""

    id: str
    label: str

    @property
    def slug(self) -> str:
        """The id without its folder: "bogota"."""
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


@dataclass(frozen=True)
class Comparison:
    """Cases and features, and a cell for each pair, by case id and column name.

    `lang` is the language of the labels.
    """

    cases: tuple[Case, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[str, str], Cell]
    lang: str = "en"

    @classmethod
    def of(
        cls,
        statements: Iterable[Statement],
        cases: Iterable[Case],
        labels: Labels,
        lang: str = "en",
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
        columns: list[Column] = []
        cells: dict[tuple[str, str], Cell] = {}
        for feature, found in by_feature.items():
            fill = _boolean if _is_boolean(feature, found) else _categorical
            for column, given in fill(feature, found, labels, chosen):
                if any(column.name == other.name for other in columns):
                    raise UsageError(
                        f"Two features have the name {column.name!r}: rename one in its query."
                    )
                columns.append(column)
                cells.update({(case, column.name): cell for case, cell in given.items()})
        return cls(chosen, tuple(columns), cells, lang)

    def column(self, name: str) -> Column:
        """Return a column by its name; raises UsageError with what was perhaps meant."""
        for column in self.columns:
            if column.name.casefold() == name.casefold():
                return column
        known = [column.name for column in self.columns]
        hint = did_you_mean(name, known) or f" Features: {', '.join(known)}."
        raise UsageError(f"There is no feature {name!r} in these cases.{hint}")

    def state(self, case: Case, column: Column) -> State:
        """Return what is known of a case and a feature."""
        return self.cells[case.id, column.name].state

    def having(self, column: Column, state: State = State.PRESENT) -> tuple[Case, ...]:
        """Return the cases whose cell of a column is in a state."""
        return tuple(case for case in self.cases if self.state(case, column) is state)

    def shared_by(self, least: int) -> Comparison:
        """Return the comparison with only the features that at least so many cases have."""
        kept = tuple(column for column in self.columns if len(self.having(column)) >= least)
        names = {column.name for column in kept}
        cells = {key: cell for key, cell in self.cells.items() if key[1] in names}
        return Comparison(self.cases, kept, cells, self.lang)


def _is_boolean(feature: Term, statements: list[Statement]) -> bool:
    kinds = {isinstance(_plain(each.value), bool) for each in statements if each.value is not None}
    if len(kinds) > 1:
        raise UsageError(
            f"The feature {display(feature)!r} is true or false in one row and has another value"
            " in the next: give it one or the other."
        )
    return kinds == {True}


def _plain(term: Term | None) -> object:
    return to_python(term) if isinstance(term, Literal) else term


def _boolean(
    feature: Term, statements: list[Statement], labels: Labels, cases: tuple[Case, ...]
) -> Iterable[tuple[Column, dict[str, Cell]]]:
    """Return the one column of a feature that is true or false."""
    heading = _label(feature, labels)
    column = Column(_code(feature), _code(feature), heading, "", heading)
    cells = {}
    for case in cases:
        said = [each for each in statements if each.case == case.id and each.value is not None]
        values = {_plain(each.value) for each in said}
        cell = _cell(said)
        if values == {True, False}:
            cell = Cell(State.CONTRADICTORY, cell.passages, cell.conflicts)
        elif values == {False} and cell.state is State.PRESENT:
            cell = Cell(State.ABSENT, cell.passages, cell.conflicts)
        cells[case.id] = cell
    yield column, cells


def _categorical(
    feature: Term, statements: list[Statement], labels: Labels, cases: tuple[Case, ...]
) -> Iterable[tuple[Column, dict[str, Cell]]]:
    """Return a column for each value of a feature, sorted by name."""
    described = {statement.case for statement in statements}
    by_value: dict[Term, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.value is not None:
            by_value[statement.value].append(statement)
    codes = [_code(value) for value in by_value]
    named = sorted(
        (_code(value) if codes.count(_code(value)) == 1 else display(value), value)
        for value in by_value
    )
    for code, value in named:
        column = Column(
            f"{_code(feature)}:{code}",
            _code(feature),
            _label(feature, labels),
            code,
            _label(value, labels),
        )
        cells = {}
        for case in cases:
            said = [each for each in by_value[value] if each.case == case.id]
            silent = State.ABSENT if case.id in described else State.MISSING
            cells[case.id] = _cell(said) if said else Cell(silent)
        yield column, cells


def _cell(said: list[Statement]) -> Cell:
    """Return the cell of statements that agree: present unless all of them are contested."""
    if not said:
        return Cell(State.MISSING)
    settled = any(not each.conflict for each in said)
    return Cell(
        State.PRESENT if settled else State.CONTRADICTORY,
        tuple(sorted({each.passage for each in said if each.passage}, key=_natural)),
        tuple(sorted({each.conflict for each in said if each.conflict})),
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
