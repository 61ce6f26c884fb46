"""Results that a store cuts short in silence: found out, and had in full page by page.

Virtuoso gives at most ResultSetMaxRows rows (10,000 as it is installed), with status 200; its
header X-SPARQL-MaxRows names the limit for a SELECT, and nothing does for a CONSTRUCT. Other
stores, and proxies before them, may do the same without a word, so a result of a round number of
rows is looked at again: where the query has a row beyond the last, the result was cut.

Pages are cut from the rows in the order of all variables, so that none is lost or repeated, and
counted against what the store counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from govgraph.errors import RemoteError
from govgraph.queries.sparql import Outline, outline, scan
from govgraph.results import Result

if TYPE_CHECKING:
    from govgraph.results import Row
    from govgraph.store.client import Client

LIMIT_HEADER: Final = "X-SPARQL-MaxRows"
ROUND: Final = 50
"""A result of a multiple of so many rows, or of a power of two, may have been cut there."""
FEWEST_SUSPECT: Final = 100
"""Fewer rows are not held against a limit, nor is a graph of fewer triples."""

Parameters = tuple[tuple[str, str], ...]


def whole(client: Client, text: str, parameters: Parameters = ()) -> Result:
    """Return the whole answer to a query.

    Raises RemoteError, naming the limit, where the store cut it and it cannot be had in pages.
    """
    parts = outline(text)
    result, answer = client.ask_for(text, parts, parameters)
    if result.kind == "ask":
        return result
    if result.kind == "graph":
        if _is_virtuoso(client) and parts.form == "construct" and len(result) >= FEWEST_SUSPECT:
            _Query(client, text, parts, parameters).check_graph()
        return result
    if LIMIT_HEADER not in answer.headers and not _is_round(len(result)):
        return result
    query = _Query(client, text, parts, parameters)
    if query.limit == len(result):  # as many as were asked for
        return result
    return query.all_pages(result) if query.has_more(len(result)) else result


def _is_round(rows: int) -> bool:
    """Tell whether somebody might have set a limit at so many rows."""
    is_power_of_two = rows & (rows - 1) == 0
    return rows >= FEWEST_SUSPECT and (rows % ROUND == 0 or is_power_of_two)


def _is_virtuoso(client: Client) -> bool:
    return client.server.startswith("Virtuoso")


class _Query:
    """A query whose answer may have been cut, and other queries over its rows."""

    def __init__(self, client: Client, text: str, parts: Outline, parameters: Parameters):
        self.client, self.parts, self.parameters = client, parts, parameters
        self.prologue, body = text[: parts.start], text[parts.start :]
        tokens = list(scan(body))
        depth, outer = 0, []
        for token in tokens:
            depth += {"{": 1, "}": -1}.get(token[0], 0)
            if depth == 0:
                outer.append(token)
        self.words = {token[0].upper() for token in outer if token.lastgroup == "word"}
        asked = [token.end() for token in outer if token[0].upper() == "LIMIT"]
        number = re.match(r"\s*([0-9]+)", body[asked[0] :]) if asked else None
        self.limit = int(number[1]) if number else None
        # a subquery may not name a dataset: its clauses go to the query around it
        self.dataset, self.body, last = "", "", 0
        for index, token in enumerate(outer):
            if token[0].upper() == "FROM":
                named = outer[index + 1][0].upper() == "NAMED"
                end = outer[index + 1 + named].end()
                self.dataset += f"{body[token.start() : end]} "
                self.body, last = self.body + body[last : token.start()], end
        self.body += body[last:]
        templates = [token.end() for token in tokens if token[0] == "}"]
        self._after_template = templates[0] if templates else 0

    def has_more(self, rows: int) -> bool:
        """Tell whether the query has a row after so many."""
        return bool(self._rows(f"SELECT * {self._inside(self.body)} OFFSET {rows} LIMIT 1"))

    def all_pages(self, first: Result) -> Result:
        """Return all rows of the query, of which `first` are as many as the store gives at once."""
        size = len(first)
        if self.parts.has_order and {"LIMIT", "OFFSET", "VALUES"} & self.words:
            raise self._cut(size, "Ask for fewer rows at a time with LIMIT and OFFSET")
        total = self._count(self.body)
        rows: list[Row] = []
        while len(rows) < total:
            page = self._page(first.columns, len(rows), size)
            rows += page
            if len(page) < min(size, total):
                break
        if len(rows) != total or not self._all_there(rows):
            raise self._cut(size, "Its pages do not add up: do the data change just now? Ask again")
        return Result("select", first.columns, tuple(rows))

    def check_graph(self) -> None:
        """Raise RemoteError where the solutions a CONSTRUCT is made from are cut."""
        solutions = f"{self.prologue}SELECT * {self.body[self._after_template :]}"
        if "WHERE" in self.body[: self._after_template].upper():  # CONSTRUCT WHERE { … }
            solutions = f"{self.prologue}SELECT * {self.body[len('CONSTRUCT') :]}"
        parts = outline(solutions)
        result, answer = self.client.ask_for(solutions, parts, self.parameters)
        query = _Query(self.client, solutions, parts, self.parameters)
        if LIMIT_HEADER in answer.headers and query.has_more(len(result)):
            raise self._cut(len(result), "Ask for parts of it")

    def _page(self, columns: tuple[str, ...], start: int, size: int) -> tuple[Row, ...]:
        """Return rows in the order of the query, where it has one, and then of all variables."""
        keys = " ".join(f"?{name}" for name in columns)
        if self.parts.has_order:
            ordered = f"{self.body}\n{keys}"
        else:
            ordered = f"SELECT * {{ {{ {self.body}\n}} }} ORDER BY {keys}"
        # Virtuoso sorts but MaxSortedTopRows where LIMIT stands beside ORDER BY; what it sorts in
        # a subquery stays sorted. SPARQL does not promise that, so others are asked in one.
        if _is_virtuoso(self.client) or self.dataset:
            ordered = f"SELECT * {self._inside(ordered)}"
        return self._rows(f"{ordered} LIMIT {size} OFFSET {start}")

    def _all_there(self, rows: list[Row]) -> bool:
        """Tell whether no row stands for another, which a count alone would not show."""
        different = len(set(rows))
        return different == len(rows) or different >= self._count(
            f"SELECT DISTINCT * {{ {{ {self.body}\n}} }}"
        )

    def _inside(self, body: str) -> str:
        return f"{self.dataset}{{ {{ {body}\n}} }}"

    def _count(self, body: str) -> int:
        ((number,),) = self._rows(f"SELECT (COUNT(*) AS ?rows) {self._inside(body)}")
        assert isinstance(number, Literal)
        return int(number.value)

    def _rows(self, text: str) -> tuple[Row, ...]:
        return self.client.query(self.prologue + text, self.parameters).rows

    def _cut(self, limit: int, remedy: str) -> RemoteError:
        return RemoteError(
            f"the store cuts results at {limit:,} rows and does not say so. {remedy}, or raise its"
            " limit (ResultSetMaxRows of Virtuoso).",
            self.client.endpoint.query_url,
        )
