"""What crawlers read: which pages there are, the sitemap of them, and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from govgraph.web.languages import LANGUAGES
from govgraph.web.pages import PAGES, page_count
from govgraph.web.pages.links import encoded, page_path
from govgraph.web.pages.network_data import has_explorer
from govgraph.web.pages.network_data import names as network_names
from govgraph.web.pages.reading import natural, reading_of

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph
    from govgraph.web.pages.reading import Reading

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST_ADDRESSES: Final = 50_000
_MOST_BYTES: Final = 50_000_000
"""What one file may hold: https://www.sitemaps.org/protocol.html (50 MB, a little less)."""


@dataclass(frozen=True)
class PageName:
    """A page, the same in every language: of the navigation, of a network, or of a resource.

    name      its address without language and ending, such as "cases" or "case/bogota"
    number    counts the pages of a large resource from 1
    iri       the resource it is about, "" where it is about none
    network   the network it shows, "" where it shows none
    explorer  whether it is the page to explore that network in
    """

    name: str
    number: int = 1
    iri: str = ""
    network: str = ""
    explorer: bool = False

    @property
    def path(self) -> str:
        """The path of the page after the language."""
        return f"{self.name}{f'~{self.number}' if self.number > 1 else ''}.html"


def page_names(graph: PublishedGraph) -> Iterator[PageName]:
    """Yield every page of a graph, on a server as in files."""
    for name in PAGES:
        yield PageName(name)
    for network in network_names(graph):
        yield PageName(f"network/{network}", network=network)
        if has_explorer():
            yield PageName(f"network/{network}/explorer", network=network, explorer=True)
    reading = reading_of(graph)
    for iri in resources_with_pages(reading):
        for number in range(1, page_count(reading, iri) + 1):
            yield PageName(page_path(iri) or "", number, iri)


def resources_with_pages(reading: Reading) -> list[str]:
    """Return what has a page of its own, in order; terms of the ontology share one."""
    return sorted((iri for iri in reading.described if page_path(iri) != "ontology"), key=natural)


def site_maps(graph: PublishedGraph, base: str) -> dict[str, bytes]:
    """Return name and content of the sitemap, or of its index and parts, of a graph's pages."""
    pages = [page.path for page in page_names(graph)]
    return dict(sitemaps(base, [f"{lang}/{path}" for path in pages for lang in LANGUAGES]))


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


def robots(base: str, hidden: Iterable[str] = ()) -> bytes:
    """Return robots.txt: everything may be read but the paths that are `hidden`."""
    root = urlsplit(base).path
    lines = "".join(f"Disallow: {root}{path}\n" for path in hidden)
    return f"User-agent: *\n{lines}Allow: /\nSitemap: {base}sitemap.xml\n".encode()
