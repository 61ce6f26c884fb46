"""A server that may be written to, for tests: its token, and the requests of a writer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import Answer, Server, serving

TOKEN = "a-token-of-the-tests-of-govgraph"
BEARER = f"Bearer {TOKEN}"
TURTLE = "text/turtle"
CASE = """\
id: case/x
type: Case
label: {en: X, es: Equis}
place: place/x
passages:
  - id: passage/x/1
    type: Section
    position: 1
    label: {en: One, es: Uno}
    says:
      - {id: place/x, type: Country, label: {en: X, es: Equis}}
"""
COUNT = "SELECT (COUNT(*) AS ?n) {{ GRAPH <{}> {{ ?s ?p ?o }} }}"


def options(folder: Path) -> tuple[str, ...]:
    """Return the options that make a server in a folder writable."""
    token = folder / "token"
    token.write_text(f"{TOKEN}\n", encoding="utf-8")
    return ("--writable", "--store", str(folder / "store"), "--token-file", str(token))


@contextmanager
def writable(folder: Path) -> Iterator[Server]:
    """Run a server over a graph that is small but for the ontology, so that writes are quick."""
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    with serving(*options(folder), "--alone", "--data", str(folder / "case.yaml")) as running:
        yield running


def put(server: Server, graph: str, body: str, kind: str = TURTLE, **headers: str) -> Answer:
    path = f"/store?graph={graph}"
    return send(server, "PUT", path, body, kind, **headers)


def send(
    server: Server, method: str, path: str, body: str = "", kind: str = TURTLE, **headers: str
) -> Answer:
    headers = {"Authorization": BEARER, "Content_Type": kind, **headers}
    return server.ask(path, method=method, body=body.encode(), **headers)


def update(server: Server, text: str, path: str = "/update") -> Answer:
    return send(server, "POST", path, text, "application/sparql-update")


def value(server: Server, text: str) -> str:
    """Return the one value of a query."""
    bindings = json.loads(server.query(text, method="POST").body)["results"]["bindings"]
    [[found]] = [list(row.values()) for row in bindings]
    return str(found["value"])


def size(server: Server, graph: str) -> int:
    return int(value(server, COUNT.format(graph)))
