"""Link headers (RFC 8288): one way to say what a page and a document of data have to do.

Server, pages and the rules of static hosts send the same. Arguments may hold the variables of a
rule, such as `%{STEM}e` of Apache. `base` is the address of the site, ending in a slash; what is
linked to begins with its path, so that any host will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from govgraph.assembly.metadata import LICENCE
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS


def link(target: str, relation: str, **parameters: str) -> str:
    """Return one link of a Link header."""
    parts = [f"<{target}>", f'rel="{relation}"']
    return "; ".join([*parts, *(f'{name}="{value}"' for name, value in parameters.items())])


LICENCE_LINK: Final = link(LICENCE.value, "license")


def data_alternates(root: str, stem: str) -> list[str]:
    """Return links to the data about a thing in every format; `stem` is their path, encoded."""
    return [
        *(
            link(f"{root}{stem}.{ending}", "alternate", type=EXTENSIONS[ending])
            for ending in RDF_EXTENSIONS
        ),
        link(f"{root}{stem}.ttl", "describedby", type=EXTENSIONS["ttl"]),
    ]


def page_alternates(root: str, page: str, languages: Sequence[str]) -> list[str]:
    """Return links to a page in its languages; `page` is its path after the language, encoded."""
    return [
        link(f"{root}{language}/{page}", "alternate", type="text/html", hreflang=language)
        for language in languages
    ]


def page_links(
    base: str, language: str, stem: str, part: str = "", *, languages: Sequence[str], data: bool
) -> str:
    """Return the Link header of a page: its address, its languages, the data about the same.

    `part` is "~2" and so on for further pages of a large resource; `data` whether there are data.
    """
    root, page = urlsplit(base).path, f"{stem}{part}.html"
    return ", ".join(
        [
            link(f"{base}{language}/{page}", "canonical"),
            *page_alternates(root, page, languages),
            *(data_alternates(root, stem) if data else ()),
            LICENCE_LINK,
        ]
    )


def data_links(base: str, thing: str, stem: str, ending: str, languages: Sequence[str]) -> str:
    """Return the Link header of a document of data: its address, its thing, pages, other formats.

    `thing` is the IRI it describes, `stem` its path, encoded, and `ending` that of its format.
    """
    root = urlsplit(base).path
    return ", ".join(
        [
            link(f"{base}{stem}.{ending}", "canonical"),
            link(thing, "describes"),
            *page_alternates(root, f"{stem}.html", languages),
            *data_alternates(root, stem),
            LICENCE_LINK,
        ]
    )
