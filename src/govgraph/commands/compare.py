"""govgraph compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from govgraph.commands.common import (
    asked_graph,
    data_options,
    deliver,
    endpoint_option,
    output_options,
    table,
)

if TYPE_CHECKING:
    from govgraph.compare import Comparison

_VIEWS = (
    "convergences", "matrix", "evidence", "similarity", "clusters", "truth-table", "cases"
)  # fmt: skip
_DRAWN = ("matrix", "similarity")
_QCA = ("truth-table", "cases")


@click.command()
@click.argument("cases", nargs=-1, metavar="[CASES]...")
@click.option(
    "--show",
    type=click.Choice(_VIEWS),
    help="What to show: convergences and divergences (the default), the matrix of features and"
    " cases, the passages behind it, the similarity of cases, their clusters, a truth table, or"
    " the cases as R's QCA package takes them.",
)
@click.option(
    "--feature",
    "features",
    multiple=True,
    metavar="NAME|FILE.rq",
    help="Compare only in this: one of queries/compare/, or a query of your own.",
)
@click.option("--shared-by", type=click.IntRange(1), help="Only features that so many cases have.")
@click.option("--outcome", metavar="FEATURE", help="The outcome of the truth table.")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="FEATURE",
    help="A condition of the truth table, as level:local or NAME=level:local; one or more.",
)
@click.option("--complete", is_flag=True, help="List the remainders of the truth table too.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", help="Language of labels.")
@data_options
@endpoint_option
@output_options
def command(
    cases: tuple[str, ...],
    show: str | None,
    features: tuple[str, ...],
    shared_by: int | None,
    outcome: str | None,
    conditions: tuple[str, ...],
    complete: bool,
    lang: str,
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
    format_name: str | None,
    output: str | None,
) -> None:
    """Compare cases: what they share, where they differ, and which passage says so.

    CASES are ids or names, such as bogota "Nuevo León"; all cases without any. A cell is 1 where
    a passage says so, 0 where the case is described and the feature not named, NA where nothing
    is said, C where passages contradict each other. A picture: --output file.png, .svg or .pdf.
    """
    from govgraph.network.pictures.matplotlib_style import figure_format
    from govgraph.results import format_for

    drawn = figure_format(format_name, output)
    show = _view(show, bool(drawn), outcome, conditions)
    if not drawn:
        format_for(format_name, output)  # a wrong name is found before any work
    comparison = asked_graph(data, alone, endpoint).compare(cases, features, lang=lang)
    shared = comparison.shared_by(shared_by) if shared_by else comparison
    if drawn:
        _draw(shared, show, drawn, output)
        return
    if show in _QCA:
        assert outcome is not None
        columns, rows = _qca(comparison, show, outcome, conditions, complete)
    else:
        from govgraph.compare.views import VIEWS

        columns, rows = VIEWS[show](shared)
    deliver(table(columns, rows), format_name, output)


def _view(show: str | None, drawn: bool, outcome: str | None, conditions: tuple[str, ...]) -> str:
    """Return the view asked for; raises UsageError for options that do not fit together."""
    from govgraph.errors import UsageError

    if show is None:
        show = "matrix" if drawn else "truth-table" if outcome or conditions else "convergences"
    if drawn and show not in _DRAWN:
        raise UsageError(f"There is no picture of {show!r}. Drawn are: {', '.join(_DRAWN)}.")
    if show in _QCA and not (outcome and conditions):
        lacking = "--condition" if outcome else "--outcome"
        raise UsageError(
            f"--show {show} needs an outcome and conditions: {lacking} is missing."
            " Feature names: govgraph compare --show matrix."
        )
    if show not in _QCA and (outcome or conditions):
        raise UsageError("--outcome and --condition go with --show truth-table or cases.")
    return show


def _draw(comparison: Comparison, show: str, format: str, output: str | None) -> None:
    from govgraph.compare.heatmap import draw_matrix, draw_similarity
    from govgraph.network.pictures import matplotlib_style as figures

    texts = [case.label for case in comparison.cases]
    texts += [text for c in comparison.columns for text in (c.label, c.feature_label)]
    with figures.drawing(texts):
        draw = draw_matrix if show == "matrix" else draw_similarity
        figures.deliver(draw(comparison), format, output)
        if missing := figures.missing_letters(texts):
            click.echo(f"No installed font has these letters: {missing}", err=True)


def _qca(
    comparison: Comparison, show: str, outcome: str, conditions: tuple[str, ...], complete: bool
) -> tuple[tuple[str, ...], list[tuple[str | int | float, ...]]]:
    from govgraph.compare import truth_table
    from govgraph.compare.views import data_rows, truth_rows

    found = truth_table(comparison, outcome, conditions, complete=complete)
    for case, states in found.left_out:
        click.echo(f"{case.slug} is left out: {found.status(states)}", err=True)
    return data_rows(found) if show == "cases" else truth_rows(found)
