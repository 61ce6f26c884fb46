"""govgraph diff."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from govgraph.commands import common
from govgraph.vocabulary import METADATA_GRAPH

if TYPE_CHECKING:
    from govgraph.store.graph_sources import GraphSource

ADDRESSES = ("http://", "https://")


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@common.data_options
def command(a: str, b: str, graph: common.GraphOptions) -> None:
    """Compare two graphs, graph by graph and statement by statement.

    A and B are each "bundled" (the graph of the bundled study and --data), the address of a SPARQL
    endpoint, a folder that `govgraph build` wrote, a database on disk, a file of RDF, or a folder
    or file of cases of its own. A file of RDF beside what `govgraph build` made is built first, so
    that it is equal to what came from it. Statements are compared by value: 1.50 is 1.5, and "a"@EN
    "a"@en. Exit status 0 where both hold the same statements, 1 where not.

    Of two stores, only the one that GOVGRAPH_ENDPOINT names gets credentials.
    """
    from govgraph.store.differences import as_text, differences, summary
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.graph_sources import is_rdf_file
    from govgraph.store.store_graphs import StoreGraphs

    sources: list[GraphSource]
    if a != b and a.startswith(ADDRESSES) and b.startswith(ADDRESSES):
        sources = [StoreGraphs(Endpoint.of(text, one_of_several=True)) for text in (a, b)]
    else:
        sources = [graph.source(text) for text in (a, b)]
        is_built = [METADATA_GRAPH in source.counts() for source in sources]
        for number, text in enumerate((a, b)):
            if is_built[1 - number] and not is_built[number] and is_rdf_file(text):
                sources[number] = graph.built(text)
    found = list(differences(*sources))
    sys.stdout.writelines(as_text(found))
    sys.stdout.flush()
    click.echo(summary(found), err=True)
    if not all(difference.equal for difference in found):
        common.finding()
