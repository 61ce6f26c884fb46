"""What a reader sees of a comparison: each view a table of column names and plain rows."""

from itertools import product
from typing import TypeAlias

from govgraph.compare.comparison import VIEWS, Comparison, State, Table
from govgraph.compare.similarity import overlaps, similarity

Cell: TypeAlias = str | int | float


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
        (column.name, *(_cell(comparison.state(case, column)) for case in comparison.cases))
        for column in comparison.columns
    ]


def _cell(state: State) -> Cell:
    return int(state) if state.known else state.value


def evidence(comparison: Comparison) -> Table:
    """Return a row for each passage behind a cell, and for each cell that has one."""
    rows: list[tuple[Cell, ...]] = []
    for case, column in product(comparison.cases, comparison.columns):
        cell = comparison.cells[case.id, column.name]
        if cell.passages or cell.state is State.PRESENT:
            conflicts = " ".join(cell.conflicts)
            for passage in cell.passages or ("",):
                rows.append((case.id, column.name, _cell(cell.state), passage, conflicts))
    return ("case", "feature", "value", "passage", "conflicts"), rows


def similarities(comparison: Comparison) -> Table:
    """Return the Jaccard index of each pair of cases."""
    index = similarity(comparison)
    rows: list[tuple[Cell, ...]] = []
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
    rows: list[tuple[Cell, ...]] = [
        (one, other, "NA" if index > 0 else round(-index, 3), both, -either)
        for index, either, one, other, both in ranked
    ]
    return ("case", "other", "similarity", "both", "either"), rows


VIEWS.update(
    convergences=convergences,
    matrix=matrix,
    evidence=evidence,
    similarity=similarities,
    pairs=pairs,
)
