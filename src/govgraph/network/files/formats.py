"""Every file a network can be written to; the extension of the output tells which.

A format is one module with one function `write(graph, stream, style)`, imported when it is used;
to add one, add a line to FORMATS.
"""

import os
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Final

import networkx as nx

from govgraph.errors import UsageError, did_you_mean
from govgraph.files import written_whole
from govgraph.network.pictures.style import Layout, Style


@dataclass(frozen=True)
class Format:
    """A file format: its name, extensions, media type, and "module:function" that writes it.

    `tables` are written as two files, nodes and edges; `layout` is the default for it.
    """

    name: str
    extensions: tuple[str, ...]
    media_type: str
    writer: str
    tables: bool = False
    layout: Layout = "force"


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("gexf", ("gexf",), "application/gexf+xml", "files.gephi:write_gexf"),
        Format("csv", ("csv",), "text/csv", "files.tables:write_csv", tables=True, layout="none"),
        Format("graphml", ("graphml",), "application/graphml+xml",
               "files.by_networkx:write_graphml"),
        Format("json", ("json",), "application/json", "files.by_networkx:write_node_link",
               layout="none"),
        # A picture lays itself out for its page.
        Format("png", ("png",), "image/png", "pictures.picture:write_png", layout="none"),
        Format("svg", ("svg",), "image/svg+xml", "pictures.picture:write_svg", layout="none"),
        Format("pdf", ("pdf",), "application/pdf", "pictures.picture:write_pdf", layout="none"),
        Format("html", ("html", "htm"), "text/html", "files.explorer:write_html", layout="none"),
    )
}  # fmt: skip
"""Every format by name."""

_BY_EXTENSION: Final = {end: entry for entry in FORMATS.values() for end in entry.extensions}


def format_of(name: str | None, output: str | os.PathLike[str] | None) -> Format:
    """Return the format of a name, else of the extension of an output; UsageError for neither."""
    if name is not None:
        key = name.lower().removeprefix(".")
        known = _BY_EXTENSION | FORMATS
        if key in known:
            return known[key]
        hint = did_you_mean(key, known)
        raise UsageError(f"There is no network format {name!r}.{hint} Known: {', '.join(FORMATS)}.")
    suffix = Path(output).suffix.lower().removeprefix(".") if output is not None else ""
    if suffix in _BY_EXTENSION:
        return _BY_EXTENSION[suffix]
    extension = f"the extension '.{suffix}'" if suffix else "no extension"
    extensions = ", ".join(f".{end}" for end in _BY_EXTENSION)
    raise UsageError(
        f"'{output}' has {extension}, which tells no network format."
        f"{did_you_mean(suffix, _BY_EXTENSION)} Known: {extensions}; or name one with --format."
    )


def save(
    graph: nx.Graph, output: str | os.PathLike[str], form: Format, style: Style | None = None
) -> list[Path]:
    """Write a network to a file, or for tables to NAME.nodes.csv and NAME.edges.csv.

    Files are whole or not there. Returns them; raises UsageError for what the format cannot hold.
    """
    path = Path(output)
    if not form.tables:
        with written_whole(path) as stream:
            write(graph, stream, form, style)
        return [path]
    from govgraph.network.files.columns import Sheet
    from govgraph.network.files.tables import edge_table, node_table, write_csv

    sheet, paths = Sheet(graph, style), []
    with ExitStack() as both:  # which take their places when both are written
        for part, table in (("nodes", node_table(sheet)), ("edges", edge_table(sheet))):
            paths.append(path.with_name(f"{path.stem}.{part}{path.suffix}"))
            write_csv(table, both.enter_context(written_whole(paths[-1])))
    return paths


def write(graph: nx.Graph, stream: IO[bytes], form: Format, style: Style | None = None) -> None:
    """Write a network to a stream; raises UsageError for a format of two tables."""
    if form.tables:
        raise UsageError(f"{form.name} is two tables: give a file with --output.")
    module, _, function = form.writer.partition(":")
    getattr(import_module(f"govgraph.network.{module}"), function)(graph, stream, style)
