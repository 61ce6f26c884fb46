"""The one place that sends something to a store: credentials, time, repetition, errors.

urllib3's `Retry` repeats, with growing pauses or the pause that Retry-After asks for (RFC 9110,
9.2.2):

no connection came about, 429             anything: it was not done
502, 503, 504, the connection broke       only what may be done twice: reading, PUT, DELETE
no answer in time, or one that trickles   nothing: the next one would take as long

Redirects are not followed and the certificates of proxies and servers always checked, so that
credentials reach the address they are meant for and no other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_environ_proxies
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    ResponseError,
)
from urllib3.util import Retry

from govgraph.errors import RemoteError, UsageError
from govgraph.resources import __version__
from govgraph.store import refusals

if TYPE_CHECKING:
    from govgraph.store.endpoint import Endpoint

ATTEMPTS: Final = 5
"""How often a request is sent at most."""
FIRST_PAUSE: Final = 0.25
"""Seconds; urllib3 sends the second time at once, and doubles the pause from then on."""
LONGEST_PAUSE: Final = 60.0
"""Seconds that a server may ask to wait; where it asks for more, its answer is the result."""
CONNECT_TIMEOUT: Final = 10.0
LEAST_BYTES: Final = 1024
"""Bytes of an answer that have to come within the timeout, unless it ends before."""
_PIECE: Final = 1 << 16
_NOT_DONE: Final = frozenset({429})
_PERHAPS_DONE: Final = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """What a server answered: status (200 to 299), headers (any case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without parameters, in small letters; "" where none is named."""
        return refusals.media_type(self.headers)


class Connection:
    """Sends to one endpoint, keeping the connection open from one request to the next."""

    def __init__(self, endpoint: Endpoint):
        self.endpoint = endpoint
        if any((url or "").lower().startswith("https:") for url in endpoint.urls):
            check_authorities()

    def send(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        accept: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Answer:
        """Send a request and return the whole answer.

        `accept` are the media types that may come back (any, where none is named); `repeatable`
        says that doing it twice does no harm; `timeout` in seconds, else that of the endpoint.
        Raises RemoteError for every answer but 2xx (its `status` tells which), a body that is cut
        short or of another type, a page for people where any type may come, and where no answer
        comes, or one so slowly that `timeout` passes without a kilobyte.
        """
        seconds = timeout or self.endpoint.timeout
        shown = url.partition("?")[0]
        fields = {"User-Agent": f"govgraph/{__version__}"}
        if accept:
            fields["Accept"] = ", ".join(accept)
        # requests allows each piece of a body as long as it allows for connecting
        connecting = seconds if len(body) > _PIECE else min(CONNECT_TIMEOUT, seconds)
        session = self._repeating if repeatable else self._sending_once
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = session.request(
                    method,
                    url,
                    params=list(params),
                    data=body or None,
                    headers=fields | {name.title(): text for name, text in (headers or {}).items()},
                    timeout=(connecting, seconds),
                    stream=True,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise refusals.no_answer(error, shown, (connecting, seconds), repeatable) from None
            try:
                return self._read(response, shown, accept, seconds)
            except refusals.CutShortError:
                if attempt == ATTEMPTS or not repeatable:
                    raise
            finally:
                response.close()
        raise AssertionError("unreachable")  # the last attempt returns or raises

    def _read(
        self, response: requests.Response, url: str, accept: Sequence[str], seconds: float
    ) -> Answer:
        """Return the answer that a response is; raises RemoteError as `send` does."""
        if not 200 <= response.status_code < 300:
            raise refusals.refusal(response, _start(response, seconds), url, self.endpoint)
        found = refusals.media_type(response.headers)
        if accept and found not in {kind.partition(";")[0] for kind in accept}:
            raise refusals.wrong_type(
                response, _start(response, seconds), url, accept[0], self.endpoint
            )
        body = b"".join(_pieces(response, url, seconds))
        if not accept:
            refusals.check_confirmation(response, body, url, self.endpoint)
        return Answer(response.status_code, response.headers, body)

    def close(self) -> None:
        """Let go of the open connections."""
        for session in (self._repeating, self._sending_once):
            session.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    @cached_property
    def _repeating(self) -> requests.Session:
        return self._session(_NOT_DONE | _PERHAPS_DONE, read=None)

    @cached_property
    def _sending_once(self) -> requests.Session:
        return self._session(_NOT_DONE, read=False)

    @cached_property
    def _auth(self) -> AuthBase | None:
        return _auth(self.endpoint)

    def _session(self, statuses: frozenset[int], read: bool | None) -> requests.Session:
        """Return a session that sends again after `statuses`, and broken connections if told."""
        retry = PatientRetry(
            total=ATTEMPTS - 1,
            read=read,
            other=0,
            status_forcelist=statuses,
            allowed_methods=None,
            backoff_factor=FIRST_PAUSE,
            respect_retry_after_header=True,
            raise_on_status=False,
        )
        session = requests.Session()
        # The environment is read once, not with each request, and what ~/.netrc holds is not sent.
        session.trust_env = False
        session.proxies.update(get_environ_proxies(self.endpoint.query_url))
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE", "") or True
        session.auth = self._auth
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        return session


class PatientRetry(Retry):
    """Gives up at once where waiting longer would be in vain."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        *pool_and_stack: Any,
        **named: Any,
    ) -> PatientRetry:
        """Return what is left of the attempts; raises urllib3's errors where nothing is."""
        if isinstance(error, ReadTimeoutError):
            raise error
        silent = isinstance(error, ConnectTimeoutError) and not isinstance(
            error, NewConnectionError
        )
        asked_for = 0 if response is None else self.get_retry_after(response) or 0
        if silent or isinstance(error, NameResolutionError) or asked_for > LONGEST_PAUSE:
            reason = error or ResponseError("asked to wait too long")
            pool: Any = named.get("_pool")
            raise MaxRetryError(pool, url or "", reason)
        return super().increment(method, url, response, error, *pool_and_stack, **named)


