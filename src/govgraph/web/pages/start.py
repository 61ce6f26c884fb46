"""The first page: what is in the graph, at a glance."""

from __future__ import annotations

from govgraph.web.pages.goals import alignments
from govgraph.web.pages.instruments import dated_things, picture
from govgraph.web.pages.networks import small_picture
from govgraph.web.pages.pictures import bar
from govgraph.web.pages.rendering import View, text_of


def render(view: View) -> str:
    """Return the start page as HTML."""
    _ = view.gettext
    counted = (
        ("Case", "cases", _("cases")),
        ("Actor", "actors", _("actors and kinds of actor")),
        ("Arrangement", "instruments", _("partnerships and instruments")),
        ("Participation", "actors", _("participations")),
        ("Finding", "cases", _("findings")),
        ("Passage", "tables", _("passages")),
        ("Work", "queries", _("works cited")),
        ("Conflict", "conflicts", _("conflicts")),
    )
    return view.render(
        "index.html",
        "index",
        _("govgraph: governance, passage by passage"),
        statements=len(view.graph),
        counts=[
            (len(view.reading.instances(kind)), title, view.links.page(page))
            for kind, page, title in counted
        ],
        cases=view.names.by_label(view.reading.instances("Case")),
        sectors=_by_sector(view),
        targets=_by_target(view),
        picture=picture(view, dated_things(view)),
        network=small_picture(view, "actors"),
        queries=len(view.graph.queries),
        bar=bar,
    )


def _by_sector(view: View) -> list[tuple[str, int]]:
    """Return the sectors with the number of their actors, most first."""
    counts = [
        (text_of(row, "sector"), int(text_of(row, "actors")))
        for row in view.rows("sectors-at-a-glance")
    ]
    return _most_first(counts)


def _by_target(view: View) -> list[tuple[str, int]]:
    """Return the goals and targets that something is aligned with, and how many things are."""
    return _most_first([(target, len(things)) for target, things in alignments(view).items()])


def _most_first(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts = [(iri, count) for iri, count in counts if count]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))
