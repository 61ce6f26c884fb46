"""A network as two tables, nodes and edges, in CSV: for Gephi's data laboratory, R, spreadsheets.

Headings and notation are those that Gephi's spreadsheet import knows: Id, Label, Source, Target,
Type, Kind, Weight, and the spells of an element as <[1999, 2005]>.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from govgraph.network.files.columns import Column, Sheet
from govgraph.network.reading.spells import ALWAYS, Spell, spells_of
from govgraph.network.reading.values import Plain, text_of


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
