"""A proxy between a test and a store that breaks the connection at a chosen step.

with cutting(endpoint) as proxy:
    proxy.cut(7, "after")     # the seventh request from now
    …                         # everything after it is broken as well
    proxy.mend()
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

from govgraph.store.endpoint import Endpoint
from misbehaving import Handler, serving

KINDS: Final = ("within", "after", "answer")
"""Where a request is cut: half sent, done but not answered, half answered."""

_TO_OTHERS: Final = ("connection", "host", "content-length", "transfer-encoding", "expect")


@dataclass
class Proxy:
    """Passes requests on to a store until told otherwise."""

    upstream: Endpoint
    endpoint: Endpoint
    seen: list[tuple[str, str]] = field(default_factory=list)
    step: int = 0
    kind: str = ""
    broken: bool = False

    def cut(self, step: int, kind: str) -> None:
        """Break the connection at the request of that number, from 1, and after it."""
        self.seen.clear()
        self.step, self.kind, self.broken = step, kind, False

    def mend(self) -> None:
        """Pass everything on from now."""
        self.cut(0, "")

    def behave(self, handler: Handler) -> None:
        """Answer one request."""
        if self.broken:
            handler.cut()
            return
        method, path, headers, body = handler.asked.requests[-1]
        self.seen.append((method, path))
        self.broken = len(self.seen) == self.step
        if self.broken and self.kind == "within":
            self._send_half(method, path, headers, body)
            handler.cut()
            return
        status, found, answer = self._pass_on(method, path, headers, body)
        if self.broken and (self.kind == "after" or not answer):
            handler.cut()
            return
        handler.send_response(status)
        for name, value in found:
            if name.lower() not in {*_TO_OTHERS, "server", "date"}:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        half = self.broken and self.kind == "answer"
        handler.wfile.write(answer[: len(answer) // 2] if half else answer)
        if half:
            handler.wfile.flush()
            handler.cut()

    def _pass_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        parts = urlsplit(self.upstream.query_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, path, body, _passed(headers))
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def _send_half(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """Promise the whole body to the store, send half of it, and hang up."""
        parts = urlsplit(self.upstream.query_url)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in _passed(headers).items()]
        head = "\r\n".join([*lines, f"Content-Length: {max(len(body), 2)}", "", ""])
        with socket.create_connection((parts.hostname or "", parts.port or 80), 10) as sent:
            sent.sendall(head.encode() + body[: len(body) // 2])
            sent.shutdown(socket.SHUT_WR)
            with suppress(OSError):  # until the store has noticed
                while sent.recv(4096):
                    pass


def _passed(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _TO_OTHERS}


@contextmanager
def cutting(upstream: Endpoint) -> Iterator[Proxy]:
    """Run a proxy to a store on a free port of 127.0.0.1."""
    proxy = Proxy(upstream, upstream)

    def behave(handler: Handler) -> None:
        proxy.behave(handler)  # looked up each time: a test may replace it

    with serving(behave) as asked:
        old, new = (f"//{urlsplit(url).netloc}/" for url in (upstream.query_url, asked.url))
        proxy.endpoint = replace(
            upstream,
            query_url=upstream.query_url.replace(old, new),
            update_url=(upstream.update_url or "").replace(old, new) or None,
            graph_store_url=(upstream.graph_store_url or "").replace(old, new) or None,
        )
        yield proxy
