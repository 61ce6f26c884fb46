"""What one request may cost the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from govgraph.web.http_error import HttpError

MEGABYTE: Final = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one request may cost.

    workers           processes that answer queries; a client has at most all but one of them
    time_limit        seconds a query may take, until its last row
    delivery_limit    seconds a response may take in all where the client reads slowly
    stall_limit       seconds a client may take to read one piece, or to send one
    memory_limit      bytes a worker may use on top of the graph
    result_limit      bytes of a result before compression
    query_limit       bytes of a query, also of a body
    url_limit         bytes of path and query string
    header_limit      bytes of all headers
    nesting_limit     depth of brackets in a query
    union_limit       UNIONs in a query
    queue_limit       requests that may wait for a worker
    queue_time_limit  seconds they wait
    connection_limit  open connections
    """

    workers: int = 3
    time_limit: float = 20.0
    delivery_limit: float = 120.0
    stall_limit: float = 15.0
    memory_limit: int = 1000 * MEGABYTE
    result_limit: int = 500 * MEGABYTE
    query_limit: int = 200_000
    url_limit: int = 16_000
    header_limit: int = 32_000
    nesting_limit: int = 100
    union_limit: int = 300
    queue_limit: int = 512
    queue_time_limit: float = 30.0
    connection_limit: int = 1000


_SKIPPED: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\''''
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\n\r]*""",
    re.DOTALL,
)
_MARKS: Final = re.compile(r"[(\[{]|[)\]}]|\b(?i:union)\b")


def check_complexity(text: str, limits: Limits) -> None:
    """Refuse a query of more brackets inside brackets, or more UNIONs, than the limits allow.

    The engine parses by recursion, and would run out of stack.
    """
    depth = unions = 0
    for mark in _MARKS.finditer(_SKIPPED.sub(" ", text)):
        if mark[0] in "([{":
            depth += 1
        elif mark[0] in ")]}":
            depth -= 1
        else:
            unions += 1
        if depth > limits.nesting_limit:
            message = f"The query nests brackets deeper than {limits.nesting_limit}: simplify it."
            raise HttpError(413, message)
    if unions > limits.union_limit:
        message = (
            f"The query has {unions} UNIONs, more than {limits.union_limit}: use VALUES, or several"
            " queries."
        )
        raise HttpError(413, message)
