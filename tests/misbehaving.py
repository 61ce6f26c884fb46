"""Servers that do what servers should not: a function answers each request of a local server."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RESULTS = "application/sparql-results+json"
YES = b'{"head":{},"boolean":true}'


@dataclass
class Asked:
    """The requests a server got: method, path, headers and body of each."""

    url: str = ""
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.requests)


class Handler(BaseHTTPRequestHandler):
    """Passes each request on to the function of the test."""

    protocol_version = "HTTP/1.1"
    asked: Asked
    behave: Callable[[Handler], None]

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def _handle(self) -> None:
        body = self._chunks() if "Transfer-Encoding" in self.headers else self._rest()
        self.asked.requests.append((self.command, self.path, dict(self.headers), body))
        type(self).behave(self)

    def _rest(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunks(self) -> bytes:
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def answer(
        self,
        status: int = 200,
        body: bytes = YES,
        content_type: str = RESULTS,
        **headers: str,
    ) -> None:
        """Send a whole answer; `headers` with _ for -."""
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """Break the connection."""
        self.close_connection = True
        self.connection.shutdown(2)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(behave: Callable[[Handler], None], certificate: Path | None = None) -> Iterator[Asked]:
    """Serve on a free port of 127.0.0.1; with a certificate (and key in one file) over TLS."""
    asked = Asked()
    handler = type("Behaving", (Handler,), {"asked": asked, "behave": staticmethod(behave)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    asked.url = f"{scheme}://127.0.0.1:{server.server_port}/query"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
