"""Which pages there are, on a server as in files; what crawlers read: the sitemap, robots.txt."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

from govgraph.web.addresses import ONTOLOGY
from govgraph.web.graph import PublishedGraph
from govgraph.web.pages import Links, render_page, resource_page
from govgraph.web.pages.links import encoded
from govgraph.web.pages.network_data import explorer_page, has_explorer
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.reading import Reading, languages_of, natural, reading_of
from govgraph.web.pages.rendering import view_of

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_MOST_ADDRESSES: Final = 20_000
"""In one file, which may hold 50,000 in 50 MB (https://www.sitemaps.org/protocol.html)."""


@dataclass(frozen=True)
class PageName:
    """A page, the same in every language: of the navigation, of a network, or of a resource.

    name   its address without language and ending, such as "cases" or "case/springfield"
    iri    the resource it is about, "" where it is about none
    """

    name: str
    iri: str = ""


def page_names(graph: PublishedGraph, site: str = "") -> Iterator[PageName]:
    """Yield every page of a graph at the address of a site, on a server as in files."""
    reading = reading_of(graph, site)
    for name in view_of(graph, "en", Links(public=site)).sections:
        yield PageName(name)
    for network in reading.networks:
        yield PageName(f"network/{network}")
        if has_explorer():
            yield PageName(f"network/{network}/explorer")
    for iri in resources_with_pages(reading):
        yield PageName(reading.described[iri], iri)


def page_html(graph: PublishedGraph, page: PageName, language: str, links: Links) -> str:
    """Return a page as HTML; raises UsageError for one that there is not."""
    if page.iri:
        return resource_page(graph, page.iri, language, links)
    folder, _, network = page.name.partition("/")
    if folder != "network":
        return render_page(page.name, graph, language, links)
    render = explorer_page if network.endswith("/explorer") else network_page
    return render(view_of(graph, language, links), network.removesuffix("/explorer"))


def resources_with_pages(reading: Reading) -> list[str]:
    """Return what has a page of its own, in order; terms and parts share that of another."""
    own = (i for i, path in reading.described.items() if path != ONTOLOGY and "#" not in i)
    return sorted((iri for iri in own if iri not in reading.homes), key=natural)


def site_maps(graph: PublishedGraph, base: str) -> dict[str, bytes]:
    """Return name and content of the sitemap, or of its index and parts, of a graph's pages."""
    names, languages = page_names(graph, base), languages_of(graph)
    return dict(sitemaps(base, (f"{page.name}.html" for page in names), languages))


def sitemaps(
    base: str, paths: Iterable[str], languages: Sequence[str], most: int = _MOST_ADDRESSES
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the sitemap of pages, given by their paths after the language.

    One file where it holds all addresses; else an index and its parts, of `most` addresses each.
    """
    lines = [line for path in paths for line in _urls(base, encoded(path), languages)]
    parts = [lines[first : first + most] for first in range(0, len(lines), most)]
    if len(parts) <= 1:
        yield "sitemap.xml", _document("urlset", lines)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    entries = [f"<sitemap><loc>{escape(base + name)}</loc></sitemap>\n" for name in names]
    yield "sitemap.xml", _document("sitemapindex", entries)
    for name, part in zip(names, parts, strict=True):
        yield name, _document("urlset", part)


def _urls(base: str, path: str, languages: Sequence[str]) -> Iterator[str]:
    """Yield the entry of a page in each language, which names it in all of them."""
    addresses = {language: escape(f"{base}{language}/{path}") for language in languages}
    named = {**addresses, "x-default": addresses[languages[0]]}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>'
        for tag, address in named.items()
    )
    yield from (f"<url><loc>{address}</loc>{others}</url>\n" for address in addresses.values())


def _document(name: str, lines: Iterable[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    names = f'xmlns="{_NAMESPACE}" xmlns:xhtml="{_XHTML}"'
    return f"{head}<{name} {names}>\n{''.join(lines)}</{name}>\n".encode()


def robots(base: str, hidden: Iterable[str] = ()) -> bytes:
    """Return robots.txt: everything may be read but the paths that are `hidden`."""
    root = urlsplit(base).path
    lines = "".join(f"Disallow: {root}{path}\n" for path in hidden)
    return f"User-agent: *\n{lines}Allow: /\nSitemap: {base}sitemap.xml\n".encode()
