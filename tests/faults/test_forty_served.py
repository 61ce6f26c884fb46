"""More of the forty hostile inputs: RDF, networks, options and requests to the server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import govgraph
from faults.new_study import govgraph_says, refusal
from serving import Server, serving


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- RDF and what is compressed --------------------------------------------------------------------

TRIPLE: Final = '<http://e.org/{}> <http://e.org/p> "x" .\n'


def subjects(path: str) -> list[str]:
    """Return what a file of RDF alone says something of."""
    graph = govgraph.open([path], bundled=False)
    asked = 'SELECT ?s { ?s <http://e.org/p> ?o FILTER(STRSTARTS(STR(?s), "http://e.org/")) }'
    return sorted(row["s"] for row in graph.query(asked))


def test_every_member_of_a_compressed_file_is_read(here: Path) -> None:
    members = (gzip.compress(TRIPLE.format(name).encode()) for name in "ab")
    (here / "two.nt.gz").write_bytes(b"".join(members) + b"\0" * 512)
    assert subjects("two.nt.gz") == ["http://e.org/a", "http://e.org/b"]


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.nt.gz", gzip.compress(TRIPLE.encode(), mtime=0) + b"junk", "are cut short or damaged"),
        ("a.nt.gz", gzip.compress(TRIPLE.encode(), mtime=0)[:-8] + b"\0" * 8, "CRC check failed"),
        ("a.nt", b'<http://e.org/a> <http://e.org/p> "x"@e_n .', "a.nt:1: column 39: not valid"),
        ("a.nt", b'<http://e.org/a> <http://e.org/p> "\\uD800" .', "is not a valid unicode char"),
        (
            "a.jsonld",
            b'{"@context": "http://127.0.0.1:9/c", "@id": "http://e.org/a"}',
            "is not known here, and nothing is fetched",
        ),
        ("a.jsonld", b'{"@id": "x:a"}\n{"@id": "x:b"}', "a.jsonld:2: column 1: not valid RDF"),
        ("a.ttl", TRIPLE.encode("utf-16"), "a.ttl:1: byte 0xff is not UTF-8. Save the file as"),
        ("a.nt.bz2", b"BZh9", "a.nt.bz2: cannot read .bz2 files. Known: .csv"),
        ("a.trig", b"<x:g> { <x:a> <x:p> 1 .", "a.trig:1: column 24: not valid RDF"),
    ],
)
def test_rdf_that_is_none_is_refused(here: Path, name: str, raw: bytes, said: str) -> None:
    (here / name).write_bytes(raw)
    assert said in refusal("query", "-", "--alone", "--data", name, status=3, stdin=b"ASK {}")


def test_nodes_without_names_are_compared_by_what_they_say(here: Path) -> None:
    (here / "a.ttl").write_text("[] <x:p> [ <x:q> 1 ] .")
    (here / "b.nt").write_text(
        '_:u <x:p> _:v .\n_:v <x:q> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    )
    (here / "c.ttl").write_text("[] <x:p> [ <x:q> 2 ] .")
    assert [govgraph_says("diff", "a.ttl", other).status for other in ("b.nt", "c.ttl")] == [0, 1]


def test_a_list_that_bites_its_tail_ends(here: Path) -> None:
    (here / "a.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "<x:a> owl:intersectionOf _:l . _:l rdf:first <x:b> ; rdf:rest _:l . <x:i> a <x:b> .\n"
    )
    assert "<x:i> a <x:a> ." in govgraph_says("infer", "a.ttl").out


# -- networks and comparisons ----------------------------------------------------------------------


@pytest.mark.parametrize("weight", ["-1", "0", '"NaN"^^xsd:double', '"INF"^^xsd:double', '"x"'])
def test_a_weight_is_a_number_above_nothing(study: Path, weight: str) -> None:
    (study / "queries/n.rq").write_text(
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\nSELECT ?source ?target ?weight {\n"
        f"  VALUES (?source ?target ?weight) {{ (<x:a> <x:b> {weight}) }}\n}}\n"
    )
    said = refusal("network", "queries/n.rq", status=3)
    assert said.startswith("queries/n.rq: ?weight: found ")
    assert "expected a number greater than 0 (source <x:a>, target <x:b>)" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "--feature", "levls"), "There is no feature 'levls' to compare."),
        (("compare", "first-case", "nope"), "case 'nope': nothing of gg:Case has that name."),
        (("network", "actors", "--from", "2020", "--to", "1990"), "the first comes later"),
        (("publish", "-o", "cases"), "cases holds other files: name an empty folder"),
        (("publish", "--endpoint", "javascript:x", "-o", "o"), "--endpoint: found 'javascript:x'"),
        (("query", "first-query", "-p", 'lang=pt" } #'), "expected a language tag such as es."),
        (("query", "who-takes-part", "-p", "arrangement=x> } #"), "Choose: partnership/first-case"),
    ],
)
def test_wrong_usage_is_told_in_a_line(study: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refusal(*arguments, status=2)


# -- the server ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(fresh: Path) -> Iterator[Server]:
    with serving("--study", str(fresh)) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "Found 2 of the parameter 'query'"),
        ("/sparql?query=%ff", 400, "The parameters are not percent-encoded UTF-8."),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=a%20b", 400, "default-graph-uri: not an IRI"),
        ("/query/first-query?lang=x_y", 400, "lang=x_y: expected a language tag such as es."),
        ("/query/..%2fstudy", 404, "There is no stored query"),
        ("/store?graph=http://e.org/&default", 400, "Expected one parameter"),
        ("/resource?iri=javascript:alert(1)", 404, "The graph says nothing of this IRI"),
        ("/static/..%2f..%2fcli.py", 404, "There is nothing at /static/"),
        ("/case/x%0d%0aSet-Cookie:a=b", 404, "There is nothing at this address."),
        ("/en/case/first-case~9999999999999999999999.html", 404, ""),
    ],
)
def test_a_request_is_refused(server: Server, path: str, status: int, said: str) -> None:
    answer = server.ask(path)
    assert answer.status == status
    assert said in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/sparql-query", b"\xef\xbb\xbfASK {}", 200),
        ("application/sparql-query", b'ASK { ?s ?p "\xe9" }', 400),
        ("application/sparql-query", b"", 400),
        ("application/x-www-form-urlencoded", b"&" * 100_000, 400),
        ("application/sparql-update", b"CLEAR ALL", 403),
        ("multipart/form-data; boundary=x", b"--x--", 415),
    ],
)
def test_a_body_is_read_or_refused(server: Server, kind: str, body: bytes, status: int) -> None:
    answer = server.ask("/sparql", method="POST", body=body, Content_Type=kind)
    assert answer.status == status
    assert answer.text.count("\n") <= 1
