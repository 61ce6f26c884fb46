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

from govgraph.errors import SourceError, UsageError
from govgraph.extras import needed
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
PIECE: Final = 1 << 12
"""Bytes of Zstandard unpacked at once: at its best ratio, 32,000, they become 128 MB."""


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
    try:
        raw: Any = sys.stdin.buffer if path is None else path.open("rb")
    except FileNotFoundError:
        raise SourceError("no such file. Check the path.", shown) from None
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}).", shown) from None
    try:
        stream = io.BufferedReader(
            _Checked(_unpacked(io.BufferedReader(raw), shown), shown), 1 << 20
        )
        if stream.peek(3).startswith(BOM_UTF8):  # as Windows writes it; RDF has none
            stream.read(3)
        yield stream
    finally:
        if path is not None:
            raw.close()


def _unpacked(raw: io.BufferedReader, shown: str) -> Any:
    try:
        head = raw.peek(8)[:8]
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}).", shown) from None
    if head.startswith(GZIP):
        return gzip.GzipFile(fileobj=raw)
    if head.startswith(ZSTANDARD) or head[1:4] == ZSTANDARD_SKIPPABLE:
        return _Zstandard(raw)
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
        try:
            found: int = self.stream.readinto(buffer)
        except (EOFError, zlib.error, gzip.BadGzipFile, _BrokenError) as error:
            message = f"the compressed data are cut short or damaged ({error}). Fetch it anew."
            raise SourceError(message.replace("\n", " "), self.shown) from None
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror}).", self.shown) from None
        return found


class _BrokenError(Exception):
    """Zstandard data that end in the middle or make no sense."""


class _Zstandard(io.RawIOBase):
    """Unpacks frame after frame; zstandard's own reader takes a frame cut short for a whole one."""

    def __init__(self, raw: io.BufferedReader):
        with needed("web", "Zstandard files (.zst)"):
            import zstandard
        self.error: type[Exception] = zstandard.ZstdError
        self.raw, self.unpacker = raw, zstandard.ZstdDecompressor()
        self.frame: Any = None
        self.given, self.ready, self.at = b"", b"", 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer with what is unpacked; returns 0 at the end."""
        while self.at == len(self.ready):
            piece = self.given or self.raw.read(PIECE)
            if not piece:
                if self.frame is not None:
                    raise _BrokenError("it ends within a frame")
                return 0
            self.frame = self.frame or self.unpacker.decompressobj()
            try:
                self.ready, self.at = self.frame.decompress(piece), 0
            except self.error as error:
                raise _BrokenError(str(error)) from None
            self.given = b""
            if self.frame.eof:
                self.given, self.frame = self.frame.unused_data, None
        view = memoryview(buffer).cast("B")
        part = self.ready[self.at : self.at + len(view)]
        view[: len(part)] = part
        self.at += len(part)
        return len(part)


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
