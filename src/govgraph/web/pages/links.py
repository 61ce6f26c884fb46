"""Where things are parts on the site: from an IRI or a page's name to an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

from govgraph.rdf.formats import RDF_FORMATS
from govgraph.vocabulary import BASE, GG, SDG

DATA_EXTENSIONS: Final = {entry.ending: entry.title for entry in RDF_FORMATS.values()}
"""Extension -> name of each format a resource is offered in."""
MEDIA_TYPES: Final = {entry.ending: entry.media_type for entry in RDF_FORMATS.values()}
"""Extension -> media type of each of them."""

_SAFE: Final = "/-._~!$&'()*+,;=:@"
_LONGEST_SEGMENT: Final = 200


def page_path(iri: str) -> str | None:
    """Return the path of the page that describes an IRI, without language and extension.

    "case/springfield" for a thing of ours, "ontology" for a term of the ontology, "sdg/16.7" for a
    goal or target; None where it can have no page: a foreign IRI, or a path no file can have.
    """
    if iri.startswith((GG, f"{BASE}ontology#")):
        return "ontology"
    if iri.startswith(SDG):
        return _file_path(f"sdg/{iri[len(SDG) :]}")
    return _file_path(iri[len(BASE) :]) if iri.startswith(BASE) else None


def _file_path(path: str) -> str | None:
    path = unquote(path)
    if "#" in path or "?" in path or "\\" in path or not path.isprintable():
        return None
    segments = path.split("/")
    if any(not 0 < len(segment.encode()) <= _LONGEST_SEGMENT for segment in segments):
        return None
    return None if any(s in {".", ".."} or s[0] == " " for s in segments) else path


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

    def page(self, name: str, language: str = "", number: int = 1) -> str:
        """Return the address of a page such as "cases" or "case/springfield"."""
        paging = f"~{number}" if number > 1 else ""
        return f"{self.root}{language or self.language}/{encoded(name)}{paging}.html"

    def canonical(self, name: str, number: int = 1) -> str:
        """Return the one address that a page of this language is to be known by."""
        return replace(self, root=self.public or self.root).page(name, number=number)

    def static(self, name: str) -> str:
        """Return the address of a style sheet or other fixed file."""
        return f"{self.root}static/{name}"

    def file(self, path: str) -> str:
        """Return the address of a file beside the pages of this language."""
        return f"{self.root}{self.language}/{encoded(path)}"

    def data(self, path: str, extension: str) -> str:
        """Return the address of the data of a resource in one format."""
        return f"{self.root}{encoded(path)}.{extension}"

    def term(self, iri: str) -> str:
        """Return the address of the page of an IRI; "" where it can have none."""
        path = page_path(iri)
        if path is None:
            return ""
        fragment = f"#{encoded(iri.partition('#')[2])}" if path == "ontology" and "#" in iri else ""
        return f"{self.page(path)}{fragment}"

    def within(self, language: str) -> Links:
        """Return the same links for pages in another language."""
        return replace(self, language=language)


def relative_root(path: str) -> str:
    """Return what leads from a file of the site to its root: "../" for "en/index.html"."""
    return "../" * path.count("/")
