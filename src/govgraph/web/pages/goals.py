"""Goals and targets of the United Nations: what is aligned with them, on what basis."""

from __future__ import annotations

from dataclasses import dataclass

from govgraph.web.pages.pictures import bar
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View


@dataclass(frozen=True)
class Alignment:
    """A thing aligned with a goal or target; all of it an editorial statement."""

    iri: str
    thing: str
    basis: list[str]
    rests_on: list[str]


def alignments(view: View, target: str) -> list[Alignment]:
    """Return what is aligned with a goal or target itself, by label."""
    reading = view.reading
    found = [
        Alignment(each, thing, reading.iris(each, "basis"), reading.iris(each, "restsOn"))
        for each in reading.subjects("target", target)
        if each in reading.described
        for thing in reading.subjects("alignment", each)
    ]
    return sorted(found, key=lambda each: (natural(view.label(each.thing)), each.iri))


def render(view: View) -> str:
    """Return the page of goals and targets as HTML."""
    reading = view.reading
    goals = sorted(reading.instances("sdgo:Goal"), key=lambda each: natural(reading.notation(each)))
    found = []
    for goal in goals:
        targets = sorted(
            reading.subjects("sdgo:isTargetOf", goal),
            key=lambda each: natural(reading.notation(each)),
        )
        found.append((goal, [(each, alignments(view, each)) for each in (goal, *targets)]))
    most = max((len(each) for _, targets in found for _, each in targets), default=1)
    bases = {
        basis for _, targets in found for _, each in targets for a in each for basis in a.basis
    }
    return view.render(
        "goals.html",
        "goals",
        view.say("Goals and targets", "Objetivos y metas"),
        goals=found,
        bases=reading.by_label(bases, view.language),
        bar=lambda count: bar(count, most),
    )
