"""The one place that sends something to a store: credentials, time, repetition, errors.

What is repeated, with growing pauses or the pause that Retry-After asks for (RFC 9110, 9.2.2):

no connection came about, 429             anything: it was not done
503, 502, 504, the connection broke       only what may be done twice: reading, PUT, DELETE
no answer in time, or one that trickles   nothing: the next one would take as long

Redirects are not followed and proxies' and servers' certificates always checked, so that
credentials reach the address they are meant for and no other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from govgraph.errors import UsageError
from govgraph.resources import __version__
from govgraph.store import bodies, refusals

if TYPE_CHECKING:
    import requests

    from govgraph.store.endpoint import Endpoint

Body = bytes | Callable[[], Iterable[bytes]]
"""What is sent: bytes, or what gives them piece by piece, called anew when it is sent again."""

ATTEMPTS: Final = 5
FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 60.0
CONNECT_TIMEOUT: Final = 10.0
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
    """Sends to one endpoint, keeping the connection open from one request to the next.

    `attempts` is how often a request is sent at most. May be used from several threads.
    """

    def __init__(self, endpoint: Endpoint, *, attempts: int = ATTEMPTS):
        self.endpoint, self.attempts = endpoint, attempts
        self._session = _session(endpoint)

    def send(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: Body = b"",
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
        attempts = self.attempts if repeatable else 1
        for attempt in range(1, attempts + 1):
            try:
                with self.stream(
                    method, url, repeatable=repeatable, params=params, headers=headers, body=body,
                    accept=accept, timeout=timeout,
                ) as (answer, pieces):  # fmt: skip
                    whole = Answer(answer.status, answer.headers, b"".join(pieces))
                if not accept:
                    refusals.check_done(whole.status, whole.headers, whole.body, url, self.endpoint)
                return whole
            except refusals.CutShortError:
                if attempt == attempts:
                    raise
        raise AssertionError("unreachable")  # the last attempt returns or raises

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: Body = b"",
        accept: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """As `send`, with the body piece by piece: `with stream(…) as (answer, pieces)`.

        The body of `answer` is empty. The pieces raise RemoteError where the body is cut short.
        """
        seconds = timeout or self.endpoint.timeout
        fields = {"User-Agent": f"govgraph/{__version__}"}
        if accept:
            fields["Accept"] = ", ".join(accept)
        fields |= {name.title(): value for name, value in (headers or {}).items()}
        response = self._answered(
            method, url, repeatable, seconds, list(params), fields, body if body else None
        )
        try:
            answer, named = Answer(response.status_code, response.headers, b""), _named(url)
            refusals.check_type(response, named, accept, self.endpoint)
            yield answer, _pieces(response, named, seconds)
        finally:
            response.close()

    def close(self) -> None:
        """Let go of the open connections."""
        self._session.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _answered(
        self,
        method: str,
        url: str,
        repeatable: bool,
        seconds: float,
        params: list[tuple[str, str]],
        headers: Mapping[str, str],
        body: Body | None,
    ) -> requests.Response:
        """Return the answer of the first attempt that has a good one; its body is not read yet."""
        import requests

        named = _named(url)
        # requests allows each piece of a body as long as it allows for connecting
        long = callable(body) or len(body or b"") > _PIECE
        connecting = seconds if long else min(CONNECT_TIMEOUT, seconds)
        pause = FIRST_PAUSE
        for attempt in range(1, self.attempts + 1):
            last = attempt == self.attempts
            try:
                response = self._session.request(
                    method,
                    url,
                    params=params,
                    data=_Reiterable(body) if callable(body) else body,
                    headers=headers,
                    timeout=(connecting, seconds),
                    stream=True,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                again = not last and refusals.may_repeat(error, repeatable)
                if not again:
                    raise refusals.no_answer(
                        error, named, (connecting, seconds), repeatable
                    ) from None
            else:
                if response.ok and not 300 <= response.status_code < 400:
                    return response
                wait = refusals.retry_after(response)
                known = response.status_code in _NOT_DONE
                again = known or (repeatable and response.status_code in _PERHAPS_DONE)
                if last or not again or wait > min(LONGEST_PAUSE, seconds):
                    raise refusals.refusal(response, named, self.endpoint)
                pause = max(pause, wait)
                response.close()
            time.sleep(pause)
            pause *= 2
        raise AssertionError("unreachable")  # the last attempt returns or raises


def _named(url: str) -> str:
    """Return what errors name: an address without the query, which would fill the screen."""
    return url.partition("?")[0]


class _Reiterable:
    """A body in pieces that starts anew each time it is sent, as digest sign-in sends it twice."""

    def __init__(self, pieces: Callable[[], Iterable[bytes]]):
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces())


def _session(endpoint: Endpoint) -> requests.Session:
    import requests
    from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
    from requests.utils import get_environ_proxies

    class Bearer(AuthBase):
        def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {endpoint.token}"
            return request

    session = requests.Session()
    # The environment is read once, not with each request, and what ~/.netrc holds is not sent.
    session.trust_env = False
    session.proxies.update(get_environ_proxies(endpoint.query_url))
    session.verify = _authorities() if any(_is_https(endpoint)) else True
    match endpoint.auth:
        case "basic":
            # as bytes: requests would send text as Latin-1, which has not every letter (RFC 7617)
            session.auth = HTTPBasicAuth(endpoint.user.encode(), endpoint.password.encode())
        case "digest":
            session.auth = HTTPDigestAuth(endpoint.user, endpoint.password)
        case "bearer":
            session.auth = Bearer()
    return session


def _is_https(endpoint: Endpoint) -> Iterator[bool]:
    for url in (endpoint.query_url, endpoint.update_url, endpoint.graph_store_url):
        yield (url or "").lower().startswith("https:")


def _authorities() -> str | bool:
    """Return the file or folder of certificates to trust, True for those of requests.

    Raises UsageError where there are none in it.
    """
    import ssl

    named = os.environ.get("REQUESTS_CA_BUNDLE", "")
    if not named or Path(named).is_dir():
        return named or True
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(named)
    except OSError as error:
        reason = refusals.reason(error)
        raise UsageError(
            f"REQUESTS_CA_BUNDLE: no certificates can be read from {named!r} ({reason}). Name a"
            " file of certificates in PEM, or unset it."
        ) from None
    return named


def _pieces(response: requests.Response, url: str, seconds: float) -> Iterator[bytes]:
    from urllib3.exceptions import HTTPError

    try:
        yield from bodies.pieces(response, seconds)
    except bodies.TrickleError as error:
        raise refusals.trickle(error, url) from None
    except HTTPError as error:
        raise refusals.cut_short(error, url, seconds) from None
