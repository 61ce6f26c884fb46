"""Addresses as seen from a page: of pages, files and data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from govgraph.rdf.formats import RDF_FORMATS

DATA_EXTENSIONS: Final = {entry.ending: entry.title for entry in RDF_FORMATS.values()}
"""Extension -> name of each format a resource is offered in by a server."""
STATIC_EXTENSIONS: Final = {ending: DATA_EXTENSIONS[ending] for ending in ("ttl", "jsonld")}
"""Those that a static site has a file of for each resource: without and with named graphs."""
MEDIA_TYPES: Final = {entry.ending: entry.media_type for entry in RDF_FORMATS.values()}
"""Extension -> media type of each of them."""

_SAFE: Final = "/-._~!$&'()*+,;=:@"


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
    """

    root: str = "/"
    language: str = "en"
    live: bool = True
    endpoint: str = ""
    public: str = ""

    def page(self, name: str, language: str = "") -> str:
        """Return the address of a page such as "cases" or "case/springfield"."""
        return f"{self.root}{language or self.language}/{encoded(name)}.html"

    def canonical(self, name: str) -> str:
        """Return the one address that a page of this language is to be known by."""
        return replace(self, root=self.public or self.root).page(name)

    def static(self, name: str) -> str:
        """Return the address of a style sheet or other fixed file."""
        return f"{self.root}static/{name}"

    def file(self, path: str) -> str:
        """Return the address of a file beside the pages of this language."""
        return f"{self.root}{self.language}/{encoded(path)}"

    def data(self, path: str, extension: str) -> str:
        """Return the address of the data of a resource in one format."""
        return f"{self.root}{encoded(path)}.{extension}"

    def within(self, language: str) -> Links:
        """Return the same links for pages in another language."""
        return replace(self, language=language)


def relative_root(path: str) -> str:
    """Return what leads from a file of the site to its root: "../" for "en/index.html"."""
    return "../" * path.count("/")
