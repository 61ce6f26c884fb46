"""Instruments, partnerships and events on a timeline, each year with the passage that gives it."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from govgraph.vocabulary import GG
from govgraph.web.pages.pictures import Dot, timeline
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View, distinct, grouped_by

_KINDS: Final = ("Instrument", "Partnership", "Organisation", "Event")
_NOT_DRAWN: Final = frozenset(f"{GG}{name}" for name in ("endYear", "earliestYear", "latestYear"))
"""Years that are the end of something, or a bound of a year that nobody gives."""


@dataclass(frozen=True)
class Dated:
    """A year that passages give to a thing; `kind` is one of the classes a dot is coloured by."""

    year: int
    how: str
    thing: str
    kind: str
    cases: list[str]
    passages: list[str]


def dated_things(view: View) -> list[Dated]:
    """Return every year given to an arrangement, a body or an event, in order.

    From the stored query `timeline`: its rows of one year, property and thing are one of these.
    """
    kinds = {iri: kind for kind in reversed(_KINDS) for iri in view.reading.instances(kind)}
    dated = [
        Dated(
            int(year), how, thing, kinds.get(thing, ""),
            distinct(rows, "ofCase"), sorted(distinct(rows, "passage"), key=natural),
        )
        for (year, how, thing), rows in grouped_by(
            view.rows("timeline"), "year", "property", "thing"
        ).items()
    ]  # fmt: skip
    return sorted(dated, key=lambda item: (item.year, natural(view.label(item.thing)), item.how))


def picture(view: View, dated: list[Dated]) -> Markup:
    """Return the timeline as a picture: a line for each case, a dot for each beginning."""
    begun = [item for item in dated if item.kind and item.how not in _NOT_DRAWN]
    other = view.gettext("no case")
    cases = view.by_label({case for item in begun for case in item.cases})
    rows = [view.label(case) for case in cases]
    if any(not item.cases for item in begun):
        rows.append(other)
    dots = [
        Dot(item.year, row, view.label(item.thing), item.kind.lower())
        for item in begun
        for row in ([view.label(case) for case in item.cases] or [other])
    ]
    return timeline(dots, rows, view.gettext("What began when, by case"))


def render(view: View) -> str:
    """Return the page of instruments as HTML."""
    dated = dated_things(view)
    undated = set(view.reading.instances("Arrangement")) - {item.thing for item in dated}
    return view.render(
        "instruments",
        view.gettext("Instruments on a timeline"),
        dated=dated,
        picture=picture(view, dated),
        undated=view.by_label(undated),
    )
