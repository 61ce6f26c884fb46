"""RDF files as streams of bytes: plain, gzip or Zstandard, from files or from standard input.

What a stream is compressed with is read off its first bytes, so that a file that some tool has
already unpacked, or a pipe, is read for what it is.
"""

from __future__ import annotations

import gzip
import io
import shutil
import stat
import sys
import tempfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from backports import zstd

from govgraph.errors import SourceError

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
        times = self.count // max(self.raw.tell(), 1)
        remedy = "Unpack it yourself, if you trust it."
        if self.stream is not self.raw and self.count > self.most:
            message = f"it unfolds to more than {self.most // MEGABYTE:,} MB. {remedy}"
            raise SourceError(message, self.shown)
        if self.stream is not self.raw and self.count > UNSUSPICIOUS and times > MOST_TIMES:
            message = f"it unfolds to more than {MOST_TIMES} times its size. {remedy}"
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
