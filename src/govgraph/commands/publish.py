"""govgraph publish."""

from pathlib import Path

import click

from govgraph.commands import common
from govgraph.extras import needed

SHOWN = 10
"""How many things without a page are named."""


@click.command()
@common.data_options
@common.folder_option("build/site")
@common.option(
    "--base", "URL", "The address of the site; by default the base of the study.", default=""
)
@common.option("--endpoint", "URL", "A SPARQL endpoint that the pages offer to ask.", default="")
def command(graph: common.GraphOptions, output: Path, base: str, endpoint: str) -> None:
    """Write the graph as a static site for any web host.

    Pages in the languages of the study, every resource as Turtle and JSON-LD, dumps with
    checksums, VoID and DCAT, a sitemap, and rules for Apache, nginx and w3id.org. Writes only
    files that changed, deletes those it no longer makes, and prints the paths of both. What the
    data describe and what lies elsewhere gets no page, and is named on stderr. Exit status 1 where
    the graph has a violation of the shapes.
    """
    with needed("web", "Static sites"):
        from govgraph.assembly.assemble import check_named
        from govgraph.web.site import checked_base

    # What cannot be is said before the graph is read, which may take a while.
    sources = graph.sources()
    check_named(sources.main)
    base = checked_base(base or sources.main.base, endpoint)
    published = common.build(sources)
    publication = published.publish(output, base=base, endpoint=endpoint)
    for path in publication.written:
        click.echo(output / path)
    for path in publication.deleted:
        click.echo(f"{output / path} (deleted)")
    click.echo(
        f"{len(publication.written)} written, {publication.unchanged} unchanged,"
        f" {len(publication.deleted)} deleted",
        err=True,
    )
    if elsewhere := publication.without_page:
        names = ", ".join(elsewhere[:SHOWN]) + (" …" if len(elsewhere) > SHOWN else "")
        common.warn(
            f"{len(elsewhere)} described without a page, as theirs is no path below {base}: {names}"
        )
    if violations := len(published.validate().at_least("Violation")):
        common.warn(f"published with {violations} violations: `govgraph validate` names them")
        common.finding()
