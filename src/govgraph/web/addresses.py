"""Addresses: from an IRI to the path of a URL and back, and which addresses a site may have."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from govgraph.errors import UsageError
from govgraph.web.negotiation import EXTENSIONS

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
