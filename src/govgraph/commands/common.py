"""What several commands share: options, the graph they name, progress, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from govgraph.errors import UsageError
from govgraph.files import check_output, written_whole

if TYPE_CHECKING:
    import pyoxigraph as ox

    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.coding.study import Sources
    from govgraph.queries import StoredQuery
    from govgraph.results import Result
    from govgraph.store.graph_sources import GraphSource

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]

WARNED = "govgraph.warned"
"""Stands in what is known of a run of a command where it has warned of something."""

_data = click.option(
    "--data",
    "data",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder or file of your own (YAML, CSV, RDF); may be given several times.",
)
_alone = click.option("--alone", is_flag=True, help="Read only --data, without any study.")
_study = click.option(
    "--study",
    "studies",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of a study (or the name of a bundled one); several stand side by side."
    " By default the one that lies here or above, else the bundled one.",
)
_format = click.option(
    "--format",
    "-f",
    "format_name",
    metavar="FORMAT",
    help="table, csv, safe-csv, tsv, json, xml, md, html, parquet; graphs: ttl, nt, jsonld, trig,"
    " nq.",
)
output_option = click.option(
    "--output", "-o", metavar="FILE", help="Where to write; '-' is stdout (the default)."
)
parameter_option = click.option(
    "--param",
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the query; give one several times for several values.",
)
lang_option = click.option(
    "--lang", metavar="TAG", help="Language of the labels; by default the first of the study."
)
endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    help="Ask the SPARQL store whose queries go to this address, instead of the graph at home."
    " By default what GOVGRAPH_ENDPOINT names; '' is none."
    " Credentials: GOVGRAPH_USER and GOVGRAPH_PASSWORD, or GOVGRAPH_TOKEN.",
)
_timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop a query of the graph at home that takes longer.",
)


def strict_option(command: Command) -> Command:
    """Add --strict, by which warnings are a finding; an output that is read from is refused."""

    @wraps(command)
    def strictly(*, strict: bool, **options: Any) -> None:
        output = options.get("output")
        if isinstance(output, str) and output != "-":
            _check_output(Path(output), [options[name] for name in options if name != "output"])
        command(**options)
        if strict and WARNED in click.get_current_context().meta:
            finding()

    return click.option("--strict", is_flag=True, help="Leave with 1 for warnings too.")(strictly)


def _check_output(output: Path, given: Iterable[Any]) -> None:
    check_output(output)
    for value in given:
        for path in value if isinstance(value, tuple) else (value,):
            with suppress(OSError, ValueError):  # no name of a file
                if isinstance(path, str | Path) and output.is_file() and output.samefile(path):
                    raise UsageError(f"{output} is what is read: name another file to write.")


def sources_options(command: Command) -> Command:
    """Add --study, --data and --alone; the command gets them as `graph`, a GraphOptions."""
    return _study(_data(_alone(_with_graph(command, "studies", "data", "alone"))))


def data_options(command: Command) -> Command:
    """Add the same and --strict."""
    return strict_option(sources_options(command))


def graph_options(command: Command) -> Command:
    """Add all these, --endpoint and --timeout; the command gets them as `graph`, a GraphOptions."""
    with_graph = _with_graph(command, "studies", "data", "alone", "endpoint")

    @wraps(with_graph)
    def limited(timeout: float | None, **options: Any) -> None:
        from govgraph.queries.apart import time_limit

        with time_limit(timeout):
            with_graph(**options)

    return strict_option(_study(_data(_alone(endpoint_option(_timeout(limited))))))


def _with_graph(command: Command, *names: str) -> Command:
    @wraps(command)
    def with_graph(**options: Any) -> None:
        chosen = {name: options.pop(name) for name in names}
        command(graph=GraphOptions(**chosen), **options)

    return with_graph


def output_options(command: Command) -> Command:
    """Add --format, of a result, and --output."""
    return _format(output_option(command))


def format_option(names: Sequence[str], help: str | None = None) -> Decorator:
    """Add --format with a choice of names, the first of which is the default."""
    choice = click.Choice(names)
    return click.option(
        "--format", "-f", "format_name", type=choice, default=names[0], show_default=True, help=help
    )


def folder_option(default: str) -> Decorator:
    """Add --output, a folder."""
    return click.option(
        "--output",
        "-o",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(default),
        show_default=True,
        help="The folder to write to.",
    )


@dataclass(frozen=True)
class GraphOptions:
    """The graph that a command is about: of files, or one that a SPARQL store holds.

    The files are those of `studies` and `data`; see `choose_sources`.
    """

    studies: tuple[Path, ...]
    data: tuple[Path, ...]
    alone: bool
    endpoint: str | None = None

    def sources(self) -> Sources:
        """Return what to read, and say on stderr where that is a study that lies elsewhere.

        Raises UsageError where --alone leaves nothing.
        """
        from govgraph.coding.source_files import find
        from govgraph.coding.study import study_folder
        from govgraph.resources import default_study

        if self.alone and self.studies:
            raise UsageError("--alone leaves every study out: name --study or --alone, not both.")
        if self.alone and not self.data:
            raise UsageError("--alone leaves nothing to read. Name a folder with --data.")
        sources = self.chosen()
        if not self.studies and not self.alone and study_folder(Path.cwd()) is None:
            read = next(study for study in sources.studies if not study.is_temporary)
            bundled = "bundled " if read.folder == default_study().resolve() else ""
            note(f"reading the {bundled}study {read.name!r} (no study.yaml here or above)")
        if sources.main.is_temporary:
            note(f"names are below the temporary base {sources.main.base} (no study.yaml)")
        found, output = find(sources), click.get_current_context().params.get("output")
        if isinstance(output, str) and found.reads(Path(output), sources):
            raise UsageError(f"{output} would be read as a file of the study. Write it elsewhere.")
        for line in found.warnings():
            warn(f"warning: {line}")
        return sources

    def chosen(self) -> Sources:
        """Return what to read, without a word."""
        from govgraph.assembly.assemble import choose_sources

        return choose_sources(self.data, self.studies, alone=self.alone)

    def open(self) -> KnowledgeGraph:
        """Open the graph of the files, or the one at the endpoint given or configured.

        Raises UsageError where both are named.
        """
        local = bool(self.data or self.studies) or self.alone
        if self.endpoint and local:
            raise UsageError(
                "--endpoint asks a store, --study, --data and --alone read files: name only one."
            )
        endpoint = self.endpoint
        if endpoint is None and not local:
            from govgraph.store.endpoint import configured

            endpoint = configured()
        if not endpoint:
            return build(self.sources())
        from govgraph.api.knowledge_graph import KnowledgeGraph

        return KnowledgeGraph.at(endpoint)

    def queries(self) -> Mapping[str, StoredQuery]:
        """Return the stored queries: those of any study, and those of the studies read."""
        from govgraph.queries import load_libraries

        return self.open().queries if self.endpoint else load_libraries(self.sources().studies)

    def source(self, text: str, *, named: bool = False) -> GraphSource:
        """Return the graphs that an argument names: "bundled" is the graph of the files.

        Raises GovgraphError where that graph has to be of a study that is `named`, and is not.
        """
        from govgraph.assembly.assemble import check_named, choose_sources
        from govgraph.store.graph_sources import open_source

        def built(sources: Sources) -> ox.Store:
            if named:
                check_named(sources.main)
            return build(sources).store

        return open_source(
            text,
            lambda: built(self.sources()),
            lambda paths: built(choose_sources(paths, alone=True)),
        )


def build(sources: Sources) -> KnowledgeGraph:
    """Open the graph of studies and files; a terminal shows the stages of a build."""
    from govgraph.api.knowledge_graph import open_sources

    with stages() as progress:
        return open_sources(sources, progress)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int | None, int | None], None]]:
    """Give a function that takes what is being done, how much of it is done, and of how much.

    A bar on stderr shows it where that is a terminal; None is an unknown number.
    """
    if not sys.stderr.isatty():
        yield lambda doing, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description:<9}"), BarColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda doing, done, total: bar.update(
            task, description=doing, completed=done, total=total
        )


@contextmanager
def stages(total: int = 3) -> Iterator[Callable[[str], None]]:
    """Give a function that is told the name of each of `total` stages as it begins."""
    numbers = count()
    with progress_bar() as show:
        yield lambda stage: show(stage, next(numbers), total)


@contextmanager
def amount_done(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done, and of how much."""
    with progress_bar() as show:
        yield lambda done, total: show(f"{what} {done:,} of {total:,}", done, total)


