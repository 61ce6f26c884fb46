"""What goes wrong between client and server, each as one line that says what to do.

Tables of tests and remedies: the first test that fits tells the remedy.
"""

import html
import os
import re
from collections.abc import Mapping, Sequence
from typing import Final

import requests

from govgraph.errors import RemoteError, printable, shortened
from govgraph.store.endpoint import SEVERAL, Endpoint

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_ADDRESSES: Final = {
    "query_url": "Is this the address queries go to? It ends in /query on Oxigraph, in /sparql on"
    " Virtuoso, in /DATASET/query on Fuseki, in /repositories/NAME on GraphDB.",
    "update_url": "Is this the address updates go to? If not, set GOVGRAPH_UPDATE_URL.",
    "graph_store_url": "Is this the address of the Graph Store Protocol? If not, set"
    " GOVGRAPH_GRAPH_STORE_URL.",
}
_SPACE: Final = "The server has no space left: free some there."
_WORDS: Final = {
    r"\bread-?only\b": "Start the server so that it takes writes.",
    "No permission": '{credentials} In isql: GRANT SPARQL_UPDATE TO "SPARQL" (or to the user).',
    r"no space left on device|disk (is )?full": _SPACE,
    "deadlock": "Something else worked on the same data, and this was undone: run it again.",
}
"""What servers say with a status that means anything -> what to do."""
_ELSEWHERE: Final = (
    "The server does not do this here: is it read-only, or its update address another one?"
    " Set GOVGRAPH_UPDATE_URL or GOVGRAPH_GRAPH_STORE_URL."
)
_LESS: Final = "Ask for less, or raise the time limit of the server or the proxy before it."
_STATUS: Final = {
    206: "Half an answer is none: ask the server, or a proxy before it, for all of it.",
    3: "It is now at {location}: use that address.",
    4: "The server does not take what was sent.",
    5: "The server failed: its log may say why.",
    401: "{credentials}",
    403: "{credentials}",
    404: "{address}",
    405: _ELSEWHERE,
    408: _LESS,
    413: "Send less at a time, or raise the limit of the server.",
    429: "Try again later.",
    501: _ELSEWHERE,
    503: "Try again later.",
    504: _LESS,
    507: _SPACE,
}
"""Status, or its first digit -> what to do."""
_NO_ANSWER: Final = (
    ("TimeoutError", "no whole answer",
     "{reason}. Set GOVGRAPH_TIMEOUT higher: a whole answer may take ten times as long.{perhaps}"),
    ("", "wrong version number|record layer failure",
     "the server does not speak https here. Is the port right? Or try http://."),
    ("", "suitable tls ca|no_certificate_or_crl",
     "REQUESTS_CA_BUNDLE: no certificates can be read from {bundle!r}. Name a file of certificates"
     " in PEM, or unset it."),
    ("SSLError", "", "the certificate is refused ({reason}). If it is your own authority's, name"
     " its file in REQUESTS_CA_BUNDLE."),
    ("ProxyError", "", "the proxy does not let it through ({reason}). Check HTTPS_PROXY."),
    ("NameResolutionError", "", "there is no such host. Check the address."),
    ("NewConnectionError", "", "no connection ({reason}). Is the server up, and the port right?"),
    ("Timeout", "handshake", "no secure connection within {connecting:g} seconds. Does this server"
     " speak https? If not, the address begins with http://."),
    ("ConnectTimeout", "",
     "no connection within {connecting:g} seconds. Is the address right, and the server up?"),
    ("Timeout", "", "no answer within {seconds:g} seconds. Set GOVGRAPH_TIMEOUT higher.{perhaps}"),
    ("ReadTimeoutError", "",
     "the answer stopped for {seconds:g} seconds. Set GOVGRAPH_TIMEOUT higher.{perhaps}"),
    ("ChunkedEncodingError", "", "the answer was cut short ({reason}). Try again.{perhaps}"),
    ("ConnectionError", "",
     "the connection broke before an answer came ({reason}). Try again.{perhaps}"),
    ("", "", "the request could not be sent ({reason})."),
)  # fmt: skip
"""A class among an error and its causes, words in what they say -> what it means."""


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type that headers name, without parameters; "" for none."""
    return headers.get("Content-Type", "").split(";")[0].strip().lower()


def check(response: requests.Response, url: str, accept: Sequence[str], endpoint: Endpoint) -> None:
    """Raise RemoteError for an answer that is not 2xx, nor of one of the media types accepted.

    Without types, the answer confirms a write, which a page for people, such as a login, does
    not. Stores confirm by HTML too: Virtuoso by no body, Fuseki by a page without a title.
    """
    if not 200 <= response.status_code < 300 or response.status_code == 206:
        raise _refusal(response, url, endpoint)
    kind = media_type(response.headers)
    page = f"an HTML page ({_words(response)})" if kind in _HTML else ""
    if accept and kind not in {name.partition(";")[0] for name in accept}:
        shown = page or kind or "an answer without Content-Type"
        message = f"found {shown}, expected {accept[0]}."
    elif not accept and page and re.search(rb"(?i)<(title|form|script)\b", response.content):
        message = f"found {page} where the store should confirm what was sent."
    else:
        return
    raise RemoteError(f"{message} {_address(url, endpoint)}", url, response.status_code)


def _refusal(response: requests.Response, url: str, endpoint: Endpoint) -> RemoteError:
    status, text = response.status_code, _words(response)
    remedy = _STATUS.get(status) or _STATUS.get(status // 100, "")
    if status not in {401, 404} and status >= 400:
        fits = (remedy for words, remedy in _WORDS.items() if re.search(f"(?i){words}", text))
        remedy = next(fits, remedy)
    wait = response.headers.get("Retry-After", "").strip()
    if wait.isdecimal() or "GMT" in wait:
        unit = " seconds" if wait.isdecimal() else ""
        remedy = f"The server asks to wait {'' if unit else 'until '}{wait}{unit}. {remedy}"
    remedy = remedy.format(
        location=response.headers.get("Location", "?"),
        address=_address(url, endpoint),
        credentials=_credentials(response, endpoint),
    )
    shown = f"{status} {response.reason or ''}".strip()
    colon = f": {text}" if text else ""
    end = "" if colon.endswith((".", "!", "?")) else "."
    return RemoteError(f"the server answered {shown}{colon}{end} {remedy}", url, status)


def no_answer(
    error: BaseException, url: str, limits: tuple[float, float], repeatable: bool
) -> RemoteError:
    """Return what it means that no answer came within the seconds for connecting and answering."""
    causes = _causes(error)
    innermost = causes[-1]  # which names what happened
    words = getattr(innermost, "verify_message", "") or getattr(innermost, "strerror", "")
    classes = {base.__name__ for cause in causes for base in type(cause).__mro__}
    text = " ".join(map(str, causes)).lower()
    message = next(
        message
        for name, pattern, message in _NO_ANSWER
        if (not name or name in classes) and re.search(pattern, text)
    )
    perhaps = "" if repeatable else " What was sent may or may not have been done: compare first."
    connecting, seconds = limits
    return RemoteError(
        message.format(
            reason=one_line(str(words or innermost)).rstrip("."),
            connecting=connecting,
            seconds=seconds,
            perhaps=perhaps,
            bundle=os.environ.get("REQUESTS_CA_BUNDLE", ""),
        ),
        url,
    )


def one_line(text: str) -> str:
    """Return the beginning of a text without line breaks and control characters."""
    return shortened(" ".join(printable(text).split()), 200)


def _address(url: str, endpoint: Endpoint) -> str:
    """Return how to tell whether an address is the right one for what it is used for."""
    uses = (use for use in _ADDRESSES if (getattr(endpoint, use) or "").partition("?")[0] == url)
    return _ADDRESSES[next(uses, "graph_store_url")]


def _credentials(response: requests.Response, endpoint: Endpoint) -> str:
    """Return why who signed in may not do it, or why nobody signed in, and how one does."""
    sent, withheld = endpoint.auth, endpoint.withheld
    scheme = response.headers.get("WWW-Authenticate", "").split(" ")[0].lower()
    name_it = "If they are for this store, name it in GOVGRAPH_ENDPOINT."
    remedies = (
        (sent and response.status_code != 401,
         "These credentials may not do this: ask for the right to, on the server."),
        (sent and scheme not in {"", sent},
         f"The server asks for {scheme}, sent was {sent}: set GOVGRAPH_AUTH={scheme}."),
        (sent == "bearer", "The token is not accepted: check GOVGRAPH_TOKEN."),
        (sent, "Name or password are not accepted: check GOVGRAPH_USER and GOVGRAPH_PASSWORD."),
        (withheld == SEVERAL, "No credentials were sent: two stores are asked, and those found name"
         f" none. {name_it}"),
        (withheld, f"No credentials were sent: those found are for {withheld}. {name_it}"),
        (True, "No credentials were sent: set GOVGRAPH_USER and GOVGRAPH_PASSWORD, or"
         " GOVGRAPH_TOKEN."),
    )  # fmt: skip
    return next(remedy for fits, remedy in remedies if fits)


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in causes:
            causes.append(cause)
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__]
    return causes


def _words(response: requests.Response) -> str:
    text = response.content.decode("utf-8", "replace")
    if media_type(response.headers) in _HTML:
        title = re.search(r"<title[^<>]*>(.*?)(?:</title>|\Z)", text, re.DOTALL | re.IGNORECASE)
        body = re.sub(r"(?s)<(script|style)\b.*?(?:</\1>|\Z)|<[^<>]*>", " ", text)
        text = html.unescape(title[1] if title else body)
    return one_line(text)
