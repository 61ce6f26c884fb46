"""Where passages disagree: both sides of every conflict, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from govgraph.vocabulary import BASE
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View


@dataclass(frozen=True)
class Side:
    """What one passage says of the contested property of a subject."""

    passage: str
    values: list[tuple[str, str, list[Any]]]


@dataclass(frozen=True)
class Dispute:
    """A conflict as the page shows it; `passages` are those that state none of its values."""

    iri: str
    note: str
    subjects: list[str]
    properties: list[str]
    status: list[str]
    values: list[str]
    sides: list[Side]
    passages: list[str]
    decisions: list[str]


def render(view: View) -> str:
    """Return the page of conflicts as HTML, by kind."""
    reading = view.reading
    kinds = reading.by_label(
        reading.subjects("skos:inScheme", f"{BASE}scheme/conflict-kind"), view.language
    )
    found = []
    for kind in kinds:
        conflicts = reading.by_label(reading.subjects("conflictKind", kind), view.language)
        if conflicts:
            found.append((kind, [_dispute(view, each) for each in conflicts]))
    statuses = reading.subjects("skos:inScheme", f"{BASE}scheme/conflict-status")
    return view.render(
        "conflicts.html",
        "conflicts",
        view.say("Conflicts", "Conflictos"),
        kinds=found,
        total=len(reading.instances("Conflict")),
        statuses=[(each, len(reading.subjects("conflictStatus", each))) for each in statuses],
    )


def _dispute(view: View, iri: str) -> Dispute:
    reading = view.reading
    subjects = reading.iris(iri, "conflictSubject")
    properties = reading.iris(iri, "conflictProperty")
    sides, passages = [], []
    for passage in sorted(reading.iris(iri, "between"), key=natural):
        values = [
            (subject, name, kept)
            for subject in subjects
            for name in properties
            if (kept := _values(view, subject, name, passage))
        ]
        if values:
            sides.append(Side(passage, values))
        else:
            passages.append(passage)
    return Dispute(
        iri,
        reading.text(iri, "rdfs:comment", view.language),
        subjects,
        properties,
        reading.iris(iri, "conflictStatus"),
        reading.texts(iri, "conflictValue"),
        sides,
        passages,
        reading.subjects("decides", iri),
    )


def _values(view: View, subject: str, name: str, passage: str) -> list[Any]:
    found = view.reading.objects(subject, name)
    return [each for each in found if passage in view.reading.graphs(subject, name, each)]
