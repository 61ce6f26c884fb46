"""Content codings (RFC 9110, section 8.4.1): which there are, and what compresses for each."""

from __future__ import annotations

import importlib.util
import zlib
from typing import Final, Protocol

ENCODINGS: Final = tuple(
    name for name in ("zstd", "gzip") if name == "gzip" or importlib.util.find_spec("zstandard")
)
"""Content codings there are, the best first."""


class Compressor(Protocol):
    """What zlib and zstandard share."""

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
        import zstandard

        return zstandard.ZstdCompressor(level=3).compressobj()
    return _Identity()
