"""The one table of RDF formats: names, endings, media types, and what each format can hold.

Every command, page and rule file and the server take formats from here; to add one, add a line.
"""

import os
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeVar
from urllib.parse import quote

import pyoxigraph as ox

AnyPath = TypeVar("AnyPath", bound=PurePath)


@dataclass(frozen=True, slots=True)
class RdfFormat:
    """One format of RDF.

    name           how commands call it (`--format ttl`); `aliases` mean the same
    title          how people call it ("N-Triples")
    media_type     what it is sent as; `other_media_types` are accepted for it too
    endings        of its files, the first where one is written, without a dot
    generic        endings that other kinds of file have too: this format only where a file is
                   named by itself, not where a folder is searched
    generic_media_types   media types of other documents too: this format only where nothing but
                   RDF can be meant
    engine         the format of pyoxigraph that reads and writes it
    graphs         whether it says in which graph a statement lies
    lines          whether each statement has a line of its own
    """

    name: str
    title: str
    media_type: str
    endings: tuple[str, ...]
    engine: ox.RdfFormat
    graphs: bool = False
    lines: bool = False
    aliases: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    other_media_types: tuple[str, ...] = ()
    generic_media_types: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """The ending of a file that is written, without a dot."""
        return self.endings[0]


# Turtle reads what most files of N3 hold; the engine's N3 would make statements of its formulas.
RDF_FORMATS: Final[dict[str, RdfFormat]] = {
    entry.name: entry
    for entry in (
        RdfFormat(
            "ttl", "Turtle", "text/turtle", ("ttl", "n3"), ox.RdfFormat.TURTLE,
            aliases=("turtle",),
            other_media_types=("application/x-turtle", "application/turtle", "text/n3"),
        ),
        RdfFormat(
            "jsonld", "JSON-LD", "application/ld+json", ("jsonld",), ox.RdfFormat.JSON_LD,
            graphs=True, aliases=("json-ld",), generic=("json",),
            generic_media_types=("application/json",),
        ),
        RdfFormat(
            "nt", "N-Triples", "application/n-triples", ("nt",), ox.RdfFormat.N_TRIPLES,
            lines=True, aliases=("ntriples", "n-triples"),
            generic_media_types=("text/plain",),
        ),
        RdfFormat(
            "trig", "TriG", "application/trig", ("trig",), ox.RdfFormat.TRIG,
            graphs=True, other_media_types=("application/x-trig",),
        ),
        RdfFormat(
            "nq", "N-Quads", "application/n-quads", ("nq",), ox.RdfFormat.N_QUADS,
            graphs=True, lines=True, aliases=("nquads", "n-quads"),
            other_media_types=("text/x-nquads",),
        ),
        RdfFormat(
            "rdfxml", "RDF/XML", "application/rdf+xml", ("rdf", "owl"), ox.RdfFormat.RDF_XML,
            aliases=("rdf/xml", "rdf-xml"), generic=("xml",),
            generic_media_types=("application/xml", "text/xml"),
        ),
    )
}  # fmt: skip
"""Every format by name, in the order shown to a reader and preferred by the server."""

MEDIA_TYPE_ALIASES: Final[dict[str, str]] = {
    alias: entry.media_type for entry in RDF_FORMATS.values() for alias in entry.other_media_types
}
"""Other names of media types -> the media type that is sent."""

GRAPH_TYPE_ALIASES: Final[dict[str, str]] = MEDIA_TYPE_ALIASES | {
    alias: entry.media_type for entry in RDF_FORMATS.values() for alias in entry.generic_media_types
}
"""The same with generic media types, for what can be nothing but RDF."""

COMPRESSED: Final = frozenset({".gz", ".zst"})
"""Endings of compressed files; the format's ending stands before them."""

_BY_ENDING: Final = {end: entry for entry in RDF_FORMATS.values() for end in entry.endings}
_BY_GENERIC_ENDING: Final = {end: entry for entry in RDF_FORMATS.values() for end in entry.generic}


def format_of(path: PurePath | str, *, in_folder: bool = False) -> RdfFormat | None:
    """Return the format that a file's name tells ("dump.nq.gz": N-Quads); None if it tells none.

    `in_folder` is for a file that nobody named, in which .json or .xml may be anything.
    """
    ending = _unpacked(PurePath(path)).suffix.removeprefix(".").lower()
    generic = None if in_folder else _BY_GENERIC_ENDING.get(ending)
    return _BY_ENDING.get(ending, generic)


def without_endings(path: AnyPath) -> AnyPath:
    """Return the path without the endings of format and compression: "a/b" of "a/b.nq.gz"."""
    return _unpacked(path).with_suffix("")


def _unpacked(path: AnyPath) -> AnyPath:
    return path.with_suffix("") if path.suffix.lower() in COMPRESSED else path


def known_endings() -> str:
    """Return the endings of the formats, for a message: ".ttl, .n3, .nt, …"."""
    formats = RDF_FORMATS.values()
    return ", ".join(f".{end}" for entry in formats for end in (*entry.endings, *entry.generic))


def shown_path(path: PurePath | str) -> str:
    """Return what messages call a path: one line that any terminal and file can hold."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def path_in_iri(path: str) -> str:
    """Return a path as a part of an IRI, the same for both Unicode forms of a letter.

    Every character that an IRI cannot hold is percent-encoded, and so is every byte of a name that
    is not UTF-8.
    """
    return quote(os.fsencode(unicodedata.normalize("NFC", path)))
