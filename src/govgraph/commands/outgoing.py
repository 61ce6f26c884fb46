"""Commands that take a graph elsewhere or tell two apart: build, publish, push, pull, diff."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govgraph.commands import common
from govgraph.errors import RemoteError, counted
from govgraph.files import check_output
from govgraph.resources import needed
from govgraph.vocabulary import METADATA_GRAPH

if TYPE_CHECKING:
    from govgraph.store.graph_sources import GraphSource

NAMED = 10  # how many things without a page are named
SHOWN = 5
"""How many graphs are named that stand otherwise than they were pushed, and lines of each twice."""
AGAIN = "Run the same command again to finish; until then who asks the store is warned."
ADDRESSES = ("http://", "https://")


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
def build(graph: common.GraphOptions, output: Path, store: Path | None, as_: str | None) -> None:
    """Read the case files, infer, validate, and write the graph.

    Writes govgraph.trig, .nq, .ttl (the union of all graphs) and .jsonld, ontology.ttl, void.ttl
    and validation.csv to the output folder, and prints their paths; beside them what belongs to
    every study: the files of the ontology, the shapes and the JSON-LD context. Exit status 1 where
    the graph has a violation of the shapes or contradicts the ontology; warnings are only counted.
    """
    from govgraph.assembly.building import build, fill_store

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
    common.finding(built.failed)


@click.command()
@common.data_options
@common.folder_option("build/site")
@common.option(
    "--base", "URL", "The address of the site; by default the base of the study.", default=""
)
@common.option("--endpoint", "URL", "A SPARQL endpoint that the pages offer to ask.", default="")
@common.option(
    "--formats", "NAMES", "What there is of each thing beside HTML and Turtle, by commas.",
    default="jsonld",
)  # fmt: skip
def publish(
    graph: common.GraphOptions, output: Path, base: str, endpoint: str, formats: str
) -> None:
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
    endings = [ending for ending in formats.split(",") if ending]
    publication = published.publish(output, base=base, endpoint=endpoint, formats=endings)
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
        names = ", ".join(elsewhere[:NAMED]) + (" …" if len(elsewhere) > NAMED else "")
        common.warn(
            f"{len(elsewhere)} described without a page, as theirs is no path below {base}: {names}"
        )
    if violations := len(published.validate().at_least("Violation")):
        common.warn(f"published with {violations} violations: `govgraph validate` names them")
        common.finding()


@click.command()
@click.argument("endpoint", default="", metavar="[ENDPOINT]")
@click.argument("source", default="bundled", metavar="[SOURCE]")
@common.data_options
@common.flag(
    "--compare",
    "Look at what stands on the store in every graph, instead of trusting its checksums.",
)
@common.flag("--keep", "Remove no graph that an earlier push brought.")
def push(endpoint: str, source: str, graph: common.GraphOptions, compare: bool, keep: bool) -> None:
    """Put a graph on a SPARQL store: what changed since the last push, each graph as a whole.

    ENDPOINT is the address queries go to (see docs/push.md for the others, and for signing in).
    SOURCE is what `govgraph diff` compares: "bundled" (the study here, or that of --study), a built
    folder, a database on disk, a file of RDF, the folder of a study. Graphs that an earlier push
    brought and that are gone from the source are removed, other graphs never. What was written is
    read back and compared. A push that is cut off is finished by the same command. `govgraph diff`
    tells beforehand what would change.

    Exit status 1 where the store cannot hold a statement as it was sent.
    """
    from govgraph.store.changing import push
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.store_graphs import StoreGraphs

    store = StoreGraphs(Endpoint.of(endpoint))
    origin = graph.source(source, named=True)
    try:
        with common.amount_done("pushing") as progress:
            outcome = push(origin, store, compare_all=compare, keep=keep, progress=progress)
    except RemoteError as error:
        raise RemoteError(f"{error.message} {AGAIN}", error.url, error.status) from None
    except KeyboardInterrupt:
        common.warn(f"interrupted. {AGAIN}")
        raise click.exceptions.Exit(130) from None
    for lost in outcome.lost[:SHOWN]:
        lines = [*(b"- " + line for line in lost.only_a), *(b"+ " + line for line in lost.only_b)]
        common.warn(f"{lost.graph}: stands otherwise than sent:")
        click.echo(b"".join(lines[: 2 * SHOWN]).decode(), err=True, nl=False)
    click.echo(f"{store.name}: {outcome}", err=True)
    common.finding(outcome.lost)


@click.command()
@click.argument("endpoint", default="", metavar="[ENDPOINT]")
@common.option(
    "--output -o",
    "FILE|DIR",
    "A file, whose ending tells the format, or a folder for four. '-' is N-Quads on stdout.",
    type=click.Path(path_type=Path, allow_dash=True),
    required=True,
)
def pull(endpoint: str, output: Path) -> None:
    """Write every named graph of a SPARQL store to a file, sorted, the same bytes every time.

    ENDPOINT is the address queries go to. Each graph is held against its count on the store, so
    that an answer cut short, or cut by a limit on rows, is found out; then nothing is written.
    """
    from govgraph.api.given import format_of_output
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.assembly.assemble import LocalGraph
    from govgraph.rdf.formats import RDF_FORMATS
    from govgraph.rdf.writing import serialise, sorted_quads
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.store_graphs import StoreGraphs

    if format_of_output(output) is not None:
        check_output(output)  # what cannot be written is told before any work
    there = StoreGraphs(Endpoint.of(endpoint))
    with common.amount_done("pulling") as progress:
        counts = there.counts()
        store = there.fetch(counts, progress)
    if str(output) == "-":
        sys.stdout.buffer.write(serialise(sorted_quads(store), RDF_FORMATS["nq"].engine))
        sys.stdout.buffer.flush()
    else:
        for path in KnowledgeGraph(LocalGraph(store)).write(output):
            click.echo(path)
    pulled = f"{counted(len(counts), 'graph')}, {counted(len(store), 'statement')}"
    click.echo(f"{there.name}: {pulled}", err=True)


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@common.data_options
def diff(a: str, b: str, graph: common.GraphOptions) -> None:
    """Compare two graphs, graph by graph and statement by statement.

    A and B are each "bundled" (the graph of the bundled study and --data), the address of a SPARQL
    endpoint, a folder that `govgraph build` wrote, a database on disk, a file of RDF, or a folder
    or file of cases of its own. A file of RDF beside what `govgraph build` made is built first, so
    that it is equal to what came from it. Statements are compared by value: 1.50 is 1.5, and "a"@EN
    "a"@en; "300"^^xsd:byte, which is none, is not 300. Exit status 0 where both hold the same
    statements, 1 where not.

    Of two stores, only the one that GOVGRAPH_ENDPOINT names gets credentials.
    """
    from govgraph.assembly.assemble import assemble, choose_sources
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.graph_sources import MemoryGraphs, differences, is_rdf_file
    from govgraph.store.statements import as_text, summary
    from govgraph.store.store_graphs import StoreGraphs

    sources: list[GraphSource]
    if a != b and a.startswith(ADDRESSES) and b.startswith(ADDRESSES):
        sources = [StoreGraphs(Endpoint.of(text, one_of_several=True)) for text in (a, b)]
    else:
        sources = [graph.source(text) for text in (a, b)]
        is_built = [METADATA_GRAPH in source.counts() for source in sources]
        for number, text in enumerate((a, b)):
            if is_built[1 - number] and not is_built[number] and is_rdf_file(text):
                built = assemble(choose_sources([Path(text)], alone=True), described=True)
                sources[number] = MemoryGraphs(built.store, text)
    differing = list(differences(*sources))
    sys.stdout.writelines(as_text(differing))
    sys.stdout.flush()
    click.echo(summary(differing), err=True)
    common.finding(not all(difference.equal for difference in differing))
