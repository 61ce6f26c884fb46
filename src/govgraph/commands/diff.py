"""govgraph diff."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govgraph.commands.common import data_options, is_address, source_of

if TYPE_CHECKING:
    from govgraph.store.comparing import Difference


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@data_options
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["text", "patch", "json"]),
    default="text",
    show_default=True,
    help="Lines to read, an RDF Patch that makes B of A, or JSON.",
)
def command(a: str, b: str, data: tuple[Path, ...], alone: bool, format_name: str) -> None:
    """Compare two graphs, graph by graph and statement by statement.

    A and B are each "bundled" (the graph of the bundled study and --data), the address of a SPARQL
    endpoint, a folder that `govgraph build` wrote, a database on disk, a file of RDF, or a folder
    or file of cases of its own. Statements are compared by value: 1.50 is 1.5, and "a"@EN "a"@en.
    Exit status 0 where both hold the same statements, 1 where not.

    Of two stores, only the one that GOVGRAPH_ENDPOINT or pyproject.toml names gets credentials.
    """
    from govgraph.store.differences import FORMATS, Tally, differences

    several = is_address(a) and is_address(b) and a != b
    sources = [source_of(text, data, alone, one_of_several=several) for text in (a, b)]
    tally = Tally()

    def counted() -> Iterator[Difference]:
        for difference in differences(*sources):
            tally.add(difference)
            yield difference

    sys.stdout.writelines(FORMATS[format_name](counted()))
    sys.stdout.flush()
    click.echo(tally, err=True)
    if tally.different:
        raise click.exceptions.Exit(1)
