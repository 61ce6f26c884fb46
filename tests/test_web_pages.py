"""Pages of a running server: their status, what is kept of them, and where they lead."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from benchmarks.hostile import EXPLOSIVE

from first_study import STUDY
from govgraph import KnowledgeGraph
from govgraph.queries.sparql import lasts
from govgraph.web.negotiation import EXTENSIONS, RDF_EXTENSIONS
from serving import Answer, Server, serving

PUBLIC = "https://example.org/govgraph/"


@pytest.fixture(scope="module")
def server(kg: KnowledgeGraph) -> Iterator[Server]:
    limits = ("--time-limit", "3", "--result-limit", "1")
    with serving("--public-url", PUBLIC, *limits) as running:
        yield running


def run_on_page(server: Server, text: str) -> Answer:
    return server.ask(f"/en/sparql.html?run=1&query={quote(text)}")


def error_of(answer: Answer) -> str:
    found = re.search(r'<p class="error" role="alert">([^<]*)</p>', answer.text)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("query/founders-of.html?arrangement=nonesuch", "nothing of gg:Arrangement"),
        ("query/founders-of.html?arangement=x", "has no parameter 'arangement'"),
        ("sparql.html?run=1&query=bad", "Found no query"),
        ("sparql.html?run=1&query=CLEAR%20ALL", "read-only"),
    ],
)
def test_a_wrong_request_is_no_success(server: Server, path: str, error: str) -> None:
    answer = server.ask(f"/en/{path}")
    assert answer.status == (403 if "CLEAR" in path else 400)
    assert error in error_of(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert "Nothing was run" in answer.text or "sparql.html" in path


def test_a_limit_met_is_no_success(server: Server) -> None:
    slow = run_on_page(server, EXPLOSIVE["cross join counted"][0])
    assert (slow.status, slow.headers["retry-after"]) == (503, "60")
    assert "stopped after 3 s" in error_of(slow)
    pad = "x" * 2000
    large = run_on_page(server, f"SELECT ('{pad}' AS ?x) {{ ?s a ?o }} LIMIT 1000")
    assert large.status == 413
    assert "larger than" in error_of(large)


@pytest.mark.parametrize("text", ["SELECT * {\n ?s ?p}", "SELECT * { ?s ?p ?o", "x", "ASK {"])
def test_an_error_says_the_same_on_the_page_and_at_the_endpoint(server: Server, text: str) -> None:
    answer = server.query(text)
    assert answer.text.startswith("line ")
    assert error_of(run_on_page(server, text)) == answer.text.rstrip("\n")


def test_a_term_that_means_nothing_is_told_above_an_empty_answer(server: Server) -> None:
    answer = run_on_page(server, "SELECT * { ?s gg:startyear ?y }")
    assert answer.status == 200
    assert "Did you mean 'gg:startYear'" in error_of(answer)


def test_a_query_leads_to_its_answer_as_data(server: Server, kg: KnowledgeGraph) -> None:
    arrangement = "partnership/alliance-for-sustainability"
    page = server.ask(f"/es/query/founders-of.html?arrangement={arrangement}")
    links = re.findall(r'href="/govgraph(/query/[^"]+)"', page.text)
    found = [html.unescape(each) for each in links]
    endings = [each.partition("?")[0].rpartition(".")[2] for each in found]
    assert endings == ["csv", "tsv", "json", "xml"]
    expected = kg.query("founders-of", arrangement=arrangement, lang="es")
    assert server.ask(found[0]).body == expected.serialize("csv")
    assert len(expected) == 1


@pytest.mark.parametrize("path", ["case/bogota", "index", "query/timeline", "network/actors"])
def test_a_page_may_be_kept(server: Server, path: str) -> None:
    answer = server.ask(f"/en/{path}.html")
    assert (answer.status, answer.headers["cache-control"]) == (200, "public, no-cache")
    assert server.ask(f"/en/{path}.html?lang=en").headers["cache-control"] != "public, no-cache"


def links_of(answer: Answer) -> dict[tuple[str, str], str]:
    """Return (relation, language or media type) -> target of a Link header."""
    found = {}
    for target, rest in re.findall(r"<([^>]*)>((?:; \w+=\"[^\"]*\")*)", answer.headers["link"]):
        given = dict(re.findall(r'; (\w+)="([^"]*)"', rest))
        found[given["rel"], given.get("hreflang", given.get("type", ""))] = target
    return found


@pytest.mark.parametrize(
    "path", ["case/bogota", "ontology", "sdg/16.7", "work/study", "passage/3.3/3"]
)
def test_a_page_about_something_leads_to_its_data(server: Server, path: str) -> None:
    answer = server.ask(f"/es/{path}.html")
    found = links_of(answer)
    assert found.pop(("canonical", "")) == f"{PUBLIC}es/{path}.html"
    assert found.pop(("license", "")).startswith("https://creativecommons.org/")
    assert f'<link rel="canonical" href="{PUBLIC}es/{path}.html">' in answer.text
    for language in ("en", "es"):
        assert found.pop(("alternate", language)) == f"/govgraph/{language}/{path}.html"
    assert found["describedby", "text/turtle"] == found["alternate", "text/turtle"]
    assert len(found) == 7
    assert found["describedby", "text/turtle"] == f"/govgraph/{path.partition('~')[0]}.ttl"
    for (_, media_type), target in found.items():
        data = server.ask(target.removeprefix("/govgraph"))
        assert data.status == 200
        assert data.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("path", ["index", "query/timeline", "network/actors", "sparql"])
def test_any_page_names_its_address_and_its_languages(server: Server, path: str) -> None:
    answer = server.ask(f"/en/{path}.html", method="HEAD")
    found = links_of(answer)
    assert found.pop(("canonical", "")) == f"{PUBLIC}en/{path}.html"
    for language in ("en", "es"):
        assert found.pop(("alternate", language)) == f"/govgraph/{language}/{path}.html"
    assert [relation for relation, _ in found] == ["license"]
    assert "link" not in server.ask(f"/en/{path}.htm").headers


@pytest.mark.parametrize(
    ("accept", "language", "target"),
    [
        (None, "es", "es"),
        ("*/*", "de", "en"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "es-MX", "es"),
        ("text/html, text/turtle;q=0.9", "en", "en"),
        ("image/png", "en", "en"),
    ],
)
def test_the_root_leads_readers_to_a_page(
    server: Server, accept: str | None, language: str, target: str
) -> None:
    answer = server.ask("/", accept, Accept_Language=language)
    assert (answer.status, answer.headers["location"]) == (303, f"/govgraph/{target}/index.html")
    varies = {each.strip() for each in answer.headers["vary"].split(",")}
    assert {"Accept", "Accept-Language"} <= varies


@pytest.mark.parametrize("ending", RDF_EXTENSIONS)
def test_the_root_is_a_document_to_programs(server: Server, ending: str) -> None:
    answer = server.ask("/", EXTENSIONS[ending])
    assert answer.status == 200
    assert answer.headers["content-type"].partition(";")[0] == EXTENSIONS[ending]
    assert answer.headers["content-location"] == f"/govgraph/index.{ending}"
    assert "Accept" in answer.headers["vary"].split(", ")
    assert f'<{STUDY}dataset>; rel="describes"' in answer.headers["link"]
    is_relative = ending in ("ttl", "trig")  # to the base of the study
    assert ("<dataset>" if is_relative else f"{STUDY}dataset").encode() in answer.body
    assert server.ask(f"/index.{ending}").body == answer.body
    assert server.ask("/", f"text/html;q=0.5, {EXTENSIONS[ending]}").body == answer.body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", True),
        ('SELECT ("NOW()" AS ?x) {} # RAND()', True),
        ("SELECT ?now { ?now <urn:RAND> ?o }", True),
        ("SELECT (now () AS ?x) {}", False),
        ("SELECT (STRUUID # of its own\n () AS ?x) {}", False),
    ],
)
def test_a_query_that_changes_by_itself_is_told(text: str, expected: bool) -> None:
    assert lasts(text) is expected
