"""govgraph new."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import click

from govgraph.commands.common import folder_option
from govgraph.errors import UsageError
from govgraph.files import make_folder, written_whole


@click.group()
def command() -> None:
    """Start a file of your own from a commented template."""


slug_argument = click.argument("slug")
output_option = folder_option(".")


@command.command()
@slug_argument
@output_option
def case(slug: str, output: Path) -> None:
    """Write SLUG.yaml: a case with one passage, each key explained.

    It validates as it stands; replace the example by what your source says.
    """
    _write("case.yaml", slug, output)


@command.command()
@slug_argument
@output_option
def table(slug: str, output: Path) -> None:
    """Write SLUG.csv: a table with a row for each thing and a column for each key.

    For many like cases, in a spreadsheet. It validates as it stands; add columns by the keys of
    docs/coding.md, and replace the rows by what your source says.
    """
    _write("table.csv", slug, output)


def _write(template_name: str, slug: str, output: Path) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        message = f"{slug!r} is no slug: use lower-case letters, digits and hyphens, as in my-town."
        raise UsageError(message)
    path = (output / slug).with_suffix(Path(template_name).suffix)
    if path.exists():
        raise UsageError(f"{path} exists already. Choose another name, or remove it first.")
    templates = resources.files("govgraph").joinpath("templates")
    template = templates.joinpath(template_name).read_text("utf-8")
    make_folder(output)
    with written_whole(path) as stream:
        stream.write(template.replace("SLUG", slug).encode())
    click.echo(path)
    click.echo(f"Fill it in, then run: govgraph validate {path}", err=True)
