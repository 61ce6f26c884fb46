"""What several commands share: options, the graph they name, progress, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from govgraph.errors import UsageError
from govgraph.files import check_output, is_file, written_whole

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.coding.study import Sources
    from govgraph.queries import StoredQuery
    from govgraph.results import Tabular
    from govgraph.store.graph_sources import GraphSource

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]

WARNED = "govgraph.warned"
"""Stands in what is known of a run of a command where it has warned of something."""

_OF_ONES_OWN = ("build", "publish", "push", "serve", "validate")
"""Commands that do not take the bundled study where another lies below."""
FOLDER = click.Path(path_type=Path, file_okay=False)
_FILES = ("studies", "data", "alone")
_PATH = click.Path(path_type=Path)


def option(names: str, kind: str | click.ParamType[Any], help: str, **more: Any) -> Decorator:
    """Return an option: its names, what it takes (a word for that, or a type), and its help."""
    takes = {"metavar": kind} if isinstance(kind, str) else {"type": kind}
    shown = bool(more.get("default"))
    return click.option(*names.split(), help=help, show_default=shown, **{**takes, **more})


def flag(names: str, help: str) -> Decorator:
    """Return an option that takes nothing."""
    return click.option(*names.split(), is_flag=True, help=help)


def several(names: str, kind: str, help: str, **more: Any) -> Decorator:
    """Return an option that may be given several times."""
    return option(names, kind, help, multiple=True, **more)


_data = several(
    "--data",
    "DIR",
    "A folder or file of your own (YAML, CSV, RDF); may be given several times.",
    type=_PATH,
)
_alone = flag("--alone", "Read only --data beside the ontology, without any study.")
_study = several(
    "--study studies",
    "DIR",
    "The folder of a study (or the name of a bundled one); several stand side by side."
    " By default the one that lies here or above, else the bundled one.",
    type=_PATH,
)
_format = option(
    "--format -f format_name",
    "FORMAT",
    "table, csv, safe-csv, tsv, json, xml, md, parquet; graphs: ttl, nt, jsonld, trig, nq.",
)
output_option = option("--output -o", "FILE", "Where to write; '-' is stdout (the default).")
parameter_option = several(
    "--param -p parameters",
    "NAME=VALUE",
    "A parameter of the query; give one several times for several values.",
)
lang_option = option("--lang", "TAG", "Language of the labels; by default the first of the study.")
endpoint_option = option(
    "--endpoint",
    "URL",
    "Ask the SPARQL store whose queries go to this address, instead of the graph at home."
    " By default what GOVGRAPH_ENDPOINT names; '' is none."
    " Credentials: GOVGRAPH_USER and GOVGRAPH_PASSWORD, or GOVGRAPH_TOKEN.",
)


def _limited(context: click.Context, _: click.Parameter, seconds: float | None) -> None:
    from govgraph.queries.apart import time_limit

    context.with_resource(time_limit(seconds))


_timeout = option(
    "--timeout",
    "SECONDS",
    "Stop a query of the graph at home that takes longer.",
    type=click.FloatRange(min=0, min_open=True),
    callback=_limited,
    expose_value=False,
)


def strict_option(command: Command) -> Command:
    """Add --strict, by which warnings are a finding; an output that is read from is refused."""

    @wraps(command)
    def strictly(*, strict: bool, **options: Any) -> None:
        output = options.get("output")
        if isinstance(output, str) and output != "-" and not options.get("every_network"):
            check_output(Path(output))
            rest = [value for name, value in options.items() if name != "output"]
            for path in chain.from_iterable(v if isinstance(v, tuple) else (v,) for v in rest):
                with suppress(OSError, TypeError, ValueError):  # no name of a file
                    if is_file(output) and Path(output).samefile(path):
                        raise UsageError(f"{output} is what is read: name another file to write.")
        command(**options)
        finding(strict and WARNED in click.get_current_context().meta)

    return flag("--strict", "Leave with 1 for warnings too.")(strictly)


def sources_options(command: Command) -> Command:
    """Add --study, --data and --alone; the command gets them as `graph`, a GraphOptions."""
    return _study(_data(_alone(_gathered(command, "graph", GraphOptions, *_FILES))))


def data_options(command: Command) -> Command:
    """Add the same and --strict."""
    return strict_option(sources_options(command))


def graph_options(command: Command) -> Command:
    """Add all these, --endpoint and --timeout; the command gets them as `graph`, a GraphOptions."""
    gathered = _gathered(command, "graph", GraphOptions, *_FILES, "endpoint")
    return strict_option(_study(_data(_alone(endpoint_option(_timeout(gathered))))))


def _gathered(command: Command, name: str, kind: type[Any], *fields: str) -> Command:
    """Give the command one argument `name`, a record of the kind made of the options `fields`."""

    @wraps(command)
    def gathering(**options: Any) -> None:
        record = kind(**{field: options.pop(field) for field in fields})
        command(**{name: record}, **options)

    return gathering


def output_options(command: Command) -> Command:
    """Add --format and --output of a result; the command gets them as `output`, an Output."""
    return _format(output_option(_gathered(command, "output", Output, "output", "format_name")))


def folder_option(default: str) -> Decorator:
    """Add --output, a folder."""
    return option("--output -o", FOLDER, "The folder to write to.", default=Path(default))


@dataclass(frozen=True)
class Output:
    """Where a result goes, and in which format: by name, or else by the ending of the file."""

    output: str | None = None
    format_name: str | None = None

    def write(self, table: Tabular) -> None:
        """Write a result, or what is a table too."""
        from govgraph.results import format_for

        if self.output and self.output != "-":
            table.save(self.output, self.format_name)
        else:
            table.write(format_for(self.format_name), sys.stdout)

    def write_text(self, text: str) -> None:
        """Write a text."""
        if self.output and self.output != "-":
            with written_whole(Path(self.output)) as stream:
                stream.write(text.encode())
        else:
            click.echo(text, nl=False)


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
        from govgraph.coding.study import FILE, study_folder
        from govgraph.resources import default_study

        if self.alone and self.studies:
            raise UsageError("--alone leaves every study out: name --study or --alone, not both.")
        if self.alone and not self.data:
            raise UsageError("--alone leaves nothing to read. Name a folder with --data.")
        sources = self.chosen()
        if not self.studies and not self.alone and study_folder(Path.cwd()) is None:
            read = next(study for study in sources.studies if not study.is_temporary)
            is_own = click.get_current_context().info_name in _OF_ONES_OWN and not self.data
            levels = (f"*/{FILE}", f"*/*/{FILE}") if is_own else ()
            below = sorted(path for level in levels for path in Path().glob(level))
            if below and read.folder not in [path.parent.resolve() for path in below]:
                remedy = f"Name one: --study {below[0].parent}, or --study {read.name}."
                raise UsageError(f"a study lies below this folder: {below[0]}. {remedy}")
            bundled = "bundled " if read.folder == default_study().resolve() else ""
            note(f"reading the {bundled}study {read.name!r} (no study.yaml here or above)")
        if sources.main.is_temporary:
            note(f"names are below the temporary base {sources.main.base} (no study.yaml)")
        files, output = find(sources), click.get_current_context().params.get("output")
        if isinstance(output, str) and files.reads(Path(output), sources):
            raise UsageError(f"{output} would be read as a file of the study. Write it elsewhere.")
        for line in files.warnings():
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
            message = "--endpoint asks a store, --study, --data and --alone read files"
            raise UsageError(f"{message}: name only one.")
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
        from govgraph.store.graph_sources import BUNDLED, MemoryGraphs, open_source

        if source := open_source(text):
            return source
        is_here = text == BUNDLED
        sources = self.sources() if is_here else choose_sources([Path(text)], alone=True)
        if named:
            check_named(sources.main)
        return MemoryGraphs(build(sources).store, text)


def build(sources: Sources, endpoint: str = "") -> KnowledgeGraph:
    """Open the graph of studies and files, showing stages, or all that a store holds of them."""
    from govgraph.api.knowledge_graph import KnowledgeGraph, open_sources

    if endpoint:
        return KnowledgeGraph.at(endpoint).at_home(*sources.studies)
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


def finding(found: object = True) -> None:
    """Leave with the exit status of a finding, where there is one."""
    if found:
        raise click.exceptions.Exit(1)
