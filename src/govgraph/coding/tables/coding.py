"""The rows of a table -> statements: each row is made a tree, and coded as a case file is."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

from govgraph.coding.file_coder import FileCoder
from govgraph.coding.record import Record, UnknownNameError
from govgraph.coding.tables.header import SAID_IN, THING, Place, Way, read_header
from govgraph.coding.tables.reading import Cell, Table
from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar
from govgraph.errors import SourceError, noting
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import Location

MOST_WRONG: Final = 20
"""Wrong cells of a column that are named one by one."""
FORMULA: Final = re.compile(r"(?:[a-z-]+/)?([=#].*)", re.DOTALL)
"""A formula of a spreadsheet, or its error, also where its kind was put before it; no id."""
ROW: Final = 0
"""The "line" of a value in the tree of a row is the number of its column; this, the row itself."""


def code_table(table: Table, graph: str, record: Record, names: Names) -> None:
    """Check a table and note its statements in the record; `graph` is that of rows no passage says.

    What is wrong is noted in `mistakes` of the record, with line, row and column. Raises
    SourceError where nothing can be read.
    """
    places = read_header(table, record.terms_of(names), record.mistakes)
    count = len(record.mistakes)
    _RowCoder(table, places, graph, record, names).rows()
    record.mistakes[count:] = _once(record.mistakes[count:])


class _RowCoder(FileCoder):
    """Codes one row after the other; what several rows say of one passage adds up."""

    joins_passages = True

    def __init__(
        self, table: Table, places: list[Place | None], graph: str, record: Record, names: Names
    ):
        super().__init__(record, table.shown, graph, names)
        self.table, self.row = table, 0
        self.places = [(n, place) for n, place in enumerate(places) if place]
        self.value = cache(_value)
        self.known: dict[str, str] = {}

    def rows(self) -> None:
        """State what all rows say."""
        for row, cells in enumerate(self.table.rows):
            self.row, trees = row, self.trees(cells)
            with noting(self.record.mistakes):
                self.say(trees[THING], trees[SAID_IN])

    def trees(self, cells: tuple[Cell, ...]) -> dict[Way, LocatedMap]:
        """Return what a row says of its thing, of its passage, and of each node within."""
        nodes: dict[Way, LocatedMap] = {way: LocatedMap({}, ROW) for way in (THING, SAID_IN)}

        def node(way: Way) -> LocatedMap:
            if way not in nodes:
                entries, (name, number) = node(way[:-1]).entries, way[-1]
                nodes[way] = LocatedMap({}, ROW)
                if number is None:
                    entries[name] = (ROW, nodes[way])
                else:
                    _, several = entries.setdefault(name, (ROW, LocatedList([], ROW)))
                    assert isinstance(several, LocatedList)
                    several.items.append(nodes[way])
            return nodes[way]

        for number, (way, key) in self.places:
            if cell := cells[number]:
                node(way).entries[key] = (number + 1, self.value(cell, number + 1))
        return nodes

    def say(self, thing: LocatedMap, passage: LocatedMap) -> None:
        """State what a row says, in the graph of its passage where it has one."""
        graph = self.file_graph
        if passage.entries:
            graph = self.identity(passage, [], "", None, {})
        if passage.entries.keys() - {"id"}:
            self.node(passage, graph)
        if thing.entries:
            self.node(thing, graph)

    def iri(self, item: LocatedScalar) -> str:
        """Return the IRI that a name stands for; of each name found out once."""
        if item.text not in self.known:
            if formula := FORMULA.fullmatch(item.text):
                message = f"{formula[1]!r} is a formula or an error of a spreadsheet, not an id."
                raise self.error(message, item.line)
            try:
                self.known[item.text] = super().iri(item)
            except UnknownNameError as error:
                message = self.error(error.message, item.line).message
                raise UnknownNameError(message, self.at(ROW), error.name, error.remedy) from None
        return self.known[item.text]

    def at(self, line: int) -> Location:
        """Return the line of the row."""
        return Location(self.shown_path, self.table.lines[self.row])

    def error(self, message: str, line: int) -> SourceError:
        """Return the error that names the row, from 1, and the column."""
        where = f"row {self.row + 1}"
        if line != ROW:
            where += f", column {self.table.columns[line - 1]!r}"
        return SourceError(f"{where}: {message}", *self.at(line))


def _value(cell: Cell, column: int) -> Located:
    values: list[Located] = [LocatedScalar(text, column) for text in cell]
    return values[0] if len(values) == 1 else LocatedList(values, column)


def _once(mistakes: list[SourceError]) -> Iterator[SourceError]:
    """Yield what is wrong with each distinct cell of a column, of many the first."""
    counts: Counter[str] = Counter()
    seen = set()
    for error in mistakes:
        where, _, message = error.message.partition(": ")
        column = where.partition(", ")[2]
        if (column, message) not in seen:
            seen.add((column, message))
            counts[column] += 1
            if counts[column] <= MOST_WRONG:
                yield error
    for column, count in counts.items():
        if count > MOST_WRONG:
            others = (
                f"{column}: {count - MOST_WRONG:,} other cells are"
                if column
                else (f"{count - MOST_WRONG:,} other rows are")
            )
            yield SourceError(f"{others} wrong too.", mistakes[0].path, 1)
