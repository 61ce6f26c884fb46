"""The benchmark of servers: its clients count rightly, its table says what was reached."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from benchmarks.serving.clients import Connection, Load, floor, load
from benchmarks.serving.measures import CLIENTS, Measured, Repeat
from benchmarks.serving.table import insert, markdown
from benchmarks.soak import Phase, report

ANSWERS = {
    "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    "/304": b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
    "/500": b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split()[1].decode()
            writer.write(ANSWERS[path])
            if path == "/cut":
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


def test_clients_read_every_kind_of_answer_and_count_errors() -> None:
    async def run() -> None:
        server = await asyncio.start_server(_serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with server:
            connection = Connection(url)
            for path, status, body in (
                ("/length", 200, b"hello"), ("/chunks", 200, b"hello"), ("/304", 304, b""),
                ("/500", 500, b""),
            ):  # fmt: skip
                reply = await connection.ask(path)
                assert (reply.status, reply.body, reply.size) == (status, body, len(body))
                assert 0 < reply.first <= reply.total
            paths = ["/length", "/500", "/cut", "/chunks", "/304"]
            found = await load(url, 2, 10, lambda number: paths[number % 5])
            connection.close()
        assert found.statuses == {200: 4, 304: 2, 500: 2}
        assert found.errors == 4
        assert len(found.latencies) == 8

    asyncio.run(run())


def test_clients_alone_are_quick() -> None:
    assert asyncio.run(floor(2, 50)) > 10


def test_percentiles() -> None:
    found = Load(2.0, [number / 100 for number in range(100, 0, -1)])
    assert found.percentile(0.95) == pytest.approx(0.96)
    assert found.throughput == 50
    assert Load(0.0).percentile(0.95) == Load(0.0).throughput == 0


def _measured(name: str, rate: int, seconds: float) -> Measured:
    cheap = {clients: Load(1.0, [0.01] * rate) for clients in CLIENTS}
    return Measured(name, "bundled", 1.0, cheap, seconds, seconds / 10, seconds)


def test_table_says_what_was_reached(tmp_path: Path) -> None:
    ours = _measured("govgraph", 500, 0.5)
    ours.crowd = Load(1.0, [0.1] * 20)
    ours.repeats = {"page": Repeat(0.01, 0.008)}
    found = [ours, _measured("oxigraph", 900, 0.4), _measured("rdflib-endpoint", 110, 15.0)]
    text = markdown(found, {"bundled": 28000}, "a machine", 7000.0)
    assert "| cheap SELECT, 8 clients | ≥ 5 × rdflib-endpoint | bundled | 4.5 × | **no** |" in text
    assert "| aggregate | ≥ 20 × rdflib-endpoint | bundled | 30 × | yes |" in text
    assert "| … all | ≤ 3 × the oxigraph server | bundled | 1.2 × | yes |" in text
    assert "| page again: 304 | ≥ 1.5 × faster | bundled | 1.2 × | **no** |" in text
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- soak: begin -->\nold\n<!-- soak: end -->\nb\n", encoding="utf-8")
    insert(page, text, "soak")
    insert(page, "new\n", "soak")
    assert page.read_text("utf-8") == "a\n<!-- soak: begin -->\nnew\n<!-- soak: end -->\nb\n"
    with pytest.raises(ValueError, match="begin"):
        insert(page, text)


@pytest.mark.parametrize(
    ("slow", "unexpected", "late", "good"),
    [(1.0, False, 100.0, True), (4.0, False, 100.0, False), (1.0, True, 100.0, False),
     (1.0, False, 150.0, False)],
)  # fmt: skip
def test_soak_report(slow: float, unexpected: bool, late: float, good: bool) -> None:
    quiet, hostile = Phase("quiet"), Phase("hostile")
    quiet.loads["page"].latencies = [0.01] * 20
    hostile.loads["page"].latencies = [0.01 * slow] * 20
    hostile.memory = [(float(n), 100.0 if n < 10 else late, 200.0, 4) for n in range(20)]
    hostile.hostile["503"] += 3
    if unexpected:
        hostile.hostile["200 UNEXPECTED: cross join counted"] += 1
    text, found = report(quiet, hostile, 1)
    assert found is good
    assert "| page | 10.0 |" in text
