"""govgraph networks and network."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from govgraph.commands import common
from govgraph.errors import UsageError, counted

if TYPE_CHECKING:
    from govgraph.network.network import Network


Request: TypeAlias = SimpleNamespace
"""The options of the command: what of which network is asked for, how it looks, where it goes."""


@click.command()
@common.data_options
@common.output_options
def networks(graph: common.GraphOptions, output: common.Output) -> None:
    """List the stored networks: name, what ties their nodes, question, parameters.

    Each is a query of queries/networks; `govgraph network` takes a .rq file of your own as well.
    """
    from govgraph.network.reading.header import network_header
    from govgraph.network.reading.projection import network_queries
    from govgraph.results import Result

    rows = []
    for name, query in network_queries(graph.queries()).items():
        header = network_header(query)
        edges = header.project or ("directed" if header.directed else "undirected")
        rows.append((name, query.summary, edges, query.question, " ".join(query.parameters)))
    output.write(Result.of_rows(("name", "summary", "ties", "question", "parameters"), rows))


@click.command()
@click.argument("name", metavar="[NAME|FILE]", required=False)
@common.parameter_option
@common.flag(
    "--all every_network", "Write every stored network that is not empty, to the folder -o."
)
@common.option("--from-csv ties", "FILE", "The same as FILE: a table of ties.")
@common.several("--relation", "NAME", "Of a file of RDF only this relation.")
@common.option(
    "--project",
    click.Choice(["co-membership", "newman"]),
    "Of a table of two modes the ties between those of the first.",
)
@common.option(
    "--measures -m",
    "LIST",
    "Measures of the nodes, with commas between; or basic (for files), all, none. Without a file"
    " they are shown as a table.",
)
@common.option("--from start", "YEAR", "Only from this year on.", type=int)
@common.option("--to end", "YEAR", "Only up to this year.", type=int)
@common.flag("--dated-only", "Leave out what has no year.")
@common.option(
    "--unit",
    click.Choice(["arrangement", "case", "kind"]),
    "By what groups without a name are told apart; of most networks by case.",
)
@common.lang_option
@common.option("--size-by", "COLUMN", "Size of nodes, by a measure or attribute.")
@common.option("--colour-by", "COLUMN", "Colour of nodes, by an attribute.")
@common.flag("--figures", "Only the figures of the whole network.")
@common.option(
    "--null random",
    "N",
    "Beside the figures those of N random networks with the same memberships or degrees; in a file"
    " beside --measures of the nodes; for a picture in its caption, which is shown.",
    type=int,
)
@common.option(
    "--format -f format_name",
    "FORMAT",
    "gexf, csv, graphml; png, svg, pdf, html; without a file also table, csv, json, md, ….",
)
@common.output_option
@common.graph_options
def network(graph: common.GraphOptions, **options: Any) -> None:
    """Write a network for Gephi and other tools, or its measures.

    NAME is a stored network (see `govgraph networks`); FILE a query of your own with ?source and
    ?target, a file of RDF, whose relations it is, or a table of ties (.csv): source,target or
    actor,event and what else is known, or a matrix. With --output NAME.gexf the file opens in Gephi
    with labels, years, measures, colours and positions; CSV is two files, nodes and edges. Without
    an output, the figures of the whole network are shown. Any network is narrowed by -p case=,
    place=, level= or sector=.
    """
    from govgraph.network.files.formats import format_of
    from govgraph.network.measures.registry import parse_measures
    from govgraph.network.reading.projection import check_not_empty
    from govgraph.results import FORMATS, format_for

    request = Request(**options, graph=cache(graph.open))
    request.name = request.ties or request.name
    if request.every_network:
        _write_all(request)
        return
    if not request.name:
        raise UsageError("Which network? Name one (see `govgraph networks`), a file, or --all.")
    output = common.Output(request.output, request.format_name)
    of_rows = request.output in (None, "-") and (request.format_name or "table").lower() in FORMATS
    is_table = request.figures or of_rows
    (format_for if is_table else format_of)(request.format_name, request.output)
    parse_measures(request.measures or "", directed=True)  # what cannot be is told before any work
    if request.measures and request.figures:
        raise UsageError("-m measures nodes, --figures are of the whole: leave one out.")
    network = _read(request, request.name)
    check_not_empty(network, request.name)
    if not {request.start, request.end} <= {None}:
        dated = sum("start" in tie or "end" in tie for *_, tie in network.edges(data=True))
        ties = counted(network.number_of_edges(), "tie")
        click.echo(f"{dated} of {ties} are there by their years, the others have none", err=True)
    if not is_table:
        _write(network, request)
    elif request.measures:
        names, random = request.measures, request.random
        table = network.measures(names) if random is None else network.beside_chance(names, random)
        output.write(table)
    else:
        output.write(network.chance(request.random))


def _read(request: Request, name: str) -> Network:
    """Return a network; a file is read without any study."""
    import pyoxigraph as ox

    from govgraph.network.network import read
    from govgraph.network.reading.sources import DataGraph, is_table, rdf_of
    from govgraph.queries import parse_arguments

    return read(
        DataGraph(ox.Store()) if is_table(name) or rdf_of(name) else request.graph(),
        name,
        (request.start, request.end),
        undated=not request.dated_only,
        lang=request.lang,
        unit=request.unit,
        relation=request.relation,
        project=request.project,
        parameters=parse_arguments(request.parameters),
    )


def _write_all(request: Request) -> None:
    from govgraph.network.files.formats import format_of
    from govgraph.network.reading.projection import network_queries

    if request.name or not request.output:
        raise UsageError("--all writes every stored network: give a folder with -o, and no name.")
    form = format_of(request.format_name or "gexf", None)
    folder = Path(request.output)
    folder.mkdir(parents=True, exist_ok=True)
    for name in network_queries(request.graph().queries):
        network = _read(request, name)
        if len(network):
            options = {**vars(request), "name": name, "output": str(folder / f"{name}.{form.name}")}
            _write(network, Request(**options))
        else:
            click.echo(f"{name}: empty, not written", err=True)


def _write(network: Network, request: Request) -> None:
    from govgraph.network.files.formats import format_of
    from govgraph.network.measures.registry import MEASURES

    names = request.measures or "basic"
    for column in (request.size_by, request.colour_by):
        if column and column.replace("-", "_") in MEASURES:
            names += f",{column}"  # what nodes are sized by need not be asked for twice
    form = format_of(request.format_name, request.output)
    network.measures(names)
    if request.random is not None and form.name in ("png", "svg", "pdf"):
        click.echo(network.caption(request.random), err=True)
    elif request.random is not None:
        network.beside_chance(names, request.random)
    output = sys.stdout.buffer if request.output in (None, "-") else request.output
    look = {"size_by": request.size_by, "colour_by": request.colour_by}
    for path in network.save(output, form.name, **look):
        click.echo(path)
    counts = f"{counted(len(network), 'node')}, {counted(network.number_of_edges(), 'edge')}"
    click.echo(f"{request.name}: {counts}", err=True)
