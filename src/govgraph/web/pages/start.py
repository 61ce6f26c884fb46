"""The first page: what is in the graph, at a glance."""

from __future__ import annotations

from typing import Final

from govgraph.web.pages.instruments import dated_things, picture
from govgraph.web.pages.networks import small_picture
from govgraph.web.pages.pictures import bar
from govgraph.web.pages.rendering import View

_COUNTED: Final = (
    ("Case", "cases", "cases", "casos"),
    ("Actor", "actors", "actors and kinds of actor", "actores y tipos de actor"),
    ("Arrangement", "instruments", "partnerships and instruments", "alianzas e instrumentos"),
    ("Participation", "actors", "participations", "participaciones"),
    ("Finding", "cases", "findings", "hallazgos"),
    ("Passage", "tables", "passages", "pasajes"),
    ("Work", "queries", "works cited", "obras citadas"),
    ("Conflict", "conflicts", "conflicts", "conflictos"),
)


def render(view: View) -> str:
    """Return the start page as HTML."""
    reading = view.reading
    counts = [
        (len(reading.instances(name)), view.say(english, spanish), view.links.page(page))
        for name, page, english, spanish in _COUNTED
    ]
    return view.render(
        "index.html",
        "index",
        view.say("govgraph: governance, passage by passage",
                 "govgraph: la gobernanza, pasaje a pasaje"),
        statements=len(view.graph),
        counts=counts,
        cases=reading.by_label(reading.instances("Case"), view.language),
        sectors=by_sector(view),
        targets=by_target(view),
        picture=picture(view, dated_things(view)),
        network=small_picture(view, "actors"),
        queries=len(view.graph.queries),
        bar=bar,
    )  # fmt: skip


def by_sector(view: View) -> list[tuple[str, int]]:
    """Return the sectors with the number of their actors, most first."""
    found = [
        (sector, len(view.reading.subjects("sector", sector)))
        for sector in view.reading.subjects("skos:inScheme", f"{_scheme('sector')}")
    ]
    return sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0]))


def by_target(view: View) -> list[tuple[str, int]]:
    """Return the goals and targets that something is aligned with, and how many things are."""
    reading = view.reading
    goals = [*reading.instances("sdgo:Goal"), *reading.instances("sdgo:Target")]
    found = [(goal, len(reading.subjects("alignedWith", goal))) for goal in goals]
    return sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0]))


def _scheme(name: str) -> str:
    from govgraph.vocabulary import BASE

    return f"{BASE}scheme/{name}"
