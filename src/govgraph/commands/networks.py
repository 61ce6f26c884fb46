"""govgraph networks."""

from __future__ import annotations

import click

from govgraph.commands.common import deliver, output_options, table


@click.command()
@output_options
def command(format_name: str | None, output: str | None) -> None:
    """List the stored networks: name, what ties their nodes, question, parameters.

    Each is a query of queries/networks; `govgraph network` takes a .rq file of your own as well.
    """
    from govgraph import resources
    from govgraph.network.reading.header import network_header
    from govgraph.network.reading.projection import network_queries
    from govgraph.queries import load_library

    rows = []
    for name, query in network_queries(load_library(resources.bundled("queries"))).items():
        header = network_header(query)
        ties = header.project or ("directed" if header.directed else "undirected")
        rows.append((name, query.summary, ties, query.question, " ".join(query.parameters)))
    deliver(table(("name", "summary", "ties", "question", "parameters"), rows), format_name, output)
