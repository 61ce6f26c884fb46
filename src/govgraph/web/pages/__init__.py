"""Pages for readers: each a pure function of a graph and a language, served or written to files."""

from __future__ import annotations

from govgraph.web.languages import LANGUAGES, Language
from govgraph.web.pages.links import DATA_EXTENSIONS, Links
from govgraph.web.pages.overview import PAGES, render_page
from govgraph.web.pages.resource import has_page, page_count, resource_page
from govgraph.web.pages.routing import routes

__all__ = [
    "DATA_EXTENSIONS",
    "LANGUAGES",
    "PAGES",
    "Language",
    "Links",
    "has_page",
    "page_count",
    "render_page",
    "resource_page",
    "routes",
]
