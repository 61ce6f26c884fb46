"""The tables of the study, rebuilt from the graph: rates, roles by column, entries by row."""

from __future__ import annotations

from typing import Any, Final

from govgraph.texts.translations import N_
from govgraph.vocabulary import GG
from govgraph.web.pages.rendering import Row, View, distinct, grouped_by, text_of

_LISTED: Final = {
    "listsInstrument": N_("Instruments"),
    "listsActor": N_("Actors"),
    "listsProgramme": N_("Programmes"),
}


def render(view: View) -> str:
    """Return the page of the tables as HTML, each with what is said in its cells.

    From the stored queries `table-of-rates`, `model-roles` and `comparison-tables`.
    """
    rates = grouped_by(view.rows("table-of-rates"), "table")
    roles = grouped_by(view.rows("model-roles"), "passage")
    entries = view.rows("comparison-tables")
    tables = []
    for table in view.reading.instances("Table"):
        parts = set(view.reading.subjects("partOf", table))
        columns = _parts(view, "TableColumn", parts)
        tables.append(
            {
                "iri": table,
                "comment": view.text(table, "rdfs:comment"),
                "columns": columns,
                "rates": _rates(view, parts, rates.get((table,), [])),
                "roles": [
                    (column, _roles(view, roles[column,]))
                    for column in columns
                    if (column,) in roles
                ],
                "entries": _entries(entries, parts),
                "notes": _parts(view, "TableNote", parts),
            }
        )
    headings = [(f"{GG}{name}", view.gettext(title)) for name, title in _LISTED.items()]
    return view.render("tables", view.gettext("The tables"), tables=tables, headings=headings)


def _parts(view: View, kind: str, parts: set[str]) -> list[str]:
    """Return the parts of a table of one class, in their order."""
    order = {"TableColumn": "column", "TableRow": "row"}.get(kind, "position")
    members = [iri for iri in view.reading.instances(kind) if iri in parts]
    return sorted(members, key=lambda iri: (_number(view, iri, order), iri))


def _number(view: View, iri: str, name: str) -> int:
    return min((int(text) for text in view.reading.texts(iri, name) if text.isdigit()), default=0)


def _roles(view: View, rows: list[Row]) -> list[tuple[str, list[str]]]:
    """Return the roles that a column gives, each with what it is said about."""
    parts = {role: distinct(group, "part") for (role,), group in grouped_by(rows, "role").items()}
    return [
        (role, [about for part in parts[role] for about in view.reading.iris(part, "about")])
        for role in view.by_label(parts)
    ]


def _rates(view: View, parts: set[str], rows: list[Row]) -> list[dict[str, Any]]:
    """Return the lines of a table of rates: headings of groups of places, and places."""
    lines: dict[int, dict[str, Any]] = {
        int(number): {"place": text_of(cells[0], "place"), "cells": cells}
        for (number,), cells in grouped_by(rows, "row").items()
    }
    if lines:
        for heading in _parts(view, "TableRow", parts):
            number, title = _number(view, heading, "row"), view.part(heading)
            lines[number] = {"heading": heading, "title": title}
    return [lines[number] for number in sorted(lines)]


def _entries(rows: list[Row], parts: set[str]) -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the lines of a table of entries: the line, what it is of, property -> entries."""
    own = [row for row in rows if text_of(row, "passage") in parts]
    return [
        (
            comparison,
            case,
            {
                name: distinct(cells, "entry")
                for (name,), cells in grouped_by(line, "property").items()
            },
        )
        for (comparison, case), line in grouped_by(own, "comparison", "case").items()
    ]
