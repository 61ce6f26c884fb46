"""Heat maps: the matrix of cases and features, and the similarity of cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from govgraph.compare.comparison import Column, Comparison, State
from govgraph.compare.similarity import clusters, leaf_order, similarity
from govgraph.errors import UsageError
from govgraph.texts.translations import N_, translations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008), told apart by readers with any colour vision.
_COLOURS: Final = {
    State.PRESENT: "#0072B2",
    State.ABSENT: "#EDEDED",
    State.MISSING: "#FFFFFF",
    State.CONTRADICTORY: "#E69F00",
}
_WORDS: Final = {
    State.PRESENT: N_("a passage says so (number of passages)"),
    State.ABSENT: N_("described, not named"),
    State.MISSING: N_("not described"),
    State.CONTRADICTORY: N_("contradictory"),
}
_HATCH: Final = "////"
# All sizes are in inches.
_ROW: Final = 0.2
_COLUMN: Final = 0.34
_LABELS: Final = 3.1
_TREE: Final = 0.7
_SIDE: Final = 0.42  # of a square of the similarity
_WIDTH: Final = 5.2  # which the legend takes
_LONGEST: Final = 46  # letters of a label


def draw_matrix(comparison: Comparison) -> Figure:
    """Draw features down, cases across in the order of their clusters; within `drawing()`.

    Raises UsageError where there is nothing to draw.
    """
    _check(comparison)
    by_feature: dict[str, list[Column]] = {}
    for column in comparison.columns:
        by_feature.setdefault(column.feature_label, []).append(column)
    rows = len(comparison.columns) + len(by_feature)
    figure, axes, order = _grid(comparison, rows, (_COLUMN, _ROW), _LABELS, 0.5)
    y = 0
    ticks = {}
    for feature, columns in by_feature.items():
        heading = feature[:1].upper() + feature[1:]
        axes.text(-0.2, y + 0.6, heading, ha="right", va="center", weight="bold")
        for column in columns:
            y += 1
            ticks[y + 0.5] = _row_label(column)
            for x, case in enumerate(order):
                cell = comparison.cells[case, column.name]
                _state(axes, x, y, cell.state, len(cell.passages))
        y += 1
    axes.set_yticks(list(ticks), list(ticks.values()))
    _legend(figure, comparison.lang)
    return figure


def draw_similarity(comparison: Comparison) -> Figure:
    """Draw the Jaccard index of each pair of cases, clustered; within `drawing()`.

    Raises UsageError where there is nothing to draw.
    """
    from matplotlib import colormaps

    _check(comparison)
    index = similarity(comparison)
    labels = {case.id: case.label for case in comparison.cases}
    number = len(labels)
    left = _length(labels.values())
    figure, axes, order = _grid(comparison, number, (_SIDE, _SIDE), left, 0.2, least_width=0)
    # A case is wholly like itself: the scale ends at the most similar pair of two.
    most = max((value for pair, value in index.items() if value and len({*pair}) == 2), default=1)
    for y, one in enumerate(order):
        for x, other in enumerate(order):
            value = index[one, other]
            if value is None:
                _state(axes, x, y, State.MISSING, 0)
                continue
            shade = 0.9 * min(value / most, 1)
            fill = "#DDDDDD" if x == y else colormaps["Blues"](shade)
            ink = "white" if shade > 0.55 and x != y else "black"
            _square(axes, x, y, fill, f"{value:.2f}".removeprefix("0"), ink)
    axes.set_yticks([y + 0.5 for y in range(number)], [labels[case] for case in order])
    return figure


def _check(comparison: Comparison) -> None:
    if not comparison.cases or not comparison.columns:
        raise UsageError("There is nothing to draw: these cases have none of these features.")


def _grid(
    comparison: Comparison,
    rows: int,
    cell: tuple[float, float],
    left: float,
    bottom: float,
    least_width: float = _WIDTH,
) -> tuple[Figure, Axes, tuple[str, ...]]:
    """Return a figure, axes of which a unit is a cell, and the cases from left to right.

    Above the cells stand the names of the cases and the tree of their clusters.
    """
    from matplotlib.figure import Figure

    order = leaf_order(comparison)
    labels = {case.id: case.label for case in comparison.cases}
    across, down = cell[0] * len(order), cell[1] * rows
    width = max(left + across + 0.3, least_width)
    height = _TREE + _length(labels.values()) + down + bottom
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((left / width, bottom / height, across / width, down / height))
    axes.set(xlim=(0, len(order)), ylim=(rows, 0))
    places = [x + 0.5 for x in range(len(order))]
    axes.set_xticks(places, [labels[case] for case in order], rotation=90, va="bottom")
    axes.tick_params(length=0, pad=4, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    tree = figure.add_axes(
        (left / width, 1 - (_TREE + 0.02) / height, across / width, _TREE / height)
    )
    _dendrogram(tree, comparison, order)
    return figure, axes, order


def _length(labels: Iterable[str]) -> float:
    """Return the room that the longest label takes."""
    return max(map(len, labels)) * 0.065 + 0.2


def _row_label(column: Column) -> str:
    """Return the label of a value, with its number where it has one, cut to the room there is."""
    numbered = column.value[:1].isdecimal() and column.value != column.label
    text = f"{column.value} {column.label}" if numbered else column.label
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _state(axes: Axes, x: int, y: int, state: State, passages: int) -> None:
    text = {State.PRESENT: str(passages), State.CONTRADICTORY: "C"}.get(state, "")
    ink = "white" if state is State.PRESENT else "black"
    _square(axes, x, y, _COLOURS[state], text, ink, hatched=state is State.MISSING)


def _square(
    axes: Axes, x: int, y: int, fill: Any, text: str, ink: str, *, hatched: bool = False
) -> None:
    from matplotlib.patches import Rectangle

    hatch, edge = (_HATCH, "#BBBBBB") if hatched else (None, "white")
    axes.add_patch(Rectangle((x, y), 1, 1, facecolor=fill, edgecolor=edge, hatch=hatch, lw=0.8))
    if text:
        axes.text(x + 0.5, y + 0.53, text, ha="center", va="center", color=ink, size=6)


def _dendrogram(axes: Axes, comparison: Comparison, order: tuple[str, ...]) -> None:
    """Draw the merges above the cases; height is 1 - similarity."""
    tops: dict[tuple[str, ...], tuple[float, float]] = {
        (case,): (x + 0.5, 0.0) for x, case in enumerate(order)
    }
    for merge in clusters(comparison):
        (x, low), (x2, low2) = tops[merge.left], tops[merge.right]
        top = 1 - merge.similarity
        axes.plot([x, x, x2, x2], [low, top, top, low2], color="#555555", lw=0.8)
        tops[merge.left + merge.right] = ((x + x2) / 2, top)
    axes.set(xlim=(0, len(order)), ylim=(0, 1.02))
    axes.axis("off")


def _legend(figure: Figure, lang: str) -> None:
    from matplotlib.patches import Patch

    said = translations(lang).gettext
    patches = [
        Patch(facecolor=_COLOURS[state], edgecolor="#999999", label=said(_WORDS[state]), lw=0.5,
              hatch=_HATCH if state is State.MISSING else None)
        for state in State
    ]  # fmt: skip
    figure.legend(
        handles=patches,
        loc="center",
        bbox_to_anchor=(0.5, 0.22 / figure.get_figheight()),
        ncols=4,
        frameon=False,
        fontsize=6.5,
        columnspacing=1.2,
        handlelength=1.2,
    )
