"""Link headers (RFC 8288): one way to say what a page and a document of data have to do.

Server, pages and the rules of static hosts send the same. Arguments may hold the variables of a
rule, such as `%{STEM}e` of Apache. The address of a site ends in a slash; what is linked to begins
with its path, so that any host will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from govgraph.web.graph import PublishedGraph
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS
from govgraph.web.pages.reading import languages_of


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


def headers_of(graph: PublishedGraph, base: str, endings: Sequence[str] = ()) -> LinkHeaders:
    """Return the headers of the site of a graph at an address."""
    return LinkHeaders(base, languages_of(graph), graph.study.licence, endings or RDF_EXTENSIONS)
