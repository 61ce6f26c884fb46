"""What one request may cost the server, and how it is refused: one status, one clear line."""

from dataclasses import dataclass

from govgraph.rdf.dumps import MEGABYTE


@dataclass(frozen=True)
class Limits:
    """What one request may cost.

    workers           processes that answer queries; a client has at most all but one of them
    time_limit        seconds a query may take, until its last row, while nobody reads
    delivery_limit    seconds a response may take in all
    stall_limit       seconds a client may take to read one piece, or to send a body
    memory_limit      bytes a worker may use on top of the graph
    result_limit      bytes of a result before compression
    query_limit       bytes of a query, also of a body
    url_limit         bytes of path and query string
    header_limit      bytes of all headers
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
    queue_limit: int = 512
    queue_time_limit: float = 30.0
    connection_limit: int = 1000


class HttpError(Exception):
    """A response that says why not: status, one line of text, further headers."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}
