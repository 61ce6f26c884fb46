"""What goes wrong between client and server, each as one line that says what to do."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from govgraph.errors import RemoteError
from govgraph.store import bodies
from govgraph.store.endpoint import SEVERAL

if TYPE_CHECKING:
    import requests

    from govgraph.store.endpoint import Endpoint

_SHOWN: Final = 200
_READ: Final = 4096
_QUERY_ADDRESSES: Final = (
    "Is this the address queries go to? It ends in /query on Oxigraph, in /sparql on Virtuoso,"
    " in /DATASET/query on Fuseki, in /repositories/NAME on GraphDB."
)
_UPDATE_ADDRESS: Final = "Is this the address updates go to? If not, set GOVGRAPH_UPDATE_URL."
_GRAPH_STORE_ADDRESS: Final = (
    "Is this the address of the Graph Store Protocol? If not, set GOVGRAPH_GRAPH_STORE_URL."
)
_UNSENT: Final = (
    "No credentials were sent: set GOVGRAPH_USER and GOVGRAPH_PASSWORD, or GOVGRAPH_TOKEN."
)
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_REMEDIES: Final = {
    400: "The server does not take this query.",
    403: "These credentials may not do this: ask for the right to, on the server.",
    405: "The server does not do this here: is it read-only, or its update address another one?"
    " Set GOVGRAPH_UPDATE_URL or GOVGRAPH_GRAPH_STORE_URL.",
    408: "Ask for less, or raise the time limit of the server.",
    413: "Send less at a time, or raise the limit of the server.",
    414: "Raise the limit of the server for addresses.",
    415: "The server does not read this format.",
    429: "Too many requests: try again later.",
    501: "The server does not do this: is it read-only, or without SPARQL 1.1 Update?",
    503: "Try again later.",
    504: "Ask for less, or raise the time limit of the server or the proxy before it.",
    507: "The server has no space left: free some there.",
}
_SAYINGS: Final = (
    (r"no space left on device|disk (is )?full", _REMEDIES[507]),
    (
        r"\bSR353\b|Sorted TOP clause",
        "Raise MaxSortedTopRows in virtuoso.ini, or ask for fewer rows with LIMIT.",
    ),
    (
        r"Virtuoso 40001\b|deadlock",
        "Something else worked on the same data, and this was undone: run it again.",
    ),
)
"""What servers say with a status that means anything, and what to do."""


class CutShortError(RemoteError):
    """The connection broke in the middle of an answer."""


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type that headers name, without parameters; "" for none."""
    return headers.get("Content-Type", "").split(";")[0].strip().lower()


