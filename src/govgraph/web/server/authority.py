"""Who may write: whoever knows the token (RFC 6750, the bearer token in a header)."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import Final

from starlette.requests import Request

from govgraph.errors import UsageError
from govgraph.web.server.limits import Refusal

VARIABLE: Final = "GOVGRAPH_TOKEN"
_SHORTEST: Final = 16


def read_token(file: Path | None) -> str:
    """Return the token: the content of a file, else of the environment variable.

    Raises UsageError where there is none, or one that could be guessed.
    """
    where = f"--token-file {file}" if file is not None else VARIABLE
    try:
        text = os.environ.get(VARIABLE, "") if file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"{where}: cannot be read ({reason}).") from None
    token = text.strip()
    make = "Make one: python -c 'import secrets; print(secrets.token_urlsafe())'"
    if not token:
        raise UsageError(
            f"--writable needs a token, in the environment variable {VARIABLE} or a file named with"
            f" --token-file. {make}"
        )
    if len(token) < _SHORTEST or not (token.isascii() and token.isprintable() and " " not in token):
        raise UsageError(
            f"{where}: found a token of {len(token)} characters, expected at least {_SHORTEST},"
            f" ASCII and without spaces. {make}"
        )
    return token


class Authority:
    """Knows the digest of the token, and lets pass who sends it."""

    def __init__(self, token: str):
        self._digest = _digest(token)

    def check(self, request: Request) -> None:
        """Raise Refusal 401 where a request does not bear the token."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            raise _refusal("Writing needs the header: Authorization: Bearer TOKEN", "")
        # Digests have one length, and are compared in the same time wherever they differ.
        if not hmac.compare_digest(self._digest, _digest(given.strip())):
            raise _refusal("The token is not that of this server.", ', error="invalid_token"')


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _refusal(message: str, detail: str) -> Refusal:
    headers = {"WWW-Authenticate": f'Bearer realm="govgraph"{detail}', "Connection": "close"}
    return Refusal(401, message, headers)
