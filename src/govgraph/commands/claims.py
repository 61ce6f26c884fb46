"""govgraph claims."""

from __future__ import annotations

from pathlib import Path

import click

from govgraph.commands import common

COLUMNS = ("claim", "printed", "computed", "verdict", "passage")


@click.command()
@common.data_options
@common.endpoint_option
@common.output_options
def command(
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
    format_name: str | None,
    output: str | None,
) -> None:
    """Recompute the study's derived claims: printed value, computed value, verdict, passage."""
    checks = common.asked_graph(data, alone, endpoint).claims()
    rows = [[getattr(check, name) for name in COLUMNS] for check in checks]
    common.deliver(common.table(COLUMNS, rows), format_name, output)
