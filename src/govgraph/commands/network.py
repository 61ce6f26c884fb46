"""govgraph network."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from govgraph.commands import common
from govgraph.errors import counted

if TYPE_CHECKING:
    import networkx as nx


Request: TypeAlias = SimpleNamespace
"""The options of the command: what of which network is asked for, how it looks, where it goes."""


@click.command()
@click.argument("name", metavar="NAME|FILE")
@common.parameter_option
@common.option(
    "--measures -m",
    "LIST",
    "Measures of the nodes, with commas between; or basic (for files), all, none.",
)
@common.option("--from start", "YEAR", "Only from this year on.", type=int)
@common.option("--to end", "YEAR", "Only up to this year.", type=int)
@common.flag("--dated-only", "Leave out what has no year.")
@common.lang_option
@common.option("--layout", click.Choice(["force", "none"]), "Where nodes are.")
@common.option("--size-by", "COLUMN", "Size of nodes, by a measure or attribute.")
@common.option("--colour-by", "COLUMN", "Colour of nodes, by an attribute.")
@common.flag("--figures", "Only the figures of the whole network.")
@common.option(
    "--format -f format_name",
    "FORMAT",
    "gexf, csv, graphml, json; png, svg, pdf, html; figures: table, csv, json, md, ….",
)
@common.output_option
@common.graph_options
def network(graph: common.GraphOptions, **options: Any) -> None:
    """Write a network for Gephi and other tools, or its measures.

    NAME is a stored network (see `govgraph networks`), FILE a query of your own with ?source and
    ?target. With --output NAME.gexf the file opens in Gephi with labels, years, measures, colours
    and positions; CSV is two files, nodes and edges. Without an output, the figures
    of the whole network are shown.
    """
    from govgraph.network.measures.registry import parse_measures
    from govgraph.network.reading.projection import check_not_empty
    from govgraph.queries import parse_arguments

    request = Request(**options)
    to_file = bool(request.output or request.format_name)
    if to_file:
        from govgraph.network.files.formats import format_of
        from govgraph.results import format_for

        (format_for if request.figures else format_of)(request.format_name, request.output)
    parse_measures(request.measures or "", directed=True)  # what cannot be is told before any work
    network = graph.open().network(
        request.name,
        start=request.start,
        end=request.end,
        undated=not request.dated_only,
        lang=request.lang,
        **parse_arguments(request.parameters),
    )
    check_not_empty(network, request.name)
    if to_file and not request.figures:
        _write(network, request)
    else:
        columns = ("figure", "value", "meaning")
        common.Output(request.output, request.format_name).write_table(columns, _figures(network))


def _write(network: nx.Graph, request: Request) -> None:
    from govgraph.network.files.formats import format_of, save, write
    from govgraph.network.measures.registry import MEASURES, annotate, measure, parse_measures
    from govgraph.network.pictures.matplotlib_style import missing_letters
    from govgraph.network.pictures.style import column_for, style_of

    form = format_of(request.format_name, request.output)
    names = request.measures or "basic"
    for column in (request.size_by, request.colour_by):
        if column and column.replace("-", "_") in MEASURES:
            names += f",{column}"  # what nodes are sized by need not be asked for twice
    measures = measure(network, parse_measures(names, directed=network.is_directed()))
    for name, note in measures.notes.items():  # such as that values are no exact ones
        click.echo(f"{name}: {note}", err=True)
    annotate(network, measures)
    style = style_of(
        network,
        layout=request.layout or form.layout,
        size_by=column_for(network, ("degree",), request.size_by),
        colour_by=column_for(network, ("sector", "kind"), request.colour_by),
    )
    if request.output and request.output != "-":
        for path in save(network, request.output, form, style):
            click.echo(path)
    else:
        write(network, sys.stdout.buffer, form, style)
    labels = {str(data.get("label") or "") for _, data in network.nodes(data=True)}
    if form.writer.startswith("pictures.") and (missing := missing_letters(labels)):
        click.echo(f"No installed font has these letters: {missing}", err=True)
    counts = f"{counted(len(network), 'node')}, {counted(network.number_of_edges(), 'edge')}"
    click.echo(f"{request.name}: {counts}", err=True)


def _figures(network: nx.Graph) -> list[tuple[str, Any, str]]:
    """Return each figure of a network, its value and what it means."""
    from govgraph.network.measures.summary import FIGURES, summarise

    values = summarise(network)
    return [(name, _number(values[name]), meaning) for name, meaning in FIGURES.items()]


def _number(value: float | int | None) -> Any:
    """Return a cell: whole numbers as they are, others with six digits; files have them all."""
    if value is None:
        return ""
    return value if isinstance(value, int) else float(f"{value:.6g}")
