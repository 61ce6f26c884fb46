"""Every file a network can be written to, by the extension of the output; tables and GraphML here.

A format is a function `write_NAME(graph, stream, style)`, imported when it is used, and a line of
FORMATS. Tables have the headings and notation that Gephi's spreadsheet import knows: Id, Label,
Source, Target, Type, Kind, Weight, and the spells of an element as <[1999, 2005]>.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Final

import networkx as nx

from govgraph.errors import UsageError, did_you_mean
from govgraph.files import written_whole
from govgraph.network.files.columns import Column, Sheet
from govgraph.network.pictures.style import Style
from govgraph.network.reading.spells import ALWAYS, Spell, spells_of
from govgraph.network.reading.values import Plain, text_of


@dataclass(frozen=True)
class Format:
    """A file format: its name, extensions, media type, and "module:function" that writes it.

    `tables` are written as two files, nodes and edges.
    """

    name: str
    extensions: tuple[str, ...]
    media_type: str
    writer: str
    tables: bool = False


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("gexf", ("gexf",), "application/gexf+xml", "files.gephi:write_gexf"),
        Format("csv", ("csv",), "text/csv", "files.formats:write_csv", tables=True),
        Format("graphml", ("graphml",), "application/graphml+xml",
               "files.formats:write_graphml"),
        Format("png", ("png",), "image/png", "pictures.picture:write_png"),
        Format("svg", ("svg",), "image/svg+xml", "pictures.picture:write_svg"),
        Format("pdf", ("pdf",), "application/pdf", "pictures.picture:write_pdf"),
        Format("html", ("html", "htm"), "text/html", "files.explorer:write_html"),
    )
}  # fmt: skip
"""Every format by name."""

_BY_EXTENSION: Final = {end: entry for entry in FORMATS.values() for end in entry.extensions}


def format_of(name: str | None, output: str | os.PathLike[str] | None) -> Format:
    """Return the format of a name, else of the extension of an output; UsageError for neither."""
    known = _BY_EXTENSION | FORMATS
    key = str(Path(output or "").suffix if name is None else name).lower().removeprefix(".")
    if key in known:
        return known[key]
    unknown = f"There is no network format {name!r}."
    if name is None:
        extension = f"the extension '.{key}'" if key else "no extension"
        unknown = f"'{output}' has {extension}, which tells no network format."
    listed = f"Known: {', '.join(FORMATS)}; --format names one."
    raise UsageError(f"{unknown}{did_you_mean(key, known)} {listed}")


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


def node_table(sheet: Sheet) -> Iterator[Sequence[Plain]]:
    """Yield headings and a row for each node: Id, Label, Timeset where anything is dated,
    position, size, columns.
    """
    columns, style, timed = sheet.node_columns, sheet.style, _timed(sheet.node_columns)
    headings = ["Id", "Label", *(["Timeset"] if timed else [])]
    headings += ["X", "Y"] if style.positions else []
    headings += ["Size"] if style.sizes else []
    yield [*headings, *(column.title for column in columns)]
    for node in sheet.nodes():
        row: list[Plain] = [node.id, node.label]
        row += [_timeset(spells_of(node.attributes))] if timed else []
        row += (node.position or (None, None)) if style.positions else ()
        row += [node.size] if style.sizes else []
        yield row + [column.value(node.attributes) for column in columns]


def edge_table(sheet: Sheet) -> Iterator[Sequence[Plain]]:
    """Yield headings and a row for each edge: ends, Type, Kind, Label, Weight, Timeset, columns."""
    columns, timed = sheet.edge_columns, _timed(sheet.edge_columns)
    headings = ["Source", "Target", "Type", "Kind", "Label", "Weight"]
    headings += ["Timeset"] if timed else []
    yield [*headings, *(column.title for column in columns)]
    direction = "Directed" if sheet.graph.is_directed() else "Undirected"
    for edge in sheet.edges():
        row: list[Plain] = [edge.source, edge.target, direction, edge.kind, edge.label]
        row += [edge.weight, *([_timeset(spells_of(edge.attributes))] if timed else [])]
        yield row + [column.value(edge.attributes) for column in columns]


def _timed(columns: Sequence[Column]) -> bool:
    return any(column.name in ("start", "end") for column in columns)


def _timeset(spells: Sequence[Spell]) -> str | None:
    if list(spells) == [ALWAYS]:
        return None
    parts = (
        f"[{'-Infinity' if start is None else start}, {'Infinity' if end is None else end}]"
        for start, end in spells
    )
    return f"<{'; '.join(parts)}>"


def write_csv(table: Iterable[Sequence[Plain]], stream: IO[bytes]) -> None:
    """Write a table as CSV in UTF-8 (RFC 4180); a missing value is an empty cell."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    csv.writer(text).writerows([text_of(cell) for cell in row] for row in table)
    text.flush()
    text.detach()


def write_graphml(graph: nx.Graph, stream: IO[bytes], style: Style | None = None) -> None:
    """Write a network as GraphML to a binary stream; lists are text, [a, b]."""
    nx.write_graphml_lxml(
        Sheet(graph, style).as_networkx(), stream, prettyprint=False, infer_numeric_types=True,
        named_key_ids=True,
    )  # fmt: skip
