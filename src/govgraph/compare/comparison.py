"""The case x feature matrix: one cell a case and a feature, with the passages behind it.

A feature is a column: either one value of a feature with many ("level:local"), or a feature that
is true or false ("thefts-fell"). What a cell holds never goes beyond what a passage says:

1   a passage says so
0   passages describe the case in this feature, and none gives this value (or one says false)
NA  no passage describes the case in this feature
C   passages contradict each other: true and false, or nothing but statements in a Conflict

What a reader sees of it are VIEWS, tables of column names and plain rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Final, TypeAlias

from govgraph.errors import UsageError, did_you_mean
from govgraph.rdf.names import NAMES, Names
from govgraph.results import Result, Tabular

Row: TypeAlias = tuple[str | int | float, ...]
Table: TypeAlias = tuple[tuple[str, ...], list[Row]]
Similarity: TypeAlias = Mapping[tuple[str, str], float | None]
"""(case id, case id) -> index in [0, 1], or None; both orders are there, and each case itself."""


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
        """Return a view: convergences, matrix, evidence, similarity or pairs."""
        if view not in VIEWS:
            hint = did_you_mean(view, VIEWS)
            raise UsageError(f"there is no view {view!r}.{hint} Views: {', '.join(VIEWS)}.")
        columns, rows = VIEWS[view](self)
        return Result.of_rows(columns, rows, self.names)

    def state(self, case: Case, column: Column) -> State:
        """Return what is known of a case and a feature."""
        return self.cells[case.id, column.name].state

    def having(self, column: Column, state: State = State.PRESENT) -> tuple[Case, ...]:
        """Return the cases whose cell of a column is in a state."""
        return tuple(case for case in self.cases if self.state(case, column) is state)


def overlaps(comparison: Comparison) -> dict[tuple[str, str], tuple[int, int]]:
    """Return for every two cases (by their ids, in both orders, and each with itself) features.

    How many both have, and how many either has, of those known of both: what the passages leave out
    makes no two cases like or unlike. On so many an index of similarity rests.
    """
    counts = {}
    for one, other in product(comparison.cases, repeat=2):
        columns = comparison.columns
        states = [(comparison.state(one, each), comparison.state(other, each)) for each in columns]
        compared = [pair for pair in states if all(state.known for state in pair)]
        both = compared.count((State.PRESENT, State.PRESENT))
        counts[one.id, other.id] = both, sum(State.PRESENT in pair for pair in compared)
    return counts


def similarity(comparison: Comparison) -> Similarity:
    """Return how like every two cases are: the Jaccard index (1901) of `overlaps`.

    Features both have / features either has. Where nothing is known of both, or neither has
    anything, it is undefined (None), and never taken for 0.
    """
    counts = overlaps(comparison).items()
    return {pair: both / either if either else None for pair, (both, either) in counts}


def convergences(comparison: Comparison) -> Table:
    """Return each feature with the cases that have it, most shared first within a feature.

    convergence: every case described in the feature has it, and there are at least two;
    unique: one case has it, of several described; divergence: some have it and some have not;
    open: too little is described, or passages contradict each other.
    """
    features = [column.feature for column in comparison.columns]
    ranked = []
    for column in comparison.columns:
        having = comparison.having(column)
        described = sum(comparison.state(case, column).known for case in comparison.cases)
        contested = comparison.having(column, State.CONTRADICTORY)
        row = (
            column.feature_label,
            column.label if column.value else "",
            column.name,
            len(having),
            described,
            _finding(len(having), described),
            "; ".join(case.label for case in having),
            "; ".join(case.label for case in contested),
        )
        ranked.append(((features.index(column.feature), -len(having), column.name), row))
    columns = ("feature", "value", "name", "cases", "of", "finding", "which", "contradictory")
    return columns, [row for _, row in sorted(ranked)]


def _finding(having: int, described: int) -> str:
    if described < 2 or not having:
        return "open"
    if having == described:
        return "convergence"
    return "unique" if having == 1 else "divergence"


def matrix(comparison: Comparison) -> Table:
    """Return a row for each feature and a column for each case: 1, 0, NA or C."""
    columns = ("feature", *(case.slug for case in comparison.cases))
    return columns, [
        (column.name, *(_shown(comparison.state(case, column)) for case in comparison.cases))
        for column in comparison.columns
    ]


def _shown(state: State) -> str | int:
    return int(state) if state.known else state.value


def evidence(comparison: Comparison) -> Table:
    """Return a row for each passage behind a cell, and for each cell that has one."""
    rows: list[Row] = []
    for case, column in product(comparison.cases, comparison.columns):
        cell = comparison.cells[case.id, column.name]
        if cell.passages or cell.state is State.PRESENT:
            conflicts = " ".join(cell.conflicts)
            for passage in cell.passages or ("",):
                rows.append((case.id, column.name, _shown(cell.state), passage, conflicts))
    return ("case", "feature", "value", "passage", "conflicts"), rows


def similarities(comparison: Comparison) -> Table:
    """Return the Jaccard index of each pair of cases."""
    index = similarity(comparison)
    rows: list[Row] = []
    for one in comparison.cases:
        values = (index[one.id, other.id] for other in comparison.cases)
        rows.append((one.slug, *("NA" if v is None else round(v, 3) for v in values)))
    return ("case", *(case.slug for case in comparison.cases)), rows


def pairs(comparison: Comparison) -> Table:
    """Return each pair of cases, the most similar first, with the features it rests on."""
    slugs = {case.id: case.slug for case in comparison.cases}
    ranked = sorted(
        (-both / either if either else 1, -either, slugs[one], slugs[other], both)
        for (one, other), (both, either) in overlaps(comparison).items()
        if one < other
    )
    rows: list[Row] = [
        (one, other, "NA" if index > 0 else round(-index, 3), both, -either)
        for index, either, one, other, both in ranked
    ]
    return ("case", "other", "similarity", "both", "either"), rows


VIEWS: Final[dict[str, Callable[[Comparison], Table]]] = {
    "convergences": convergences,
    "matrix": matrix,
    "evidence": evidence,
    "similarity": similarities,
    "pairs": pairs,
}
