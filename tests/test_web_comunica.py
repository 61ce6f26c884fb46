"""Comunica, the SPARQL engine in JavaScript, as a client: of one source of ours, and of two."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

import network_readers
from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import GG, RDF
from serving import Server, serving

OLDEST = (20, 18, 1)  # what its HTTP client asks for


def too_old() -> bool:
    """Whether Node.js is there and too old."""
    if shutil.which("node") is None:
        return False  # the marker says so
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", told)[:3])) < OLDEST


pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(too_old(), reason="Comunica needs Node.js 20.18.1 or newer"),
]

CASES = f"?case a <{GG}Case>"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def ask(query: str, *sources: str) -> Any:
    done = subprocess.run(
        ["node", "ask.mjs", query, *sources],
        cwd=network_readers.JAVASCRIPT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_select(server: Server, kg: KnowledgeGraph) -> None:
    query = f"SELECT DISTINCT ?case {{ {CASES} }} ORDER BY ?case"
    rows = ask(query, f"{server.url}sparql")["rows"]
    assert [row["case"] for row in rows] == [str(row["case"]) for row in kg.query(query)]


@pytest.mark.whole
def test_construct(server: Server, kg: KnowledgeGraph) -> None:
    quads = ask(f"CONSTRUCT {{ {CASES} }} WHERE {{ {CASES} }}", f"{server.url}sparql")["quads"]
    cases = {str(row["case"]) for row in kg.query(f"SELECT ?case {{ {CASES} }}")}
    assert {tuple(quad) for quad in quads} == {(case, f"{RDF}type", f"{GG}Case") for case in cases}


@pytest.mark.whole
@pytest.mark.parametrize(("kind", "expected"), [("Case", True), ("Unicorn", False)])
def test_ask(server: Server, kind: str, *, expected: bool) -> None:
    query = f"ASK {{ <{STUDY}case/bogota> a <{GG}{kind}> }}"
    assert ask(query, f"{server.url}sparql") == {"boolean": expected}


@pytest.mark.whole
def test_a_document_and_the_endpoint_together(server: Server, kg: KnowledgeGraph) -> None:
    """The place of a case is in its Turtle; what applies there, only the endpoint knows."""
    query = (
        f"SELECT DISTINCT ?thing {{ <{STUDY}case/bogota> <{GG}place> ?place ."
        f" ?thing <{GG}appliesIn> ?place }} ORDER BY ?thing"
    )
    expected = [{"thing": str(row["thing"])} for row in kg.query(query)]
    assert {"thing": f"{STUDY}instrument/bogota-como-vamos"} in expected
    assert ask(query, f"{server.url}case/bogota.ttl")["rows"] == []
    assert ask(query, f"{server.url}case/bogota.ttl", f"{server.url}sparql")["rows"] == expected