def retry_after(response: requests.Response) -> float:
    """Return the seconds that Retry-After asks to wait (RFC 9110, 10.2.3); 0 without it."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


def check_type(
    response: requests.Response, url: str, accept: Sequence[str], endpoint: Endpoint
) -> None:
    """Raise RemoteError where an answer is of none of the media types asked for."""
    found = media_type(response.headers)
    if not accept or found in accept:
        return
    if found in _HTML:
        shown = f"an HTML page ({_said(response, endpoint)})"
    else:
        shown = found or "an answer without Content-Type"
    message = f"found {shown}, expected {accept[0]}. {_addresses(url, endpoint)}"
    raise RemoteError(message, url, response.status_code)


def check_done(
    status: int, headers: Mapping[str, str], body: bytes, url: str, endpoint: Endpoint
) -> None:
    """Raise RemoteError where what should confirm a write is a page for people, such as a login.

    Stores confirm by HTML too: Virtuoso by no body, Fuseki by "<h1>Success</h1>" on a page without
    a title, Blazegraph by what it counted.
    """
    url = url.partition("?")[0]
    is_page = re.search(rb"(?i)<(title|form|script)\b", body) and b"mutationCount=" not in body
    if media_type(headers) in _HTML and is_page:
        message = (
            f"found an HTML page ({_words(body[:_READ], headers)}) where the store should confirm"
            f" what was sent. {_addresses(url, endpoint)}"
        )
        raise RemoteError(message, url, status)


def _addresses(url: str, endpoint: Endpoint) -> str:
    """Return how to tell whether an address is the right one for what it is used for."""
    named = {
        (endpoint.graph_store_url or "").partition("?")[0]: _GRAPH_STORE_ADDRESS,
        (endpoint.update_url or "").partition("?")[0]: _UPDATE_ADDRESS,
        endpoint.query_url.partition("?")[0]: _QUERY_ADDRESSES,
    }
    return named.get(url, _QUERY_ADDRESSES)


def refusal(response: requests.Response, url: str, endpoint: Endpoint) -> RemoteError:
    """Return what an answer other than 2xx means."""
    status = response.status_code
    said = _said(response, endpoint)
    known = next((remedy for form, remedy in _SAYINGS if re.search(f"(?i){form}", said)), "")
    shown = f"{status} {response.reason or ''}".strip()
    if 300 <= status < 400:
        remedy = f"It is now at {response.headers.get('Location', '?')}: use that address."
    elif status == 401:
        remedy = _sign_in(response, endpoint)
    elif "No permission" in said:  # how Virtuoso says it, with status 500
        remedy = (
            f'{_forbidden(endpoint)} In isql: GRANT SPARQL_UPDATE TO "SPARQL" (or to the user).'
        )
    elif status == 403:
        remedy = _forbidden(endpoint)
    elif status == 404:
        remedy = _addresses(url, endpoint)
    elif known:
        remedy = known
    else:
        remedy = _REMEDIES.get(status, "The server failed: its log may say why.")
        wait = retry_after(response)
        if wait:
            remedy = f"The server asks to wait {wait:.0f} seconds. {remedy}"
    colon = f": {said}" if said else ""
    end = "" if colon.endswith((".", "!", "?")) else "."
    return RemoteError(f"the server answered {shown}{colon}{end} {remedy}", url, status)


def _sign_in(response: requests.Response, endpoint: Endpoint) -> str:
    asked = response.headers.get("WWW-Authenticate", "").split(" ")[0].lower()
    if not endpoint.auth:
        return _unsent(endpoint)
    if asked and asked != endpoint.auth:
        return f"The server asks for {asked}, sent was {endpoint.auth}: set GOVGRAPH_AUTH={asked}."
    if endpoint.auth == "bearer":
        return "The token is not accepted: check GOVGRAPH_TOKEN."
    return "Name or password are not accepted: check GOVGRAPH_USER and GOVGRAPH_PASSWORD."


def _forbidden(endpoint: Endpoint) -> str:
    return _REMEDIES[403] if endpoint.auth else _unsent(endpoint)


def _unsent(endpoint: Endpoint) -> str:
    """Return why nobody signed in, and how one does."""
    if not endpoint.withheld:
        return _UNSENT
    why = (
        "two stores are asked, and those found name none"
        if endpoint.withheld == SEVERAL
        else f"those found are for {endpoint.withheld}"
    )
    return (
        f"No credentials were sent: {why}. If they are for this store, name it in"
        " GOVGRAPH_ENDPOINT."
    )


def may_repeat(error: requests.RequestException, repeatable: bool) -> bool:
    """Tell whether a request that got no answer may be sent again."""
    import requests

    hopeless = (
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        requests.ConnectTimeout,  # the next one would take as long
    )
    if isinstance(error, hopeless) or _unknown_host(error):
        return False
    if _unconnected(error):
        return True
    return repeatable and isinstance(error, requests.ConnectionError)


def no_answer(
    error: requests.RequestException, url: str, limits: tuple[float, float], repeatable: bool
) -> RemoteError:
    """Return what it means that no answer came within the seconds for connecting and answering."""
    import requests

    connecting, seconds = limits

    perhaps = "" if repeatable else " What was sent may or may not have been done: compare first."
    if _speaks_no_tls(error):
        message = "the server does not speak https here. Is the port right? Or try http://."
    elif isinstance(error, requests.exceptions.SSLError):
        message = (
            f"the certificate is refused ({reason(error)}). If it is your own authority's, name"
            " its file in REQUESTS_CA_BUNDLE."
        )
    elif isinstance(error, requests.exceptions.ProxyError):
        message = f"the proxy does not let it through ({reason(error)}). Check HTTPS_PROXY."
    elif isinstance(error, requests.ConnectTimeout):
        message = (
            f"no connection within {connecting:g} seconds. Is the address right, and the server up?"
        )
    elif isinstance(error, requests.Timeout) and _mentions(error, "handshake"):
        message = (
            f"no secure connection within {connecting:g} seconds. Does this server speak https? If"
            " not, the address begins with http://."
        )
    elif isinstance(error, requests.Timeout):
        message = f"no answer within {seconds:g} seconds. Set GOVGRAPH_TIMEOUT higher.{perhaps}"
    elif _unknown_host(error):
        message = "there is no such host. Check the address."
    elif _unconnected(error):
        message = f"no connection ({reason(error)}). Is the server up, and the port right?"
    elif isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        message = (
            f"the connection broke before an answer came ({reason(error)}). Try again.{perhaps}"
        )
    else:
        message = f"the request could not be sent ({reason(error)})."
    return RemoteError(message, url)


def trickle(error: bodies.TrickleError, url: str) -> RemoteError:
    """Return what it means that an answer comes all too slowly."""
    return RemoteError(f"the answer trickles ({error}). Set GOVGRAPH_TIMEOUT higher.", url)


def cut_short(error: Exception, url: str, seconds: float) -> RemoteError:
    """Return what it means that the body of an answer did not come to its end."""
    if "timed out" in str(error).lower():
        message = f"the answer stopped for {seconds:g} seconds. Set GOVGRAPH_TIMEOUT higher."
        return RemoteError(message, url)
    return CutShortError(f"the answer was cut short ({reason(error)}). Try again.", url)


def _unconnected(error: requests.RequestException) -> bool:
    from urllib3.exceptions import NewConnectionError

    return any(isinstance(each, NewConnectionError) for each in _causes(error))


def _unknown_host(error: requests.RequestException) -> bool:
    from urllib3.exceptions import NameResolutionError

    return any(isinstance(each, NameResolutionError) for each in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and all that it wraps, from the outside in."""
    found: list[BaseException] = []
    following: list[object] = [error]
    while following:
        each = following.pop(0)
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            following += [*each.args, getattr(each, "reason", None), each.__cause__]
    return found


