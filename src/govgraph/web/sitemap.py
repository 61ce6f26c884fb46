"""What crawlers read of a static site: the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from govgraph.web.pages.links import encoded

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(base: str, paths: Iterable[str]) -> bytes:
    """Return a sitemap of pages, given relative to the base, as https://www.sitemaps.org has it."""
    lines = "".join(f"<url><loc>{escape(base + encoded(path))}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<urlset xmlns="{_NAMESPACE}">\n{lines}</urlset>\n'.encode()


def robots(base: str) -> bytes:
    """Return robots.txt: everything may be read."""
    return f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()
