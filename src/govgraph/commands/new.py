"""govgraph new."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from govgraph.commands.common import FOLDER, note, option, several
from govgraph.errors import UsageError

EXAMPLE = "https://example.org/my-study/"


@click.group()
def new() -> None:
    """Start a study of your own, or a file in one, from a commented template.

    A file goes into the study here or above, into the folder for its kind; what is there is never
    overwritten.
    """


output_option = option("--output -o", FOLDER, "Another folder to write to.")


@new.command()
@click.argument("name")
@option(
    "--base",
    "URL",
    f"The address that the IRIs of its things begin with, such as {EXAMPLE}; yours.",
    default="",
)
@several(
    "--language languages",
    "TAG",
    "A language of its labels, such as pt or es-MX; may be given several times, the first is"
    " the one that every label needs.",
)
@option("--title", "TEXT", "What it is called, in the first language.", default="")
@several("--creator creators", "NAME", "Who codes it.")
@several("--orcid orcids", "ID", "The ORCID of a creator.")
@option("--licence", "IRI", "The licence of its data.", default="")
@output_option
def study(
    name: str, base: str, languages: Sequence[str], output: Path | None, **options: Any
) -> None:
    """Write the folder NAME: a study with one case, which validates as it stands.

    Its README says what each file is for. Comments are in the first language where the interface
    has it, else in English.
    """
    from govgraph.coding.starting import start_study
    from govgraph.texts import LANGUAGES, fits

    if not base:
        raise UsageError(
            f"a study needs a base, such as --base {EXAMPLE}: the beginning of its IRIs."
            " Take an address that is yours, on which nothing need lie yet."
        )
    if not languages:
        raise UsageError("a study needs a language for its labels, such as --language pt.")
    folder = (output or Path()) / name
    for path in start_study(folder, base=base, languages=languages, **options):
        click.echo(path)
    if lacking := [tag for tag in languages if not any(fits(tag, has) for has in LANGUAGES)]:
        note(
            f"The interface has no {', '.join(lacking)}: pages will be in English around what you"
            f" write in it. It has {', '.join(LANGUAGES)}."
        )
    note(f"Go on with: cd {folder} && govgraph validate")


HELP = {
    "case": """Write cases/SLUG.yaml: a case and its document, each key explained.

    It validates as it stands; replace the example by what your source says.
    """,
    "codes": """Write codes/SLUG.csv: codes of your own, where govgraph's lists lack one.""",
    "query": """Write queries/SLUG.rq: a question in SPARQL, for `govgraph query SLUG`.""",
    "table": """Write tables/SLUG.csv: a row for each thing, a column for each key.

    For many like cases, in a spreadsheet. It validates as it stands; add columns by the keys of
    docs/coding.md, and replace the rows by what your source says.
    """,
}


def _start(kind: str, slug: str, output: Path | None) -> None:
    from govgraph.coding.starting import start_file

    path = start_file(kind, slug, output)
    click.echo(path)
    check = f"govgraph query {slug}" if kind == "query" else f"govgraph validate {path}"
    click.echo(f"Fill it in, then run: {check}", err=True)


for _kind, _help in HELP.items():
    _starting = output_option(click.argument("slug")(partial(_start, _kind)))
    new.command(_kind, help=_help)(_starting)
