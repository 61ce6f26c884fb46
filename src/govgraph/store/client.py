"""Queries and updates to a store, and its answers as results.

A short query is a GET, which caches on the way may keep; a long one a POST with parameters (the
form that each server reads: Virtuoso 7 never answers a query that is the body itself).

A result that the store cuts short in silence is found out. Virtuoso gives at most ResultSetMaxRows
rows (10,000 as it is installed) with status 200, and names the limit in a header that others do
not have. So a result of a round number of rows is looked at again: where the query has a row beyond
the last, the result was cut. The triples of a CONSTRUCT are cut there without any header, one
beyond the limit; but on Oxigraph, which cuts nothing, they are made here, from the rows of its
WHERE. Columns are told apart by their names: in which order `*` gives them, a store chooses.
"""

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
import requests

from govgraph.errors import GovgraphError, RemoteError, UsageError, warn
from govgraph.queries.engine import empty_store
from govgraph.queries.sparql import Outline, outline, scan, write_term
from govgraph.results import Result, Row
from govgraph.store.endpoint import Endpoint
from govgraph.store.http import Connection
from govgraph.store.refusals import media_type, one_line
from govgraph.store.statements import with_terms

Parameters = tuple[tuple[str, str], ...]  # more parameters of a request, such as default-graph-uri

LONGEST_GET: Final = 200
"""Letters of a query that goes into the address; requests takes longer to check more of them."""
FORM: Final = "application/x-www-form-urlencoded"
_HEADER: Final = re.compile(r"(?m)^#\+.*\n?")  # the header of a stored query, which no server needs
_RESULTS: Final = "application/sparql-results+json"
_JSON: Final = (_RESULTS, "application/json")
_TRIPLES: Final = ("application/n-triples", "text/turtle", "text/plain")
_ASK_ROW: Final = "__ASK_RETVAL"  # the variable of Virtuoso 7 where others answer ASK by a boolean
LIMIT_HEADER: Final = "X-SPARQL-MaxRows"
ROUND: Final = 50
"""A result of a multiple of so many rows, or of a power of two, may have been cut there."""
FEWEST_SUSPECT: Final = 100
"""Fewer rows are not held against a limit, nor is a graph of fewer triples."""
_BLANK: Final = "urn:govgraph:blank:"
"""Begins the names of blank nodes where they have to be data of a query."""
_NODE_ID: Final = re.compile(rb'("value"\s*:\s*")nodeID://')
_NESTING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|([{]|<<)|([}]|>>)')
DEEPEST: Final = 100
"""How deep triples may lie within triples: the parser would end the process at some thousands."""


class Client:
    """Asks one endpoint; each method is one request. Raises RemoteError as `Connection` does."""

    def __init__(self, endpoint: Endpoint):
        self.endpoint = endpoint
        self.connection = Connection(endpoint)
        self.server = ""

    @property
    def is_virtuoso(self) -> bool:
        """Whether the last answer came from Virtuoso."""
        return self.server.startswith("Virtuoso")

    def query(self, text: str, parameters: Parameters = (), *, whole: bool = True) -> Result:
        """Return the answer to a query; with `whole` False it may be cut by a limit of the server.

        Raises RemoteError, naming the limit, where it was cut.
        """
        parts = outline(text)
        url = self.endpoint.query_url
        cuts = whole and not self.server.startswith("Oxigraph")
        if cuts and parts.form == "construct":
            return self._constructed(text, parts, parameters)
        if parts.form in {"construct", "describe"}:
            result = _read_graph(self.send_query(text, _TRIPLES, parameters), url)
            if cuts and not self.is_virtuoso and _is_round(len(result)):
                warn(
                    f"{url}: the description has {len(result):,} triples, where the store may have"
                    " cut it. CONSTRUCT finds that out."
                )
            return result
        answer = self.send_query(text, _JSON, parameters)
        result = _read_rows(answer, parts.form == "ask", url)
        if whole and (LIMIT_HEADER in answer.headers or _is_round(len(result))):
            following = _one_more(text, parts, len(result))
            if following and self.query(following, parameters).rows:
                raise RemoteError(
                    f"the store cuts results at {len(result):,} rows. Raise its limit"
                    " (ResultSetMaxRows in virtuoso.ini), or ask for fewer rows at a time with"
                    " LIMIT and OFFSET.",
                    url,
                )
        return _in_order(result, text, parts)

    def _constructed(self, text: str, parts: Outline, parameters: Parameters) -> Result:
        """Return what a CONSTRUCT makes of the rows of its WHERE, which tell whether they are cut.

        `CONSTRUCT WHERE { … }` stands for a template that is the same as the pattern. Rows that
        would give the same triples are asked for once.
        """
        marks = (token for token in scan(text[parts.start :]) if token.lastgroup == "mark")
        start, end = (next(marks).start() + parts.start for _ in "{}")
        is_short = any(token[0].upper() == "WHERE" for token in scan(text[parts.start : start]))
        prologue, template = text[: parts.start], text[start : end + 1]
        where = text[parts.start + len("CONSTRUCT") :] if is_short else text[end + 1 :]
        wanted, bound = (
            {token[0][1:] for token in scan(part) if token.lastgroup == "variable"}
            for part in (template, where)
        )
        variables = " ".join(f"?{name}" for name in sorted(wanted & bound)) or "*"
        words = {token[0].upper() for token in scan(where) if token.lastgroup == "word"}
        repeats = re.search(r"_:|\[", template) or {"LIMIT", "OFFSET"} & words
        distinct = "" if repeats or variables == "*" else "DISTINCT "
        result = self.query(f"{prologue}SELECT {distinct}{variables} {where}", parameters)
        columns = " ".join(f"?{name}" for name in result.columns)
        rows = "\n".join(f"({' '.join(map(_as_data, row))})" for row in result.rows)
        table = f"VALUES ({columns}) {{ {rows} }}"
        triples = empty_store().query(f"{prologue}CONSTRUCT {template} WHERE {{ {table} }}")
        assert isinstance(triples, ox.QueryTriples)
        return Result.of_triples(with_terms(triple, _of_data) for triple in triples)

    def send_query(
        self, text: str, accept: Sequence[str], parameters: Parameters = ()
    ) -> requests.Response:
        """Send a query and return the HTTP answer, of one of the media types in `accept`."""
        text = _HEADER.sub("", text)
        fields = [("query", text), *parameters]
        long = len(text) > LONGEST_GET
        answer = self.connection.send(
            "POST" if long else "GET",
            self.endpoint.query_url,
            repeatable=True,  # a query changes nothing
            params=() if long else fields,
            headers={"Content-Type": FORM} if long else {},
            body=urlencode(fields).encode() if long else b"",
            accept=accept,
        )
        self.server = answer.headers.get("Server", self.server)
        return answer

    def rows(self, text: str) -> tuple[Row, ...]:
        """Return the rows of a SELECT."""
        return self.query(text).rows

    def ask(self, text: str) -> bool:
        """Return the answer to an ASK."""
        return bool(self.query(text).boolean)

    def has_union(self) -> bool:
        """Tell whether the default graph of the store is the union of its named graphs."""
        return self.ask("ASK { { SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 1 } ?s ?p ?o }")

    def update(self, text: str, *, repeatable: bool = False) -> None:
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
        )


