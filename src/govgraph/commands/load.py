"""govgraph load."""

from __future__ import annotations

from pathlib import Path

import click

from govgraph.commands import common
from govgraph.errors import counted
from govgraph.rdf.formats import RDF_FORMATS


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILES...")
@common.option(
    "--store",
    "DIR",
    "The Oxigraph database to load into; made where there is none.",
    type=common.FOLDER,
    required=True,
)
@common.option(
    "--format -f format_name",
    click.Choice(list(RDF_FORMATS)),
    "The format of standard input, or of files whose names do not tell it.",
)
def command(files: tuple[Path, ...], store: Path, format_name: str | None) -> None:
    """Load RDF dumps of any size into a database on disk.

    FILES are RDF in any format, plain or compressed with gzip or Zstandard; '-' is standard input.
    They are read as a stream, so that memory does not grow with them. A load that fails, is
    interrupted or killed leaves the database as it was; run it again.
    """
    from govgraph.rdf.dumps import dump_of
    from govgraph.scale.loading import load_dumps

    dumps = [dump_of(path, format_name) for path in files]
    with common.progress_bar() as show:
        count = load_dumps(
            dumps,
            store,
            lambda shown, read: show(f"{shown}: {read:,} statements", None, None),
        )
    click.echo(f"read {counted(count, 'statement')} in {counted(len(dumps), 'file')}", err=True)
    click.echo(store)
