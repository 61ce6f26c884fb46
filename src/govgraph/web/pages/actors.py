"""The actors: organisations, persons and kinds of actor, by sector, with what they take part in."""

from __future__ import annotations

from typing import Final

from govgraph.vocabulary import GG
from govgraph.web.pages.pictures import bar
from govgraph.web.pages.rendering import View, distinct, grouped_by
from govgraph.web.translations import N_

_KINDS: Final = {
    "Organisation": N_("Organisations"),
    "Person": N_("Persons"),
    "ActorKind": N_("Kinds of actor, named without a name"),
}
_SHOWN: Final = 12


def render(view: View) -> str:
    """Return the page of actors as HTML, from the stored query `actors`."""
    actors = {
        (kind, actor): (distinct(rows, "sector"), distinct(rows, "arrangement"))
        for (kind, actor), rows in grouped_by(view.rows("actors"), "kind", "actor").items()
    }
    groups = []
    for name, heading in _KINDS.items():
        iris = view.names.by_label(actor for kind, actor in actors if kind == f"{GG}{name}")
        rows = [(actor, *actors[f"{GG}{name}", actor]) for actor in iris]
        groups.append((name, view.gettext(heading), rows))
    counts = [(actor, len(parts)) for _, _, rows in groups for actor, _, parts in rows if parts]
    counts.sort(key=lambda pair: (-pair[1], pair[0]))
    most = max((count for _, count in counts), default=1)
    return view.render(
        "actors.html",
        "actors",
        view.gettext("Actors"),
        groups=groups,
        involved=[(actor, count, bar(count, most)) for actor, count in counts[:_SHOWN]],
    )
