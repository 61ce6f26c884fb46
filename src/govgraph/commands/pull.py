"""govgraph pull."""

import sys
from contextlib import closing
from pathlib import Path

import click
import pyoxigraph as ox

from govgraph.commands.common import amount_done, option
from govgraph.errors import counted
from govgraph.files import check_output
from govgraph.rdf.writing import serialise, sorted_quads


@click.command()
@click.argument("endpoint", default="", metavar="[ENDPOINT]")
@option(
    "--output -o",
    "FILE|DIR",
    "A file, whose ending tells the format, or a folder for four. '-' is N-Quads on stdout.",
    type=click.Path(path_type=Path, allow_dash=True),
    required=True,
)
def command(endpoint: str, output: Path) -> None:
    """Write every named graph of a SPARQL store to a file, sorted, the same bytes every time.

    ENDPOINT is the address queries go to. Each graph is held against its count on the store, so
    that an answer cut short, or cut by a limit on rows, is found out; then nothing is written.
    """
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.api.outgoing import format_of_output
    from govgraph.assembly.local import LocalGraph
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.store_graphs import StoreGraphs

    if format_of_output(output) is not None:
        check_output(output)  # what cannot be written is told before any work
    with closing(StoreGraphs(Endpoint.of(endpoint))) as there, amount_done("pulling") as progress:
        counts = there.counts()
        store = there.fetch(counts, progress)
    if str(output) == "-":
        sys.stdout.buffer.write(serialise(sorted_quads(store), ox.RdfFormat.N_QUADS))
        sys.stdout.buffer.flush()
    else:
        for path in KnowledgeGraph(LocalGraph(store)).write(output):
            click.echo(path)
    pulled = f"{counted(len(counts), 'graph')}, {counted(len(store), 'statement')}"
    click.echo(f"{there.name}: {pulled}", err=True)
