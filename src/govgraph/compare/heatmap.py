"""Heat maps: the matrix of cases and features, and the similarity of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.compare.comparison import Column, Comparison, State
from govgraph.compare.similarity import clusters, leaf_order, similarity
from govgraph.errors import UsageError

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
    "en": {
        State.PRESENT: "a passage says so (number of passages)",
        State.ABSENT: "described, not named",
        State.MISSING: "not described",
        State.CONTRADICTORY: "contradictory",
    },
    "es": {
        State.PRESENT: "un pasaje lo dice (número de pasajes)",
        State.ABSENT: "descrito, no mencionado",
        State.MISSING: "no descrito",
        State.CONTRADICTORY: "contradictorio",
    },
}
_HATCH: Final = "////"
_ROW: Final = 0.2  # inches
_COLUMN: Final = 0.34
_LABELS: Final = 3.1
_TREE: Final = 0.7


def draw_matrix(comparison: Comparison) -> Figure:
    """Draw features down, cases across in the order of their clusters; within `drawing()`.

    Raises UsageError where there is nothing to draw.
    """
    from matplotlib.figure import Figure

    _check(comparison)
    order = leaf_order(comparison)
    cases = {case.id: case for case in comparison.cases}
    features = list(dict.fromkeys(column.feature_label for column in comparison.columns))
    rows = len(comparison.columns) + len(features)
    names = max(len(case.label) for case in comparison.cases) * 0.065 + 0.2
    width = _LABELS + _COLUMN * len(order) + 0.3
    height = _TREE + names + _ROW * rows + 0.5
    figure = Figure(figsize=(max(width, 5.2), height))
    across = _COLUMN * len(order) / max(width, 5.2)
    left = _LABELS / max(width, 5.2)
    axes = figure.add_axes((left, 0.5 / height, across, _ROW * rows / height))
    axes.set(xlim=(0, len(order)), ylim=(rows, 0))
    y = 0
    ticks, texts = [], []
    for feature in features:
        axes.text(-0.2, y + 0.6, _headed(feature), ha="right", va="center", weight="bold")
        y += 1
        for column in comparison.columns:
            if column.feature_label != feature:
                continue
            for x, case in enumerate(order):
                cell = comparison.cells[case, column.name]
                _square(axes, x, y, cell.state, len(cell.passages))
            ticks.append(y + 0.5)
            texts.append(_named(column))
            y += 1
    axes.set_yticks(ticks, texts)
    axes.set_xticks(
        [x + 0.5 for x in range(len(order))],
        [cases[case].label for case in order],
        rotation=90,
        va="bottom",
    )
    axes.tick_params(length=0, pad=4, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    tree = figure.add_axes((left, 1 - (_TREE + 0.02) / height, across, _TREE / height))
    _dendrogram(tree, comparison, order)
    _legend(figure, 0.22 / height, _WORDS[comparison.lang])
    return figure


def draw_similarity(comparison: Comparison) -> Figure:
    """Draw the Jaccard index of each pair of cases, clustered; within `drawing()`."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    _check(comparison)
    order = leaf_order(comparison)
    labels = {case.id: case.label for case in comparison.cases}
    index = similarity(comparison)
    side = 0.42 * len(order)
    names = max(map(len, labels.values())) * 0.065 + 0.2
    width, height = names + side + 0.2, _TREE + names + side + 0.2
    figure = Figure(figsize=(width, height))
    box = (names / width, 0.1 / height, side / width, side / height)
    axes = figure.add_axes(box)
    axes.set(xlim=(0, len(order)), ylim=(len(order), 0))
    # A case is wholly like itself: the scale ends at the most similar pair of two.
    most = max(
        (value for (one, other), value in index.items() if value and one != other), default=1
    )
    for y, one in enumerate(order):
        for x, other in enumerate(order):
            value = index[one, other]
            if value is None:
                _square(axes, x, y, State.MISSING, 0)
                continue
            shade = 0.9 * min(value / most, 1)
            fill = "#DDDDDD" if x == y else colormaps["Blues"](shade)
            axes.add_patch(Rectangle((x, y), 1, 1, facecolor=fill, edgecolor="white", lw=0.8))
            ink = "white" if shade > 0.55 and x != y else "black"
            text = f"{value:.2f}".removeprefix("0")
            axes.text(x + 0.5, y + 0.52, text, ha="center", va="center", color=ink, size=6.5)
    places = [place + 0.5 for place in range(len(order))]
    axes.set_yticks(places, [labels[case] for case in order])
    axes.set_xticks(places, [labels[case] for case in order], rotation=90, va="bottom")
    axes.tick_params(length=0, pad=4, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    tree = figure.add_axes((box[0], 1 - (_TREE + 0.02) / height, box[2], _TREE / height))
    _dendrogram(tree, comparison, order)
    return figure


def _check(comparison: Comparison) -> None:
    if not comparison.cases or not comparison.columns:
        raise UsageError("There is nothing to draw: these cases have none of these features.")


def _headed(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(column: Column) -> str:
    """Return the label of a value, with its number where it has one, cut to the room there is."""
    numbered = column.value[:1].isdecimal() and column.value != column.label
    text = f"{column.value} {column.label}" if numbered else column.label
    return text if len(text) <= 46 else text[:45].rstrip() + "…"


def _square(axes: Axes, x: int, y: int, state: State, passages: int) -> None:
    from matplotlib.patches import Rectangle

    hatch = _HATCH if state is State.MISSING else None
    edge = "#BBBBBB" if state is State.MISSING else "white"
    patch = Rectangle((x, y), 1, 1, facecolor=_COLOURS[state], edgecolor=edge, hatch=hatch, lw=0.8)
    axes.add_patch(patch)
    if state in (State.PRESENT, State.CONTRADICTORY):
        ink = "white" if state is State.PRESENT else "black"
        text = str(passages) if state is State.PRESENT else "C"
        axes.text(x + 0.5, y + 0.55, text, ha="center", va="center", color=ink, size=6)


def _dendrogram(axes: Axes, comparison: Comparison, order: tuple[str, ...]) -> None:
    """Draw the merges above the cases; height is 1 - similarity."""
    places: dict[tuple[str, ...], tuple[float, float]] = {
        (case,): (place + 0.5, 0.0) for place, case in enumerate(order)
    }
    for merge in clusters(comparison):
        (x, low), (x2, low2) = places[merge.left], places[merge.right]
        top = 1 - merge.similarity
        axes.plot([x, x, x2, x2], [low, top, top, low2], color="#555555", lw=0.8)
        places[merge.left + merge.right] = ((x + x2) / 2, top)
    axes.set(xlim=(0, len(order)), ylim=(0, 1.02))
    axes.axis("off")


def _legend(figure: Figure, bottom: float, words: dict[State, str]) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(
            facecolor=_COLOURS[state],
            edgecolor="#999999",
            hatch=_HATCH if state is State.MISSING else None,
            label=words[state],
            lw=0.5,
        )
        for state in State
    ]
    figure.legend(
        handles=patches,
        loc="center",
        bbox_to_anchor=(0.5, bottom),
        ncols=4,
        frameon=False,
        fontsize=6.5,
        columnspacing=1.2,
        handlelength=1.2,
    )
