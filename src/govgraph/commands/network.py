"""govgraph network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govgraph.commands.common import asked_graph, data_options, deliver, endpoint_option
from govgraph.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.network.measures.centrality import Measures
    from govgraph.results import Result


@dataclass(frozen=True)
class Request:
    """What of which network is asked for, and how it is to look."""

    name: str
    parameters: tuple[str, ...]
    measures: str | None
    weighting: str | None
    start: int | None
    end: int | None
    dated_only: bool
    window: int | None
    step: int | None
    lang: str
    layout: str | None
    size_by: str | None
    colour_by: str | None
    figures: bool
    into_graph: bool

    @property
    def options(self) -> dict[str, Any]:
        """The options of KnowledgeGraph.network, years apart."""
        from govgraph.queries import parse_arguments

        return {
            "undated": not self.dated_only,
            "weighting": self.weighting,
            "lang": self.lang,
            **parse_arguments(self.parameters),
        }


@click.command()
@click.argument("name", metavar="NAME|FILE")
@click.option(
    "--param",
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the query; may be given several times.",
)
@click.option(
    "--measures",
    "-m",
    metavar="LIST",
    help="Measures of the nodes, with commas between; or basic (for files), all, none.",
)
@click.option(
    "--weighting", metavar="NAME", help="co-membership or newman, for a network of members."
)
@click.option("--from", "start", type=int, metavar="YEAR", help="Only from this year on.")
@click.option("--to", "end", type=int, metavar="YEAR", help="Only up to this year.")
@click.option("--dated-only", is_flag=True, help="Leave out what has no year.")
@click.option(
    "--window",
    type=int,
    metavar="YEARS",
    help="Measure the network of each window of so many years, as a table.",
)
@click.option("--step", type=int, metavar="YEARS", help="From one window to the next.")
@click.option("--lang", default="en", show_default=True, help="Language of the labels.")
@click.option("--layout", metavar="NAME", help="force, circle or none.")
@click.option("--size-by", metavar="COLUMN", help="Size of nodes, by a measure or attribute.")
@click.option("--colour-by", metavar="COLUMN", help="Colour of nodes, by an attribute.")
@click.option("--figures", is_flag=True, help="Only the figures of the whole network.")
@click.option(
    "--into-graph",
    is_flag=True,
    help="The measures as RDF (a data cube in Turtle) for --data to read.",
)
@click.option(
    "--format",
    "-f",
    "format_name",
    metavar="FORMAT",
    help="gexf, csv, graphml, gml, pajek, cytoscape, json, parquet; png, svg, pdf, html;"
    " figures and windows: table, csv, json, md, ….",
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help="Where to write; its extension tells the format; '-' is stdout.",
)
@data_options
@endpoint_option
def command(
    format_name: str | None,
    output: str | None,
    data: tuple[Path, ...],
    alone: bool,
    endpoint: str | None,
    **asked: Any,
) -> None:
    """Write a network for Gephi and other tools, or its measures.

    NAME is a stored network (see `govgraph networks`), FILE a query of your own with ?source and
    ?target. With --output NAME.gexf the file opens in Gephi with labels, years, measures, colours
    and positions; CSV and Parquet are two files, nodes and edges. Without an output, the figures
    of the whole network are shown.
    """
    request = Request(**asked)
    _check(request, format_name, output)
    graph = asked_graph(data, alone, endpoint)
    if request.window is not None:
        _windows(graph, request, format_name, output)
        return
    network = graph.network(request.name, start=request.start, end=request.end, **request.options)
    from govgraph.network.reading.projection import check_not_empty

    check_not_empty(network, request.name)
    if request.into_graph:
        taken = [(network, _measured(network, request.measures or "basic"), "")]
        deliver(_cube(taken, network), format_name or "ttl", output)
    elif request.figures or not (output or format_name):
        deliver(_figures([("", network)]), format_name, output)
    else:
        _write(network, request, format_name, output)


def _check(request: Request, format_name: str | None, output: str | None) -> None:
    """Find what cannot be, before any work is done."""
    from govgraph.network.files.formats import check_output, format_of
    from govgraph.network.measures.centrality import parse_measures
    from govgraph.network.pictures.layout import LAYOUTS, check_layout
    from govgraph.results import format_for

    if output and output != "-":
        check_output(output)
    tables = request.figures or request.window is not None or request.into_graph
    if tables and (format_name or output) and not request.into_graph:
        format_for(format_name, output)
    elif not tables and (format_name or output):
        format_of(format_name, output)
    if request.figures and request.into_graph:
        raise UsageError("--figures and --into-graph are two different outputs: take one.")
    if request.step is not None and request.window is None:
        raise UsageError("--step is from one window to the next: give --window as well.")
    parse_measures(request.measures or "", directed=True)
    if request.layout is not None:
        check_layout(request.layout, LAYOUTS)


def _measured(network: nx.Graph, wanted: str) -> Measures:
    """Return the measures of a list; says on stderr which are no exact values."""
    from govgraph.network.measures.centrality import measure, parse_measures

    found = measure(network, parse_measures(wanted, directed=network.is_directed()))
    for name, note in found.notes.items():
        click.echo(f"{name}: {note}", err=True)
    return found


def _write(
    network: nx.Graph, request: Request, format_name: str | None, output: str | None
) -> None:
    from govgraph.network.files.formats import format_of, save, write
    from govgraph.network.measures.centrality import annotate, known_measures
    from govgraph.network.pictures.appearance import appearance

    form = format_of(format_name, output)
    wanted = request.measures or "basic"
    for column in (request.size_by, request.colour_by):
        if column and column.replace("-", "_") in known_measures():
            wanted += f",{column}"  # what nodes are sized by need not be asked for twice
    annotate(network, _measured(network, wanted))
    look = appearance(
        network,
        layout=request.layout or form.layout,
        size_by=_column(network, request.size_by, ("degree",)),
        colour_by=_column(network, request.colour_by, ("sector", "kind")),
    )
    if output and output != "-":
        for path in save(network, output, form, look):
            click.echo(path)
    else:
        write(network, sys.stdout.buffer, form, look)
    _say_missing_letters(network, form.name)
    counts = f"{len(network)} nodes, {network.number_of_edges()} edges"
    click.echo(f"{request.name}: {counts}", err=True)


def _say_missing_letters(network: nx.Graph, form: str) -> None:
    """Say on stderr which letters a picture shows as boxes for want of a font."""
    from govgraph.network.pictures import matplotlib_style as figures

    if form in figures.FORMATS:
        labels = {str(data.get("label") or "") for _, data in network.nodes(data=True)}
        if missing := figures.missing_letters(labels):
            click.echo(f"No installed font has these letters: {missing}", err=True)


def _column(network: nx.Graph, asked: str | None, defaults: Sequence[str]) -> str:
    """Return the attribute asked for, "" for none, else the first default a third of nodes have.

    Where no default is so frequent, the first that any node has.
    """
    if asked is not None:
        name = asked.replace("-", "_")
        return "" if asked == "none" else name if _has(network, name) else asked
    most = max(defaults, key=lambda name: 3 * _having(network, name) >= len(network), default="")
    return next((name for name in (most, *defaults) if name and _has(network, name)), "")


def _having(network: nx.Graph, name: str) -> int:
    return sum(name in attributes for _, attributes in network.nodes(data=True))


def _has(network: nx.Graph, name: str) -> bool:
    return any(name in attributes for _, attributes in network.nodes(data=True))


def _figures(networks: Iterable[tuple[str, nx.Graph]]) -> Result:
    """Return the figures of one network as rows, or of several as one row each."""
    from govgraph.commands.common import table
    from govgraph.network.measures.figures import FIGURES, figures

    found = [(years, figures(network)) for years, network in networks]
    if [years for years, _ in found] == [""]:
        rows = [(name, _number(found[0][1][name]), FIGURES[name]) for name in FIGURES]
        return table(("figure", "value", "meaning"), rows)
    return table(
        ("years", *FIGURES), [(years, *map(_number, each.values())) for years, each in found]
    )


def _windows(
    graph: KnowledgeGraph, request: Request, format_name: str | None, output: str | None
) -> None:
    """Measure each window: figures, or with --measures a row for each node of each window."""
    from govgraph.commands.common import table
    from govgraph.network.reading.over_time import windows

    assert request.window is not None
    cut = list(windows(
        graph, request.name, length=request.window, step=request.step,
        start=request.start, end=request.end, **request.options,
    ))  # fmt: skip
    if request.measures is None and not request.into_graph:
        deliver(_figures((str(each), each.network) for each in cut), format_name, output)
        return
    wanted = request.measures or "basic"
    taken = [(each.network, _measured(each.network, wanted), str(each)) for each in cut]
    if request.into_graph:
        deliver(_cube(taken, cut[0].network), format_name or "ttl", output)
        return
    names = list(taken[0][1].values)
    rows = [
        (years, str(node), str(network.nodes[node]["label"]),
         *(_number(measures.values[name][node]) for name in names))
        for network, measures, years in taken
        for node in network
    ]  # fmt: skip
    deliver(table(("years", "node", "label", *names), rows), format_name, output)


def _cube(taken: Sequence[tuple[nx.Graph, Measures, str]], network: nx.Graph) -> Result:
    from govgraph.network.files.cube import observations
    from govgraph.results import Result

    parts = [str(network.graph["name"])]
    if network.graph.get("weighting") == "newman":
        parts.append("newman")
    return Result.of_triples(observations(taken, "-".join(parts)))


def _number(value: float | int | None) -> Any:
    """Return a cell: whole numbers as they are, others with six digits; files have them all."""
    if value is None:
        return ""
    return value if isinstance(value, int) else float(f"{value:.6g}")
