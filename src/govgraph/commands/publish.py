"""govgraph publish."""

from __future__ import annotations

from pathlib import Path

import click

from govgraph.commands import common
from govgraph.extras import needed
from govgraph.vocabulary import BASE


@click.command()
@common.data_options
@common.folder_option("build/site")
@click.option(
    "--base", default=BASE, show_default=True, metavar="URL", help="The address of the site."
)
@click.option(
    "--endpoint", default="", metavar="URL", help="A SPARQL endpoint that the pages offer to ask."
)
def command(graph: common.GraphOptions, output: Path, base: str, endpoint: str) -> None:
    """Write the graph as a static site for any web host.

    Pages in the languages of its labels, every resource in every format, dumps with checksums,
    VoID and DCAT, a sitemap, and redirects for Apache, nginx and w3id.org. Writes only files that
    changed, deletes those it no longer makes, and prints the paths of both. Exit status 1 where a
    link of the site leads nowhere.
    """
    with needed("web", "Static sites"):
        from govgraph.web.site.writing import checked_base, publish

    base = checked_base(base, endpoint)  # before the graph is read, which may take a while
    publication = publish(common.build(graph.sources()), output, base, endpoint)
    for path in publication.written:
        click.echo(output / path)
    for path in publication.deleted:
        click.echo(f"{output / path} (deleted)")
    click.echo(
        f"{len(publication.written)} written, {publication.unchanged} unchanged,"
        f" {len(publication.deleted)} deleted, {len(publication.broken)} broken links",
        err=True,
    )
    for line in publication.broken:
        common.warn(line)
    if publication.broken:
        common.finding()
