"""govgraph compare."""

from __future__ import annotations

import click

from govgraph.commands import common
from govgraph.errors import UsageError

_VIEWS = (
    "convergences", "matrix", "evidence", "similarity", "pairs", "clusters", "truth-table", "cases",
)  # fmt: skip
_TRUTH_TABLES = ("truth-table", "cases")


@click.command()
@click.argument("cases", nargs=-1, metavar="[CASES]...")
@common.option(
    "--show",
    click.Choice(_VIEWS),
    "What to show: convergences and divergences (the default), the matrix of features and cases,"
    " the passages behind it, the similarity of cases, on how much that of each pair rests, their"
    " clusters, a truth table, or the cases as R's QCA package takes them.",
)
@common.several(
    "--feature features",
    "NAME|FILE.rq",
    "Compare only in this: one of queries/compare/, or a query of your own.",
)
@common.option("--shared-by", click.IntRange(1), "Only features that so many cases have.")
@common.option("--outcome", "FEATURE", "The outcome of the truth table.")
@common.several(
    "--condition conditions",
    "FEATURE",
    "A condition of the truth table, as level:local or NAME=level:local; one or more.",
)
@common.flag("--complete", "List the remainders of the truth table too.")
@common.lang_option
@common.graph_options
@common.output_options
def command(
    cases: tuple[str, ...],
    show: str | None,
    features: tuple[str, ...],
    shared_by: int | None,
    outcome: str | None,
    conditions: tuple[str, ...],
    complete: bool,
    lang: str | None,
    graph: common.GraphOptions,
    output: common.Output,
) -> None:
    """Compare cases: what they share, where they differ, and which passage says so.

    CASES are ids or names, such as springfield "My Town"; all cases without any. A cell is 1 where
    a passage says so, 0 where the case is described and the feature not named, NA where nothing
    is said, C where passages contradict each other.
    """
    from govgraph.compare import truth_table
    from govgraph.compare.views import data_rows, truth_rows
    from govgraph.results import format_for

    show = _view(show, outcome, conditions)
    format_for(output.format_name, output.path)  # a wrong name is found before any work
    comparison = graph.open().compare(cases, features, lang=lang)
    if outcome is None:
        shared = comparison.shared_by(shared_by) if shared_by else comparison
        output.write(shared.table(show))
        return
    table = truth_table(comparison, outcome, conditions, complete=complete)
    for case, states in table.left_out:
        common.note(f"{case.slug} is left out: {table.status(states)}")
    output.write_table(*(data_rows if show == "cases" else truth_rows)(table))


def _view(show: str | None, outcome: str | None, conditions: tuple[str, ...]) -> str:
    """Return the view asked for; raises UsageError for options that do not fit together."""
    if show is None:
        show = "truth-table" if outcome or conditions else "convergences"
    if show in _TRUTH_TABLES and not (outcome and conditions):
        lacking = "--condition" if outcome else "--outcome"
        raise UsageError(
            f"--show {show} needs an outcome and conditions: {lacking} is missing."
            " Feature names: govgraph compare --show matrix."
        )
    if show not in _TRUTH_TABLES and (outcome or conditions):
        raise UsageError("--outcome and --condition go with --show truth-table or cases.")
    return show
