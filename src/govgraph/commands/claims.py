"""govgraph claims."""

import click

from govgraph.commands import common


@click.command()
@common.graph_options
@common.output_options
def command(graph: common.GraphOptions, output: common.Output) -> None:
    """Recompute the study's derived claims: of whom, what is counted, printed, computed."""
    output.write(graph.open().claims())
