"""Pull: every named graph, whole or not at all, the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from asking import endpoint_of
from govgraph.cli import group
from govgraph.errors import GovgraphError, RemoteError, UsageError
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from govgraph.store.lock import MANIFEST
from govgraph.store.store_graphs import StoreGraphs
from misbehaving import RESULTS, Handler, serving

E = "http://example.org/"


def pull(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["pull", *arguments])


@pytest.fixture
def store(oxigraph_server: Endpoint) -> Endpoint:
    """Return an oxigraph server with a few graphs, one of them a manifest."""
    client = Client(oxigraph_server)
    client.update("DROP ALL", repeatable=True)
    client.update(
        f'INSERT DATA {{ GRAPH <{E}b> {{ <{E}s> <{E}p> "2", 007, 1.50, 1e1, true, _:x, "a\\n\\t" .'
        f' _:x <{E}p> "bl\\\\ank"@es }} GRAPH <{E}a> {{ <{E}s> <{E}p> <{E}o> }}'
        f' GRAPH <{MANIFEST}> {{ <{E}s> <{E}p> "kept for push" }} <{E}s> <{E}p> "in no graph" }}'
    )
    return oxigraph_server


@pytest.mark.oxigraph_server
def test_every_named_graph_comes_sorted_and_the_same_every_time(
    store: Endpoint, tmp_path: Path
) -> None:
    found = pull(store.query_url, "--output", str(tmp_path / "all"))
    assert found.exit_code == 0, found.output
    files = [tmp_path / "all" / f"govgraph.{ending}" for ending in ("nq", "trig", "ttl", "jsonld")]
    assert found.stdout.splitlines() == [str(path) for path in files]
    quads, trig = files[:2]
    assert found.stderr == f"{store.query_url}: 2 graphs, 9 statements\n"
    lines = quads.read_text().splitlines()
    assert lines[0] == f"<{E}s> <{E}p> <{E}o> <{E}a> ."
    assert lines[1:] == sorted(lines[1:])
    assert len(lines) == 9
    alone = tmp_path / "alone.trig"
    assert pull(store.query_url, "-o", str(alone)).exit_code == 0
    one, *others = (ox.Dataset(ox.parse(path=str(path))) for path in (quads, trig, alone))
    for dataset in (one, *others):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert others == [one, one]
    assert pull(store.query_url, "-o", "-").stdout_bytes == quads.read_bytes()


@pytest.mark.oxigraph_server
def test_where_it_cannot_be_written_nothing_is_left(store: Endpoint, tmp_path: Path) -> None:
    error = pull(store.query_url, "-o", str(tmp_path / "a.csv")).exception
    assert isinstance(error, UsageError)
    assert "expected a folder, or a file with an ending of .ttl" in str(error)
    error = pull(store.query_url, "-o", str(tmp_path / "no" / "a.nq")).exception
    assert isinstance(error, GovgraphError)
    assert "cannot be written" in str(error)
    assert list(tmp_path.iterdir()) == []


class Liar:
    """A store of one graph of three statements that holds some of them back."""

    def __init__(self, rows: int, *, graphs: int = 1, content_type: str = RESULTS):
        self.rows, self.graphs, self.content_type = rows, graphs, content_type

    def __call__(self, handler: Handler) -> None:
        from urllib.parse import parse_qs, urlsplit

        _, path, _, body = handler.asked.requests[-1]
        form = parse_qs(urlsplit(path).query) | parse_qs(body.decode())
        query = form["query"][0]
        graph = {"type": "uri", "value": f"{E}g"}
        if "DISTINCT" in query:
            rows = [{"n": number(self.graphs)}]
        elif "COUNT" in query:
            rows = [{"g": graph, "n": number(3)}] if "OFFSET" not in query else []
        else:
            node = {"type": "uri", "value": f"{E}s"}
            values = [{"s": node, "p": node, "o": number(i), "g": graph} for i in range(self.rows)]
            rows = values if "OFFSET 0" in query or "OFFSET" not in query else []
        names = sorted({name for row in rows for name in row}) or ["s", "p", "o", "g"]
        content = {"head": {"vars": names}, "results": {"bindings": rows}}
        handler.answer(200, json.dumps(content).encode(), self.content_type)


def number(value: int) -> dict[str, str]:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    return {"type": "literal", "datatype": integer, "value": str(value)}


@pytest.mark.parametrize(
    ("behave", "message"),
    [
        (Liar(2), "found 2 of its 3 statements. The store limits the rows"),
        (Liar(0), "found 0 of its 3 statements. The store limits the rows"),
        (Liar(4), "found 4 statements, its count is 3. Does something else write"),
        (Liar(3, graphs=5), "found 1 of 5 graphs. The store limits the rows"),
        (Liar(3, content_type="text/html"), "found an HTML page"),
        (lambda handler: handler.answer(200, b'{"head": {"vars": ["n"]}, "resu'), "the answer is"),
        (lambda handler: handler.answer(401, b"", ""), "GOVGRAPH_USER"),
        (lambda handler: handler.answer(500, b"boom", "text/plain"), "500"),
    ],
)
def test_what_does_not_come_whole_is_named_and_not_written(
    behave: object, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    output = tmp_path / "pulled.nq"
    output.write_text("what was there before")
    with serving(behave) as asked:  # type: ignore[arg-type]
        error = pull(asked.url, "-o", str(output)).exception
    assert isinstance(error, RemoteError), error
    assert str(error).startswith(asked.url)
    assert message in str(error)
    assert "\n" not in str(error)
    assert output.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [output]


def test_a_pull_that_fails_leaves_no_new_folder(tmp_path: Path) -> None:
    with serving(Liar(2)) as asked:
        assert pull(asked.url, "-o", str(tmp_path / "new" / "folder")).exit_code != 0
    assert not list(tmp_path.iterdir())


def test_statements_that_cannot_be_are_named() -> None:
    def answered(*rows: tuple[int, str], columns: str = "spog") -> None:
        node = {"type": "uri", "value": f"{E}s"}
        bindings = [
            {"s": node, "p": node, "o": number(value), "g": {"type": "uri", "value": graph}}
            for value, graph in rows
        ]
        content = {"head": {"vars": [*columns]}, "results": {"bindings": bindings}}

        def behave(handler: Handler) -> None:
            handler.answer(200, json.dumps(content).encode(), RESULTS)

        with serving(behave) as asked:
            standing = StoreGraphs(endpoint_of(asked.url, timeout=5.0))
            list(standing.read({f"{E}g": 1}))

    answered((1, f"{E}g"))
    for rows, message in (
        ([], "found 0 of its 1 statements"),
        ([(1, f"{E}g"), (1, f"{E}g"), (2, f"{E}g")], "its count is 1"),
        ([(1, f"{E}g"), (1, f"{E}g9")], "which was not asked for"),
    ):
        with pytest.raises(RemoteError, match=message):
            answered(*rows)
    with pytest.raises(RemoteError, match="found columns s, p, o, expected s, p, o, g"):
        answered(columns="spo")
