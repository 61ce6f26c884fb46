"""govgraph networks."""

from __future__ import annotations

import click

from govgraph.commands.common import GraphOptions, data_options, deliver, output_options, table


@click.command()
@click.option("--measures", is_flag=True, help="List the measures of nodes instead.")
@data_options
@output_options
def command(
    measures: bool, graph: GraphOptions, format_name: str | None, output: str | None
) -> None:
    """List the stored networks: name, what ties their nodes, question, parameters.

    Each is a query of queries/networks; `govgraph network` takes a .rq file of your own as well.
    """
    if measures:
        from govgraph.network.measures.registry import MEASURES

        listed = [(entry.name, entry.meaning, entry.weights) for entry in MEASURES.values()]
        deliver(table(("measure", "meaning", "weights"), listed), format_name, output)
        return
    from govgraph.network.reading.header import network_header
    from govgraph.network.reading.projection import network_queries

    rows = []
    for name, query in network_queries(graph.queries()).items():
        header = network_header(query)
        edges = header.project or ("directed" if header.directed else "undirected")
        rows.append((name, query.summary, edges, query.question, " ".join(query.parameters)))
    deliver(table(("name", "summary", "ties", "question", "parameters"), rows), format_name, output)
