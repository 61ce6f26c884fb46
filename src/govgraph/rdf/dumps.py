"""RDF files as streams of bytes, unpacked, and what in them would kill an engine.

What a stream is compressed with is read off its first bytes, so that a file that some tool has
already unpacked, or a pipe, is read for what it is. An engine's own stack overflows on what is
nested too deep, which no exception tells; entities of RDF/XML unfold without bound.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import shutil
import stat
import sys
import tempfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn
from xml.parsers import expat

from backports import zstd

from govgraph.errors import SourceError
from govgraph.rdf.formats import RdfFormat

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP, ZSTANDARD, ZSTANDARD_SKIPPABLE = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18"
MEGABYTE: Final = 1_000_000
CHUNK: Final = 1 << 20
MOST_UNPACKED: Final = 1000 * MEGABYTE
"""Bytes that a compressed file may unfold to where memory holds all of it; see docs/limits.md."""
MOST_TIMES: Final = 500
"""How many times its size a compressed file may have; RDF seldom has a fifth of that."""
UNSUSPICIOUS: Final = 100 * MEGABYTE
"""Bytes to which any file may unfold."""
LONGEST_TEXT: Final = 8 * MEGABYTE
"""Bytes of one text. Escapes may double it, and no engine here reads a line of 16 MB."""
TOO_LONG: Final = (
    f"a text or name of more than {LONGEST_TEXT // MEGABYTE} MB. Keep such a text in a file of its"
    " own, and its address here."
)
FOREIGN: Final = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"PK\x03\x04": "zip, as spreadsheets are"}
DEEPEST: Final = 500
"""How deep elements of RDF/XML, braces of JSON-LD and triple terms may be nested."""
TOO_DEEP: Final = f"more than {DEEPEST} levels within one another. Give what is nested names."
LONGEST_ENTITY: Final = 200
"""Characters of an entity of RDF/XML: Protégé writes namespaces so."""
_BEGIN: Final = b"<<("
# What is not closed is a token to its end, or each quote in it would be tried anew.
_TURTLE: Final = re.compile(
    rb"#[^\n]*+|<(?!<)[^<>\"\s]*+>?|<<\(|\)>>|"
    rb'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:""")?|'
    rb"'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:''')?|"
    rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?|'
    rb"'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?",
    re.DOTALL,
)
_JSON: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


@contextmanager
def opened(path: Path, shown: str, most: int = MOST_UNPACKED) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked: at most `most` bytes.

    Raises SourceError for a file that cannot be read, changes meanwhile, is cut short or damaged,
    is compressed in another way, or unfolds to more than anybody means.
    """
    with unchanged(path, shown):
        with readable(shown):
            raw = path.open("rb")
        with raw:
            unpacked = _unpacked(raw, shown)
            stream = io.BufferedReader(_Checked(unpacked, shown, raw, most), CHUNK)
            if stream.peek(3).startswith(BOM_UTF8):  # as Windows writes it; RDF has none
                stream.read(3)
            yield stream


@contextmanager
def regular(path: Path | None) -> Iterator[Path]:
    """Give a file that can be read twice: the one at `path`, or a copy of standard input (None)."""
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="govgraph-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def unchanged(path: Path, shown: str) -> Iterator[None]:
    """Raise SourceError where there is no file at `path`, or it is another one after the block."""
    with readable(shown):
        before = path.stat()
    if not stat.S_ISREG(before.st_mode):
        kind = "is a folder" if stat.S_ISDIR(before.st_mode) else "is a pipe or device: copy it"
        raise SourceError(f"cannot be read (it {kind}).", shown)
    yield
    with readable(shown):
        after = path.stat()
    same = ("st_ino", "st_size", "st_mtime_ns")
    if any(getattr(before, name) != getattr(after, name) for name in same):
        raise SourceError("it changed while it was read. Run it again.", shown)


@contextmanager
def readable(shown: str) -> Iterator[None]:
    """Raise SourceError where a file cannot be opened or read."""
    try:
        yield
    except FileNotFoundError:
        raise SourceError("no such file. Check the path.", shown) from None
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror or error}).", shown) from None


def _unpacked(raw: io.BufferedReader, shown: str) -> Any:
    with readable(shown):
        head = raw.peek(8)[:8]
    if head.startswith(GZIP):
        return gzip.GzipFile(fileobj=raw)
    if head.startswith(ZSTANDARD) or head[1:4] == ZSTANDARD_SKIPPABLE:
        return zstd.ZstdFile(raw)
    for magic, name in FOREIGN.items():
        if head.startswith(magic):
            message = f"compressed with {name}. Unpack it, or compress it with gzip or zstd."
            raise SourceError(message, shown)
    return raw


class _Checked(io.RawIOBase):
    """Passes bytes on, and says what is wrong with the stream they come from.

    It is Python, so that signals are seen while Oxigraph reads.
    """

    def __init__(self, stream: Any, shown: str, raw: io.BufferedReader, most: int):
        self.stream, self.shown, self.raw, self.most = stream, shown, raw, most
        self.count = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer; returns 0 at the end."""
        with readable(self.shown):
            try:
                size: int = self.stream.readinto(buffer)
            except (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError) as error:
                message = f"the compressed data are cut short or damaged ({error}). Fetch it anew."
                raise SourceError(message.replace("\n", " "), self.shown) from None
        self.count += size
        times, bound = self.count // max(self.raw.tell(), 1), ""
        if self.count > self.most:
            bound = f"{self.most // MEGABYTE:,} MB"
        elif self.count > UNSUSPICIOUS and times > MOST_TIMES:
            bound = f"{MOST_TIMES} times its size"
        if bound and self.stream is not self.raw:
            message = f"it unfolds to more than {bound}. Unpack it yourself, if you trust it."
            raise SourceError(message, self.shown)
        return size


