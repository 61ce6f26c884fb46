"""The name of a column -> the place of its cells in what a row says.

`type`, `startYear`             a key of the thing that the row is about
`label.en`                      a text in a language
`passage`                       the passage that says the row; `passage.type` describes it
`participation.role`            a key of a node that hangs on the thing, as nested in YAML
`participation.2.role`          the same of a second such node
"""

import re
from typing import Final, NamedTuple, TypeAlias

from govgraph.coding.file_coder import LANGUAGE, PASSAGES
from govgraph.coding.tables.reading import Table
from govgraph.coding.terms import Terms
from govgraph.errors import SourceError, did_you_mean, noting

PASSAGE: Final = "passage"
"""The column that names the passage of a row; no key of the context."""
DEEPEST: Final = 20
"""Parts of the name of a column."""
NUMBER: Final = re.compile(r"[0-9]+")


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


def read_header(table: Table, terms: Terms, mistakes: list[SourceError]) -> list[Place | None]:
    """Return the place of each column, None where it means nothing, which is noted in `mistakes`.

    Raises SourceError where no column says what a row is about.
    """
    places: list[Place | None] = []
    for column in table.columns:
        place = None
        with noting(mistakes):
            place = _place(column, table, terms)
            if place in places:
                raise _wrong(table, f"column {column!r}: another says the same. Remove one.")
        places.append(place)
    ways = {place.way[:1] for place in places if place}
    if SAID_IN in ways and Place(SAID_IN, "id") not in places:
        raise _wrong(table, "there is no column 'passage' to say which passage these describe.")
    if Place(THING, "id") not in places and ways != {SAID_IN}:
        names = ", ".join(map(repr, table.columns[:8]))
        hint = did_you_mean("id", [column.lower() for column in table.columns])
        raise _wrong(table, f"there is no column 'id', found {names}.{hint}")
    return places


def _wrong(table: Table, message: str) -> SourceError:
    return SourceError(message, table.shown, 1)


def _place(column: str, table: Table, terms: Terms) -> Place:
    first, *rest = column.split(".")
    if len(rest) >= DEEPEST:
        message = f"column '{column[:40]}…' has more than {DEEPEST} parts. Give ids."
        raise _wrong(table, message)
    way, rest = (SAID_IN, rest or ["id"]) if first == PASSAGE else (THING, [first, *rest])
    while True:
        name, *rest = rest
        term = terms.keys.get(name)
        if term is None:
            raise _wrong(
                table, f"column {column!r}: unknown key {name!r}.{_hint(name, column, terms)}"
            )
        is_described = rest or any(other.startswith(f"{column}.") for other in table.columns)
        holder = terms.keys.get(way[-1][0])
        if name == "says" and rest and holder and holder.iri == PASSAGES:
            way = (*way, (name, ""))
        elif term.kind == "@id" and not term.is_keyword and is_described:
            number = rest.pop(0) if rest and NUMBER.fullmatch(rest[0]) else ""
            way, rest = (*way, (name, number)), rest or ["id"]
        elif term.kind == "@graph":
            raise _wrong(table, f"column {column!r}: {name!r} may only stand after 'passages.'.")
        elif term.kind == "@language":
            if len(rest) != 1 or not LANGUAGE.fullmatch(rest[0]):
                message = f"column {column!r}: expected a language, as in '{name}.en'."
                raise _wrong(table, message)
            return Place((*way, (name, None)), rest[0])
        elif rest:
            raise _wrong(table, f"column {column!r}: {name!r} takes a plain value, not keys.")
        else:
            return Place(way, name)


def _hint(name: str, column: str, terms: Terms) -> str:
    keys = [term for term in terms.keys.values() if term.kind != "@graph"]
    known = [f"{key.name}.en" if key.kind == "@language" else key.name for key in keys]
    return did_you_mean(name, [*known, *([PASSAGE] if name == column else [])]) or (
        " See docs/coding.md for the keys."
    )
