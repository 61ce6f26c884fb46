"""govgraph build."""

from __future__ import annotations

from pathlib import Path

import click

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
    from govgraph.knowledge_graph import KnowledgeGraph
    from govgraph.memory import warning
    from govgraph.on_disk import store_in
    from govgraph.reports import as_csv, summary
    from govgraph.writing import write_build

    folders = folders_of(data, alone)
    if store is None and (tight := warning(folders)):
        click.echo(f"govgraph: warning: {tight}", err=True)
    with store_in(store) as database, stages(total=5) as progress:
        graph, assembly = KnowledgeGraph.build(
            folders, reasoner=reasoner, progress=progress, store=database
        )
        progress("validate")
        report = graph.validate()
        progress("write")
        paths = write_build(graph.store, output, as_csv(report.results))
    click.echo(summary(assembly, report), err=True)
    for path in paths:
        click.echo(path)
    for caution in assembly.cautions:
        click.echo(f"govgraph: warning: {caution}", err=True)
    for clash in assembly.clashes:
        click.echo(f"govgraph: contradiction: {clash}", err=True)
    if report.at_least("Violation") or assembly.clashes:
        raise click.exceptions.Exit(1)
