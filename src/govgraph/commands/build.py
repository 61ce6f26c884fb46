"""govgraph build."""

from pathlib import Path

import click

from govgraph.commands import common


@click.command()
@common.data_options
@common.folder_option("build/graph")
@common.option(
    "--store",
    "DIR",
    "Build in a new Oxigraph database in DIR and leave it there: for more than memory holds.",
    type=common.FOLDER,
)
@common.option(
    "--as as_",
    "nanopublications",
    "Write the passages as nanopublications, too: assertion, provenance, publication info.",
    type=click.Choice(["nanopublications"]),
)
def command(graph: common.GraphOptions, output: Path, store: Path | None, as_: str | None) -> None:
    """Read the case files, infer, validate, and write the graph.

    Writes govgraph.trig, .nq, .ttl (the union of all graphs) and .jsonld, ontology.ttl, void.ttl
    and validation.csv to the output folder, and prints their paths; beside them what belongs to
    every study: the files of the ontology, the shapes and the JSON-LD context. Exit status 1 where
    the graph has a violation of the shapes or contradicts the ontology; warnings are only counted.
    """
    from govgraph.assembly.building import build
    from govgraph.store.on_disk import fill_store

    sources = graph.sources()
    studies = (sources.studies or (sources.main,)) if as_ else ()
    with common.stages(total=5) as progress:
        built = fill_store(
            store, lambda database: build(sources, output, progress, database, studies)
        )
    click.echo(built.summary, err=True)
    for path in built.paths:
        click.echo(path)
    for caution in built.cautions:
        common.warn(f"warning: {caution}")
    for clash in built.clashes:
        common.warn(f"contradiction: {clash}")
    if built.failed:
        common.finding()
