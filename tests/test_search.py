"""Search by words, on a server and in files, and what is said of what is not there."""

from __future__ import annotations

import gzip
import html
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.web.pages.links import Links
from govgraph.web.pages.queries import sparql_page
from govgraph.web.pages.rendering import View, view_of
from govgraph.web.pages.search import entries, found, index_file, near, render
from govgraph.web.server.server import create_app
from second_study import NAME

PUBLIC = "https://example.org/govgraph/"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def view(kg: KnowledgeGraph) -> View:
    return view_of(kg, "en")


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> TestClient:
    """Return a server without workers, which what is asked here does not need."""
    return TestClient(create_app(kg, PUBLIC), follow_redirects=False)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("el tiempo", "en/actor/el-tiempo.html"),
        ("BOGOTA COMO VAMOS", "en/instrument/bogota-como-vamos.html"),
        ("vamos  bogotá", "en/instrument/bogota-como-vamos.html"),
        ("Secretaría Permanente de la Política de Prevención", "en/actor/be-spp.html"),
        ("founders-of", "en/query/founders-of.html"),
        ("conflicts", "en/conflicts.html"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(view: View, words: str, address: str) -> None:
    assert address in [hit.address for hit in found(view, words)[:3]]


def test_what_is_called_so_comes_first_then_names_then_notes(view: View) -> None:
    hits = found(view, "prevention contracts")
    assert hits[0].title == "Prevention Contracts"
    ranks = [
        2 - ("prevention" in hit.names and "contracts" in hit.names) - ("contracts" in hit.names)
        for hit in hits
    ]
    assert ranks[0] == 0
    assert ranks[-1] > 0
    assert [rank for rank in ranks if not rank] == ranks[: ranks.count(0)]


def test_nothing_is_found_for_nothing(view: View) -> None:
    assert found(view, " ?! ") == []
    assert found(view, "xyzzy") == []
    assert "actor/el-tiempo" in near(view, "El Tiempoo")[0].address
    assert near(view, "x" * 200) == []


def test_every_entry_leads_to_a_page_of_its_language(kg: KnowledgeGraph) -> None:
    spanish = view_of(kg, "es")
    paths = {spanish.links.page(path)[1:] for path in spanish.reading.described.values()}
    paths |= {spanish.links.page(name)[1:] for name in spanish.sections}
    assert {entry.address.partition("#")[0] for entry in entries(spanish)} - paths == set()
    titles = {entry.address: entry.title for entry in entries(spanish)}
    assert titles["es/goals.html"] == "Objetivos"


def test_it_is_quick_and_small(view: View, kg: KnowledgeGraph) -> None:
    entries(view)
    for words in ("police", "a", "prevención social", "xyzzy"):
        before = time.process_time()
        found(view, words)
        assert time.process_time() - before < 0.05
    for language in ("en", "es"):
        assert len(gzip.compress(index_file(view_of(kg, language)), 6)) < 300_000


def test_a_page_of_results_without_a_script(server: TestClient) -> None:
    answer = server.get("/en/search.html?q=el+tiempo")
    listed = re.findall(r'<li><a href="/govgraph/([^"]+)">', answer.text.partition("<main")[2])
    assert answer.status_code == 200
    assert listed[0] == "en/actor/el-tiempo.html"
    assert 'value="el tiempo"' in answer.text
    assert '<form class="search" action="/govgraph/en/search.html"' in answer.text
    evil = server.get("/en/search.html?q=" + quote('"><script>alert(1)</script>'))
    assert "<script>alert" not in evil.text
    wrong = server.get("/en/search.html?q=Chamber+of+Comerce+of+Bogota")
    assert "Was this meant?" in wrong.text
    assert "actor/chamber-of-commerce-bogota" in wrong.text


def test_the_index_is_a_file_that_the_script_reads(server: TestClient, kg: KnowledgeGraph) -> None:
    answer = server.get("/es/search.js")
    assert kind_of(answer) == "text/javascript"
    rows = json.loads(answer.text.removeprefix("govgraphSearch(").removesuffix(");\n"))
    names = {row[2]: row[0] for row in rows["entries"]}
    assert names["es/case/bogota.html"] == "Bogotá, Colombia"
    assert answer.content == index_file(view_of(kg, "es", Links(public=PUBLIC)))


def test_a_site_of_files_says_that_a_script_searches(kg: KnowledgeGraph) -> None:
    made = render(view_of(kg, "en", Links("../", live=False)))
    assert "data-found" in made
    assert "<noscript>" in made


def test_the_second_study_is_found_in_its_languages() -> None:
    import govgraph

    graph = govgraph.open(study=NAME)
    german = view_of(graph, "de")
    assert found(german, "gemeindegerichte")
    kinds = {entry.kind for entry in entries(german)}
    assert "Seite" in kinds
    assert len(gzip.compress(index_file(german))) < 300_000
    assert STUDY not in index_file(german).decode()


# --- what is not there, or wrong


def kind_of(answer: Any) -> str:
    return answer.headers["content-type"].partition(";")[0]


def message(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition("<main")[2])))