def _mentions(error: BaseException, word: str) -> bool:
    return any(word in str(each).lower() for each in _causes(error))


def _speaks_no_tls(error: BaseException) -> bool:
    return _mentions(error, "wrong version number") or _mentions(error, "record layer failure")


def reason(error: BaseException) -> str:
    """Return the innermost words of an error, which name what happened."""
    innermost = _causes(error)[-1]
    words = getattr(innermost, "verify_message", "") or getattr(innermost, "strerror", "")
    return _one_line(str(words or innermost)).rstrip(".")


def _said(response: requests.Response, endpoint: Endpoint) -> str:
    """Return the beginning of what a server says of its refusal, as one line without tags."""
    raw = b""
    with suppress(Exception):  # an answer cut short as well: its status says enough
        for piece in bodies.pieces(response, endpoint.timeout):
            raw += piece
            if len(raw) >= _READ:
                break
    return _words(raw[:_READ], response.headers)


def _words(raw: bytes, headers: Mapping[str, str]) -> str:
    """Return the beginning of a text, or the title or else text of a page, as one line."""
    text = raw.decode("utf-8", "replace")
    if media_type(headers) in _HTML:
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.DOTALL | re.IGNORECASE)
        body = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", text)
        text = html.unescape(title[1] if title else body)
    return _one_line(text)


def _one_line(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(plain.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
