"""CSV, TSV and Parquet files as rows of cells; a text that many cells have is held once."""

import csv
import datetime
import io
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from govgraph.errors import SourceError
from govgraph.rdf.dumps import LONGEST_TEXT, MEGABYTE, TOO_LONG, is_too_long, read_text, unchanged
from govgraph.resources import needed

TABLES: Final = frozenset({".csv", ".tsv", ".parquet"})
SEPARATOR: Final = "|"
"""Separates several values in one cell."""
DELIMITERS: Final = ",\t;"
MOST_COLUMNS: Final = 1000
MOST_CELLS: Final = 20_000_000
"""Rows times columns of a table of Parquet, which packs many into few bytes."""
MOST_TEXT: Final = 1000 * MEGABYTE
"""Bytes of one table, unpacked."""

Cell = tuple[str, ...]
"""The values of a cell; () where it is empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns, rows of cells, and the line of each row (in Parquet its number).

    `shown` is what messages call the file.
    """

    shown: str
    columns: list[str]
    rows: list[tuple[Cell, ...]]
    lines: Sequence[int]


def read_table(path: Path, shown: str, *, named: bool = True) -> Table:
    """Read a table by its suffix; unless `named`, its first column needs no name.

    Raises SourceError for a file that is no such table, is empty or names a column twice;
    UsageError where Parquet cannot be read because pyarrow is missing.
    """
    read = _read_parquet if path.suffix.lower() == ".parquet" else _read_text
    table = read(path, shown)
    for name, count in Counter(table.columns[not named :]).items():
        if not name.strip() or count > 1:
            raise SourceError(f"column {name!r} has no name or stands twice. Rename it.", shown, 1)
    for line, row in zip(table.lines, table.rows, strict=True):
        for name, cell in zip(table.columns, row, strict=True):
            if any(map(is_too_long, cell)):
                raise SourceError(f"column {name!r}: {TOO_LONG}", shown, line)
    return table


# -- CSV and TSV ---------------------------------------------------------------------------------


def _read_text(path: Path, shown: str) -> Table:
    text = unicodedata.normalize("NFC", read_text(path, shown, MOST_TEXT))
    if (nul := text.find("\0")) >= 0:
        raise SourceError("the character U+0000. Delete it.", shown, text.count("\n", 0, nul) + 1)
    head = text.partition("\n")[0]
    if not head.strip():
        message = "the table is empty. Its first line must name the columns."
        raise SourceError(message, shown, 1)
    # no name of a column has one of these characters, whatever program wrote the file
    delimiter = max(DELIMITERS, key=head.count)
    csv.field_size_limit(LONGEST_TEXT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[Cell, ...]] = []
    lines: list[int] = []
    last, values = 1, cache(_split)
    try:
        header = next(reader)
        _check_width(len(header), shown)
        for cells in reader:
            if cells:
                begun = min(last + 1, reader.line_num)  # the line after that which ends the last
                if len(cells) != len(header):
                    message = f"{len(cells)} cells, but the header names {len(header)} columns."
                    raise SourceError(message, shown, begun)
                rows.append(tuple(map(values, cells)))
                lines.append(begun)
            last = reader.line_num
    except csv.Error as error:
        begun = min(last + 1, reader.line_num)
        raise SourceError(f"not CSV in the row that begins here: {error}.", shown, begun) from None
    return Table(shown, [name.strip() for name in header], rows, lines)


def _check_width(columns: int, shown: str) -> None:
    if columns > MOST_COLUMNS:
        message = f"{columns:,} columns, of which {MOST_COLUMNS:,} are the most. Is it one table?"
        raise SourceError(message, shown, 1)


def _split(cell: str) -> Cell:
    if SEPARATOR in cell:
        return tuple(part.strip() for part in cell.split(SEPARATOR))
    text = cell.strip()
    return (text,) if text else ()


# -- Parquet -------------------------------------------------------------------------------------


def _read_parquet(path: Path, shown: str) -> Table:
    with needed("parquet", "Parquet files"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    try:
        with unchanged(path, shown):
            file = pq.ParquetFile(path)
            _check_size(file.metadata, shown)
            texts = [column.path for column in file.schema if column.physical_type == "BYTE_ARRAY"]
            table = pq.read_table(path, read_dictionary=texts)
    except (pa.ArrowException, OSError) as error:
        message = f"not a Parquet file that can be read: {_first_line(error)}."
        raise SourceError(message, shown) from None
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()  # a.b, as a column of CSV is named
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            columns.append(_arrow_column(name, column))
        except (pa.ArrowException, ValueError) as error:
            message = f"column {name!r} cannot be read: {_first_line(error)}."
            raise SourceError(message, shown) from None
    if not columns:
        raise SourceError("the table has no columns.", shown)
    rows = list(zip(*columns, strict=True))
    return Table(shown, table.column_names, rows, range(1, table.num_rows + 1))


def _check_size(metadata: Any, shown: str) -> None:
    """Raise SourceError for a file that unfolds to more than memory holds."""
    _check_width(metadata.num_columns, shown)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    cells = metadata.num_rows * metadata.num_columns
    size = sum(group.total_byte_size for group in groups)
    if cells > MOST_CELLS or size > MOST_TEXT:
        message = f"it unfolds to {cells:,} cells of {size // MEGABYTE:,} MB"
        limits = f"at most {MOST_CELLS:,} and {MOST_TEXT // MEGABYTE:,}"
        raise SourceError(f"{message}: {limits}. Split the table.", shown)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _arrow_column(name: str, column: Any) -> list[Cell]:
    import pyarrow as pa

    kind = column.type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    if pa.types.is_nested(kind.value_type if is_list else kind):
        remedy = f"Give each record columns of its own: '{name}.1.…', '{name}.2.…'"
        raise ValueError(f"it holds {kind}. {remedy}")
    whole, text = column.combine_chunks(), cache(_text)
    if not is_list:
        return [text(value) for value in _values(whole)]
    items, starts = _values(whole.values), whole.offsets.to_pylist()
    spans = zip(starts, starts[1:], whole.is_valid().to_pylist(), strict=False)
    return [
        tuple(t for value in items[start:end] if valid for t in text(value))
        for start, end, valid in spans
    ]


def _values(array: Any) -> list[Any]:
    """Return the values of an array; of texts each once, however many rows have it."""
    if not hasattr(array, "dictionary"):
        return array.to_pylist()  # type: ignore[no-any-return]
    texts = array.dictionary.to_pylist()
    return [None if number is None else texts[number] for number in array.indices.to_pylist()]


def _text(value: Any) -> Cell:
    if value is None or value != value:  # noqa: PLR0124  (not a number)
        return ()
    if isinstance(value, float):
        # pandas makes fractions of whole numbers where one is missing
        return (str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f"),)
    if isinstance(value, bytes):  # text that its writer did not call so
        value = value.decode()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, Decimal):
        return (format(value, "f"),)
    return _split(str(value))