def deliver(result: Result, format_name: str | None, output: str | None) -> None:
    """Write a result to a file or to stdout in the format asked for."""
    from govgraph.results import format_for

    if output and output != "-":
        result.save(output, format_name)
    else:
        result.write(format_for(format_name), sys.stdout)


def deliver_text(text: str, output: str | None) -> None:
    """Write a text to a file or to stdout."""
    if output and output != "-":
        with written_whole(Path(output)) as stream:
            stream.write(text.encode())
    else:
        click.echo(text, nl=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> Result:
    """Return plain rows as a result, so that every format is at hand; "" is an empty cell."""
    from pyoxigraph import Literal

    from govgraph.results import Result

    terms = (tuple(Literal(cell) if cell != "" else None for cell in row) for row in rows)
    return Result("select", tuple(columns), tuple(terms))


def warn(message: str) -> None:
    """Say on stderr what a reader should look at; with --strict, it is a finding."""
    warned()
    click.echo(f"govgraph: {message}", err=True)


def warned() -> None:
    """Remember that something was said that a reader should look at."""
    if context := click.get_current_context(silent=True):
        context.meta[WARNED] = True


def note(message: str) -> None:
    """Say on stderr what a reader may like to know."""
    click.echo(message, err=True)


def finding() -> NoReturn:
    """Leave with the exit status of a finding."""
    raise click.exceptions.Exit(1)
