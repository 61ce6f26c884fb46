"""govgraph validate."""

from __future__ import annotations

from pathlib import Path

import click

from govgraph.commands.common import (
    asked_graph,
    data_options,
    endpoint_option,
    folders_of,
    open_graph,
)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILES]...")
@click.option(
    "--severity",
    type=click.Choice(["info", "warning", "violation"]),
    default="info",
    show_default=True,
    help="Report only what is at least this grave.",
)
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["text", "json", "csv", "junit", "ttl", "md"]),
    default="text",
    show_default=True,
)
@data_options
@endpoint_option
@click.option("--output", "-o", metavar="FILE", help="Where to write; '-' is stdout (the default).")
def command(
    files: tuple[Path, ...],
    severity: str,
    format_name: str,
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
    output: str | None,
) -> None:
    """Check the graph against the shapes; each result names file, line and remedy.

    With FILES (case files, tables or RDF), only these are reported on; the bundled data stand
    behind them, so that they may refer to its places, works and actors. Exit status 1 if anything
    is reported.
    """
    from govgraph.coding.cases import shown_names
    from govgraph.errors import UsageError
    from govgraph.files import written_whole
    from govgraph.shapes.reports import FORMATS

    if files and endpoint:
        raise UsageError("--endpoint validates a whole store: leave the files out, or it.")
    folders = [] if alone and not data else folders_of(data, alone)
    inside, outside = shown_names(folders, files)
    # files are reported on with the graph at home behind them, wherever the store may be
    graph = (
        asked_graph(data, alone, endpoint) if not files else open_graph((*data, *outside), alone)
    )
    report = graph.validate([*inside, *map(str, outside)])
    results = report.at_least(severity.capitalize())
    text = FORMATS[format_name](results)
    if output and output != "-":
        with written_whole(Path(output)) as stream:
            stream.write(text.encode())
    else:
        click.echo(text, nl=False)
    checked = ", ".join(map(str, files)) or "the graph"
    found = f"{len(results)} results" if len(results) != 1 else "1 result"
    click.echo(f"{checked}: {found if results else 'nothing to report'}", err=True)
    if results:
        raise click.exceptions.Exit(1)
