"""What several commands share: the data options, and writing a result where it is wanted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pyoxigraph as ox

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.results import Result
    from govgraph.store.graph_sources import GraphSource

Command = Callable[..., Any]


def data_options(command: Command) -> Command:
    """Add --data and --alone."""
    command = click.option(
        "--alone", is_flag=True, help="Read only --data, without the bundled study."
    )(command)
    return click.option(
        "--data",
        "data",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="A folder or file of your own (YAML, CSV, RDF); may be given several times.",
    )(command)


def output_options(command: Command) -> Command:
    """Add --format and --output."""
    command = click.option(
        "--output", "-o", metavar="FILE", help="Where to write; '-' is stdout (the default)."
    )(command)
    return click.option(
        "--format",
        "-f",
        "format_name",
        metavar="FORMAT",
        help="table, csv, tsv, json, xml, md, html, parquet; graphs: ttl, nt, jsonld, trig, nq.",
    )(command)


def endpoint_option(command: Command) -> Command:
    """Add --endpoint."""
    return click.option(
        "--endpoint",
        metavar="URL",
        help="Ask the SPARQL store whose queries go to this address, instead of the graph at home."
        " By default what GOVGRAPH_ENDPOINT or [tool.govgraph] in pyproject.toml name; '' is none."
        " Credentials: GOVGRAPH_USER and GOVGRAPH_PASSWORD, or GOVGRAPH_TOKEN.",
    )(command)


def asked_graph(data: Sequence[Path], alone: bool, endpoint: str | None) -> KnowledgeGraph:
    """Return the graph a command asks: that of the data options, or the one at an endpoint.

    Raises UsageError where both are named.
    """
    from govgraph.errors import UsageError

    local = bool(data) or alone
    if endpoint and local:
        raise UsageError("--endpoint asks a store, --data and --alone read files: name only one.")
    if endpoint is None and not local:
        from govgraph.store.endpoint import configured

        endpoint = configured()
    if not endpoint:
        return open_graph(data, alone)
    from govgraph.api.knowledge_graph import KnowledgeGraph

    return KnowledgeGraph.at(endpoint)


def folders_of(data: Sequence[Path], alone: bool) -> list[Path]:
    """Return what to read; raises UsageError where --alone leaves nothing."""
    from govgraph.assembly.assemble import source_folders
    from govgraph.errors import UsageError

    if alone and not data:
        raise UsageError("--alone leaves nothing to read. Name a folder with --data.")
    return source_folders(data, bundled=not alone)


def open_graph(data: Sequence[Path], alone: bool) -> KnowledgeGraph:
    """Open the graph the data options ask for, saying on a terminal what takes its time."""
    from govgraph.api import knowledge_graph

    folders_of(data, alone)
    with stages() as progress:
        return knowledge_graph.open_graph(data, bundled=not alone, progress=progress)


def is_address(text: str) -> bool:
    """Tell whether an argument names a store."""
    return text.partition("://")[0] in {"http", "https"}


def source_of(
    text: str, data: Sequence[Path], alone: bool, *, one_of_several: bool = False
) -> GraphSource:
    """Return the graphs that an argument names: "bundled" is that of the data options.

    `one_of_several` says that the command asks several stores (see `Endpoint.of`).
    """
    if one_of_several:
        from govgraph.store.endpoint import Endpoint
        from govgraph.store.store_graphs import StoreGraphs

        return StoreGraphs(Endpoint.of(text, one_of_several=True))
    from govgraph.api import knowledge_graph
    from govgraph.store.graph_sources import open_source

    def build(sources: list[Path]) -> ox.Store:
        with stages() as progress:
            return knowledge_graph.open_graph(sources, bundled=False, progress=progress).store

    return open_source(text, lambda: open_graph(data, alone).store, build)


class stages:  # noqa: N801  (used as a function)
    """A progress bar on stderr, shown only on a terminal: `with stages() as progress`."""

    def __init__(self, total: int = 3):
        self.total = total

    def __enter__(self) -> Callable[[str], None]:
        """Return the function that announces a stage."""
        if not sys.stderr.isatty():
            return lambda stage: None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<9}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        task = self.bar.add_task("", total=self.total)
        self.bar.start()
        started = False

        def announce(stage: str) -> None:
            nonlocal started
            self.bar.update(task, description=stage, advance=1 if started else 0)
            started = True

        return announce

    def __exit__(self, *failure: object) -> None:
        """Take the bar away."""
        if hasattr(self, "bar"):
            self.bar.stop()


@contextmanager
def amount_done(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done of how much; a bar shows it on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def deliver(result: Result, format_name: str | None, output: str | None) -> None:
    """Write a result to a file or to stdout in the format asked for."""
    from govgraph.results import format_for

    if output and output != "-":
        result.save(output, format_name)
    else:
        result.write(format_for(format_name), sys.stdout)


def table(columns: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> Result:
    """Return plain rows as a result, so that every format is at hand."""
    from govgraph.results import Result

    terms = (tuple(ox.Literal(cell) if cell != "" else None for cell in row) for row in rows)
    return Result("select", tuple(columns), tuple(terms))
