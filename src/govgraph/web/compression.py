"""Content codings (RFC 9110, section 8.4.1): which there are, and what compresses for each."""

from __future__ import annotations

import zlib
from typing import Final, Protocol

from backports import zstd

ENCODINGS: Final = ("zstd", "gzip")
"""Content codings there are, the best first."""


class Compressor(Protocol):
    """What zlib and zstd share."""

    def compress(self, data: bytes, /) -> bytes: ...  # noqa: D102
    def flush(self) -> bytes: ...  # noqa: D102


class _Identity:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def compressor(encoding: str) -> Compressor:
    """Return what compresses a stream for a content coding; any other than ours leaves it as is."""
    if encoding == "gzip":
        return zlib.compressobj(5, zlib.DEFLATED, 31)
    if encoding == "zstd":
        return zstd.ZstdCompressor(level=3)
    return _Identity()
