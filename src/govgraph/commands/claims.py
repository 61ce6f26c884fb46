"""govgraph claims."""

from __future__ import annotations

from pathlib import Path

import click

from govgraph.commands.common import data_options, deliver, open_graph, output_options, table


@click.command()
@data_options
@output_options
def command(
    data: tuple[Path, ...], alone: bool, format_name: str | None, output: str | None
) -> None:
    """Recompute the study's derived claims: printed value, computed value, verdict, passage."""
    checks = open_graph(data, alone).claims()
    rows = [(c.claim, c.printed, c.computed, c.verdict, c.passage) for c in checks]
    columns = ("claim", "printed", "computed", "verdict", "passage")
    deliver(table(columns, rows), format_name, output)
