"""Instruments, partnerships and events on a timeline, each year with the passage that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from govgraph.vocabulary import GG, INFERRED_GRAPH
from govgraph.web.pages.pictures import Dot, timeline
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View

YEARS: Final = ("startYear", "year", "activeBy", "endYear")
KINDS: Final = ("Instrument", "Partnership", "Organisation", "Event")


@dataclass(frozen=True)
class Dated:
    """A year that passages give to a thing."""

    year: int
    how: str
    thing: str
    kind: str
    cases: tuple[str, ...]
    passages: tuple[str, ...]


def dated_things(view: View) -> list[Dated]:
    """Return every year given to an arrangement, a body or an event, in order."""
    reading = view.reading
    kinds = {iri: kind for kind in reversed(KINDS) for iri in reading.instances(kind)}
    found = []
    for name in YEARS:
        given: dict[tuple[str, str], set[str]] = {}
        for quad in view.graph.store.quads_for_pattern(None, ox.NamedNode(f"{GG}{name}"), None):
            thing = getattr(quad.subject, "value", "")
            graph = getattr(quad.graph_name, "value", "")
            year = getattr(quad.object, "value", "")
            if thing in kinds and graph != INFERRED_GRAPH and year.lstrip("-").isdigit():
                given.setdefault((thing, year), set()).add(graph)
        found += [
            Dated(
                int(year), f"{GG}{name}", thing, kinds[thing],
                tuple(view.reading.iris(thing, "case")), tuple(sorted(graphs, key=natural)),
            )
            for (thing, year), graphs in given.items()
        ]  # fmt: skip
    return sorted(found, key=lambda each: (each.year, natural(view.label(each.thing)), each.how))


def picture(view: View, dated: list[Dated]) -> str:
    """Return the timeline as a picture: a line for each case, a dot for each beginning."""
    begun = [each for each in dated if not each.how.endswith("endYear")]
    other = view.say("no case", "sin caso")
    cases = view.reading.by_label({case for each in begun for case in each.cases}, view.language)
    rows = [view.label(case) for case in cases]
    if any(not each.cases for each in begun):
        rows.append(other)
    dots = [
        Dot(each.year, row, view.label(each.thing), view.href(each.thing), each.kind.lower())
        for each in begun
        for row in ([view.label(case) for case in each.cases] or [other])
    ]
    title = view.say("What began when, by case", "Qué empezó cuándo, por caso")
    return timeline(dots, rows, title)


def render(view: View) -> str:
    """Return the page of instruments as HTML."""
    reading = view.reading
    dated = dated_things(view)
    arrangements = set(reading.instances("Arrangement"))
    undated = arrangements - {each.thing for each in dated}
    title = view.say("Instruments on a timeline", "Instrumentos en una cronología")
    return view.render(
        "instruments.html",
        "instruments",
        title,
        dated=dated,
        picture=picture(view, dated),
        undated=reading.by_label(undated, view.language),
        total=len(arrangements),
    )
