"""Request bodies read within limits, and the parameters in them."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from govgraph.web.http_error import HttpError
from govgraph.web.server.limits import MEGABYTE, Limits

_DRAINED: Final = 16 * MEGABYTE
_MOST_FIELDS: Final = 200


def media_type(request: Request) -> str:
    """Return the content type of a request without its parameters, "" where it has none."""
    name = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return name if name.isprintable() and name.isascii() else ""


async def read_body(request: Request, limits: Limits) -> bytes:
    """Return the body of a request.

    Raises HttpError: 413 where it is larger than the limit of a query, 408 where it is not there
    within the stall limit, 400 where it is not complete.
    """
    most = limits.query_limit
    declared = request.headers.get("content-length", "0")
    too_large = HttpError(
        413,
        f"The body is larger than {most:,} bytes: send less at once.",
        {"Connection": "close"},
    )
    over = declared.isdigit() and int(declared) > most
    if over and "expect" in request.headers:
        raise too_large  # it asked first
    pieces, size = [], 0
    try:
        async with asyncio.timeout(limits.stall_limit):
            async for piece in request.stream():
                size += len(piece)
                if size <= most:
                    pieces.append(piece)
                elif size > most + _DRAINED:
                    break
    except TimeoutError:
        raise HttpError(408, "The body came too slowly.", {"Connection": "close"}) from None
    except ClientDisconnect:
        raise HttpError(400, "The body is not complete.", {"Connection": "close"}) from None
    # A body somewhat too large is read to its end all the same: a client that is still writing
    # would else see a broken connection in the place of the answer.
    if size > most:
        raise too_large
    if declared.isdigit() and size < int(declared):
        raise HttpError(400, "The body is not complete.", {"Connection": "close"})
    return b"".join(pieces)


def parse_parameters(content: bytes) -> list[tuple[str, str]]:
    """Return the fields of a query string or a form; raises HttpError 400 where it is none."""
    try:
        return parse_qsl(
            content.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise HttpError(400, "The parameters are not percent-encoded UTF-8.") from None
    except ValueError as error:
        raise HttpError(400, f"The parameters cannot be read: {error}.") from None
