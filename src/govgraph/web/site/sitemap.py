"""What crawlers read of a static site: the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from govgraph.web.pages.links import encoded

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST_ADDRESSES: Final = 50_000
_MOST_BYTES: Final = 50_000_000
"""What one file may hold: https://www.sitemaps.org/protocol.html (50 MB, a little less)."""


def sitemaps(
    base: str, paths: Iterable[str], most: int = _MOST_ADDRESSES, size: int = _MOST_BYTES
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the sitemap of pages, given relative to the base.

    One file where it holds at most `most` addresses in `size` bytes; else an index and its parts.
    """
    parts = list(_parts(base, paths, most, size))
    if len(parts) <= 1:
        yield "sitemap.xml", _document("urlset", parts[0] if parts else [])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    lines = [f"<sitemap><loc>{escape(base + name)}</loc></sitemap>\n" for name in names]
    yield "sitemap.xml", _document("sitemapindex", lines)
    for name, part in zip(names, parts, strict=True):
        yield name, _document("urlset", part)


def _parts(base: str, paths: Iterable[str], most: int, size: int) -> Iterator[list[str]]:
    """Yield the lines of each file; what stands around them takes less than 200 bytes."""
    lines: list[str] = []
    taken = 200
    for path in paths:
        line = f"<url><loc>{escape(base + encoded(path))}</loc></url>\n"
        if lines and (len(lines) == most or taken + len(line.encode()) > size):
            yield lines
            lines, taken = [], 200
        lines.append(line)
        taken += len(line.encode())
    if lines:
        yield lines


def _document(name: str, lines: Iterable[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<{name} xmlns="{_NAMESPACE}">\n{"".join(lines)}</{name}>\n'.encode()


def robots(base: str) -> bytes:
    """Return robots.txt: everything may be read."""
    return f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()
