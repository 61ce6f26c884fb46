"""govgraph networks."""

import click

from govgraph.commands import common


@click.command()
@common.data_options
@common.output_options
def networks(graph: common.GraphOptions, output: common.Output) -> None:
    """List the stored networks: name, what ties their nodes, question, parameters.

    Each is a query of queries/networks; `govgraph network` takes a .rq file of your own as well.
    """
    from govgraph.network.reading.header import network_header
    from govgraph.network.reading.projection import network_queries

    rows = []
    for name, query in network_queries(graph.queries()).items():
        header = network_header(query)
        edges = header.project or ("directed" if header.directed else "undirected")
        rows.append((name, query.summary, edges, query.question, " ".join(query.parameters)))
    output.write_table(("name", "summary", "ties", "question", "parameters"), rows)
