"""govgraph pairs."""

from __future__ import annotations

import click

from govgraph.commands import common
from govgraph.errors import UsageError


@click.command()
@click.argument("name", metavar="NAME|FILE")
@common.parameter_option
@click.option(
    "--output", "-o", required=True, metavar="FILE", help="The Parquet file of pairs to write."
)
@common.graph_options
def command(
    name: str, parameters: tuple[str, ...], output: str, graph: common.GraphOptions
) -> None:
    """Write who takes part in what as pairs in Parquet, for `govgraph spark`.

    NAME is a stored network of members of groups (see `govgraph networks`), FILE a query of your
    own with ?source and ?target.
    """
    from govgraph.queries import parse_arguments
    from govgraph.scale.pairs import write_pairs

    if not output.endswith(".parquet"):
        raise UsageError(f"'{output}' is no name of a Parquet file: end it in .parquet.")
    count = write_pairs(graph.open(), name, output, parse_arguments(parameters))
    click.echo(output)
    click.echo(f"{name}: {count} pairs", err=True)
