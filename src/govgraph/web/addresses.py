"""Addresses: from an IRI to a path of the site, to a URL, and back; which a site may have.

What follows the base of the study is the path of a thing of its own, and what follows govgraph's
that of a thing of the commons, unless the study describes one of the same id. Things of another
study lie below its name; RDF of any namespace whose IRIs lie below the address of the site lies
where they say.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from govgraph.coding.study import Study
from govgraph.errors import UsageError
from govgraph.rdf.names import Names
from govgraph.vocabulary import BASE, GG, SDG
from govgraph.web.negotiation import EXTENSIONS

ONTOLOGY: Final = "ontology"
"""The path of the page of all terms of the ontology."""
_LONGEST_SEGMENT: Final = 200
_NO_FILE: Final = re.compile(r"%(?:[01].|2[3F]|3F|5C|7F)|[#?\\]", re.IGNORECASE)
"""What means another thing, or nothing, in the path of a URL once it is decoded."""
DOCUMENTS: Final = re.compile(r"(?:ontology(?:/[0-9.]+)?|graph/.+|prefixes|void)?")
_FORBIDDEN: Final = frozenset(" \"'<>\\{}$;#")
"""What neither pages nor the rules of hosts could hold as it is."""


_KEPT: Final = re.compile(r"(%(?:2F|3F|23|25|5C))", re.IGNORECASE)


def checked_address(text: str, option: str, example: str, *, query: bool = False) -> str:
    """Return a URL of http(s) that pages, headers and the rules of hosts can hold as it is.

    `option` and `example` are for the message; `query` says whether it may have parameters. Raises
    UsageError for anything else: other letters than ASCII, a user with a password, a fragment.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.port != 0 else None  # ValueError for a port like "x"
    except ValueError:
        host = None
    usable = host and parts.scheme in {"http", "https"} and "@" not in parts.netloc
    plain = text.isascii() and text.isprintable() and not _FORBIDDEN & set(text)
    if not (usable and plain and (query or "?" not in text)):
        raise UsageError(f"{option}: found {text!r}, expected an address such as {example}.")
    return text


def split_extension(path: str) -> tuple[str, str | None]:
    """Return a path without its extension, and the extension where it names a format.

    The inverse of `document_path`: "index.ttl" is the document about the base, whose path is "".
    """
    stem, dot, ending = path.rpartition(".")
    if dot and stem and not stem.endswith("/") and ending in EXTENSIONS:
        return "" if stem == "index" else stem, ending
    return path, None


def document_path(path: str, extension: str) -> str:
    """Return the path of the URL of the document in one format about the thing at `path`."""
    return f"{url_path(path) or 'index'}.{extension}"


def url_path(path: str) -> str:
    """Return the path of an IRI (after its base) as the path of a URL, percent-encoded once.

    Never begins with a slash, never holds a control character: safe in a Location or Link header
    behind the server's own root.
    """
    return quote(path.lstrip("/"), safe="/%:@!$&'()*+,;=~-._")


def iri_paths(raw_path: bytes) -> list[str]:
    """Return the paths an IRI may have that a client asks for by the path of a URL.

    As it stands, and decoded but for what means another path: %2F is no slash (RFC 3986, 2.2).
    Empty where the bytes are no UTF-8 text or hold control characters.
    """
    try:
        as_sent = raw_path.decode("ascii").lstrip("/")
        parts = _KEPT.split(as_sent)
        decoded = "".join(
            part if number % 2 else unquote(part, errors="strict")
            for number, part in enumerate(parts)
        )
    except UnicodeDecodeError:
        return []
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in unquote(as_sent)):
        return []
    return list(dict.fromkeys((decoded, as_sent)))


def is_document(path: str) -> bool:
    """Tell whether a path names a document, answered 200; a thing is answered 303 See Other.

    https://www.w3.org/TR/cooluris/: documents are the ontology (whose terms are hash IRIs), its
    versions and the named graphs `graph/…`; whatever else has an IRI is a thing of the world.
    """
    return DOCUMENTS.fullmatch(path) is not None


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
        return iri.startswith(tuple(self.folders)) and not iri.startswith(SDG)

    def page(self, iri: str) -> str | None:
        """Return the path of the page of an IRI, without language and ending.

        None where it can have no page: it lies elsewhere, or no file can have its path.
        """
        path = self.place(iri)
        return None if path is None else _file_path(path)

    def iris(self, path: str) -> list[str]:
        """Return the IRIs that may lie at a path, those of the study first."""
        own = [self.names.base, *(base for base in self.folders if base != self.names.base)]
        iris = [f"{base}{path[len(self.folders[base]) :]}" for base in own]
        return [iri for iri in (*iris, f"{BASE}{path}") if self.place(iri) == path]


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
