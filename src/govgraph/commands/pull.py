"""govgraph pull."""

import sys
from contextlib import closing
from pathlib import Path

import click

from govgraph.commands.common import amount_done, option
from govgraph.errors import counted


@click.command()
@click.argument("endpoint", default="", metavar="[ENDPOINT]")
@option(
    "--output -o",
    "FILE|DIR",
    "A .nq or .trig file; or a folder, for both. '-' is N-Quads on stdout.",
    type=click.Path(path_type=Path, allow_dash=True),
    required=True,
)
def command(endpoint: str, output: Path) -> None:
    """Write every named graph of a SPARQL store to a file, sorted, the same bytes every time.

    ENDPOINT is the address queries go to. Each graph is held against its count on the store, so
    that an answer cut short, or cut by a limit on rows, is found out; then nothing is written.
    """
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.pull import pull, write_quads
    from govgraph.store.store_graphs import StoreGraphs

    with closing(StoreGraphs(Endpoint.of(endpoint))) as store, amount_done("pulling") as progress:
        files: list[Path] = []
        if str(output) == "-":
            counts = store.counts()
            write_quads(store, counts, sys.stdout.buffer, progress)
            sys.stdout.buffer.flush()
            graphs, statements = len(counts), sum(counts.values())
        else:
            files, graphs, statements = pull(store, output, progress)
    for path in files:
        click.echo(path)
    pulled = f"{counted(graphs, 'graph')}, {counted(statements, 'statement')}"
    click.echo(f"{store.name}: {pulled}", err=True)
