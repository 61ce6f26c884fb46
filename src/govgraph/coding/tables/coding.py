"""The columns of a table -> its statements, checked as those of case files are.

What is done once for each distinct cell: its check, its IRI or literal, its part of a name. What is
done for each row: a look-up, and a line of N-Quads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.coding.file_coder import PASSAGES, Coding, FileCoder, slug_of
from govgraph.coding.tables.header import Node, read_header
from govgraph.coding.tables.reading import Column, Table
from govgraph.coding.terms import CONCEPT, STRING_KINDS, Term
from govgraph.coding.yaml_lines import LocatedMap, LocatedScalar
from govgraph.errors import SourceError
from govgraph.rdf.source_map import TableSource
from govgraph.vocabulary import BASE, RDF

SLICE: Final = 20_000
"""Rows written at once."""
ESCAPES: Final = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"})
TO_ESCAPE: Final = re.compile(r'["\\\n\r]')
NAMED: Final = 20
"""Wrong cells of a column that are named one by one."""
PLAIN_ID: Final = re.compile(r"[a-z][a-z-]*(/[A-Za-z0-9._~-]+)+")
"""Ids that are the end of an IRI as they stand."""
FORMULA: Final = ("=", "#")
"""What a formula of a spreadsheet, or its error, begins with; no id does."""

Found = TypeVar("Found")
Cells = list[tuple[str, ...]]
Iris = Sequence[str]
"""An IRI for each row, "" where it has none."""


@dataclass
class CodedTable:
    """What a table states; `objects` are those of `source.values`, as N-Quads."""

    source: TableSource
    objects: list[Cells] = field(default_factory=list)

    def pieces(self) -> Iterator[bytes]:
        """Yield the statements as N-Quads, some thousand rows at once."""
        source = self.source
        for start in range(0, len(source.lines), SLICE):
            part = slice(start, start + SLICE)
            lines: list[str] = []
            for (node, predicate, codes, _), objects in zip(
                source.values, self.objects, strict=True
            ):
                subjects, graphs = source.nodes[node]
                rows = zip(subjects[part], codes[part], graphs[part], strict=True)
                lines += _lines(rows, f"> <{predicate}> ", objects)
            for node, predicate, other in source.links:
                subjects, graphs = source.nodes[node]
                values = source.nodes[other][0]
                pairs = zip(subjects[part], values[part], graphs[part], strict=True)
                middle = f"> <{predicate}> <"
                lines += [f"<{s}{middle}{o}> <{g}> .\n" for s, o, g in pairs if o]
            yield "".join(lines).encode()


def _lines(rows: Iterable[tuple[str, int, str]], predicate: str, objects: Cells) -> list[str]:
    """Return the lines of a column of statements."""
    if all(len(each) < 2 for each in objects):
        ends = [f"{predicate}{each[0]} <" if each else "" for each in objects]
        return [f"<{subject}{ends[code]}{graph}> .\n" for subject, code, graph in rows if code]
    return [
        f"<{subject}{predicate}{text} <{graph}> .\n"
        for subject, code, graph in rows
        for text in objects[code]
    ]


def code_table(table: Table, shown: str, graph: str, coding: Coding) -> CodedTable:
    """Check a table and return its statements; `graph` is that of rows no passage says.

    What is wrong is noted in `mistakes` of the coding, with line, row and column. Raises
    SourceError where nothing can be read.
    """
    return _TableCoder(table, shown, graph, coding).coded()


class _TableCoder:
    def __init__(self, table: Table, shown: str, graph: str, coding: Coding):
        self.table, self.graph, self.coding = table, graph, coding
        self.coder = FileCoder(coding, table.path, shown, graph)
        self.result = CodedTable(TableSource(shown, table.lines))
        self.mistakes = coding.mistakes

    def coded(self) -> CodedTable:
        wrong: list[SourceError] = []
        try:
            header = read_header(self.table, self.coding.terms, wrong)
        finally:
            self.mistakes += [self.coder.error(each.message, 1) for each in wrong]
        graphs: Iris = [self.graph] * len(self.table.lines)
        if header.passage:
            graphs = [iri or self.graph for iri in self.node(header.passage, None)]
        self.node(header.thing, graphs)
        return self.result

    # -- nodes -------------------------------------------------------------------------------------

    def node(
        self, node: Node, graphs: Iris | None, parents: Iris = (), key: Term | None = None
    ) -> Iris:
        """Code the node that a row has, and what is within it; returns its IRIs.

        `parents` and `key` are what a nested one hangs on. `graphs` is None for a passage, which
        lies in the graph it names.
        """
        present = self.present(node)
        literals = [(term, column, self.literals(term, column)) for term, column in node.literals]
        links = [(term, column, self.references(term, column)) for term, column in node.links]
        codes, types = self.types(node, present, key)
        iris = self.given(node.id) if node.id else [""] * len(present)
        if key is None:
            self.need_id(node, present, iris)
        else:
            named = [(term.name, column, texts) for term, column, (texts, _) in literals]
            named += [(term.name, column, found) for term, column, found in links]
            iris = self.minted(node, present, iris, parents, key, codes, named)
        index = self.result.source.add_node(iris, iris if graphs is None else graphs)
        self.declare(iris, codes, types)
        self.state(index, f"{RDF}type", codes, types, _as_iris(types))
        for term, column, (texts, encoded) in literals:
            self.state(index, term.iri, column.codes, texts, encoded)
        for term, language, column in node.texts:
            texts = self.texts(term, column)
            quoted = [tuple(f"{_quoted(text)}@{language}" for text in cell) for cell in texts]
            self.state(index, term.iri, column.codes, texts, quoted)
        for term, column, found in links:
            self.state(index, term.iri, column.codes, found, _as_iris(found))
        for term, within in node.nested.values():
            other = len(self.result.source.nodes)
            if term.iri == PASSAGES:
                nested = self.node(within, None)
            else:
                nested = self.node(within, self.result.source.nodes[index][1], iris, term)
            self.result.source.links.append((index, term.iri, other))
            if within.says:
                self.node(within.says, nested)
        return iris

    def state(
        self, node: int, predicate: str, codes: Sequence[int], texts: Cells, objects: Cells
    ) -> None:
        """Add a column of statements."""
        self.result.source.values.append((node, predicate, codes, texts))
        self.result.objects.append(objects)

    def present(self, node: Node) -> list[bool]:
        """Return for each row whether any column of the node says something."""
        if node.id and 0 not in node.id.codes:
            return [True] * len(self.table.lines)
        columns = [column.codes for column in node.columns()]
        if not columns:
            return [False] * len(self.table.lines)
        return [any(codes) for codes in zip(*columns, strict=True)]

    def declare(self, iris: Iris, codes: Sequence[int], types: Cells) -> None:
        """Remember what each node is said to be, and where."""
        kinds = [frozenset(each) for each in types]
        known, at = self.coding.types, self.coder.at
        for iri, code, line in zip(iris, codes, self.table.lines, strict=True):
            if iri:
                declared = known.setdefault(iri, [])
                if code:
                    declared.append((kinds[code], at(line)))

    # -- identity and type -------------------------------------------------------------------------

    def types(self, node: Node, present: list[bool], key: Term | None) -> tuple[list[int], Cells]:
        """Return the classes of each row's node: as written, else the range of its key."""
        types: Cells = [()]
        codes = [0] * len(present)
        if node.type:

            def classes(value: LocatedScalar) -> str:
                tree = LocatedMap({"type": (value.line, value)}, value.line)
                return self.coder.types(tree, None)[0]

            types, codes = self.checked(node.type, classes), list(node.type.codes)
        expected = self.coding.terms.ranges.get(key.iri, "") if key else ""
        if expected and expected != CONCEPT:
            types.append((expected,))
            named = node.id.codes if node.id else [0] * len(present)
            codes = [
                code or (len(types) - 1 if there and not name else 0)
                for code, there, name in zip(codes, present, named, strict=True)
            ]
        return codes, types

    def given(self, column: Column) -> list[str]:
        """Return the ids that are written."""
        found = self.ids(column, lambda value: self.coding.terms.expand(value.text))
        for code, cell in enumerate(found):
            if len(cell) > 1:
                message = f"an id is one name, found {len(cell)}."
                self.mistakes.append(self.error(column, code, message))
        iris = [cell[0] if cell else "" for cell in found]
        return [iris[code] for code in column.codes]

    def need_id(self, node: Node, present: list[bool], iris: Iris) -> None:
        """Note the first row that says something of nothing."""
        written = node.id.codes if node.id else [0] * len(present)
        rows = zip(present, iris, written, strict=True)
        for row, (there, iri, code) in enumerate(rows):
            if there and not iri and not code:
                message = "there is no `id`. Give it one, such as event/…"
                self.mistakes.append(self.wrong(row, message))
                return

    def minted(
        self,
        node: Node,
        present: list[bool],
        iris: list[str],
        parents: Iris,
        key: Term,
        types: Sequence[int],
        named: list[tuple[str, Column, Cells]],
    ) -> list[str]:
        """Return the ids, those that are not written derived as in a case file."""
        said: list[tuple[str, Sequence[int], list[str]]] = [
            (name, column.codes, ["_".join(cell) for cell in texts])
            for name, column, texts in named
        ]
        columns = {name for name, _, _ in said}
        for (name, _), (_, within) in node.nested.items():
            if name not in columns:
                columns.add(name)
                said.append((name, [int(there) for there in self.present(within)], ["", ""]))
        said.sort(key=lambda each: each[0])
        parts = [
            (codes, [f"{n}={t}" for t in ts], [slug_of(t) for t in ts]) for n, codes, ts in said
        ]
        for row, there in enumerate(present):
            if there and not iris[row]:
                if not types[row]:
                    raise self.wrong(row, f"give what hangs on {key.name!r} an `id` or a `type`.")
                found = [(part[c[row]], slug[c[row]]) for c, part, slug in parts if c[row]]
                try:
                    iris[row] = self.coding.mint(
                        key.name, parents[row], [part for part, _ in found], [s for _, s in found]
                    )
                except ValueError as error:
                    if self.mistakes:  # a cell that was left out may be what tells the two apart
                        continue
                    raise self.wrong(row, str(error)) from None
        return iris

    # -- cells, each distinct one once -------------------------------------------------------------

    def checked(
        self, column: Column, check: Callable[[LocatedScalar], Found]
    ) -> list[tuple[Found, ...]]:
        """Return what `check` makes of the values of each distinct cell, () where it is wrong."""
        result: list[tuple[Found, ...]] = []
        lines, rows, wrong = self.table.lines, column.first_rows(), 0
        for code, cell in enumerate(column.cells):
            line = lines[rows[code]] if cell else 0
            try:
                result.append(tuple([check(LocatedScalar(text, line)) for text in cell]))
            except SourceError as error:
                wrong += 1
                if wrong <= NAMED:
                    self.mistakes.append(self.error(column, code, error.message))
                result.append(())
        if wrong > NAMED:
            message = f"column {column.name!r}: {wrong - NAMED:,} other cells are wrong too."
            self.mistakes.append(self.coder.error(message, 1))
        return result

    def literals(self, term: Term, column: Column) -> tuple[Cells, Cells]:
        """Return the values of each distinct cell, as text and as N-Quads."""
        texts = self.checked(column, lambda value: str(self.coder.literal(term, value)))
        if term.kind == "@vocab":
            return texts, _as_iris(texts)
        kind = "" if term.kind in STRING_KINDS else f"^^<{term.kind}>"
        return texts, [tuple(_quoted(text) + kind for text in cell) for cell in texts]

    def texts(self, term: Term, column: Column) -> Cells:
        """Return the texts in a language of each distinct cell."""
        for code, cell in enumerate(column.cells):
            if "" in cell:
                message = f"{term.name!r} has no text beside '|'."
                self.mistakes.append(self.error(column, code, message))
        return column.cells

    def references(self, term: Term, column: Column) -> Cells:
        """Return the IRIs that each distinct cell names, remembered as referred to."""
        found = self.ids(column, lambda value: self.coder.reference(value, term.name))
        known, lines, rows = self.coding.references, self.table.lines, column.first_rows()
        for code, cell in enumerate(found):
            for iri in cell:
                if iri not in known:
                    known[iri] = self.coder.at(lines[rows[code]])
        return found

    def ids(self, column: Column, expand: Callable[[LocatedScalar], str | None]) -> Cells:
        """Return the IRIs of each distinct cell; `expand` makes those of unusual ids."""

        def iri(value: LocatedScalar) -> str:
            if value.is_empty:
                message = "expected an id such as place/bogota beside '|', found none."
            elif value.text.startswith(FORMULA):
                message = f"{value.text!r} is a formula or an error of a spreadsheet, not an id."
            else:
                found = expand(value)
                try:
                    return ox.NamedNode(found or "").value
                except ValueError:
                    message = f"{value.text!r} is no id such as place/bogota: no IRI can hold it."
            raise self.coder.error(message, value.line)

        if all(PLAIN_ID.fullmatch(text) for cell in column.cells for text in cell):
            return [tuple([BASE + text for text in cell]) for cell in column.cells]
        return self.checked(column, iri)

    def error(self, column: Column, code: int, message: str) -> SourceError:
        """Return the error that names the first row with a cell."""
        return self.wrong(column.first_rows()[code], message, column.name)

    def wrong(self, row: int, message: str, column: str = "") -> SourceError:
        """Return the error that names a row, from 0, and a column."""
        where = f"row {row + 1}, column {column!r}" if column else f"row {row + 1}"
        return self.coder.error(f"{where}: {message}", self.table.lines[row])


def _quoted(text: str) -> str:
    # looking is ten times as fast as translating, and few texts need it
    return f'"{text.translate(ESCAPES) if TO_ESCAPE.search(text) else text}"'


def _as_iris(cells: Cells) -> Cells:
    return [tuple(f"<{iri}>" for iri in cell) for cell in cells]
