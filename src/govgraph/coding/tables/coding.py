"""The columns of a table -> its statements, checked as those of case files are.

What is done once for each distinct cell: its check, its IRI or literal, its part of a name. What is
done for each row: a look-up, and a line of N-Quads.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pyoxigraph as ox

from govgraph.coding.file_coder import PASSAGES, FileCoder
from govgraph.coding.record import Record, UnknownNameError, slug_of
from govgraph.coding.tables.header import Node, read_header
from govgraph.coding.tables.reading import Column, Table
from govgraph.coding.terms import CONCEPT, STRING_KINDS, Term
from govgraph.coding.yaml_lines import LocatedScalar
from govgraph.errors import SourceError
from govgraph.rdf.names import RESERVED, Names
from govgraph.rdf.source_map import TableSource
from govgraph.vocabulary import RDF

SLICE: Final = 20_000
"""Rows written at once."""
MOST_WRONG: Final = 20
"""Wrong cells of a column that are named one by one."""
PLAIN_ID: Final = re.compile(rf"(?!.*/index$|{RESERVED.pattern})[a-z][a-z-]*(?:/[A-Za-z0-9_-]+)+")
"""Ids that are the end of an IRI as they stand, and addresses of their own."""
FORMULA: Final = ("=", "#")
"""What a formula of a spreadsheet, or its error, begins with; no id does."""

Checked = TypeVar("Checked")
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
                middle = f"> <{predicate}> "
                lines += [
                    f"<{s}{middle}{o} <{g}> .\n" for s, code, g in rows for o in objects[code]
                ]
            for node, predicate, other in source.links:
                subjects, graphs = source.nodes[node]
                values = source.nodes[other][0]
                pairs = zip(subjects[part], values[part], graphs[part], strict=True)
                middle = f"> <{predicate}> <"
                lines += [f"<{s}{middle}{o}> <{g}> .\n" for s, o, g in pairs if o]
            yield "".join(lines).encode()


def code_table(table: Table, graph: str, record: Record, names: Names) -> CodedTable:
    """Check a table and return its statements; `graph` is that of rows no passage says.

    What is wrong is noted in `mistakes` of the record, with line, row and column. Raises
    SourceError where nothing can be read.
    """
    coder = _TableCoder(table, graph, record, names)
    thing, passage = read_header(table, record.terms_of(names), record.mistakes)
    graphs: Iris = [graph] * len(table.lines)
    if passage:
        graphs = [iri or graph for iri in coder.node(passage, None)]
    coder.node(thing, graphs)
    return coder.result


class _TableCoder:
    def __init__(self, table: Table, graph: str, record: Record, names: Names):
        self.table, self.record, self.names = table, record, names
        self.coder = FileCoder(record, table.shown, graph, names)
        self.result = CodedTable(TableSource(table.shown, table.lines))
        self.mistakes = record.mistakes

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
        iris = self.written_ids(node.id) if node.id else [""] * len(present)
        if key is None:
            self.need_id(node, present, iris)
        else:
            content = [(term.name, column, texts) for term, column, (texts, _) in literals]
            content += [
                (term.name, column, cells) for term, column, cells in links if term.identifies
            ]
            iris = self.minted(node, present, iris, parents, key, codes, content)
        nodes = self.result.source.nodes
        index = len(nodes)
        nodes.append((iris, iris if graphs is None else graphs))
        self.declare(iris, codes, types)
        self.state(index, f"{RDF}type", codes, types, _as_iris(types))
        for term, column, (texts, encoded) in literals:
            self.state(index, term.iri, column.codes, texts, encoded)
        for term, language, column in node.texts:
            texts, encoded = self.texts(term, language, column)
            self.state(index, term.iri, column.codes, texts, encoded)
        for term, column, cells in links:
            self.state(index, term.iri, column.codes, cells, _as_iris(cells))
        for term, nested in node.nested.values():
            other = len(nodes)
            if term.iri == PASSAGES:
                nested_iris = self.node(nested, None)
            else:
                nested_iris = self.node(nested, nodes[index][1], iris, term)
            self.result.source.links.append((index, term.iri, other))
            if nested.says:
                self.node(nested.says, nested_iris)
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
        distinct = [frozenset(cell) for cell in types]
        for iri, code, line in zip(iris, codes, self.table.lines, strict=True):
            if iri:
                declarations = self.record.types.setdefault(iri, [])
                if code:
                    declarations.append((distinct[code], self.coder.at(line)))

    # -- identity and type -------------------------------------------------------------------------

    def types(self, node: Node, present: list[bool], key: Term | None) -> tuple[list[int], Cells]:
        """Return the classes of each row's node: as written, else the range of its key."""
        types: Cells = [()]
        codes = [0] * len(present)
        if node.type:
            types = self.checked(node.type, self.coder.class_iri)
            codes = list(node.type.codes)
        expected = self.record.terms.ranges.get(key.iri, "") if key else ""
        if expected and expected != CONCEPT:
            types.append((expected,))
            ids = node.id.codes if node.id else [0] * len(present)
            codes = [
                code or (len(types) - 1 if there and not has_id else 0)
                for code, there, has_id in zip(codes, present, ids, strict=True)
            ]
        return codes, types

    def written_ids(self, column: Column) -> list[str]:
        """Return the ids of a column, "" where there is none."""
        cells = self.ids(column, self.coder.own_iri)
        for code, cell in enumerate(cells):
            if len(cell) > 1:
                message = f"an id is one name, found {len(cell)}."
                self.mistakes.append(self.error(column, code, message))
        iris = [cell[0] if cell else "" for cell in cells]
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
        content: list[tuple[str, Column, Cells]],
    ) -> list[str]:
        """Return the ids, those that are not written derived as in a case file."""
        columns = {
            name: (col.codes, ["_".join(cell) for cell in cells]) for name, col, cells in content
        }
        for (name, _), (_, nested) in node.nested.items():
            if name not in columns:
                columns[name] = ([int(there) for there in self.present(nested)], ["", ""])
        parts = [
            (
                codes,
                [f"{name}={text}" for text in texts],
                [slug_of(text, self.names) for text in texts],
            )
            for name, (codes, texts) in sorted(columns.items())
        ]
        for row, there in enumerate(present):
            if there and not iris[row]:
                if not types[row]:
                    raise self.wrong(row, f"give what hangs on {key.name!r} an `id` or a `type`.")
                texts = [part[codes[row]] for codes, part, _ in parts if codes[row]]
                slugs = [slug[codes[row]] for codes, _, slug in parts if codes[row]]
                try:
                    iris[row] = self.record.mint(self.names, key.name, parents[row], texts, slugs)
                except ValueError as error:
                    if self.mistakes:  # a cell that was left out may be what tells the two apart
                        continue
                    raise self.wrong(row, str(error)) from None
        return iris

    # -- cells, each distinct one once -------------------------------------------------------------

    def checked(
        self, column: Column, check: Callable[[LocatedScalar], Checked]
    ) -> list[tuple[Checked, ...]]:
        """Return what `check` makes of the values of each distinct cell, () where it is wrong."""
        result: list[tuple[Checked, ...]] = []
        lines, rows, wrong = self.table.lines, column.first_rows(), 0
        for code, cell in enumerate(column.cells):
            line = lines[rows[code]] if cell else 0
            try:
                result.append(tuple([check(LocatedScalar(text, line)) for text in cell]))
            except SourceError as error:
                wrong += 1
                if wrong <= MOST_WRONG:
                    self.mistakes.append(self.error(column, code, error))
                result.append(())
        if wrong > MOST_WRONG:
            message = f"column {column.name!r}: {wrong - MOST_WRONG:,} other cells are wrong too."
            self.mistakes.append(self.coder.error(message, 1))
        return result

    def literals(self, term: Term, column: Column) -> tuple[Cells, Cells]:
        """Return the values of each distinct cell, as text and as N-Quads."""
        texts = self.checked(column, lambda value: str(self.coder.literal(term, value)))
        if term.kind == "@vocab":
            return texts, _as_iris(texts)
        datatype = None if term.kind in STRING_KINDS else ox.NamedNode(term.kind)
        return texts, [
            tuple(str(ox.Literal(text, datatype=datatype)) for text in cell) for cell in texts
        ]

    def texts(self, term: Term, language: str, column: Column) -> tuple[Cells, Cells]:
        """Return the texts in a language of each distinct cell, plain and as N-Quads."""
        texts = self.checked(column, lambda value: self.coder.text_in(term, language, value))
        return texts, [
            tuple(str(ox.Literal(text, language=language)) for text in cell) for cell in texts
        ]

    def references(self, term: Term, column: Column) -> Cells:
        """Return the IRIs that each distinct cell names, remembered as referred to."""
        cells = self.ids(column, lambda value: self.coder.reference(value, term))
        references, lines, rows = self.record.references, self.table.lines, column.first_rows()
        for code, cell in enumerate(cells):
            for iri in cell:
                if iri not in references:
                    references[iri] = self.coder.at(lines[rows[code]])
        return cells

    def ids(self, column: Column, expand: Callable[[LocatedScalar], str]) -> Cells:
        """Return the IRIs of each distinct cell; `expand` makes those of unusual ids."""

        def iri(value: LocatedScalar) -> str:
            if value.is_empty:
                message = "expected an id such as actor/fire-brigade beside '|', found none."
                raise self.coder.error(message, value.line)
            if value.text.startswith(FORMULA):
                message = f"{value.text!r} is a formula or an error of a spreadsheet, not an id."
                raise self.coder.error(message, value.line)
            return expand(value)

        if all(PLAIN_ID.fullmatch(text) for cell in column.cells for text in cell):
            return [tuple(map(self.names.by_id, cell)) for cell in column.cells]
        return self.checked(column, iri)

    def error(self, column: Column, code: int, problem: str | SourceError) -> SourceError:
        """Return the error that names the first row with a cell."""
        return self.wrong(column.first_rows()[code], problem, column.name)

    def wrong(self, row: int, problem: str | SourceError, column: str = "") -> SourceError:
        """Return the error that names a row, from 0, and a column."""
        where = f"row {row + 1}, column {column!r}" if column else f"row {row + 1}"
        line = self.table.lines[row]
        if isinstance(problem, UnknownNameError):
            message = f"{where}: {problem.message}"
            return UnknownNameError(message, self.coder.at(line), problem.name, problem.remedy)
        text = problem.message if isinstance(problem, SourceError) else problem
        return self.coder.error(f"{where}: {text}", line)


def _as_iris(cells: Cells) -> Cells:
    return [tuple(f"<{iri}>" for iri in cell) for cell in cells]
