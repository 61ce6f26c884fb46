"""govgraph queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from govgraph.commands import common
from govgraph.errors import counted

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.queries import StoredQuery


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@common.flag("--check", "Run them and compare with what is expected of their answers.")
@common.graph_options
@common.output_options
def command(
    names: tuple[str, ...],
    check: bool,
    graph: common.GraphOptions,
    output: common.Output,
) -> None:
    """List the stored queries, or those named: name, question, parameters, tags."""
    from govgraph.queries import Queries, find_query

    opened = graph.open() if check else None  # which has the same, and is read once
    library = graph.queries() if opened is None else opened.queries
    chosen = [find_query(library, name) for name in names] or list(library.values())
    if opened is not None:
        _check(opened, chosen)
        return
    output.write(Queries((query.slug, query) for query in chosen))


def _check(graph: KnowledgeGraph, queries: list[StoredQuery]) -> None:
    from govgraph.queries import Expectation, unmet
    from govgraph.queries.sparql import outline

    faults = [
        f"{query.slug}: {fault}"
        for query in queries
        for promise in (query.expect, *query.promises)
        if promise != Expectation() or not outline(query.text).has_service
        for fault in unmet(promise, graph.query(query.slug, **promise.params))
    ]
    for fault in faults:
        click.echo(fault)
    asked = f"{len(queries)} {'query' if len(queries) == 1 else 'queries'}"
    click.echo(f"{asked}, {counted(len(faults), 'unmet expectation')}", err=True)
    if faults:
        common.finding()
