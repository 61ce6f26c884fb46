"""govgraph network."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from govgraph.commands import common
from govgraph.errors import UsageError, counted

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.network.measures.registry import Measures


Request: TypeAlias = SimpleNamespace
"""The options of the command: what of which network is asked for, how it looks, where it goes."""
Table: TypeAlias = tuple[Sequence[str], Sequence[Sequence[Any]]]
"""Headings and rows."""


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
@common.option(
    "--window",
    "YEARS",
    "Measure the network of each window of so many years, as a table.",
    type=int,
)
@common.option("--step", "YEARS", "From one window to the next.", type=int)
@common.lang_option
@common.option("--layout", click.Choice(["force", "none"]), "Where nodes are.")
@common.option("--size-by", "COLUMN", "Size of nodes, by a measure or attribute.")
@common.option("--colour-by", "COLUMN", "Colour of nodes, by an attribute.")
@common.flag("--figures", "Only the figures of the whole network.")
@common.option(
    "--format -f format_name",
    "FORMAT",
    "gexf, csv, graphml, json; png, svg, pdf, html; figures and windows: table, csv, json, md, ….",
)
@common.output_option
@common.graph_options
def command(graph: common.GraphOptions, **options: Any) -> None:
    """Write a network for Gephi and other tools, or its measures.

    NAME is a stored network (see `govgraph networks`), FILE a query of your own with ?source and
    ?target. With --output NAME.gexf the file opens in Gephi with labels, years, measures, colours
    and positions; CSV is two files, nodes and edges. Without an output, the figures
    of the whole network are shown.
    """
    from govgraph.network.reading.over_time import windows
    from govgraph.network.reading.projection import check_not_empty
    from govgraph.queries import parse_arguments

    request = Request(**options)
    cutting = {
        "start": request.start,
        "end": request.end,
        "undated": not request.dated_only,
        "lang": request.lang,
        **parse_arguments(request.parameters),
    }
    to_file = bool(request.output or request.format_name)
    output = common.Output(request.output, request.format_name)
    _check(request, to_file=to_file)
    opened = graph.open()
    if request.window is not None:
        spans = windows(opened, request.name, length=request.window, step=request.step, **cutting)
        cut = [(str(span), span.network) for span in spans]
    else:
        network = opened.network(request.name, **cutting)
        check_not_empty(network, request.name)
        cut = [("", network)]
    if request.window is not None and request.measures is not None:
        output.write_table(*_values(cut, request.measures))
    elif request.window is not None or request.figures or not to_file:
        output.write_table(*_figures(cut))
    else:
        _write(cut[0][1], request)


def _check(request: Request, *, to_file: bool) -> None:
    """Raise UsageError for what cannot be, before any work is done."""
    from govgraph.network.files.formats import format_of
    from govgraph.network.measures.registry import parse_measures
    from govgraph.results import format_for

    if to_file:
        table = request.figures or request.window is not None
        (format_for if table else format_of)(request.format_name, request.output)
    if request.step is not None and request.window is None:
        raise UsageError("--step is from one window to the next: give --window as well.")
    parse_measures(request.measures or "", directed=True)


def _measured(network: nx.Graph, names: str) -> Measures:
    """Return the measures of a list; says on stderr which are no exact values."""
    from govgraph.network.measures.registry import measure, parse_measures

    measures = measure(network, parse_measures(names, directed=network.is_directed()))
    for name, note in measures.notes.items():
        click.echo(f"{name}: {note}", err=True)
    return measures


def _write(network: nx.Graph, request: Request) -> None:
    from govgraph.network.files.formats import format_of, save, write
    from govgraph.network.measures.registry import MEASURES, annotate
    from govgraph.network.pictures.matplotlib_style import missing_letters
    from govgraph.network.pictures.style import column_for, style_of

    form = format_of(request.format_name, request.output)
    names = request.measures or "basic"
    for column in (request.size_by, request.colour_by):
        if column and column.replace("-", "_") in MEASURES:
            names += f",{column}"  # what nodes are sized by need not be asked for twice
    annotate(network, _measured(network, names))
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


def _figures(networks: Sequence[tuple[str, nx.Graph]]) -> Table:
    """Return the figures of one network as rows, or of several as one row each."""
    from govgraph.network.measures.summary import FIGURES, summarise

    values = [(years, summarise(network)) for years, network in networks]
    if [years for years, _ in values] == [""]:
        rows = [(name, _number(values[0][1][name]), FIGURES[name]) for name in FIGURES]
        return ("figure", "value", "meaning"), rows
    return ("years", *FIGURES), [(years, *map(_number, row.values())) for years, row in values]


def _values(networks: Sequence[tuple[str, nx.Graph]], names: str) -> Table:
    """Return the measures of several networks: a row for each node of each."""
    measured = [(years, network, _measured(network, names).values) for years, network in networks]
    columns = tuple(measured[0][2])
    rows = [
        (years, str(node), str(network.nodes[node]["label"]),
         *(_number(values[name][node]) for name in columns))
        for years, network, values in measured
        for node in network
    ]  # fmt: skip
    return ("years", "node", "label", *columns), rows


def _number(value: float | int | None) -> Any:
    """Return a cell: whole numbers as they are, others with six digits; files have them all."""
    if value is None:
        return ""
    return value if isinstance(value, int) else float(f"{value:.6g}")
