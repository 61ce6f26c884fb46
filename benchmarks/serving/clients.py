"""Clients of a server: many connections in one process, each asking again and again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

LIMIT = 60.0
"""Seconds a request may take before it counts as an error."""


@dataclass(frozen=True)
class Reply:
    """One answer: `first` and `total` are seconds from the request to its body's begin and end."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int
    first: float
    total: float


@dataclass
class Load:
    """What many requests came to; latencies in seconds."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def throughput(self) -> float:
        """Return answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency that so great a share of the answers keeps to."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Connection:
    """A kept-alive HTTP/1.1 connection, opened anew where the server has closed it."""

    def __init__(self, url: str, source: str = "127.0.0.1"):
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._source = source
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, path: str, *, keep: bool = True, **headers: str) -> Reply:
        """Send a GET, and read all of its answer; `keep` its body, or only count it."""
        if self._writer is None or self._writer.is_closing():
            local = (self._source, 0)
            opened = asyncio.open_connection(self._host, self._port, local_addr=local)
            self._reader, self._writer = await opened
        assert self._reader is not None
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        began = time.perf_counter()
        self._writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{lines}\r\n".encode()
        )
        status_line, *rest = (
            (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        )
        found = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in rest if line)}
        status = int(status_line.split()[1])
        first, body, size = 0.0, bytearray(), 0
        async for piece in self._pieces(status, found):
            first = first or time.perf_counter() - began
            size += len(piece)
            if keep:
                body += piece
        total = time.perf_counter() - began
        if found.get("connection", "").lower() == "close":
            self.close()
        return Reply(status, found, bytes(body), size, first or total, total)

    async def _pieces(self, status: int, headers: dict[str, str]):  # type: ignore[no-untyped-def]
        assert self._reader is not None
        if status in {204, 304}:
            return
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                yield await self._reader.readexactly(size)
                await self._reader.readexactly(2)
            await self._reader.readexactly(2)
            return
        left = int(headers.get("content-length", "0"))
        while left:
            piece = await self._reader.read(min(left, 1 << 16))
            if not piece:
                raise ConnectionError("the answer was cut short")
            left -= len(piece)
            yield piece

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._writer = None


def query_path(endpoint: str, text: str) -> str:
    """Return the path of a query by GET."""
    return f"{urlsplit(endpoint).path}?{urlencode({'query': text})}"


async def load(
    url: str,
    clients: int,
    requests: int,
    make: Callable[[int], str],
    **headers: str,
) -> Load:
    """Send requests from so many clients, each the next as soon as it has its answer.

    `make` returns the path of the request of a number; the clients share the numbers.
    """
    numbers = iter(range(requests))
    result = Load(0.0)

    async def client() -> None:
        connection = Connection(url)
        for number in numbers:
            try:
                async with asyncio.timeout(LIMIT):
                    reply = await connection.ask(make(number), keep=False, **headers)
            except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
                result.errors += 1
                connection.close()
                continue
            result.latencies.append(reply.total)
            result.statuses[reply.status] = result.statuses.get(reply.status, 0) + 1
            result.errors += reply.status not in {200, 304}
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    result.seconds = time.perf_counter() - began
    return result


async def floor(clients: int = 8, requests: int = 4000) -> float:
    """Return how many answers a second these clients take from a server that does nothing."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + b"x" * 300

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        found = await load(f"http://127.0.0.1:{port}/", clients, requests, lambda number: "/")
    return found.throughput
