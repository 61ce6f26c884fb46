"""Stored queries as a REST API, and the OpenAPI document that describes it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from govgraph import KnowledgeGraph
from serving import Server, serving


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def api(server: Server) -> dict[str, object]:
    answer = server.ask("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, object] = json.loads(answer.body)
    return found


def test_answer_is_that_of_the_library(server: Server, kg: KnowledgeGraph) -> None:
    answer = server.ask("/query/founders-of.csv?arrangement=instrument/bogota-como-vamos")
    expected = kg.query("founders-of", arrangement="instrument/bogota-como-vamos")
    assert answer.status == 200
    assert answer.body == expected.serialize("csv")
    assert len(expected) == 4


def test_name_as_parameter(server: Server, kg: KnowledgeGraph) -> None:
    answer = server.ask("/query/founders-of.csv?arrangement=Bogot%C3%A1%20C%C3%B3mo%20Vamos")
    assert answer.body == kg.query("founders-of", arrangement="Bogotá Cómo Vamos").serialize("csv")


def test_several_values(server: Server, kg: KnowledgeGraph) -> None:
    both = ["instrument/bogota-como-vamos", "partnership/alliance-for-sustainability"]
    expected = kg.query("founders-of", arrangement=both)
    assert len(expected) > len(kg.query("founders-of", arrangement=both[0]))
    fields = "&".join(f"arrangement={each}" for each in both)
    assert server.ask(f"/query/founders-of.csv?{fields}").body == expected.serialize("csv")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        (None, "application/sparql-results+json"),
    ],
)
def test_accept(server: Server, accept: str | None, media_type: str) -> None:
    answer = server.ask("/query/founders-of", accept)
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == media_type


def test_extension_wins_over_accept(server: Server) -> None:
    answer = server.ask("/query/founders-of.tsv", "text/csv")
    assert answer.headers["content-type"].startswith("text/tab-separated-values")
    assert server.ask("/query/founders-of.md").text.startswith("| founder |")
    assert server.ask("/query/founders-of.ttl").status == 404
    assert server.ask("/query/founders-of.exe").status == 404


def test_source_and_description(server: Server, kg: KnowledgeGraph) -> None:
    source = server.ask("/query/founders-of.rq")
    assert source.headers["content-type"] == "application/sparql-query"
    assert source.text == kg.queries["founders-of"].text
    described = server.ask("/query/claims/years-apart", "text/turtle")
    objects = {quad.object for quad in ox.parse(described.body, format=ox.RdfFormat.TURTLE)}
    assert kg.queries["claims/years-apart"].iri in objects  # of what it checks
    assert server.ask("/query/founders-of", "text/turtle").status == 406
    assert server.ask("/query/founders-of", "image/png").status == 406


def test_page_for_a_browser(server: Server) -> None:
    answer = server.ask("/query/founders-of?arrangement=x", "text/html,*/*;q=0.5")
    assert answer.status == 303
    assert answer.headers["location"] == "/en/query/founders-of.html?arrangement=x"


def test_what_is_wrong(server: Server) -> None:
    unknown = server.ask("/query/founders-off")
    assert unknown.status == 404
    assert "Did you mean 'founders-of'" in unknown.text
    wrong = server.ask("/query/founders-of?arangement=x")
    assert wrong.status == 400
    assert "arrangement" in wrong.text
    nobody = server.ask("/query/founders-of?arrangement=nobody%20knows")
    assert nobody.status == 400
    assert server.ask("/query/founders-of", method="POST", body="").status == 405


@pytest.mark.parametrize(
    "value",
    ["x' } INSERT", '" } ; DROP ALL', "> } #", "\\u0022 }", "<x:y> } UNION { ?s ?p ?o", "\n}"],
)
def test_parameters_are_no_sparql(server: Server, value: str) -> None:
    from urllib.parse import urlencode

    answer = server.ask(f"/query/founders-of?{urlencode({'arrangement': value})}")
    assert answer.status == 400
    assert answer.text.count("\n") == 1


def test_every_query_answers(server: Server, kg: KnowledgeGraph) -> None:
    for slug, query in sorted(kg.queries.items())[::3]:
        answer = server.ask(f"/query/{slug}")
        if "SERVICE" in query.text:
            assert answer.status == 400, slug
            continue
        assert answer.status == 200, (slug, answer.text)
        if query.kind == "select":
            assert json.loads(answer.body)["head"]["vars"]
        assert server.ask(f"/query/{slug}", If_None_Match=answer.headers["etag"]).status == 304


def test_openapi_names_every_query(api: dict[str, object], kg: KnowledgeGraph) -> None:
    assert api["openapi"] == "3.1.0"
    paths = api["paths"]
    assert isinstance(paths, dict)
    assert set(paths) == {f"/query/{slug}" for slug in kg.queries}
    ids = [item["get"]["operationId"] for item in paths.values()]
    assert len(set(ids)) == len(ids)
    for slug, query in kg.queries.items():
        parameters = paths[f"/query/{slug}"]["get"]["parameters"]
        assert [each["name"] for each in parameters] == list(query.parameters)
        assert {each["in"] for each in parameters} <= {"query"}


def test_answers_keep_to_openapi(server: Server, api: dict[str, object]) -> None:
    """Status and media type of every answer, right or wrong, are among those described."""
    paths = api["paths"]
    assert isinstance(paths, dict)
    for path, item in sorted(paths.items())[::10]:
        operation = item["get"]
        requests = [(path, None), (f"{path}?no-such-parameter=1", None), (path, "image/png")]
        requests += [(path, media_type) for media_type in operation["responses"]["200"]["content"]]
        requests += [(f"{path}?{each['name']}=%22%27%3C", None) for each in operation["parameters"]]
        for address, accept in requests:
            answer = server.ask(address, accept)
            responses = operation["responses"]
            described = responses.get(str(answer.status), responses["default"])
            assert (str(answer.status) in responses) is (answer.status == 200), address
            assert answer.headers["content-type"].split(";")[0] in described["content"], address


def test_rows_are_in_order(server: Server) -> None:
    text = server.ask("/query/founders-of.csv").text
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert rows == sorted(rows)


def test_a_page_kept_is_the_page_made(server: Server) -> None:
    for encoding in ("identity", "gzip"):
        first, again = (server.ask("/en/case/bogota.html", Accept_Encoding=encoding) for _ in "ab")
        assert again.body == first.body
        ignored = {"date"}
        kept, made = (
            {name: value for name, value in each.headers.items() if name not in ignored}
            for each in (again, first)
        )
        assert kept == made
        tag = first.headers["etag"]
        unchanged = server.ask("/en/case/bogota.html", If_None_Match=tag, Accept_Encoding=encoding)
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert unchanged.headers["content-security-policy"]
    assert server.ask("/es/case/bogota.html").body != first.body
    asked = [server.ask(f"/en/query/founders-of.html?lang={lang}").body for lang in ("en", "es")]
    assert asked[0] != asked[1]
