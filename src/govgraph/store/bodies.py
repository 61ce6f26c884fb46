"""The body of an answer, as it comes: bounded in time, however little of it comes at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import requests

LEAST: Final = 1024
"""Bytes that have to come within the timeout, unless the answer ends before."""
_PIECE: Final = 1 << 16


class TrickleError(Exception):
    """An answer comes, but too slowly to wait for its end."""


def pieces(response: requests.Response, seconds: float) -> Iterator[bytes]:
    """Yield the body of an answer piece by piece, decoded.

    Raises TrickleError where fewer than LEAST bytes come within `seconds`, and urllib3's HTTPError
    where nothing does, or the body is cut short.
    """
    # read1 hands on what is there; read waits for a whole piece, a byte a minute if need be
    read = getattr(response.raw, "read1", response.raw.read)
    since, came = time.monotonic(), 0
    while piece := read(_PIECE, decode_content=True):
        yield piece
        came += len(piece)
        now = time.monotonic()
        if came >= LEAST:
            since, came = now, 0
        elif now - since > seconds:
            raise TrickleError(f"{came:,} bytes within {seconds:g} seconds")
