"""Tables of ties, CSV, as analysts have them: a list of ties, of participations, or a matrix.

A list has headings such as source,target or actor,event, a matrix the names of its nodes in its
first row and column. Every fault is named with its line.
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from govgraph.errors import SourceError
from govgraph.network.reading.descriptions import Descriptions
from govgraph.network.reading.header import NetworkHeader
from govgraph.network.reading.projection import Projection
from govgraph.network.reading.rows import read_rows
from govgraph.queries import StoredQuery
from govgraph.rdf.dumps import decoded
from govgraph.results import Result

_ENDS: Final = {  # headings of the two ends -> whether every tie runs from one mode to the other
    ("source", "target"): False, ("from", "to"): False, ("subject", "object"): False,
    ("ego", "alter"): False, ("actor", "event"): True, ("actor", "arrangement"): True,
    ("actor", "organisation"): True, ("member", "group"): True, ("person", "organisation"): True,
}  # fmt: skip
_COLUMNS: Final = {
    "kind": ("kind", "relation", "role", "edge", "predicate", "type"),
    "weight": ("weight", "count", "value"),
    "start": ("start", "begin", "year", "date"),
    "end": ("end", "year", "date"),
}
"""Column of a network -> headings it may have; a year is both ends of its spell."""
_DIRECTIONS: Final = {"directed", "undirected"}
Table = list[tuple[int, list[str]]]
"""Lines of a table: number and cells."""


def is_table(name: object) -> bool:
    """Tell whether a name is that of a table of ties."""
    return str(name).lower().endswith((".csv", ".tsv", ".txt"))


def read_ties(path: Path, project: str | None = None) -> Projection:
    """Read a table of ties; raises SourceError, with the line, for what is none.

    `project` makes a network of members of one of two modes (see `header.PROJECTIONS`).
    """
    table = _lines(path)
    headings = [cell.strip().lower() for cell in table[0][1]]
    ends = next((pair for pair in _ENDS if {*pair} <= {*headings}), None)
    nodes: list[str] = []
    if ends is None:
        _check_numbers(path, table)
        rows, directed, two_mode = _matrix(path, table)
        columns, modes = ["source", "target", "weight"], ("row", "column") * two_mode
        nodes = [cells[0] for _, cells in table[1:]] + table[0][1][1:]
    else:
        two_mode, modes = _ENDS[ends], ends * _ENDS[ends]
        columns, rows, directed = _list(path, table, headings, ends)
    if project and not two_mode:
        raise SourceError(
            f"--project {project} needs two modes: a list of actor,event or the like, or a matrix"
            " of one kind of thing by another.",
            path,
        )
    header = NetworkHeader(
        project, directed and not two_mode, None, kind="" if "kind" in columns else "tie",
        isolates=bool(nodes), modes=tuple(modes),
    )  # fmt: skip
    terms = (tuple(None if cell == "" else Literal(cell) for cell in row) for row in rows)
    edges = read_rows(Result("select", tuple(columns), tuple(terms)), path, kind=header.kind)
    query = StoredQuery(path.stem, path, "", "select", summary=path.name)
    return Projection(query, header, edges, Descriptions({node: {} for node in nodes}))


def _lines(path: Path) -> Table:
    """Return the lines that are not empty, all of one length."""
    try:
        text = decoded(path.read_bytes(), str(path)).removeprefix("\ufeff")
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}.", path) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    if len(table) < 2:
        raise SourceError("Found no ties: expected a line of headings and lines below it.", path)
    width = len(table[0][1])
    for line, cells in table:
        if len(cells) != width:
            found = f"Found {len(cells)} cells, expected {width} as in the first line"
            raise SourceError(f"{found}. Is a text with {delimiter!r} without quotes?", path, line)
    return table


def _list(
    path: Path, table: Table, headings: Sequence[str], ends: tuple[str, str]
) -> tuple[list[str], list[list[str | float]], bool]:
    """Return columns, rows and whether ties are directed, of a list of ties."""
    at = {heading: number for number, heading in reversed([*enumerate(headings)])}
    ways = {cells[at["type"]].lower() for _, cells in table[1:]} if "type" in at else set()
    gephi = bool(ways) and ways <= _DIRECTIONS  # Gephi's column Type, which is no kind
    if gephi:
        del at["type"]
    places = {"source": at[ends[0]], "target": at[ends[1]]}
    for column, names in _COLUMNS.items():
        if heading := next((name for name in names if name in at), None):
            places[column] = at[heading]
    others = {name: n for name, n in at.items() if n not in places.values() and name}
    rows = []
    for line, cells in table[1:]:
        row: list[str | float] = [cells[number] for number in places.values()]
        for place, column in enumerate(places):
            if column in ("source", "target") and row[place] == "":
                raise SourceError(f"{column}: found nothing, expected a name.", path, line)
            if column in ("weight", "start", "end") and row[place] != "":
                row[place] = _number(str(row[place]), column, path, line)
        rows.append([*row, *(cells[number] for number in others.values())])
    return [*places, *others], rows, not gephi or "directed" in ways


def _number(text: str, column: str, path: Path, line: int) -> str | float:
    if column != "weight":
        if not text.lstrip("-")[:4].isdigit():
            message = f"{column}: found {text!r}, expected a year such as 1998 or a date."
            raise SourceError(message, path, line)
        return text if "-" in text[1:] else int(text) if text.lstrip("-").isdigit() else text
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        message = f"{column}: found {text!r}, expected a number greater than 0."
        raise SourceError(message, path, line)
    return int(value) if value.is_integer() else value


def _check_numbers(path: Path, table: Table) -> None:
    """Raise SourceError for a table that is neither a list of ties nor a matrix."""
    for line, cells in table[1:]:
        for text in cells[1:]:
            if not text.replace(".", "", 1).replace("-", "", 1).isdigit() and text:
                wanted = " or ".join(",".join(pair) for pair in list(_ENDS)[:5])
                message = f"Found {text!r}, expected a number of a matrix; a list of ties has"
                raise SourceError(f"{message} headings such as {wanted}.", path, line)


def _matrix(path: Path, table: Table) -> tuple[list[list[str | float]], bool, bool]:
    """Return the ties of a matrix, whether they are directed, and whether it is of two modes."""
    names, columns = [cells[0] for _, cells in table[1:]], table[0][1][1:]
    for side, found in (("row", names), ("column", columns)):
        if twice := next((name for name in found if found.count(name) > 1 or not name), None):
            raise SourceError(f"The {side} {twice!r} stands there twice.", path)
    two_mode = not {*names} & {*columns}
    if not two_mode and {*names} != {*columns}:
        odd = ", ".join(sorted({*names} ^ {*columns})[:5])
        sizes = f"{len(names)} rows, {len(columns)} columns"
        raise SourceError(
            f"The matrix is not square ({sizes}): on one side only is {odd}. Two modes have no"
            " name in common.", path,
        )  # fmt: skip
    ties = {
        (cells[0], column): _number(text, "weight", path, line)
        for line, cells in table[1:]
        for column, text in zip(columns, cells[1:], strict=True)
        if text.strip("0.")
    }
    directed = any(weight != ties.get((b, a)) for (a, b), weight in ties.items())
    rows: list[list[str | float]] = [
        [a, b, weight]
        for (a, b), weight in ties.items()
        if two_mode or directed or names.index(a) <= names.index(b)
    ]
    return rows, directed, two_mode
