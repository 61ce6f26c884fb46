"""govgraph new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from govgraph.errors import UsageError

EXAMPLE = "https://example.org/my-study/"


@click.group()
def command() -> None:
    """Start a study of your own, or a file in one, from a commented template.

    A file goes into the study here or above, into the folder for its kind; what is there is never
    overwritten.
    """


slug_argument = click.argument("slug")
output_option = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another folder to write to.",
)


@command.command()
@click.argument("name")
@click.option(
    "--base",
    metavar="URL",
    help=f"The address that the IRIs of its things begin with, such as {EXAMPLE}; yours.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="A language of its labels, such as pt or es-MX; may be given several times, the first is"
    " the one that every label needs.",
)
@click.option(
    "--title", default="", metavar="TEXT", help="What it is called, in the first language."
)
@click.option("--creator", "creators", multiple=True, metavar="NAME", help="Who codes it.")
@click.option("--orcid", "orcids", multiple=True, metavar="ID", help="The ORCID of a creator.")
@click.option("--licence", default="", metavar="IRI", help="The licence of its data.")
@output_option
def study(
    name: str,
    base: str | None,
    languages: Sequence[str],
    title: str,
    creators: Sequence[str],
    orcids: Sequence[str],
    licence: str,
    output: Path | None,
) -> None:
    """Write the folder NAME: a study with one case, which validates as it stands.

    Its README says what each file is for.
    """
    from govgraph.coding.starting import start_study

    if not base:
        raise UsageError(
            f"a study needs a base, such as --base {EXAMPLE}: the beginning of its IRIs."
            " Take an address that is yours, on which nothing need lie yet."
        )
    if not languages:
        raise UsageError(
            "a study needs a language for its labels: give one, such as --language pt."
        )
    folder = (output or Path()) / name
    for path in start_study(
        folder,
        base=base,
        languages=languages,
        title=title,
        creators=creators,
        orcids=orcids,
        licence=licence,
    ):
        click.echo(path)
    click.echo(f"Go on with: cd {folder} && govgraph validate", err=True)


@command.command()
@slug_argument
@output_option
def case(slug: str, output: Path | None) -> None:
    """Write cases/SLUG.yaml: a case with one passage, each key explained.

    It validates as it stands; replace the example by what your source says.
    """
    _start("case", slug, output)


@command.command()
@slug_argument
@output_option
def table(slug: str, output: Path | None) -> None:
    """Write tables/SLUG.csv: a table with a row for each thing and a column for each key.

    For many like cases, in a spreadsheet. It validates as it stands; add columns by the keys of
    docs/coding.md, and replace the rows by what your source says.
    """
    _start("table", slug, output)


@command.command()
@slug_argument
@output_option
def codes(slug: str, output: Path | None) -> None:
    """Write codes/SLUG.csv: codes of your own, a row for each, where govgraph's lists lack one."""
    _start("codes", slug, output)


@command.command()
@slug_argument
@output_option
def query(slug: str, output: Path | None) -> None:
    """Write queries/SLUG.rq: a question in SPARQL, which `govgraph query SLUG` answers."""
    _start("query", slug, output)


def _start(kind: str, slug: str, output: Path | None) -> None:
    from govgraph.coding.starting import start_file

    path = start_file(kind, slug, output)
    click.echo(path)
    check = f"govgraph query {slug}" if kind == "query" else f"govgraph validate {path}"
    click.echo(f"Fill it in, then run: {check}", err=True)
