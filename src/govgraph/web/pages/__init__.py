"""Pages for readers: in go a graph and a language, out comes HTML, to be served or written.

A page asks the stored query of its question and shows the rows in a template; texts of the
interface come from `govgraph.web.translations`, links from `Links`.
"""

from govgraph.web.pages.links import DATA_EXTENSIONS, Links
from govgraph.web.pages.overview import PAGES, missing_page, render_page
from govgraph.web.pages.resource import resource_page

__all__ = [
    "DATA_EXTENSIONS", "PAGES", "Links", "missing_page", "render_page", "resource_page",
]  # fmt: skip
