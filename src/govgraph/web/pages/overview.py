"""The pages of the navigation by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.errors import UsageError, did_you_mean
from govgraph.web.languages import Language
from govgraph.web.pages import (
    actors,
    cases,
    claims,
    conflicts,
    goals,
    instruments,
    networks,
    ontology,
    queries,
    start,
    tables,
    validation,
)
from govgraph.web.pages.links import Links
from govgraph.web.pages.rendering import Renderer, view_of

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph

PAGES: Final[dict[str, Renderer]] = {
    "index": start.render,
    "cases": cases.render,
    "comparison": cases.comparison,
    "actors": actors.render,
    "instruments": instruments.render,
    "goals": goals.render,
    "networks": networks.render,
    "tables": tables.render,
    "conflicts": conflicts.render,
    "claims": claims.render,
    "queries": queries.render,
    "sparql": queries.sparql_page,
    "ontology": ontology.render,
    "validation": validation.render,
}
"""Name of each page, as in its address, and what makes it."""


def render_page(
    name: str, graph: PublishedGraph, language: Language = "en", links: Links | None = None
) -> str:
    """Return a page of the navigation as HTML.

    Raises UsageError for a page there is none of.
    """
    if name not in PAGES:
        raise UsageError(f"There is no page {name!r}.{did_you_mean(name, PAGES)}")
    return PAGES[name](view_of(graph, language, links))
