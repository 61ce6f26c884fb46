"""Where passages disagree: both sides of every conflict, and what was decided."""

from __future__ import annotations

from typing import Any

from govgraph.rdf.terms import Term
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import Row, View, distinct, grouped_by


def render(view: View) -> str:
    """Return the page of conflicts as HTML, by kind.

    From the stored queries `conflicts` and, for what each passage says, `conflicting-values`.
    """
    conflicts = view.rows("conflicts")
    kinds = view.by_label(distinct(conflicts, "kind"))
    values = view.rows("conflicting-values", kind=kinds) if kinds else []
    stated = grouped_by(values, "conflict")
    by_kind, by_status = grouped_by(conflicts, "kind"), grouped_by(conflicts, "status")
    return view.render(
        "conflicts",
        view.gettext("Conflicts"),
        kinds=[
            (
                kind,
                [
                    _dispute(view, iri, stated.get((iri,), []))
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
    )


def _dispute(view: View, iri: str, stated: list[Row]) -> dict[str, Any]:
    """Return what is shown of a conflict: its sides, each with its values in a passage.

    `passages` are those between which it stands that state none of the values.
    """
    reading = view.reading
    passages = sorted(reading.iris(iri, "between"), key=natural)
    sides: dict[str, list[tuple[str, str, list[Term]]]] = {passage: [] for passage in passages}
    for (passage, *what), rows in grouped_by(stated, "passage", "subject", "property").items():
        sides[passage].append((what[0], what[1], [row["value"] for row in rows]))
    return {
        "iri": iri,
        "note": view.text(iri, "rdfs:comment"),
        "subjects": reading.iris(iri, "conflictSubject"),
        "properties": reading.iris(iri, "conflictProperty"),
        "status": reading.iris(iri, "conflictStatus"),
        "quotes": reading.texts(iri, "conflictValue"),
        "sides": [(passage, values) for passage, values in sides.items() if values],
        "passages": [passage for passage, values in sides.items() if not values],
        "decisions": reading.subjects("decides", iri),
    }