def _auth(endpoint: Endpoint) -> AuthBase | None:
    """Return how requests to an endpoint are signed; None for none."""

    class Bearer(AuthBase):
        def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {endpoint.token}"
            return request

    match endpoint.auth:
        case "basic":
            # as bytes: requests would send text as Latin-1, which has not every letter (RFC 7617)
            return HTTPBasicAuth(endpoint.user.encode(), endpoint.password.encode())
        case "digest":
            return HTTPDigestAuth(endpoint.user, endpoint.password)
        case "bearer":
            return Bearer()
    return None


def check_authorities() -> None:
    """Raise UsageError where the certificates to trust cannot be read from REQUESTS_CA_BUNDLE."""
    import ssl

    path = os.environ.get("REQUESTS_CA_BUNDLE", "")
    if not path or Path(path).is_dir():
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        reason = refusals.reason(error)
        raise UsageError(
            f"REQUESTS_CA_BUNDLE: no certificates can be read from {path!r} ({reason}). Name a"
            " file of certificates in PEM, or unset it."
        ) from None


def _pieces(response: requests.Response, url: str, seconds: float) -> Iterator[bytes]:
    """Yield the body of an answer piece by piece, decoded.

    Raises RemoteError where fewer than LEAST_BYTES come within `seconds`, and CutShortError where
    nothing more comes although it is not at its end.
    """
    # read1 hands on what is there; read waits for a whole piece, a byte a minute if need be
    read = getattr(response.raw, "read1", response.raw.read)
    since, received = time.monotonic(), 0
    try:
        while piece := read(_PIECE, decode_content=True):
            yield piece
            received += len(piece)
            now = time.monotonic()
            if received >= LEAST_BYTES:
                since, received = now, 0
            elif now - since > seconds:
                raise refusals.trickle(received, url, seconds)
    except HTTPError as error:
        raise refusals.cut_short(error, url, seconds) from None


def _start(response: requests.Response, seconds: float) -> bytes:
    """Return the beginning of the body of a refusal, as far as it comes."""
    body = b""
    try:
        for piece in _pieces(response, "", seconds):
            body += piece
            if len(body) >= refusals.LONGEST_START:
                break
    except RemoteError:  # cut short or slow as well: its status says enough
        pass
    return body[: refusals.LONGEST_START]
