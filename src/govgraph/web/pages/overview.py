"""The pages of the navigation by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.web.languages import LANGUAGES
from govgraph.web.pages.actors import render as actors
from govgraph.web.pages.cases import comparison
from govgraph.web.pages.cases import render as cases
from govgraph.web.pages.claims import render as claims
from govgraph.web.pages.conflicts import render as conflicts
from govgraph.web.pages.goals import render as goals
from govgraph.web.pages.instruments import render as instruments
from govgraph.web.pages.links import Links
from govgraph.web.pages.networks import render as networks
from govgraph.web.pages.ontology import render as ontology
from govgraph.web.pages.queries import render as queries
from govgraph.web.pages.queries import sparql_page
from govgraph.web.pages.rendering import Renderer, View, view_of
from govgraph.web.pages.start import render as start
from govgraph.web.pages.tables import render as tables
from govgraph.web.pages.validation import render as validation

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph

PAGES: Final[dict[str, Renderer]] = {
    "index": start,
    "cases": cases,
    "comparison": comparison,
    "actors": actors,
    "instruments": instruments,
    "goals": goals,
    "networks": networks,
    "tables": tables,
    "conflicts": conflicts,
    "claims": claims,
    "queries": queries,
    "sparql": sparql_page,
    "ontology": ontology,
    "validation": validation,
}
"""Name of each page, as in its address, and what makes it."""


def render_page(
    name: str, graph: PublishedGraph, language: str = "en", links: Links | None = None
) -> str:
    """Return a page of the navigation as HTML.

    Raises UsageError for a page there is none of.
    """
    if name not in PAGES:
        raise UsageError(f"There is no page {name!r}.{did_you_mean(name, PAGES)}")
    return PAGES[name](view_of(graph, language, links))


def missing_page(view: View, path: str = "index", *, every_language: bool = False) -> str:
    """Return the page for an address at which there is nothing, with the way back.

    `path` is that of the page in other languages that it links to. `every_language` has it say
    so in all of them, for hosts that know one such page only.
    """
    others = [language for language in LANGUAGES if every_language and language != view.language]
    views = [view, *(View(view.reading, view.links.within(language)) for language in others)]
    parts = [
        (
            part,
            part.gettext("There is no such page"),
            part.gettext("The address may be mistyped, or the thing may not be in the graph."),
        )
        for part in views
    ]
    return view.render("missing.html", path, parts[0][1], section="", views=parts)
