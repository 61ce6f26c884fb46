"""The actors: organisations, persons and kinds of actor, by sector, with what they take part in."""

from __future__ import annotations

from typing import Final

from govgraph.web.pages.pictures import bar
from govgraph.web.pages.rendering import View

_KINDS: Final = (
    ("Organisation", "Organisations", "Organizaciones"),
    ("Person", "Persons", "Personas"),
    ("ActorKind", "Kinds of actor, named without a name", "Tipos de actor sin nombre propio"),
)


def render(view: View) -> str:
    """Return the page of actors as HTML."""
    reading = view.reading
    groups = []
    for name, english, spanish in _KINDS:
        rows = [
            (actor, reading.iris(actor, "sector"), reading.iris(actor, "involvedIn"))
            for actor in reading.by_label(reading.instances(name), view.language)
        ]
        groups.append((name, view.say(english, spanish), rows))
    involved = sorted(
        ((actor, len(taking)) for _, _, rows in groups for actor, _, taking in rows if taking),
        key=lambda each: (-each[1], each[0]),
    )[:12]
    most = max((count for _, count in involved), default=1)
    return view.render(
        "actors.html",
        "actors",
        view.say("Actors", "Actores"),
        groups=groups,
        involved=[(actor, count, bar(count, most)) for actor, count in involved],
    )
