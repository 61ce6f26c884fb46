"""govgraph push."""

import click

from govgraph.commands import common
from govgraph.errors import RemoteError

SHOWN = 5
"""How many graphs are named that stand otherwise."""
AGAIN = "Run the same command again to finish; until then who asks the store is warned."


@click.command()
@click.argument("endpoint", default="", metavar="[ENDPOINT]")
@click.argument("source", default="bundled", metavar="[SOURCE]")
@common.data_options
@common.flag(
    "--compare",
    "Look at what stands on the store in every graph, instead of trusting its checksums.",
)
@common.flag("--keep", "Remove no graph that an earlier push brought.")
def command(
    endpoint: str, source: str, graph: common.GraphOptions, compare: bool, keep: bool
) -> None:
    """Put a graph on a SPARQL store: what changed since the last push, each graph as a whole.

    ENDPOINT is the address queries go to (see docs/push.md for the others, and for signing in).
    SOURCE is what `govgraph diff` compares: "bundled" (the study here, or that of --study), a built
    folder, a database on disk, a file of RDF, the folder of a study. Graphs that an earlier push
    brought and that are gone from the source are removed, other graphs never. What was written is
    read back and compared. A push that is cut off is finished by the same command. `govgraph diff`
    tells beforehand what would change.

    Exit status 1 where the store cannot hold a statement as it was sent.
    """
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.push import push
    from govgraph.store.store_graphs import StoreGraphs

    store = StoreGraphs(Endpoint.of(endpoint))
    origin = graph.source(source, named=True)
    try:
        with common.amount_done("pushing") as progress:
            outcome = push(origin, store, compare_all=compare, keep=keep, progress=progress)
    except RemoteError as error:
        raise RemoteError(f"{error.message} {AGAIN}", error.url, error.status) from None
    except KeyboardInterrupt:
        common.warn(f"interrupted. {AGAIN}")
        raise click.exceptions.Exit(130) from None
    finally:
        store.close()
    for lost in outcome.lost[:SHOWN]:
        lines = [*(b"- " + line for line in lost.only_a), *(b"+ " + line for line in lost.only_b)]
        common.warn(f"{lost.graph}: stands otherwise than sent:")
        click.echo(b"".join(lines[: 2 * SHOWN]).decode(), err=True, nl=False)
    click.echo(f"{store.name}: {outcome}", err=True)
    if outcome.lost:
        common.finding()
