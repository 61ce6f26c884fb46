"""govgraph claims."""

from __future__ import annotations

from pathlib import Path

import click

from govgraph.commands.common import (
    asked_graph,
    data_options,
    deliver,
    endpoint_option,
    output_options,
    table,
)


@click.command()
@data_options
@endpoint_option
@output_options
def command(
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
    format_name: str | None,
    output: str | None,
) -> None:
    """Recompute the study's derived claims: printed value, computed value, verdict, passage."""
    checks = asked_graph(data, alone, endpoint).claims()
    rows = [(c.claim, c.printed, c.computed, c.verdict, c.passage) for c in checks]
    columns = ("claim", "printed", "computed", "verdict", "passage")
    deliver(table(columns, rows), format_name, output)
