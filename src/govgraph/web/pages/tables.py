"""The three tables of the study, rebuilt from the graph."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from govgraph.vocabulary import BASE, GG
from govgraph.web.pages.pictures import spark
from govgraph.web.pages.rendering import View


@dataclass(frozen=True)
class RateCell:
    """A cell of Table 8.2: the number, or how the gap is printed ("dots", "blank")."""

    passage: str
    value: str
    gap: str
    source: list[str]


@dataclass(frozen=True)
class RateRow:
    """A country of Table 8.2, or the heading of a group of countries (`place` is "")."""

    heading: str
    place: str
    cells: list[RateCell]
    picture: str = ""


def render(view: View) -> str:
    """Return the page of the tables as HTML."""
    reading = view.reading
    rows = sorted(reading.instances("ComparisonRow"), key=lambda iri: _number(view, iri, "row"))
    listed = ("listsInstrument", "listsActor", "listsProgramme")
    return view.render(
        "tables.html",
        "tables",
        view.say("The tables", "Las tablas"),
        roles=_roles(view),
        rates=_rates(view),
        heads=_parts(view, "TableColumn", "table-8.2"),
        notes=[
            (
                each,
                reading.texts(each, "printed"),
                reading.text(each, "rdfs:comment", view.language),
                reading.iris(each, "citation"),
            )
            for each in _parts(view, "TableNote", "table-8.2")
        ],
        entries=[
            (row, reading.iris(row, "compares"), *(reading.iris(row, name) for name in listed))
            for row in rows
        ],
    )


def _parts(view: View, kind: str, table: str) -> list[str]:
    inside = set(view.reading.subjects("partOf", f"{BASE}passage/{table}"))
    parts = [each for each in view.reading.instances(kind) if each in inside]
    order = "column" if kind == "TableColumn" else "position"
    return sorted(parts, key=lambda each: (_number(view, each, order), each))


def _number(view: View, iri: str, name: str) -> int:
    return min((int(each) for each in view.reading.texts(iri, name) if each.isdigit()), default=0)


def _roles(view: View) -> list[tuple[str, list[tuple[list[str], list[str]]]]]:
    """Return the columns of Table 8.1 with the roles each gives, and to whom it says so."""
    found = []
    for column in _parts(view, "TableColumn", "table-8.1"):
        quads = view.graph.store.quads_for_pattern(
            None, ox.NamedNode(f"{GG}modelRole"), None, ox.NamedNode(column)
        )
        nodes = sorted(
            {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}
        )
        roles = [
            (view.reading.iris(node, "assignedRole"), view.reading.iris(node, "about"))
            for node in nodes
        ]
        found.append((column, sorted(roles, key=lambda each: [view.label(r) for r in each[0]])))
    return found


def _rates(view: View) -> list[RateRow]:
    reading = view.reading
    inside = set(reading.subjects("partOf", f"{BASE}passage/table-8.2"))
    headings = {
        _number(view, each, "row"): RateRow(reading.texts(each, "printed")[0], each, [])
        for each in reading.instances("TableRow")
        if each in inside and reading.texts(each, "printed")
    }
    cells: dict[int, list[str]] = {}
    for each in reading.instances("TableCell"):
        if each in inside:
            cells.setdefault(_number(view, each, "row"), []).append(each)
    rows: dict[int, RateRow] = dict(headings)
    most = max(
        (float(v.object.value) for v in view.graph.store.quads_for_pattern(
            None, ox.NamedNode(f"{GG}homicideRate"), None) if isinstance(v.object, ox.Literal)),
        default=1.0,
    )  # fmt: skip
    for number, found in cells.items():
        found.sort(key=lambda each: _number(view, each, "column"))
        place, made = "", []
        for passage in found:
            place, cell = _cell(view, passage, place)
            made.append(cell)
        values = [float(cell.value) if cell.value else None for cell in made]
        name = view.label(place) if place else ""
        rows[number] = RateRow("", place, made, spark(values, most, name))
    return [rows[number] for number in sorted(rows)]


def _cell(view: View, passage: str, place: str) -> tuple[str, RateCell]:
    """Return the place a cell is about, and the cell as its passage codes it."""
    said = view.graph.store.quads_for_pattern(None, None, None, ox.NamedNode(passage))
    values = {quad.predicate.value: quad.object for quad in said}
    area = values.get(f"{GG}refArea")
    place = area.value if isinstance(area, ox.NamedNode) else place
    rate, gap = values.get(f"{GG}homicideRate"), values.get(f"{GG}gap")
    source = values.get(f"{GG}rateSource")
    return place, RateCell(
        passage,
        rate.value if isinstance(rate, ox.Literal) else "",
        gap.value.rpartition("-")[2] if isinstance(gap, ox.NamedNode) else "",
        [source.value] if isinstance(source, ox.NamedNode) else [],
    )
