"""govgraph queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from govgraph.commands.common import asked_graph, deliver, endpoint_option, output_options, table

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph


@click.command()
@click.option("--tag", help="Only queries with this tag.")
@click.option("--check", is_flag=True, help="Run all and compare with their expected answers.")
@endpoint_option
@output_options
def command(
    tag: str | None,
    check: bool,
    endpoint: str | None,
    format_name: str | None,
    output: str | None,
) -> None:
    """List the stored queries: name, question, parameters, tags."""
    from govgraph import resources
    from govgraph.errors import UsageError, did_you_mean
    from govgraph.queries import load_library

    library = load_library(resources.bundled("queries"))
    tags = {each for query in library.values() for each in query.tags}
    if tag and tag not in tags:
        known = ", ".join(sorted(tags))
        raise UsageError(f"no query has the tag {tag!r}.{did_you_mean(tag, tags)} Tags: {known}.")
    chosen = {slug: q for slug, q in sorted(library.items()) if not tag or tag in q.tags}
    if check:
        _check(asked_graph((), False, endpoint), list(chosen))
        return
    rows = [
        (slug, query.question, " ".join(query.parameters), " ".join(query.tags))
        for slug, query in chosen.items()
    ]
    deliver(table(("name", "question", "parameters", "tags"), rows), format_name, output)


def _check(graph: KnowledgeGraph, slugs: list[str]) -> None:
    from govgraph.queries import unmet

    failures = 0
    for slug in slugs:
        for finding in unmet(graph.queries[slug], graph.query(slug)):
            failures += 1
            click.echo(f"{slug}: {finding}")
    click.echo(f"{len(slugs)} queries, {failures} unmet expectations", err=True)
    if failures:
        raise click.exceptions.Exit(1)