@pytest.mark.parametrize(
    ("path", "status", "said", "meant"),
    [
        ("/case/bogotta", 404, "There is no such page", "/govgraph/en/case/bogota.html"),
        ("/actor/el-tiempo-x", 404, "There is no such page", "/govgraph/en/cases.html"),
        ("/en/case/bogotta.html", 404, "There is no such page", "/govgraph/en/case/bogota.html"),
        ("/resource?iri=https://example.org/el-tiempo", 404, "The graph says nothing of this IRI",
         "/govgraph/en/actor/el-tiempo.html"),
        ("/sparql?x=1", 400, "query", "cases.html"),
        ("/store?graph=https://example.org/x", 404, "There is no such page", "cases.html"),
    ],
)  # fmt: skip
def test_a_browser_gets_a_page_that_leads_on(
    server: TestClient, path: str, status: int, said: str, meant: str
) -> None:
    answer = server.get(path, headers=PAGE)
    assert (answer.status_code, kind_of(answer)) == (status, "text/html")
    assert said in message(answer.text)
    assert meant in answer.text
    assert 'role="search"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    plain = server.get(path)
    assert plain.status_code == status
    assert path.startswith("/en/") or kind_of(plain) == "text/plain"


def test_the_place_of_a_mistake_is_marked(view: View) -> None:
    made = sparql_page(view, "SELECT * {\n ?s ?p\n}", error="line 3, column 1: no object")
    assert "<code><mark>}</mark></code>" in made
    beyond = sparql_page(view, "SELECT *", error="line 9, column 1: the end")
    assert "<mark>" not in beyond


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "en/index.html"), ("/index.html", "en/index.html"), ("/en", "en/index.html"),
        ("/es", "es/index.html"), ("/favicon.ico", "static/icon.svg"),
        ("/query/", "en/queries.html"), ("/en/case/bogota", "en/case/bogota.html"),
        ("/es/cases", "es/cases.html"),
    ],
)  # fmt: skip
def test_what_people_type_leads_somewhere(server: TestClient, path: str, target: str) -> None:
    answer = server.get(path, headers=PAGE)
    assert answer.headers["location"] == f"/govgraph/{target}"
    assert server.get(f"/{target}").status_code == 200


def test_a_mistake_about_paths_shows_nothing_of_the_server(server: TestClient) -> None:
    assert str(Path.cwd()) not in server.get("/case/%00", headers=PAGE).text


def test_a_wrong_query_is_told_on_a_page_and_a_right_one_leads_to_its_answer(
    kg: KnowledgeGraph,
) -> None:
    only_html = {"Accept": "text/html"}
    with TestClient(create_app(kg, PUBLIC), follow_redirects=False) as client:
        wrong = client.get("/sparql", params={"query": "SELECT * {\n ?s ?p\n}"}, headers=only_html)
        assert (wrong.status_code, kind_of(wrong)) == (400, "text/html")
        assert "<mark>" in wrong.text
        right = client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}, headers=only_html)
        assert right.status_code == 303
        page = client.get(right.headers["location"].removeprefix("/govgraph"), headers=only_html)
        assert page.status_code == 200
        assert "true" in message(page.text)