def _in_order(result: Result, text: str, parts: Outline) -> Result:
    if len(result.columns) < 2 or parts.has_service:
        return result
    try:
        order = [variable.value for variable in empty_store().query(text).variables]  # type: ignore[union-attr]
    except (SyntaxError, ValueError, RuntimeError, OSError):  # what only this server reads
        return result
    return result.with_columns(order) if set(order) == set(result.columns) else result


def _is_round(rows: int) -> bool:
    """Tell whether somebody might have set a limit at so many rows."""
    is_power_of_two = rows & (rows - 1) == 0
    return rows >= FEWEST_SUSPECT and (rows % ROUND == 0 or is_power_of_two)


def _one_more(text: str, parts: Outline, rows: int) -> str:
    """Return the query for the row after so many; "" where it asks for just as many itself."""
    depth, modifiers, values = 0, len(text), len(text)
    numbers = {"LIMIT": 0, "OFFSET": 0}
    for token in scan(text[parts.start :]):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        word, start, end = token[0].upper(), token.start() + parts.start, token.end() + parts.start
        if depth or word not in {"ORDER", "LIMIT", "OFFSET", "VALUES"}:
            continue
        if word == "VALUES":
            values = start
        modifiers = min(modifiers, start)
        if number := re.match(r"(?:\s|#.*\n)*([0-9]+)", text[end:]):
            numbers[word] = int(number[1])
    if numbers["LIMIT"] == rows:
        return ""
    offset = numbers["OFFSET"] + rows
    return f"{text[:modifiers]}\nLIMIT 1 OFFSET {offset}\n{text[values:]}"


def _as_data(term: Any) -> str:
    is_blank = isinstance(term, ox.BlankNode)
    return f"<{_BLANK}{term.value}>" if is_blank else write_term(term)


def _of_data(term: Any) -> Any:
    is_blank = isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK)
    return ox.BlankNode(term.value.removeprefix(_BLANK)) if is_blank else term


def _check_nesting(answer: requests.Response, url: str) -> None:
    """Raise RemoteError where triples lie too deep within triples for the parser."""
    if b'"triple"' not in answer.content and b"<<" not in answer.content:
        return
    depth = 0
    for token in _NESTING.finditer(answer.content):
        depth += bool(token[1]) - bool(token[2])
        if depth > DEEPEST:
            raise RemoteError(f"the answer nests more than {DEEPEST} deep. It is not read.", url)


def _read_rows(answer: requests.Response, is_ask: bool, url: str) -> Result:
    _check_nesting(answer, url)
    try:
        result = Result.from_serialized(_NODE_ID.sub(rb"\1", answer.content), "json")
    except GovgraphError as error:
        raise _unreadable(answer, "SPARQL results in JSON", str(error), url) from None
    if is_ask and result.columns == (_ASK_ROW,):
        return Result.of_boolean(bool(result.rows))
    if is_ask and result.boolean is None and result.rows:
        raise RemoteError("rows answer a SELECT, yes or no an ASK: these are rows.", url)
    return result


def _read_graph(answer: requests.Response, url: str) -> Result:
    _check_nesting(answer, url)
    kind = media_type(answer.headers)
    if kind == "text/plain":  # what N-Triples were before they had a type (RFC 3676 aside)
        kind = "application/n-triples"
    rdf_format = ox.RdfFormat.from_media_type(kind)
    assert rdf_format is not None
    try:
        return Result.of_triples(q.triple for q in ox.parse(answer.content, format=rdf_format))
    except (SyntaxError, ValueError) as error:
        raise _unreadable(answer, kind, str(error), url) from None


def _unreadable(answer: requests.Response, expected: str, error: str, url: str) -> RemoteError:
    """Return what is wrong with a body: cut short, or in no way what it says it is."""
    body = answer.content.strip()
    if body.startswith(b"{") and not body.endswith(b"}"):
        message = f"the answer is cut short after {len(answer.content):,} bytes. Try again."
    else:
        reason = one_line(error).rstrip(".")
        message = f"the answer is no {expected} although it says so ({reason})."
    return RemoteError(message, url, answer.status_code)
