"""govgraph claims."""

import click

from govgraph.commands import common


@click.command()
@common.graph_options
@common.output_options
def command(graph: common.GraphOptions, output: common.Output) -> None:
    """Recompute the study's derived claims: of whom, what is counted, printed, computed."""
    from govgraph.queries.claims import COLUMNS

    checks = graph.open().claims()
    rows = [[getattr(check, name) for name in COLUMNS] for check in checks]
    output.write_table(COLUMNS, rows)
