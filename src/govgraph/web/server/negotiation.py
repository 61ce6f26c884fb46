"""Content negotiation without a server: media types, q-values, extensions, things and documents.

HTTP Semantics (RFC 9110), sections 12.4 and 12.5: an absent Accept takes anything, the most
specific range that fits a media type gives its weight, weight 0 refuses. Of equal weights the
server's own order decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote, unquote

from govgraph.rdf.formats import MEDIA_TYPE_ALIASES, RDF_FORMATS

EXTENSIONS: Final[dict[str, str]] = {
    "ttl": RDF_FORMATS["ttl"].media_type,
    "html": "text/html",
    **{entry.ending: entry.media_type for entry in RDF_FORMATS.values()},
}
"""Extension of each document about a resource -> media type, in the order the server prefers."""

RDF_EXTENSIONS: Final = tuple(ending for ending in EXTENSIONS if ending != "html")

ALIASES: Final[dict[str, str]] = {
    "application/xhtml+xml": "text/html",
    **MEDIA_TYPE_ALIASES,
}
"""Other names under which clients ask for a media type; they count below the type's own name."""

_RANGE: Final = re.compile(r"(\*|[!#$%&'*+.^_`|~\w-]+)/(\*|[!#$%&'*+.^_`|~\w-]+)")
_WEIGHT: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_MOST_RANGES: Final = 64


def weights(accept: str) -> dict[str, float]:
    """Return media range -> weight (0 to 1) of an Accept header; what is malformed is passed over.

    Parameters other than q do not tell the types of this server apart and are left out.
    """
    found: dict[str, float] = {}
    for part in accept.split(",")[:_MOST_RANGES]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if not _RANGE.fullmatch(name):
            continue
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                weight = float(value) if _WEIGHT.fullmatch(value.strip()) else 0.0
        name = name.lower()
        found[name] = max(weight, found.get(name, 0.0))
    return found


def choose(
    accept: str | None, offered: Sequence[str], aliases: Mapping[str, str] = ALIASES
) -> str | None:
    """Return the media type of `offered` that an Accept header likes best; None is status 406."""
    if accept is None or not accept.strip():
        return offered[0] if offered else None
    asked = weights(accept)
    best, chosen = 0.0, None
    for media_type in offered:
        weight = _weight(media_type, asked, aliases)
        if weight > best:
            best, chosen = weight, media_type
    return chosen


def _weight(media_type: str, asked: Mapping[str, float], aliases: Mapping[str, str]) -> float:
    names = [media_type, *(alias for alias, meant in aliases.items() if meant == media_type)]
    named = [asked[name] for name in names if name in asked]
    if named:
        return named[0]
    kind = media_type.partition("/")[0]
    return asked.get(f"{kind}/*", asked.get("*/*", 0.0))


def choose_encoding(accept: str | None, available: Iterable[str]) -> str:
    """Return the content coding for an Accept-Encoding header: one of `available` or "identity".

    RFC 9110, section 12.5.3; what is not asked for is not compressed.
    """
    if not accept:
        return "identity"
    asked: dict[str, float] = {}
    for part in accept.split(",")[:_MOST_RANGES]:
        name, _, weight = part.partition(";")
        value = weight.strip().lower().removeprefix("q=").strip()
        quality = (float(value) if _WEIGHT.fullmatch(value) else 0.0) if weight else 1.0
        asked[name.strip().lower()] = quality
    best, chosen = asked.get("identity", 0.0), "identity"
    for name in available:
        quality = asked.get(name, asked.get("*", 0.0))
        if quality > 0 and (quality > best or (chosen == "identity" and quality >= best)):
            best, chosen = quality, name
    return chosen


def choose_language(accept: str | None, offered: Sequence[str] = ("en", "es")) -> str:
    """Return the language an Accept-Language header likes best, the first where it likes none.

    RFC 4647, section 3.4 (lookup): "es-MX" is content with "es".
    """
    best, chosen = 0.0, offered[0]
    for part in (accept or "").split(",")[:_MOST_RANGES]:
        name, _, weight = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        value = weight.strip().lower().removeprefix("q=").strip()
        quality = (float(value) if _WEIGHT.fullmatch(value) else 0.0) if weight else 1.0
        if language in offered and quality > best:
            best, chosen = quality, language
    return chosen


def split_extension(path: str) -> tuple[str, str | None]:
    """Return a path without its extension, and the extension where it names a format.

    The inverse of `document_path`: "index.ttl" is the document about the base, whose path is "".
    """
    stem, dot, ending = path.rpartition(".")
    if dot and stem and not stem.endswith("/") and ending in EXTENSIONS:
        return "" if stem == "index" else stem, ending
    return path, None


def url_path(path: str) -> str:
    """Return the path of an IRI (after its base) as the path of a URL, percent-encoded once.

    Never begins with a slash, never holds a control character: safe in a Location or Link header
    behind the server's own root.
    """
    return quote(path.lstrip("/"), safe="/%:@!$&'()*+,;=~-._")


def iri_paths(raw_path: bytes) -> list[str]:
    """Return the paths an IRI may have that a client asks for by the path of a URL.

    As it stands (IRIs of the graph may be percent-encoded), and decoded (or hold other letters).
    Empty where the bytes are no UTF-8 text or hold control characters.
    """
    try:
        as_sent = raw_path.decode("ascii").lstrip("/")
        decoded = unquote(as_sent, errors="strict")
    except UnicodeDecodeError:
        return []
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in decoded):
        return []
    return list(dict.fromkeys((decoded, as_sent)))


DOCUMENTS: Final = re.compile(r"(?:ontology(?:/[0-9.]+)?|graph/.+|prefixes|void)?")


def is_document(path: str) -> bool:
    """Tell whether a path names a document, answered 200; a thing is answered 303 See Other.

    https://www.w3.org/TR/cooluris/: documents are the ontology (whose terms are hash IRIs), its
    versions and the named graphs `graph/…`; whatever else has an IRI is a thing of the world.
    """
    return DOCUMENTS.fullmatch(path) is not None


def document_path(path: str, extension: str) -> str:
    """Return the path of the URL of the document in one format about the thing at `path`."""
    return f"{url_path(path) or 'index'}.{extension}"
