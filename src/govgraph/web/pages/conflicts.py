"""Where passages disagree: both sides of every conflict, and what was decided."""

from typing import Any

from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import Row, View, distinct, grouped_by, text_of


def render(view: View) -> str:
    """Return the page of conflicts as HTML, by kind.

    From the stored queries `conflicts`, `conflicting-values` for what each passage says, and
    `editorial-notes` for what is none.
    """
    conflicts, notes = view.rows("conflicts"), view.rows("editorial-notes")
    kinds = view.by_label(distinct(conflicts, "kind"))
    sides = grouped_by(view.rows("conflicting-values"), "conflict")
    by_kind, by_status = grouped_by(conflicts, "kind"), grouped_by(conflicts, "status")
    return view.render(
        "conflicts",
        view.gettext("Conflicts"),
        kinds=[
            (
                kind,
                [
                    _dispute(view, iri, sides.get((iri,), []))
                    for iri in view.by_label(distinct(by_kind[kind,], "conflict"))
                ],
            )
            for kind in kinds
        ],
        total=len(distinct(conflicts, "conflict")),
        statuses=[
            (status, len(distinct(rows, "conflict")))
            for (status,), rows in sorted(by_status.items())
        ],
        notes=list(grouped_by(notes, "note", "kind")),
    )


def _dispute(view: View, iri: str, sides: list[Row]) -> dict[str, Any]:
    """Return what is shown of a conflict: its passages, each with what it says."""
    reading = view.reading
    by_passage = sorted(grouped_by(sides, "passage").items(), key=lambda side: natural(*side[0]))
    return {
        "iri": iri,
        "note": view.text(iri, "rdfs:comment"),
        "subjects": reading.iris(iri, "conflictSubject"),
        "properties": reading.iris(iri, "conflictProperty"),
        "status": reading.iris(iri, "conflictStatus"),
        "sides": [
            (passage, [(text_of(row, "value"), text_of(row, "readAs")) for row in rows])
            for (passage,), rows in by_passage
        ],
        "decisions": reading.subjects("decides", iri),
    }
