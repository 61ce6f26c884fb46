"""A network as two tables, nodes and edges: CSV for Gephi's data laboratory, and Parquet.

Headings and notation are those that Gephi's spreadsheet import knows: Id, Label, Source, Target,
Type, Kind, Weight, and the spells of an element as <[1999, 2005]>.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from govgraph.extras import needed
from govgraph.network.files.columns import Column, edge_columns, label_of, node_columns, text_ids
from govgraph.network.pictures.appearance import Appearance
from govgraph.network.reading.spells import ALWAYS, Spell, spells_of
from govgraph.network.reading.values import Plain, clean, text_of, weight_of

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Table:
    """A table: name and type of each column, and its rows, read once."""

    columns: Sequence[tuple[str, str]]
    rows: Iterator[list[Plain]]


def node_table(graph: nx.Graph, look: Appearance) -> Table:
    """Return the nodes: Id, Label, Timeset where anything is dated, columns, position, size."""
    ids, columns = text_ids(graph), node_columns(graph)
    timed = _timed(columns)
    fields = [("Id", "string"), ("Label", "string"), *([("Timeset", "string")] if timed else [])]
    if look.positions:
        fields += [("X", "double"), ("Y", "double")]
    if look.sizes:
        fields += [("Size", "double")]

    def rows() -> Iterator[list[Plain]]:
        for node, data in graph.nodes(data=True):
            row: list[Plain] = [ids[node], label_of(ids[node], data)]
            if timed:
                row.append(_timeset(spells_of(data)))
            if look.positions:
                row += look.positions[node]
            if look.sizes:
                row.append(look.sizes[node])
            yield row + [column.value(data) for column in columns]

    return Table([*fields, *((column.title, column.type) for column in columns)], rows())


def edge_table(graph: nx.Graph) -> Table:
    """Return the edges: Source, Target, Type, Kind, Label, Weight, Timeset, columns."""
    ids, columns = text_ids(graph), edge_columns(graph)
    timed = _timed(columns)
    fields = [(name, "string") for name in ("Source", "Target", "Type", "Kind", "Label")]
    fields += [("Weight", "double"), *([("Timeset", "string")] if timed else [])]
    direction = "Directed" if graph.is_directed() else "Undirected"

    def rows() -> Iterator[list[Plain]]:
        for source, target, data in graph.edges(data=True):
            kind = None if data.get("kind") is None else clean(str(data["kind"]))
            label = kind if data.get("label") is None else clean(str(data["label"]))
            weight = weight_of(data, f"edge {source!r} to {target!r}")
            row: list[Plain] = [ids[source], ids[target], direction, kind, label, weight]
            if timed:
                row.append(_timeset(spells_of(data)))
            yield row + [column.value(data) for column in columns]

    return Table([*fields, *((column.title, column.type) for column in columns)], rows())


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


def write_csv(table: Table, stream: IO[bytes]) -> None:
    """Write a table as CSV in UTF-8 (RFC 4180); a missing value is an empty cell."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow([name for name, _ in table.columns])
    writer.writerows([text_of(cell) for cell in row] for row in table.rows)
    text.flush()
    text.detach()


def write_parquet(table: Table, stream: IO[bytes]) -> None:
    """Write a table as Parquet, lists as lists; raises GovgraphError without pyarrow."""
    with needed("parquet", "Parquet files"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    types = {
        "boolean": pa.bool_(), "integer": pa.int32(), "long": pa.int64(), "double": pa.float64(),
        "string": pa.string(), "list": pa.list_(pa.string()),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in table.columns])
    cells: Any = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    arrays = [pa.array(cell, type=field.type) for cell, field in zip(cells, schema, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), stream)