def read_text(path: Path, shown: str, most: int = MOST_UNPACKED) -> str:
    """Return the UTF-8 text of a file of at most so many bytes.

    Raises SourceError as `opened` does, and with the line of the first byte that is not UTF-8.
    """
    with opened(path, shown, most) as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise SourceError(f"it has more than {most // MEGABYTE:,} MB. Split it.", shown)
    return decoded(raw, shown)


def is_too_long(text: str) -> bool:
    """Tell whether a text has more than LONGEST_TEXT bytes."""
    return len(text) > LONGEST_TEXT // 4 and len(text.encode(errors="replace")) > LONGEST_TEXT


def decoded(raw: bytes, shown: str) -> str:
    """Return UTF-8 as text; raises SourceError with the line of the first bad byte."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8. Save the file as UTF-8."
        raise SourceError(message, shown, line) from None


# -- what would kill an engine -------------------------------------------------------------------


def inspect(path: Path, rdf_format: RdfFormat, shown: str) -> tuple[str, bool]:
    """Return a digest of a file's content, unpacked, and whether it may have blank nodes.

    Raises SourceError for what is nested too deep, too long, or has a DOCTYPE of more than texts.
    """
    sha = hashlib.sha256()
    xml = _xml(shown) if rdf_format.name == "rdfxml" else None
    is_json, may_have_blank_nodes = rdf_format.name == "jsonld", not rdf_format.lines
    end, begins, line, since_line_end = b"", 0, 1, 0
    with opened(path, shown) as stream:
        while chunk := stream.read(CHUNK):
            sha.update(chunk)
            around = end + chunk
            end = around[-2:]
            begins += around.count(_BEGIN)
            if xml is not None:
                _feed(xml, chunk, shown)
            elif rdf_format.lines:
                may_have_blank_nodes |= b"_:" in around
                first = chunk.find(b"\n")
                since_line_end += len(chunk) if first < 0 else first
                if since_line_end > LONGEST_TEXT:
                    raise SourceError(TOO_LONG, shown, line)
                if first >= 0:
                    line += chunk.count(b"\n")
                    since_line_end = len(chunk) - chunk.rfind(b"\n") - 1
    if xml is not None:
        _feed(xml, b"", shown, is_last=True)
    elif is_json or begins > DEEPEST:
        with opened(path, shown) as stream:
            _check_depth(stream.read(), shown, is_json=is_json)
    return sha.hexdigest()[:12], may_have_blank_nodes


def _xml(shown: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    depth = 0

    def refuse(what: str) -> NoReturn:
        remedy = "Take it out, or save the file as Turtle with a tool that you trust."
        raise SourceError(f"it has {what}. {remedy}", shown, parser.CurrentLineNumber)

    def doctype(name: str, system: str | None, public: str | None, inner: bool) -> None:
        if system or public:
            refuse("a DOCTYPE that lies in another file")

    def entity(name: str, is_part: bool, text: str | None, *_: object) -> None:
        # what unfolds without bound, or reads other files
        if is_part or text is None or "&" in text or "<" in text or len(text) > LONGEST_ENTITY:
            refuse(f"an entity {name!r} in its DOCTYPE that is more than a short text")

    def attributes(*_: object) -> None:
        refuse("attributes in its DOCTYPE, which would be added to what is written")

    def start(name: str, *_: object) -> None:
        nonlocal depth
        if depth == 0 and name in ("Ontology", "owl:Ontology"):
            message = "this is OWL/XML, not RDF. Save it as RDF/XML or Turtle: File, Save as … in"
            raise SourceError(f"{message} Protégé.", shown, parser.CurrentLineNumber)
        depth += 1
        if depth > DEEPEST:
            raise SourceError(TOO_DEEP, shown, parser.CurrentLineNumber)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = doctype, entity
    parser.AttlistDeclHandler = attributes
    parser.StartElementHandler, parser.EndElementHandler = start, end
    return parser


def _feed(parser: expat.XMLParserType, chunk: bytes, shown: str, *, is_last: bool = False) -> None:
    try:
        parser.Parse(chunk, is_last)
    except expat.ExpatError as error:
        message = f"column {error.offset + 1}: not valid RDF: {expat.ErrorString(error.code)}."
        raise SourceError(message, shown, error.lineno) from None


def _check_depth(data: bytes, shown: str, *, is_json: bool) -> None:
    begin = (b"[", b"{") if is_json else (_BEGIN,)
    end = (b"]", b"}") if is_json else (b")>>",)
    depth = 0
    for match in (_JSON if is_json else _TURTLE).finditer(data):
        depth += (match[0] in begin) - (match[0] in end)
        if depth > DEEPEST:
            raise SourceError(TOO_DEEP, shown, data.count(b"\n", 0, match.start()) + 1)
