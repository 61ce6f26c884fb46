"""The rows of a table -> statements: each row is made a tree, and coded as a case file is.

The name of a column is the place of its cells in what a row says:

`type`, `startYear`             a key of the thing that the row is about
`label.en`                      a text in a language
`passage`                       the passage that says the row; `passage.type` describes it
`participation.role`            a key of a node that hangs on the thing, as nested in YAML
`participation.2.role`          the same of a second such node
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from govgraph.coding.file_coder import LANGUAGE, PASSAGES, FileCoder
from govgraph.coding.record import Record, UnknownNameError
from govgraph.coding.source_files import SourceFile
from govgraph.coding.tables import Cell, read_table
from govgraph.coding.yaml_lines import Located, LocatedList, LocatedMap, LocatedScalar
from govgraph.errors import SourceError, did_you_mean, noting
from govgraph.rdf.source_map import Location

PASSAGE: Final = "passage"
"""The column that names the passage of a row; no key of the context."""
DEEPEST: Final = 20
"""Parts of the name of a column."""
MOST_WRONG: Final = 20
"""Wrong cells of a column that are named one by one."""
FORMULA: Final = re.compile(r"(?:[a-z-]+/)?([=#].*)", re.DOTALL)
"""A formula of a spreadsheet, or its error, also where its kind was put before it; no id."""
ROW: Final = 0
"""The "line" of a value in the tree of a row is the number of its column; this, the row itself."""

Way: TypeAlias = tuple[tuple[str, str | None], ...]
"""The way from a row to a node: keys, each with what tells several nodes under it apart.

That is None where it takes no list."""
THING: Final[Way] = (("", ""),)
SAID_IN: Final[Way] = ((PASSAGE, ""),)
"""The thing that a row is about, and the passage that says it."""


class Place(NamedTuple):
    """A key of a node, and the way to that."""

    way: Way
    key: str


class RowCoder(FileCoder):
    """Codes one row after the other; what several rows say of one passage adds up.

    What is wrong is noted in `mistakes` of the record, with line, row and column. Raises
    SourceError where nothing can be read.
    """

    joins_passages = True

    def __init__(self, record: Record, file: SourceFile):
        super().__init__(record, file)
        self.table, self.row = read_table(file.path, file.shown), 0
        self.places = self.read_header()
        self.value = cache(_value)
        self.known: dict[str, str] = {}

    # -- the header --------------------------------------------------------------------------------

    def read_header(self) -> dict[int, Place]:
        """Return the place of each column that means something; what is wrong is noted.

        Raises SourceError where no column says what a row is about.
        """
        places: dict[int, Place] = {}
        for number, column in enumerate(self.table.columns):
            with noting(self.record.mistakes):
                place = self.place(column)
                if place in places.values():
                    raise self.wrong(f"column {column!r}: another says the same. Remove one.")
                places[number] = place
        ways = {place.way[:1] for place in places.values()}
        if SAID_IN in ways and Place(SAID_IN, "id") not in places.values():
            message = "there is no column 'passage' to say which passage these describe."
            raise self.wrong(message)
        if Place(THING, "id") not in places.values() and ways != {SAID_IN}:
            names = ", ".join(map(repr, self.table.columns[:8]))
            hint = did_you_mean("id", [column.lower() for column in self.table.columns])
            raise self.wrong(f"there is no column 'id', found {names}.{hint}")
        return places

    def wrong(self, message: str) -> SourceError:
        """Return the error that names the line of the header."""
        return SourceError(message, self.table.shown, 1)

    def place(self, column: str) -> Place:
        """Return the place of a column; raises SourceError where it means nothing."""
        first, *rest = column.split(".")
        if len(rest) >= DEEPEST:
            message = f"column '{column[:40]}…' has more than {DEEPEST} parts. Give ids."
            raise self.wrong(message)
        way, rest = (SAID_IN, rest or ["id"]) if first == PASSAGE else (THING, [first, *rest])
        while True:
            name, *rest = rest
            term, columns = self.terms.keys.get(name), self.table.columns
            if term is None:
                hint = self.hint(name, column)
                raise self.wrong(f"column {column!r}: unknown key {name!r}.{hint}")
            is_described = rest or any(other.startswith(f"{column}.") for other in columns)
            holder = self.terms.keys.get(way[-1][0])
            if name == "says" and rest and holder and holder.iri == PASSAGES:
                way = (*way, (name, ""))
            elif term.links and is_described:
                number = rest.pop(0) if rest and re.fullmatch("[0-9]+", rest[0]) else ""
                way, rest = (*way, (name, number)), rest or ["id"]
            elif term.kind == "@graph":
                raise self.wrong(f"column {column!r}: {name!r} may only stand after 'passages.'.")
            elif term.kind == "@language":
                if len(rest) != 1 or not LANGUAGE.fullmatch(rest[0]):
                    message = f"column {column!r}: expected a language, as in '{name}.en'."
                    raise self.wrong(message)
                return Place((*way, (name, None)), rest[0])
            elif rest:
                raise self.wrong(f"column {column!r}: {name!r} takes a plain value, not keys.")
            else:
                return Place(way, name)

    def hint(self, name: str, column: str) -> str:
        """Return what was perhaps meant by a part of a column's name that is no key."""
        keys = [term for term in self.terms.keys.values() if term.kind != "@graph"]
        headings = [f"{key.name}.en" if key.kind == "@language" else key.name for key in keys]
        near = did_you_mean(name, [*headings, *([PASSAGE] if name == column else [])])
        return near or " See docs/coding.md for the keys."

    # -- rows --------------------------------------------------------------------------------------

    def rows(self) -> None:
        """State what all rows say."""
        mistakes, count = self.record.mistakes, len(self.record.mistakes)
        for row, cells in enumerate(self.table.rows):
            self.row, trees = row, self.trees(cells)
            with noting(mistakes):
                self.say(trees[THING], trees[SAID_IN])
        mistakes[count:] = _once(mistakes[count:])

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

        for number, (way, key) in self.places.items():
            if cell := cells[number]:
                node(way).entries[key] = (number + 1, self.value(cell, number + 1))
        return nodes

    def say(self, thing: LocatedMap, passage: LocatedMap) -> None:
        """State what a row says, in the graph of its passage where it has one."""
        is_said = bool(passage.entries)
        graph = self.identity(passage, [], "", None, {}) if is_said else self.file_graph
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
    by_column: dict[str, dict[str, SourceError]] = defaultdict(dict)
    for error in mistakes:
        where, _, message = error.message.partition(": ")
        by_column[where.partition(", ")[2]].setdefault(message, error)
    for column, distinct in by_column.items():
        yield from islice(distinct.values(), MOST_WRONG)
        if (more := len(distinct) - MOST_WRONG) > 0:
            others = f"{column}: {more:,} other cells are" if column else f"{more:,} other rows are"
            yield SourceError(f"{others} wrong too.", mistakes[0].path, 1)
