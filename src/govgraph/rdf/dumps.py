"""RDF dumps as streams of bytes: plain, gzip or Zstandard, from files or from standard input.

What a stream is compressed with is read off its first bytes, so that a file that some tool has
already unpacked, or a pipe, is read for what it is.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from backports import zstd

from govgraph.errors import SourceError, UsageError
from govgraph.rdf.formats import (
    RDF_FORMATS,
    RdfFormat,
    format_of,
    known_endings,
    without_endings,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP, ZSTANDARD, ZSTANDARD_SKIPPABLE = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18"
FOREIGN: Final = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"PK\x03\x04": "zip"}


@dataclass(frozen=True, slots=True)
class Dump:
    """A file, or standard input where `path` is None.

    `shown` names it in messages, `name` in IRIs.
    """

    path: Path | None
    format: RdfFormat
    shown: str
    name: str


@contextmanager
def opened(path: Path | None, shown: str) -> Iterator[IO[bytes]]:
    """Open a dump for reading, unpacked; None is standard input.

    Raises SourceError for a file that cannot be read, is cut short or damaged, or is compressed
    in another way.
    """
    with _readable(shown):
        raw: Any = sys.stdin.buffer if path is None else path.open("rb")
    try:
        unpacked = _unpacked(io.BufferedReader(raw), shown)
        stream = io.BufferedReader(_Checked(unpacked, shown), 1 << 20)
        if stream.peek(3).startswith(BOM_UTF8):  # as Windows writes it; RDF has none
            stream.read(3)
        yield stream
    finally:
        if path is not None:
            raw.close()


@contextmanager
def _readable(shown: str) -> Iterator[None]:
    """Raise SourceError where a file cannot be opened or read."""
    try:
        yield
    except FileNotFoundError:
        raise SourceError("no such file. Check the path.", shown) from None
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}).", shown) from None


def _unpacked(raw: io.BufferedReader, shown: str) -> Any:
    with _readable(shown):
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

    def __init__(self, stream: Any, shown: str):
        self.stream, self.shown = stream, shown

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer; returns 0 at the end."""
        with _readable(self.shown):
            try:
                size: int = self.stream.readinto(buffer)
            except (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError) as error:
                message = f"the compressed data are cut short or damaged ({error}). Fetch it anew."
                raise SourceError(message.replace("\n", " "), self.shown) from None
        return size


def read_text(path: Path, shown: str) -> str:
    """Return the UTF-8 text of `path`; raises SourceError with the line of the first bad byte."""
    with _readable(shown):
        return decoded(path.read_bytes(), shown)


def decoded(raw: bytes, shown: str) -> str:
    """Return UTF-8 as text; raises SourceError with the line of the first bad byte."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8. Save the file as UTF-8."
        raise SourceError(message, shown, line) from None


def dump_of(path: Path, format_name: str | None = None) -> Dump:
    """Return the dump a path names; "-" is standard input.

    `format_name` ("nq") is the format where the name does not tell it. Raises UsageError for a
    path that is not the name of a dump.
    """
    if str(path) != "-" and path.is_dir():
        raise UsageError(f"{path} is a folder. Name the files in it, such as {path}/*.nq.gz.")
    rdf_format = format_of(path)
    if rdf_format is None or not rdf_format.streamed:
        if format_name is None:
            message = (
                "standard input has no name to tell its format. Say --format nq, for instance."
            )
            if str(path) != "-":
                endings = f"{known_endings(streamed=True)}, then .gz or .zst where compressed"
                message = f"{path}: no name of a dump ({endings}). Rename it, or say --format nq."
            raise UsageError(message)
        rdf_format = RDF_FORMATS[format_name]
    if str(path) == "-":
        return Dump(None, rdf_format, "standard input", "stdin")
    return Dump(path, rdf_format, str(path), without_endings(Path(path.name)).name)
