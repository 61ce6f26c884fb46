"""The names of a table's columns -> the nodes that a row describes.

`type`, `startYear`             a key of the thing that the row is about
`label.en`                      a text in a language
`passage`                       the passage that says the row; `passage.type` describes it
`participation.role`            a key of a node that hangs on the thing, as nested in YAML
`participation.2.role`          the same of a second such node
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from govgraph.coding.file_coder import LANGUAGE, PASSAGES
from govgraph.coding.tables.reading import Column, Table
from govgraph.coding.terms import Term, Terms
from govgraph.errors import SourceError, did_you_mean, noting

PASSAGE: Final = "passage"
"""The column that names the passage of a row; no key of the context."""
DEEPEST: Final = 20
"""Parts of the name of a column."""
NUMBER: Final = re.compile(r"[0-9]+")


@dataclass
class Node:
    """What the columns of one node say: its id and types, its values, its texts, its links.

    `links` hold columns of ids; `nested` nodes of their own, in the order of the columns. `says`
    is the thing that a nested passage states.
    """

    id: Column | None = None
    type: Column | None = None
    literals: list[tuple[Term, Column]] = field(default_factory=list)
    texts: list[tuple[Term, str, Column]] = field(default_factory=list)
    links: list[tuple[Term, Column]] = field(default_factory=list)
    nested: dict[tuple[str, str], tuple[Term, Node]] = field(default_factory=dict)
    says: Node | None = None

    def columns(self) -> Iterator[Column]:
        """Yield every column of the node and of those within it."""
        yield from (column for column in (self.id, self.type) if column)
        yield from (column for _, column in self.literals)
        yield from (column for _, _, column in self.texts)
        yield from (column for _, column in self.links)
        for _, node in self.nested.values():
            yield from node.columns()
        if self.says:
            yield from self.says.columns()


def read_header(
    table: Table, terms: Terms, mistakes: list[SourceError]
) -> tuple[Node, Node | None]:
    """Return the thing a row is about, and the passage that says it.

    Columns that mean nothing are noted in `mistakes`. Raises SourceError where no column says what
    a row is about.
    """
    reader = _Reader(table, terms)
    thing, passage = Node(), Node()
    for column in table.columns:
        first, *rest = column.name.split(".")
        with noting(mistakes):
            if len(rest) >= DEEPEST:
                name = f"{column.name[:40]}…"
                raise reader.error(f"column {name!r} has more than {DEEPEST} parts. Give ids.")
            if first == PASSAGE:
                reader.add(passage, rest or ["id"], column)
            else:
                reader.add(thing, [first, *rest], column)
    described = any(True for _ in passage.columns())
    if described and passage.id is None:
        raise reader.error("there is no column 'passage' to say which passage these describe.")
    if thing.id is None and not (described and not any(True for _ in thing.columns())):
        names = ", ".join(repr(column.name) for column in table.columns[:8])
        hint = did_you_mean("id", [column.name.lower() for column in table.columns])
        raise reader.error(f"there is no column 'id', found {names}.{hint}")
    return thing, passage if described else None


class _Reader:
    def __init__(self, table: Table, terms: Terms):
        self.table, self.terms = table, terms

    def error(self, message: str) -> SourceError:
        return SourceError(message, self.table.shown, 1)

    def add(self, node: Node, path: list[str], column: Column, in_passage: bool = False) -> None:
        """Add a column to the node that its name leads to, making the nodes on the way."""
        name, *rest = path
        term = self.terms.keys.get(name)
        if term is None:
            raise self.unknown(name, column)
        if name == "says" and in_passage and rest:
            node.says = node.says or Node()
            self.add(node.says, rest, column)
        elif term.kind == "@graph":
            message = f"column {column.name!r}: {name!r} may only stand after 'passages.'."
            raise self.error(message)
        elif term.is_keyword:
            if rest or getattr(node, name) is not None:
                raise self.error(f"column {column.name!r}: {name!r} stands twice, or has keys.")
            setattr(node, name, column)
        elif term.kind == "@language":
            if len(rest) != 1 or not LANGUAGE.fullmatch(rest[0]):
                message = f"column {column.name!r}: expected a language, as in '{name}.en'."
                raise self.error(message)
            node.texts.append((term, rest[0], column))
        elif term.kind == "@id" and (rest or self.has_keys(column)):
            number = rest.pop(0) if rest and NUMBER.fullmatch(rest[0]) else ""
            _, nested = node.nested.setdefault((name, number), (term, Node()))
            self.add(nested, rest or ["id"], column, in_passage=term.iri == PASSAGES)
        elif rest:
            raise self.error(f"column {column.name!r}: {name!r} takes a plain value, not keys.")
        elif term.kind == "@id":
            node.links.append((term, column))
        else:
            node.literals.append((term, column))

    def has_keys(self, column: Column) -> bool:
        """Whether another column describes what this one names."""
        return any(other.name.startswith(f"{column.name}.") for other in self.table.columns)

    def unknown(self, name: str, column: Column) -> SourceError:
        names = [
            f"{term.name}.en" if term.kind == "@language" else term.name
            for term in self.terms.keys.values()
            if term.kind != "@graph"
        ]
        names += [PASSAGE] if name == column.name else []
        hint = did_you_mean(name, names) or " See docs/coding.md for the keys."
        return self.error(f"column {column.name!r}: unknown key {name!r}.{hint}")
