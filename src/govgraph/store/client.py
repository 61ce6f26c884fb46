"""Queries and updates to a store, and its answers as results.

A short query is a GET, which caches on the way may keep; a long one a POST with parameters (the
form that each server reads: Virtuoso 7 never answers a query that is the body itself). Requests are
sent by `http.Connection`: SPARQLWrapper has no connection that stays open, follows redirects with
the credentials in hand, signs in with digest for the whole process, and knows neither repetition
nor what is cut short.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import pyoxigraph as ox

from govgraph.errors import GovgraphError, RemoteError, UsageError
from govgraph.queries.sparql import Outline, outline
from govgraph.results import Result, Row
from govgraph.store.http import Answer, Connection
from govgraph.store.refusals import one_line

if TYPE_CHECKING:
    from govgraph.store.endpoint import Endpoint

LONGEST_GET: Final = 200
"""Letters of a query that goes into the address; requests takes longer to check more of them."""
FORM: Final = "application/x-www-form-urlencoded"
_HEADER: Final = re.compile(r"(?m)^#\+.*\n?")
"""The header of a stored query, which no server needs."""
_RESULTS: Final = "application/sparql-results+json"
_JSON: Final = (_RESULTS, "application/json")
_TRIPLES: Final = ("application/n-triples", "text/turtle", "application/rdf+xml", "text/plain")
_ASK_ROW: Final = "__ASK_RETVAL"  # the variable of Virtuoso 7 where others answer ASK by a boolean
_NODE_ID: Final = re.compile(rb'("value"\s*:\s*")nodeID://')


class Client:
    """Asks one endpoint; each method is one request. Raises RemoteError as `Connection` does."""

    def __init__(self, endpoint: Endpoint):
        self.endpoint = endpoint
        self.connection = Connection(endpoint)
        self.server = ""

    def query(self, text: str, parameters: tuple[tuple[str, str], ...] = ()) -> Result:
        """Return the answer to a query, as it comes: perhaps cut by a limit of the server.

        `parameters` are more parameters of the request, such as default-graph-uri.
        """
        return self.ask_for(text, outline(text), parameters)[0]

    def ask_for(
        self, text: str, parts: Outline, parameters: tuple[tuple[str, str], ...] = ()
    ) -> tuple[Result, Answer]:
        """Return the answer to a query, and the HTTP answer it came in."""
        graph = parts.form in {"construct", "describe"}
        answer = self.send_query(text, _TRIPLES if graph else _JSON, parameters)
        self.server = answer.headers.get("Server", self.server)
        read = _read_graph if graph else _read_rows
        return read(answer, parts.form == "ask", self.endpoint.query_url), answer

    def send_query(
        self, text: str, accept: Sequence[str], parameters: tuple[tuple[str, str], ...] = ()
    ) -> Answer:
        """Send a query and return the HTTP answer, of one of the media types in `accept`."""
        text = _HEADER.sub("", text)
        fields = [("query", text), *parameters]
        long = len(text) > LONGEST_GET
        return self.connection.send(
            "POST" if long else "GET",
            self.endpoint.query_url,
            repeatable=True,  # a query changes nothing
            params=() if long else fields,
            headers={"Content-Type": FORM} if long else {},
            body=urlencode(fields).encode() if long else b"",
            accept=accept,
        )

    def rows(self, text: str) -> tuple[Row, ...]:
        """Return the rows of a SELECT."""
        return self.query(text).rows

    def ask(self, text: str) -> bool:
        """Return the answer to an ASK."""
        return bool(self.query(text).boolean)

    def has_union(self) -> bool:
        """Tell whether the default graph of the store is the union of its named graphs."""
        return self.ask("ASK { { SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 1 } ?s ?p ?o }")

    def construct(self, text: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT, sorted."""
        return self.query(text).triples

    def update(self, text: str, *, repeatable: bool = False, timeout: float | None = None) -> None:
        """Run update operations in order; raises UsageError where the endpoint has no update URL.

        `repeatable` says that they may be sent again when the connection breaks.
        """
        url = self.endpoint.update_url
        if url is None:
            raise UsageError(
                f"{self.endpoint.query_url}: where updates go to is not known. Set"
                " GOVGRAPH_UPDATE_URL."
            )
        self.connection.send(
            "POST",
            url,
            repeatable=repeatable,
            headers={"Content-Type": FORM},
            body=urlencode({"update": text}).encode(),
            timeout=timeout,
        )

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()


def _read_rows(answer: Answer, is_ask: bool, url: str) -> Result:
    try:
        result = Result.from_serialized(_NODE_ID.sub(rb"\1", answer.body), "json")
    except GovgraphError as error:
        raise _unreadable(answer, "SPARQL results in JSON", str(error), url) from None
    if is_ask and result.columns == (_ASK_ROW,):
        return Result.of_boolean(bool(result.rows))
    return result


def _read_graph(answer: Answer, is_ask: bool, url: str) -> Result:
    media_type = answer.content_type
    if media_type == "text/plain":  # what N-Triples were before they had a type (RFC 3676 aside)
        media_type = "application/n-triples"
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    try:
        return Result.of_triples(q.triple for q in ox.parse(answer.body, format=rdf_format))
    except (SyntaxError, ValueError) as error:
        raise _unreadable(answer, media_type, str(error), url) from None


def _unreadable(answer: Answer, expected: str, error: str, url: str) -> RemoteError:
    """Return what is wrong with a body: cut short, or in no way what it says it is."""
    if expected.endswith("JSON"):
        try:
            json.loads(answer.body)
        except json.JSONDecodeError as fault:
            if fault.pos >= len(answer.body.decode("utf-8", "replace").rstrip()) - 1:
                message = f"the answer is cut short after {len(answer.body):,} bytes. Try again."
                return RemoteError(message, url, answer.status)
        except UnicodeDecodeError:
            pass
    message = f"the answer is no {expected} although it says so ({one_line(error).rstrip('.')})."
    return RemoteError(message, url, answer.status)
