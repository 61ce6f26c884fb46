"""Goals and targets of the United Nations: what is aligned with them, on what basis."""

from typing import Any

from govgraph.web.pages.pictures import bar
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View, distinct, grouped_by


def render(view: View) -> str:
    """Return the page of goals and targets as HTML."""
    reading = view.reading
    aligned = alignments(view)
    goals = []
    for goal in sorted(
        reading.instances("sdgo:Goal"), key=lambda iri: natural(reading.notation(iri))
    ):
        targets = reading.subjects("sdgo:isTargetOf", goal)
        targets.sort(key=lambda iri: natural(reading.notation(iri)))
        if shown := [(iri, aligned[iri]) for iri in (goal, *targets) if iri in aligned]:
            goals.append((goal, shown))
    most = max(map(len, aligned.values()), default=1)
    bases = {basis for things in aligned.values() for thing in things for basis in thing["bases"]}
    return view.render(
        "goals",
        view.gettext("Goals and targets"),
        goals=goals,
        bases=view.by_label(bases),
        bar=lambda count: bar(count, most),
    )


def alignments(view: View) -> dict[str, list[dict[str, Any]]]:
    """Return what is aligned with each goal and target, from the stored query `sdg-alignments`.

    Each thing comes with its bases and the passages it rests on, in the order of their labels.
    """
    targets = [*view.reading.instances("sdgo:Goal"), *view.reading.instances("sdgo:Target")]
    rows = view.rows("sdg-alignments", target=targets) if targets else []
    aligned: dict[str, list[dict[str, Any]]] = {}
    for (target, thing), statements in grouped_by(rows, "target", "thing").items():
        aligned.setdefault(target, []).append(
            {
                "iri": thing,
                "bases": distinct(statements, "ground"),
                "passages": sorted(distinct(statements, "passage"), key=natural),
            }
        )
    for things in aligned.values():
        things.sort(key=lambda thing: (natural(view.label(thing["iri"])), thing["iri"]))
    return aligned
