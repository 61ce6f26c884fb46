"""Addresses as seen from a page, and as Link headers (RFC 8288) say them to programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

from govgraph.rdf.formats import RDF_FORMATS
from govgraph.web.describe import PublishedGraph
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS
from govgraph.web.pages.reading import languages_of

DATA_EXTENSIONS: Final = {entry.ending: entry.title for entry in RDF_FORMATS.values()}
"""Extension -> name of each format a resource is offered in by a server."""
STATIC_EXTENSIONS: Final = ("ttl", "jsonld")
"""Those that a static site has a file of for each thing, unless it is asked for others."""
_SAFE: Final = "/-._~!$&'()*+,;=:@"


@lru_cache(maxsize=100_000)
def encoded(path: str) -> str:
    """Return a path as it stands in an address."""
    return quote(path, safe=_SAFE)


@dataclass(frozen=True)
class Links:
    """Addresses as seen from one page.

    root       what leads to the root of the site: "/" on a server, "../" and the like in files
    language   language of the pages linked to
    live       whether a server answers queries; else pages hold results made beforehand
    endpoint   address of a SPARQL endpoint; "" for none
    public     address of the root as the world sees it; "" where `root` alone is known
    endings    formats that there are data about a thing in
    """

    root: str = "/"
    language: str = "en"
    live: bool = True
    endpoint: str = ""
    public: str = ""
    endings: Sequence[str] = tuple(DATA_EXTENSIONS)

    def page(self, name: str, language: str = "") -> str:
        """Return the address of a page such as "cases" or "case/springfield"."""
        return self.file(f"{name}.html", language)

    def canonical(self, name: str) -> str:
        """Return the one address that a page of this language is to be known by."""
        return replace(self, root=self.public or self.root).page(name)

    def file(self, path: str, language: str = "") -> str:
        """Return the address of a file beside the pages of a language."""
        if language not in ("", self.language) or not self.root.startswith("../"):
            return f"{self.root}{language or self.language}/{encoded(path)}"
        up = self.root.removeprefix("../")  # as pages of a site of files lie in that folder
        return f"{up or './' * (':' in path.partition('/')[0])}{encoded(path)}"

    def data(self, path: str, extension: str) -> str:
        """Return the address of the data of a resource in one format."""
        return f"{self.root}{encoded(path)}.{extension}"


def link(target: str, relation: str, **parameters: str) -> str:
    """Return one link of a Link header."""
    parts = [f"<{target}>", f'rel="{relation}"']
    return "; ".join([*parts, *(f'{name}="{value}"' for name, value in parameters.items())])


@dataclass(frozen=True)
class LinkHeaders:
    """The Link headers of a site.

    base        the address of the site
    languages   those of its pages
    licence     the IRI of that of its data, "" where the author chose none
    endings     the formats that there are data about a thing in
    """

    base: str
    languages: Sequence[str]
    licence: str = ""
    endings: Sequence[str] = RDF_EXTENSIONS

    @property
    def of_licence(self) -> str:
        """The header of what is neither page nor data about a thing; "" for none."""
        return link(self.licence, "license") if self.licence else ""

    def data_alternates(self, stem: str) -> list[str]:
        """Return links to the data about a thing in every format; `stem` is their path, encoded."""
        root = urlsplit(self.base).path
        return [
            *(
                link(f"{root}{stem}.{ending}", "alternate", type=EXTENSIONS[ending])
                for ending in self.endings
            ),
            link(f"{root}{stem}.ttl", "describedby", type=EXTENSIONS["ttl"]),
        ]

    def page_alternates(self, page: str) -> list[str]:
        """Return links to a page in every language; `page` is its path after it, encoded."""
        root = urlsplit(self.base).path
        return [
            link(f"{root}{language}/{page}", "alternate", type="text/html", hreflang=language)
            for language in self.languages
        ]

    def page(self, language: str, stem: str, *, data: bool) -> str:
        """Return the header of a page: its address, its languages, where there are `data` those."""
        links = [
            link(f"{self.base}{language}/{stem}.html", "canonical"),
            *self.page_alternates(f"{stem}.html"),
            *(self.data_alternates(stem) if data else ()),
            self.of_licence,
        ]
        return ", ".join(filter(None, links))

    def data(self, stem: str, ending: str, thing: str = "") -> str:
        """Return the header of a document of data: its address, pages, other formats.

        `stem` is its path, encoded, and `ending` that of its format; `thing` the IRI that it
        describes, "" where that cannot be told from the path.
        """
        links = [
            link(f"{self.base}{stem}.{ending}", "canonical"),
            link(thing, "describes") if thing else "",
            *self.page_alternates(f"{stem}.html"),
            *self.data_alternates(stem),
            self.of_licence,
        ]
        return ", ".join(filter(None, links))


def headers_of(
    graph: PublishedGraph, base: str, endings: Sequence[str] = RDF_EXTENSIONS
) -> LinkHeaders:
    """Return the headers of the site of a graph at an address."""
    return LinkHeaders(base, languages_of(graph), graph.study.licence, endings)
