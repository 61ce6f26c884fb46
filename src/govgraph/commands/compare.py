"""govgraph compare."""

from __future__ import annotations

import click

from govgraph.commands import common

_VIEWS = ("convergences", "matrix", "evidence", "similarity", "pairs")


@click.command()
@click.argument("cases", nargs=-1, metavar="[CASES]...")
@common.option(
    "--show",
    click.Choice(_VIEWS),
    "What to show: convergences and divergences (the default), the matrix of features and cases,"
    " the passages behind it, the similarity of cases, or on how much that of each pair rests.",
    default=_VIEWS[0],
)
@common.several(
    "--feature features",
    "NAME|FILE.rq",
    "Compare only in this: one of queries/compare/, or a query of your own.",
)
@common.lang_option
@common.graph_options
@common.output_options
def command(
    cases: tuple[str, ...],
    show: str,
    features: tuple[str, ...],
    lang: str | None,
    graph: common.GraphOptions,
    output: common.Output,
) -> None:
    """Compare cases: what they share, where they differ, and which passage says so.

    CASES are ids or names, such as springfield "My Town"; all cases without any. A cell is 1 where
    a passage says so, 0 where the case is described and the feature not named, NA where nothing
    is said, C where passages contradict each other.
    """
    from govgraph.results import format_for

    format_for(output.format_name, output.path)  # a wrong name is found before any work
    output.write(graph.open().compare(cases, features, lang=lang).table(show))
