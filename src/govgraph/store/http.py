"""The one place that sends something to a store: credentials, time, repetition, errors.

urllib3's `Retry` repeats, with growing pauses or the pause that Retry-After asks for (RFC 9110,
9.2.2):

no connection came about, 429             anything: it was not done
502, 503, 504, the connection broke       only what may be done twice: reading, PUT, DELETE
no answer in time, an answer cut short    nothing

An answer has a limit of time as a whole, and of size when unpacked. Redirects are not followed and
the certificates of proxies and servers always checked, so that credentials reach the address they
are meant for and no other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Final

import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_environ_proxies
from urllib3 import exceptions
from urllib3.util import Retry

from govgraph.errors import RemoteError, warn
from govgraph.resources import __version__
from govgraph.store import refusals
from govgraph.store.endpoint import Endpoint

ATTEMPTS: Final = 5  # how often a request is sent at most
FIRST_PAUSE: Final = 0.25
"""Seconds; urllib3 sends the second time at once, and doubles the pause from then on."""
LONGEST_PAUSE: Final = 60.0
"""Seconds that a server may ask to wait; where it asks for more, its answer is the result."""
CONNECT_TIMEOUT: Final = 10.0
WHOLE: Final = 10  # how many times its timeout an answer may take as a whole
PATIENCE: Final = 10.0  # seconds after which a user is told that there is none yet
_LARGE: Final = 1 << 16
_NOT_DONE: Final = 429
_PERHAPS_DONE: Final = (502, 503, 504)
_IN_VAIN: Final = (exceptions.ConnectTimeoutError, exceptions.NameResolutionError)
"""Nothing answers, or there is no such host; a port where nobody listens yet is another error."""


class Connection:
    """Sends to one endpoint, keeping the connection open from one request to the next."""

    def __init__(self, endpoint: Endpoint):
        self.endpoint = endpoint
        self._session = session = requests.Session()
        # The environment is read once, not with each request, and what ~/.netrc holds is not sent.
        session.trust_env = False
        session.proxies.update(get_environ_proxies(endpoint.query_url))
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE", "") or True
        session.headers["User-Agent"] = f"govgraph/{__version__}"
        if endpoint.auth == "basic":
            # as bytes: requests would send text as Latin-1, which has not every letter (RFC 7617)
            session.auth = HTTPBasicAuth(endpoint.user.encode(), endpoint.password.encode())
        elif endpoint.auth == "digest":
            session.auth = HTTPDigestAuth(endpoint.user, endpoint.password)
        elif endpoint.auth == "bearer":
            session.headers["Authorization"] = f"Bearer {endpoint.token}"

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
    ) -> requests.Response:
        """Send a request and return the whole answer.

        `accept` are the media types that may come back (any, where none is named); `repeatable`
        says that doing it twice does no harm.
        Raises RemoteError for every answer but 2xx (its `status` tells which), a body that is cut
        short, too large or of another type, a page for people where any type may come, and where
        no answer comes.
        """
        seconds = self.endpoint.timeout
        address = url.partition("?")[0]
        # requests allows each piece of a body as long as it allows for connecting
        connecting = seconds if len(body) > _LARGE else min(CONNECT_TIMEOUT, seconds)
        retry = PatientRetry(
            total=ATTEMPTS - 1,
            read=None if repeatable else False,
            other=0,
            status_forcelist=(_NOT_DONE, *_PERHAPS_DONE) if repeatable else (_NOT_DONE,),
            allowed_methods=None,
            backoff_factor=FIRST_PAUSE,
            raise_on_status=False,
        )
        for adapter in self._session.adapters.values():
            adapter.max_retries = retry  # type: ignore[attr-defined]
        given_up = Event()

        def exchange() -> requests.Response:
            answer = self._session.request(
                method,
                url,
                params=list(params),
                data=body or None,
                headers={"Accept": ", ".join(accept) or "*/*", **(headers or {})},
                timeout=(connecting, seconds),
                allow_redirects=False,
                stream=True,
            )
            answer._content = self._content(answer, address, given_up)
            return answer

        try:
            response = _in_time(exchange, address, seconds * WHOLE)
        except (OSError, ValueError) as error:  # requests' own; certificates, headers
            raise refusals.no_answer(error, address, (connecting, seconds), repeatable) from None
        finally:
            given_up.set()
        refusals.check(response, address, accept, self.endpoint)
        return response

    def _content(self, answer: requests.Response, address: str, given_up: Event) -> bytes:
        """Return the body, unpacked; raises RemoteError where it is larger than may be."""
        content = bytearray()
        for piece in answer.iter_content(_LARGE):
            content += piece
            if len(content) > self.endpoint.largest * 1_000_000 or given_up.is_set():
                answer.close()
                raise RemoteError(
                    f"the answer has more than {self.endpoint.largest:,g} MB. Ask for less at a"
                    " time, or set GOVGRAPH_LARGEST_ANSWER (in MB) higher.",
                    address,
                )
        return bytes(content)

    def close(self) -> None:
        """Let go of the open connections."""
        self._session.close()


def _in_time(
    exchange: Callable[[], requests.Response], address: str, longest: float
) -> requests.Response:
    """Return what an exchange returns, or raise what it raises; tell where it takes long.

    Raises TimeoutError where it takes longer than it may, however it comes: the limit of a
    connection counts from one piece to the next, so that a byte now and then would never end.
    """
    ended: Future[requests.Response] = Future()

    def run() -> None:
        try:
            ended.set_result(exchange())
        except Exception as error:  # raised where somebody waits for it
            ended.set_exception(error)

    Thread(target=run, daemon=True).start()
    if not wait([ended], min(PATIENCE, longest)).done and longest > PATIENCE:
        warn(f"{address}: no whole answer for {PATIENCE:g} seconds; waiting {longest:g}.")
        wait([ended], longest - PATIENCE)
    if not ended.done():
        raise TimeoutError(f"no whole answer within {longest:g} seconds")
    return ended.result()


class PatientRetry(Retry):
    """Gives up at once where waiting longer would be in vain."""

    def parse_retry_after(self, retry_after: str) -> float:
        """Return the pause asked for; 0, as if none were, for what is neither time nor number."""
        with suppress(exceptions.InvalidHeader):
            return super().parse_retry_after(retry_after)
        return 0

    def increment(self, method: Any = None, url: Any = None, **named: Any) -> PatientRetry:  # type: ignore[override]
        """Return what is left of the attempts; raises urllib3's errors where nothing is."""
        error, response = named.get("error"), named.get("response")
        if isinstance(error, exceptions.ReadTimeoutError):
            raise error
        pause = 0 if response is None else self.get_retry_after(response) or 0
        if type(error) in _IN_VAIN or pause > LONGEST_PAUSE:
            reason = error or exceptions.ResponseError("asked to wait too long")
            raise exceptions.MaxRetryError(named["_pool"], url, reason)
        return super().increment(method, url, **named)
