"""Where the things of a graph are on its site: from an IRI to a path, and back.

What follows the base of the study is the path of a thing of its own, and what follows govgraph's
that of a thing of the commons, unless the study describes one of the same id. Things of another
study lie below its name; RDF of any namespace whose IRIs lie below the address of the site lies
where they say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from govgraph.coding.study import Study
from govgraph.rdf.names import Names
from govgraph.vocabulary import BASE, GG, SDG
from govgraph.web.addresses import split_extension

ONTOLOGY: Final = "ontology"
"""The path of the page of all terms of the ontology."""
_LONGEST_SEGMENT: Final = 200


class Paths:
    """The paths of one site, which lies at the address `site` ("" for none that is known)."""

    def __init__(self, names: Names, studies: Sequence[Study] = (), site: str = ""):
        self.names = names
        folders = {study.base: f"{study.name}/" for study in studies}
        folders |= {SDG: "sdg/", names.base: ""}
        if site:
            folders.setdefault(site, "")
        # The longest first: the base of a study may lie below another's, or below the site.
        self.folders = dict(sorted(folders.items(), key=lambda item: -len(item[0])))
        self._spaces = tuple(folders)

    def place(self, iri: str) -> str | None:
        """Return the path of an IRI, without its fragment; None for one that is elsewhere."""
        document = iri.partition("#")[0]
        if document == GG[:-1]:
            return ONTOLOGY
        for namespace, folder in self.folders.items():
            if document.startswith(namespace):
                return folder + document[len(namespace) :]
        path = document.removeprefix(BASE)
        is_common = path != document and (not path or self.names.by_id(path) == document)
        return path if is_common else None

    def is_own(self, iri: str) -> bool:
        """Tell whether an IRI lies below the base of a study, or below the address of the site."""
        return iri.startswith(self._spaces) and not iri.startswith(SDG)

    def page(self, iri: str) -> str | None:
        """Return the path of the page of an IRI, without language and ending.

        None where it can have no page: it lies elsewhere, or no file can have its path.
        """
        place = self.place(iri)
        return None if place is None else _file_path(place)

    def iris(self, path: str) -> list[str]:
        """Return the IRIs that may lie at a path, those of the study first."""
        own = [self.names.base, *(base for base in self.folders if base != self.names.base)]
        iris = [f"{base}{path[len(self.folders[base]) :]}" for base in own]
        return [iri for iri in (*iris, f"{BASE}{path}") if self.place(iri) == path]


_NO_FILE: Final = re.compile(r"%(?:[01].|2[3F]|3F|5C|7F)|[#?\\]", re.IGNORECASE)
"""What means another thing, or nothing, in the path of a URL once it is decoded."""


def _file_path(path: str) -> str | None:
    if _NO_FILE.search(path) or not (path := unquote(path)).isprintable():
        return None
    segments = path.split("/")
    if any(not 0 < len(segment.encode()) <= _LONGEST_SEGMENT for segment in segments):
        return None
    hidden = any(s[0] in " ." for s in segments) and not path.startswith(".well-known/genid/")
    if hidden or ".." in segments or path == "index" or split_extension(path)[1]:
        return None  # as it would be the file of something else, or of the host
    return path
