"""A really running server for tests, `govgraph serve` in a process of its own, and a client."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

MAIN = "from govgraph.cli import main; main()"


@dataclass(frozen=True)
class Answer:
    """One response: headers in lower case, the last of each name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        return self.body.decode()


class Server:
    """A server under test, and requests to it."""

    def __init__(self, url: str, pid: int, name: str = "govgraph"):
        self.url, self.pid, self.name = url, pid, name
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port or 0

    def connect(self, timeout: float = 30, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout, (source, 0))

    def ask(
        self,
        path: str,
        accept: str | None = None,
        *,
        method: str = "GET",
        body: bytes | str | None = None,
        source: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        """Send one request as it stands; header names are written with underscores."""
        connection = self.connect(source=source)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if accept is not None:
            sent["Accept"] = accept
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def query(
        self, text: str, accept: str | None = None, *, method: str = "GET", **fields: str
    ) -> Answer:
        """Ask a SPARQL query by GET, or by POST as a form."""
        content = urlencode({"query": text, **fields})
        if method == "POST":
            form = "application/x-www-form-urlencoded"
            return self.ask("/sparql", accept, method="POST", body=content, Content_Type=form)
        return self.ask(f"/sparql?{content}", accept, method=method)


@contextmanager
def serving(*arguments: str, may_die: bool = False) -> Iterator[Server]:
    """Run `govgraph serve` on a free port of 127.0.0.1 until the block ends."""
    command = [sys.executable, "-c", MAIN, "serve", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), "the server did not start"
        server = Server(url, process.pid)
        server.ask("/robots.txt")  # answered once the workers are there
        yield server
        assert may_die or process.poll() is None, "the server has died"
    finally:
        process.terminate()
        process.wait(20)


def dechunked(body: bytes) -> bytes:
    """Return a body without the marks of its chunks."""
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        if not int(size, 16):
            break
        whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return whole
