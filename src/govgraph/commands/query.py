"""govgraph query."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from govgraph.commands import common


@click.command()
@click.argument("query", metavar="NAME|FILE|-")
@common.parameter_option("A parameter of the query; give one several times for several values.")
@common.data_options
@common.endpoint_option
@common.output_options
def command(
    query: str,
    parameters: tuple[str, ...],
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
    format_name: str | None,
    output: str | None,
) -> None:
    """Answer a stored query (see `govgraph queries`), a .rq file, or SPARQL from stdin (-).

    Queries see the union of all graphs; GRAPH ?passage { … } tells which passage states what.
    """
    from govgraph.queries import parse_arguments
    from govgraph.results import format_for

    if format_name or output:
        format_for(format_name, output)  # a wrong name is found before any work
    text = sys.stdin.read() if query == "-" else query
    graph = common.asked_graph(data, alone, endpoint)
    common.deliver(graph.query(text, **parse_arguments(parameters)), format_name, output)
