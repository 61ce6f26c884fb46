"""Responses with what HTTP wants of them: validators, Vary, compression, one-line errors."""

import gzip
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import accepts_gzip

_WORTH_COMPRESSING: Final = 1000
REVALIDATE: Final = "public, no-cache"
"""Caches may keep a response, and ask whether it still holds: a 304 costs next to nothing."""


def content_type(media_type: str) -> str:
    """Return a media type with its charset where it has one."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def unchanged(request: Request, etag: str, headers: Mapping[str, str]) -> Response | None:
    """Return 304 with the headers a cache needs where the client holds this representation.

    RFC 9110, section 13.1.2: weak comparison. `*`, which no client that reads sends, holds nothing.
    """
    tags = request.headers.get("if-none-match", "").split(",")
    held = {tag.strip().removeprefix("W/") for tag in tags}
    if request.method not in {"GET", "HEAD"} or etag.removeprefix("W/") not in held:
        return None
    return Response(status_code=304, headers={**headers, "ETag": etag})


def document(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    etag: str,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return a whole document: 304 where the client has it, else compressed as it asks.

    With another status than 200 it tells of an error, which has no validator.
    """
    sent = {"Cache-Control": REVALIDATE, "Vary": "Accept-Encoding", **(headers or {})}
    if status == 200:
        if not_modified := unchanged(request, etag, sent):
            return not_modified
        sent["ETag"] = etag
    if len(body) >= _WORTH_COMPRESSING and accepts_gzip(request.headers.get("accept-encoding")):
        body = gzip.compress(body, 5, mtime=0)
        sent["Content-Encoding"] = "gzip"
    sent["Content-Type"] = content_type(media_type)
    return Response(body, status, sent)


def error_response(error: HttpError) -> Response:
    """Return an error as one line of plain text."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding", **error.headers}
    return PlainTextResponse(f"{error.message}\n", error.status, headers)
