"""Responses with what HTTP wants of them: validators, Vary, compression, one-line errors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from govgraph.web.compression import ENCODINGS, compressor
from govgraph.web.http_error import HttpError
from govgraph.web.negotiation import choose_encoding

_WORTH_COMPRESSING: Final = 1000
REVALIDATE: Final = "public, no-cache"
"""Caches may keep a response, and ask whether it still holds: a 304 costs next to nothing."""


def content_type(media_type: str) -> str:
    """Return a media type with its charset where it has one."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def encoding_for(request: Request) -> str:
    """Return the content coding a request asks for."""
    return _encoding(request.headers.get("accept-encoding"))


@lru_cache(maxsize=256)
def _encoding(accept: str | None) -> str:
    return choose_encoding(accept, ENCODINGS)


def matches(request: Request, etag: str) -> bool:
    """Whether the client holds this representation (RFC 9110, section 13.1.2: weak comparison)."""
    if request.method not in {"GET", "HEAD"}:
        return False
    header = request.headers.get("if-none-match", "")
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return header.strip() == "*" or etag.removeprefix("W/") in tags


def not_modified(etag: str, headers: Mapping[str, str]) -> Response:
    """Return 304 with the headers a cache needs."""
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
        if matches(request, etag):
            return not_modified(etag, sent)
        sent["ETag"] = etag
    encoding = encoding_for(request)
    if encoding != "identity" and len(body) >= _WORTH_COMPRESSING:
        packer = compressor(encoding)
        body = packer.compress(body) + packer.flush()
        sent["Content-Encoding"] = encoding
    sent["Content-Type"] = content_type(media_type)
    return Response(body, status, sent)


def error_response(error: HttpError) -> Response:
    """Return an error as one line of plain text."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding", **error.headers}
    return PlainTextResponse(f"{error.message}\n", error.status, headers)
