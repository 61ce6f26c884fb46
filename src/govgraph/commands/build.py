"""govgraph build."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click
import pyoxigraph as ox

from govgraph.commands.common import data_options, folders_of, stages


@click.command()
@data_options
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/graph"),
    show_default=True,
    help="The folder to write to.",
)
@click.option(
    "--reasoner",
    type=click.Choice(["rules", "owlrl"]),
    default="rules",
    show_default=True,
    help="govgraph's own rules, or the reference engine.",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Build in a new Oxigraph database in DIR and leave it there: for more than memory holds.",
)
def command(
    data: tuple[Path, ...], alone: bool, output: Path, reasoner: str, store: Path | None
) -> None:
    """Read the case files, infer, validate, and write the graph.

    Writes govgraph.trig, .nq, .ttl (the union of all graphs) and .jsonld, ontology.ttl, void.ttl
    and validation.csv to the output folder, and prints their paths. Exit status 1 where the graph
    has a violation of the shapes or contradicts the ontology; warnings are only counted.
    """
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.assembly.writing import write_build
    from govgraph.scale.memory import warning
    from govgraph.shapes.reports import as_csv, summary
    from govgraph.store.on_disk import fill_store

    folders = folders_of(data, alone)
    if store is None and (tight := warning(folders)):
        click.echo(f"govgraph: warning: {tight}", err=True)
    with stages(total=5) as progress:

        def build(database: ox.Store) -> _Built:
            graph, assembly = KnowledgeGraph.build(
                folders, reasoner=reasoner, progress=progress, store=database
            )
            progress("validate")
            report = graph.validate()
            progress("write")
            paths = write_build(graph.store, output, as_csv(report.results))
            wrong = bool(report.at_least("Violation") or assembly.clashes)
            said = [
                *(f"warning: {caution}" for caution in assembly.cautions),
                *(f"contradiction: {clash}" for clash in assembly.clashes),
            ]
            return _Built(summary(assembly, report), paths, said, wrong)

        built = fill_store(store, build)
    click.echo(built.summary, err=True)
    for path in built.paths:
        click.echo(path)
    for each in built.said:
        click.echo(f"govgraph: {each}", err=True)
    if built.wrong:
        raise click.exceptions.Exit(1)


class _Built(NamedTuple):
    """What is said of a build: nothing that would keep the database open."""

    summary: str
    paths: list[Path]
    said: list[str]
    wrong: bool
