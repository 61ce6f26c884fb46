"""Pages for readers: every one in both languages, well formed, escaped, saying what it should."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from first_study import LANGUAGES, STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph
from govgraph.errors import UsageError
from govgraph.queries import run
from govgraph.rdf.source_map import SourceMap
from govgraph.results import Result
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH
from govgraph.web.pages import (
    PAGES,
    Links,
    missing_page,
    reading,
    render_page,
    resource_page,
)
from govgraph.web.pages.networks import network_page
from govgraph.web.pages.queries import query_page, sparql_page
from govgraph.web.pages.reading import expand, languages_of, natural, reading_of
from govgraph.web.pages.rendering import page_policy, view_of
from govgraph.web.pages.resource import MOST
from govgraph.web.server.limits import HttpError
from govgraph.web.server.server import PageRoutes, static
from govgraph.web.server.state import AppState
from xss import CORPUS, hostile_graph

RESOURCES = (
    f"{STUDY}case/bogota",
    f"{STUDY}instrument/bogota-como-vamos",
    f"{STUDY}passage/3.3/3",
    f"{STUDY}passage/table-8.2/guatemala/p1",
    f"{STUDY}actor/be-spp",
    f"{STUDY}work/acero-2008",
    f"{BASE}scheme/sector",
    f"{BASE}graph/inferred",
    f"{BASE}query/timeline",
    f"{GG}Case",
    "http://metadata.un.org/sdg/16.7",
)
NAMES = [*PAGES, *RESOURCES]


Rendered = dict[tuple[str, str], str]


def render(kg: KnowledgeGraph, name: str, language: str = "en") -> str:
    if name in PAGES:
        return render_page(name, kg, language)
    return resource_page(kg, name, language)


@pytest.fixture(scope="module")
def pages(kg: KnowledgeGraph) -> Rendered:
    """Return a page of every kind in every language."""
    return {
        (name, language): render(kg, name, language) for name in NAMES for language in LANGUAGES
    }


def well_formed(text: str) -> None:
    """Raise where HTML has what the standard calls a parse error."""
    from html5rdf import HTMLParser

    HTMLParser(strict=True).parse(text)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def faults_of_structure(page: str, language: str) -> Iterator[str]:
    """Yield what assistive tools would miss in a page."""
    if f'<html lang="{language}">' not in page:
        yield "no language"
    if re.search(r"&lt;/?(?:a|code|span|li|ul|div|details) ?[^&]*", page) or "&amp;lt;" in page:
        yield "markup escaped twice"
    for part in ("<h1>", "<main ", "</footer>", '<a class="skip" href="#content">'):
        if page.count(part) != 1:
            yield f"{page.count(part)} times {part}"
    ids = re.findall(r'\sid="([^"]*)"', page)
    if len(ids) != len(set(ids)):
        yield "an id twice"
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    if any(after - before > 1 for before, after in pairwise(levels)):
        yield f"headings of levels {levels}"
    for field in re.findall(r"<(?:input|select|textarea) id=\"([^\"]+)\"", page):
        if f'<label for="{field}">' not in page:
            yield f"no label for {field}"


def test_pages_have_what_assistive_tools_need(pages: Rendered) -> None:
    faults = []
    for (name, language), page in pages.items():
        faults += [(name, language, fault) for fault in faults_of_structure(page, language)]
    assert faults == []


@pytest.mark.parametrize(
    "step", [pytest.param(3, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_pages_are_well_formed(pages: Rendered, step: int) -> None:
    """Three is no multiple of the languages: some pages of each."""
    for page in list(pages.values())[::step]:
        well_formed(page)


def test_a_page_comes_out_the_same_again(kg: KnowledgeGraph, pages: Rendered) -> None:
    names = [name for name in NAMES if name not in {"networks", "index"}]
    assert [name for name in names if render(kg, name, "es") != pages[name, "es"]] == []


def test_pages_need_no_script_no_inline_style_and_no_other_host(pages: Rendered) -> None:
    faults = []
    for (name, language), text in pages.items():
        page = text.replace('<script src="/static/editor.js" defer></script>', "")
        for script in ("search", "filters"):
            page = page.replace(f'<script src="/static/{script}.js" defer></script>', "")
        page = page.replace('<script type="application/ld+json">', "")  # data, which nobody runs
        inline = r"<script|<style|<iframe|<object|<base|\sstyle=|\son[a-z]+=|\ssrc="
        faults += [(name, language, found) for found in re.findall(inline, page)]
        loaded = re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"', page)
        faults += [(name, language, link) for link in loaded if not link.startswith("/static/")]
        assert loaded
    assert faults == []


def test_pages_are_made_in_the_languages_that_the_graph_has_labels_in(kg: KnowledgeGraph) -> None:
    assert languages_of(kg) == LANGUAGES


def test_the_languages_differ_and_lead_to_each_other(pages: Rendered) -> None:
    english, spanish = (pages["conflicts", language] for language in LANGUAGES)
    assert "Where passages disagree" in english
    assert "Si los pasajes discrepan" in spanish
    assert 'href="/es/conflicts.html"' in english
    assert 'href="/en/conflicts.html"' in spanish


def test_a_resource_shows_passage_citation_and_line_of_a_statement(pages: Rendered) -> None:
    made = pages[f"{STUDY}instrument/bogota-como-vamos", "en"]
    year = made[made.index("start year</a>") :].partition("</li>\n</ul>")[0]
    assert '<span class="number" title="xsd:integer">1998</span>' in year
    assert '<a href="/en/passage/3.3/3.html">§3.3 ¶3</a>' in year
    assert "Bogotá Cómo Vamos (2000)" in year
    assert re.search(r"security-alliances/cases/bogota\.yaml:\d+", year)


def test_a_resource_shows_the_proof_of_what_is_inferred(pages: Rendered) -> None:
    made = pages[f"{STUDY}instrument/bogota-como-vamos", "en"]
    inferred = made[made.index('id="inferred"') :]
    proof = inferred[inferred.index("involves</a><dd>") :]
    tree = proof[proof.index('<div class="axiom">') :].partition("</details>")[0]
    assert "prp-spo2" in proof
    assert "§3.3" in tree
    assert "participant" in text_of(tree)
    assert "SubPropertyChain" in tree
    assert "_:" not in tree


def test_a_resource_shows_conflicts_and_who_points_here(pages: Rendered) -> None:
    made = pages[f"{STUDY}actor/be-spp", "en"]
    assert "Passages disagree about it" in made
    assert 'href="/en/conflict/spp-year.html"' in made
    assert "What others say of it" in made


def test_a_resource_leads_to_its_data_in_each_format(pages: Rendered) -> None:
    made = pages[f"{STUDY}case/bogota", "en"]
    for extension in ("ttl", "nt", "rdf", "jsonld", "trig", "nq"):
        head = f'<link rel="alternate" type="[a-z/+-]+" href="/case/bogota.{extension}"'
        assert len(re.findall(head, made)) == 1
        assert made.count(f'<li><a href="/case/bogota.{extension}">') == 1
    assert '<link rel="describedby" type="text/turtle" href="/case/bogota.ttl">' in made
    assert '<link rel="canonical" href="/en/case/bogota.html">' in made
    assert '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">' in made


def test_a_passage_shows_what_it_says_and_what_it_cites(pages: Rendered) -> None:
    said = text_of(pages[f"{STUDY}passage/3.3/3", "en"])
    assert "What this passage says" in said
    assert "El Tiempo" in said
    assert "What it cites" in said


def test_a_page_shows_every_statement_up_to_a_limit_and_says_how_many_more(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    iri = f"{STUDY}work/study"
    quads = kg.store.quads_for_pattern(None, None, ox.NamedNode(iri), None)
    asserted = {quad.triple for quad in quads if quad.graph_name.value != INFERRED_GRAPH}
    for most, shown in ((MOST, len(asserted)), (100, 100)):
        monkeypatch.setattr("govgraph.web.pages.resource.MOST", most)
        page = resource_page(kg, iri, "en")
        well_formed(page)
        incoming = page[page.index('id="incoming"') :].partition("</details>")[0]
        assert incoming.count("<li>") == shown
        assert (f"and {len(asserted) - shown} more" in incoming) == (shown < len(asserted))


def test_an_unknown_resource_and_page_are_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="Nothing is said"):
        resource_page(kg, f"{STUDY}case/atlantis")
    with pytest.raises(UsageError, match="conflicts"):
        render_page("conflict", kg)


def test_conflicts_show_both_sides(kg: KnowledgeGraph, pages: Rendered) -> None:
    made = pages["conflicts", "en"]
    about = made[made.index(">The Belgian secretariat for prevention begins in") :]
    sides = about.partition("</article>")[0].split('<div class="side">')[1:]
    assert ["2002" in text_of(each) for each in sides] == [True, False]
    assert ["1992" in text_of(each) for each in sides] == [False, True]
    conflicts = kg.query(
        "PREFIX gg: <https://w3id.org/govgraph/ontology#> SELECT DISTINCT ?c { ?c a gg:Conflict }"
    )
    assert made.count('<article class="dispute">') == len(conflicts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conflict_has_no_empty_side_and_no_point_twice(pages: Rendered, language: str) -> None:
    made = pages["conflicts", language]
    sides = made.split('<div class="side">')[1:]
    assert all("<li><q>" in each or "<strong>" in each.partition("</div>")[0] for each in sides)
    assert made.count('<div class="sides">') > 20
    assert {"en": "read as <strong>", "es": "leído como <strong>"}[language] in made
    assert not re.findall(r"[a-záéíóú0-9]\.(?:</span>|</a>)*[:,]", made)


def test_a_passage_is_named_in_the_language_of_the_page(kg: KnowledgeGraph) -> None:
    reading = reading_of(kg)
    passages = [iri for iri in reading.described if iri.startswith(f"{STUDY}passage/table-")]
    english, spanish = ({i: view_of(kg, x).graph_name(i) for i in passages} for x in LANGUAGES)
    column = f"{STUDY}passage/table-8.1/government"
    assert (english[column], spanish[column]) == ("Table 8.1, Government", "Tabla 8.1, Gobierno")
    note = f"{STUDY}passage/table-8.2/note-d"
    assert (english[note], spanish[note]) == ("Table 8.2, Note d", "Tabla 8.2, Nota d")
    assert spanish[f"{STUDY}passage/table-8.2/guatemala/p1"] == "Tabla 8.2, Guatemala, P1"
    words = r"\b(?:Table|Note|Leaders|Government|Private|years)\b"
    assert not re.findall(words, " ".join(spanish.values()))


def test_a_thing_without_a_label_is_named_by_what_is_said_of_it(kg: KnowledgeGraph) -> None:
    names = view_of(kg, "es")
    made = {iri: names.label(iri) for iri in names.reading.described}
    kinds = ("participation", "alignment", "identity-link", "tenure", "model-role")
    starts = tuple(f"{STUDY}{kind}/" for kind in kinds)
    unnamed = [
        iri
        for iri, label in made.items()
        if iri.startswith(starts) and label == iri.removeprefix(STUDY)
    ]
    assert unnamed == []
    assert made[f"{STUDY}observation/homicide-rate/guatemala/p2"].startswith(
        "Tasa de homicidios, G"
    )
    assert made[f"{BASE}graph/inferred"] == "Enunciados inferidos"
    assert made[f"{STUDY}observation/rotterdam-nuisance-2003"].endswith(": 56 Por ciento")
    assert "1082: 1082" not in made[f"{STUDY}observation/tijuana-homicides-2010"]
    goals = names.label(expand("sdgo:Goal"))
    assert made[f"{STUDY}dataset#class-sdgo-Goal"] == f"Parte del conjunto de datos: {goals}"
    assert names.label(f"{GG}Case") == "Caso"


def test_claims_show_every_check_with_its_verdict(kg: KnowledgeGraph, pages: Rendered) -> None:
    made = pages["claims", "en"]
    assert made.count('data-label="The graph says"') == len(kg.claims())
    assert "Does not hold" in made
    assert "23.66" in made


def test_the_timeline_gives_two_years_where_passages_do(pages: Rendered) -> None:
    made = pages["instruments", "en"]
    rows = [text_of(each) for each in made.split("<tr>") if "/en/actor/be-spp.html" in each]
    assert any("1992" in each and "Table 8.3" in each for each in rows)
    assert made.count('<svg class="mark ') > 40


def test_a_query_answers_its_defaults_and_its_parameters(kg: KnowledgeGraph) -> None:
    view = view_of(kg, "es")
    everything = query_page(view, "timeline")
    assert "Cronología de arreglos" in everything
    assert "Países Bajos" in everything
    one = query_page(view, "timeline", {"case": ["case/bogota"]})
    well_formed(one)
    assert '<option value="case/bogota" selected>' in one
    answer = one[one.index('id="answer"') : one.index('id="text"')]
    assert "Bogotá Cómo Vamos" in answer
    assert "Países Bajos" not in answer


def test_what_is_wrong_with_an_argument_stands_on_the_page(kg: KnowledgeGraph) -> None:
    made = query_page(view_of(kg, "en"), "timeline", {"case": ["<script>alert(1)</script>"]})
    well_formed(made)
    assert 'role="alert"' in made
    assert "<script>" not in made


def test_the_sparql_form_keeps_its_text_and_shows_answers_and_errors(kg: KnowledgeGraph) -> None:
    view = view_of(kg, "en")
    text = 'SELECT ("</textarea><script>" AS ?x) {}'
    made = sparql_page(view, text, kg.query(text))
    well_formed(made)
    assert "&lt;/textarea&gt;&lt;script&gt;" in made
    assert "<td>&lt;/textarea&gt;" in made
    assert "no good &lt;b&gt;" in sparql_page(view, text, error="no good <b>")


@pytest.fixture(scope="module")
def hostile() -> KnowledgeGraph:
    return hostile_graph()


def breaking_out(page: str) -> Iterator[str]:
    """Yield what came of data and is more than text, as the parser of a browser sees it."""
    from html5rdf import HTMLParser

    for element in HTMLParser(strict=True).parse(page).iter():
        if not isinstance(element.tag, str):
            continue
        source = element.attrib.get("src")
        ours = source in {"/static/search.js", "/static/filters.js"} and not element.text
        if element.tag.rpartition("}")[2] in {"script", "img", "iframe"} and not ours:
            yield element.tag
        for name, value in element.attrib.items():
            addressed = value.startswith(("/", "#", "http://", "https://")) and "/../" not in value
            if name.lower().startswith("on") or name == "style":
                yield name
            elif name == "href" and not addressed:
                yield value


def test_nothing_in_a_graph_breaks_out_of_a_page(hostile: KnowledgeGraph) -> None:
    from html5rdf import HTMLParser

    faults: list[tuple[str, str]] = []
    for number, text in enumerate(CORPUS):
        page = resource_page(hostile, f"{STUDY}case/hostile-{number}")
        faults += [(text, fault) for fault in breaking_out(page)]
        shown = " ".join("".join(HTMLParser().parse(page).itertext()).split())
        if " ".join(text.split()) not in shown:
            faults.append((text, "is not shown as it stands"))
    assert faults == []


def test_an_iri_that_no_file_can_have_gets_no_page(hostile: KnowledgeGraph) -> None:
    page_path = reading_of(hostile).paths.page
    assert page_path(f"{STUDY}case/../../etc/passwd") is None
    assert page_path(f"{STUDY}case/%2e%2e/x") is None
    assert page_path(f"{STUDY}case//x") is None
    assert page_path(f"{STUDY}case/{'x' * 300}") is None
    assert page_path(f"{STUDY}case/a%0Ab") is None
    assert page_path("https://example.org/x") is None
    assert page_path(f"{STUDY}case/bogot%C3%A1") == "case/bogotá"
    odd = f"{STUDY}case/../../../../etc/passwd"
    assert odd in reading_of(hostile).unplaced
    with pytest.raises(UsageError):
        resource_page(hostile, odd, links=Links("../", live=False))
    # A server has it by query.
    page = resource_page(hostile, odd)
    assert 'href="/resource.ttl?iri=https%3A%2F%2Fw3id.org%2F' in page
    assert all(href.startswith("/en/sparql.html?query=") for href in breaking_out(page))


def test_overviews_of_a_graph_without_anything_are_pages_too() -> None:
    empty = KnowledgeGraph(LocalGraph(ox.Store(), SourceMap()))
    for name in view_of(empty, "en").sections:
        well_formed(render_page(name, empty))


def test_a_page_without_anything_to_show_is_not_in_the_navigation(
    kg: KnowledgeGraph, hostile: KnowledgeGraph
) -> None:
    assert list(view_of(kg, "en").sections) == list(PAGES)
    start = render_page("index", hostile)
    led = {name for name in PAGES if f'<a href="/en/{name}.html"' in start.partition("<main")[0]}
    assert led == {"index", "queries", "data", "cases", "networks"}
    assert "/en/claims.html" not in start
    with pytest.raises(UsageError, match="no page 'claims'"):
        render_page("claims", hostile)


def test_what_is_not_there_is_said_with_the_way_back(kg: KnowledgeGraph) -> None:
    page = missing_page(view_of(kg, "es"))
    well_formed(page)
    assert page.count("<h1>") == 1
    assert '<a href="/es/cases.html">Casos</a>' in page


def test_a_network_comes_as_files_in_both_languages(kg: KnowledgeGraph) -> None:
    web = client(kg)
    answer = web.get("/es/network/actors.nodes.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["Id"]: row for row in csv.DictReader(answer.text.splitlines())}
    assert rows["actor-kind/police@denmark"]["Label"] == "Policía · Dinamarca"
    assert int(rows["actor-kind/police@denmark"]["degree"]) == 6
    tag = {"If-None-Match": answer.headers["etag"]}
    assert web.get("/es/network/actors.nodes.csv", headers=tag).status_code == 304
    assert "Policía" in web.get("/es/network/actors.gexf").text
    assert "Policía" not in web.get("/en/network/actors.gexf").text


def test_the_picture_of_a_network_leads_to_every_node(kg: KnowledgeGraph) -> None:
    made = network_page(view_of(kg, "en"), "actors")
    drawn = made[made.index('<svg class="picture network"') :].partition("</svg>")[0]
    network = kg.network("actors")
    assert drawn.count("<rect") == len(network) == drawn.count('<a href="/en/')
    assert "<title>El Tiempo</title>" in drawn
    assert 'href="/en/passage/3.3/3.html"' in made[made.index('id="ties"') :]


def test_what_is_of_the_second_mode_is_square(kg: KnowledgeGraph) -> None:
    made = network_page(view_of(kg, "en"), "participation")
    drawn = made[made.index('<svg class="picture network"') :].partition("</svg>")[0]
    modes = [mode for _, mode in kg.network("participation").nodes(data="mode")]
    assert (drawn.count("<rect"), drawn.count('rx="0.0"')) == (
        len(modes),
        modes.count("arrangement"),
    )
    assert len(set(modes)) == 2
    legend = made[made.index("</svg>") :].partition("</p>")[0]
    assert legend.count('rx="0"') == 1


def test_the_picture_of_effects_tells_their_direction(kg: KnowledgeGraph) -> None:
    made = network_page(view_of(kg, "en"), "causal")
    drawn, _, rest = made[made.index('<svg class="picture network"') :].partition("</svg>")
    legend = rest.partition("</p>")[0]
    looks = re.findall(r'<path class="tie"( color="[^"]*" stroke-dasharray="[^"]*")', drawn)
    assert len(looks) == len({*looks}) == 4
    for look, kind in zip(looks, ("Lowers", "Makes possible", "Prevents", "Raises"), strict=True):
        assert f'{look} d="M0 5H24"/></svg> {kind}<' in legend
    assert " color=" not in network_page(view_of(kg, "en"), "actors")


def test_a_graph_too_large_for_networks_on_a_page_has_none(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_STATEMENTS", 1000)
    large = KnowledgeGraph(LocalGraph(kg.store, kg.sources, kg.studies))
    assert "networks" not in view_of(large, "en").sections
    assert reading_of(large).queries == large.queries
    with pytest.raises(UsageError, match="no network 'actors'"):
        network_page(view_of(large, "en"), "actors")


def test_without_the_code_of_the_editor_the_plain_form_stays(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govgraph.web.pages.queries.editor_files", dict)
    made = render_page("sparql", kg)
    assert "editor.js" not in made
    assert '<textarea id="query"' in made


def test_names_are_sorted_as_people_do() -> None:
    names = ["Zürich", "§10", "§9", "Épinal", "epee", "9", "10"]
    assert sorted(names, key=natural) == ["9", "10", "epee", "Épinal", "Zürich", "§9", "§10"]


class WithoutWorkers(AppState):
    """What answers share, with queries answered here and now."""

    async def evaluate(self, text: str) -> Result:
        if text == "ASK {}":
            raise HttpError(503, "too slow", {"Retry-After": "60"})
        return run(text, self.graph.view)


def client(kg: KnowledgeGraph) -> TestClient:
    pages = PageRoutes(WithoutWorkers(kg))
    routes = [Route(f"/{tag}/{{path:path}}", pages.in_language(tag)) for tag in languages_of(kg)]
    routes.append(Route("/static/{name}", static))
    return TestClient(Starlette(routes=routes), follow_redirects=False)


def test_routes_answer_pages_with_a_strict_policy(kg: KnowledgeGraph) -> None:
    web = client(kg)
    for path in ("/en/cases.html", "/es/case/bogota.html", "/en/query/timeline.html", "/en/"):
        answer = web.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-security-policy"] == page_policy("")
    assert web.get("/static/govgraph.css").headers["content-type"].startswith("text/css")
    for path in (
        "/en/nowhere.html", "/en/case/bogota~9.html", "/en/../etc.html", "/en/caser.x",
        "/en/sparql~2.html", "/en/query/timeline~2.html", "/en/network/actors~2.html",
        "/en/network/nothing.html", "/en/network/nodes/things.html", "/en/network/nothing.gexf",
        "/en/network/actors.exe", "/en/network/everything.graphml", "/en/network/x/explorer.html",
    ):  # fmt: skip
        assert web.get(path).status_code == 404, path
    assert web.get("/en/network/everything.gexf").status_code == 200
    policy = web.get("/en/sparql.html").headers["content-security-policy"]
    assert policy == f"connect-src 'self'; {page_policy('')}"
    assert "unsafe" not in policy
    assert web.get("/static/..%2fserver.py").status_code == 404


def test_a_page_that_the_reader_has_is_not_sent_again(kg: KnowledgeGraph) -> None:
    web = client(kg)
    tag = web.get("/en/cases.html").headers["etag"]
    again = web.get("/en/cases.html", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert web.get("/es/cases.html", headers={"If-None-Match": tag}).status_code == 200
    assert web.head("/en/cases.html").content == b""


def test_a_form_is_answered_by_what_the_server_gives(kg: KnowledgeGraph) -> None:
    web = client(kg)
    answer = web.get("/en/query/timeline.html?case=case/bogota&lang=")
    assert answer.status_code == 200
    assert (
        "VALUES ?case { &lt;https://w3id.org/govgraph/security-alliances/case/bogota&gt; }"
        in answer.text
    )
    assert "VALUES ?lang { &#34;en&#34; }" in answer.text
    shown = web.get("/en/sparql.html", params={"query": "ASK {}", "run": "1"})
    assert '<p class="error" role="alert">too slow</p>' in shown.text
    assert (shown.status_code, shown.headers["retry-after"]) == (503, "60")
    assert shown.headers["cache-control"] == "no-store"
    assert "etag" not in shown.headers
    assert "ASK {}" in web.get("/en/sparql.html", params={"query": "ASK {}"}).text


def test_a_page_shows_the_query_that_was_run(kg: KnowledgeGraph) -> None:
    spanish = query_page(view_of(kg, "es"), "founders-of")
    assert "VALUES ?lang { &#34;es&#34; }" in spanish
    chosen = {"arrangement": ["partnership/alliance-for-security"]}
    made = query_page(view_of(kg, "en"), "founders-of", chosen)
    assert (
        "VALUES ?arrangement { &lt;https://w3id.org/govgraph/security-alliances/partnership/alliance-"
        in made
    )
    assert "bogota-como-vamos" not in made[made.index('id="text"') :]
    assert quote("partnership/alliance-for-security> }") in made  # as the form is given it
    assert 'href="/query/founders-of.csv?arrangement=partnership%2Falliance-for-security' in made
    wrong = query_page(view_of(kg, "en"), "founders-of", {"arrangement": ["nonesuch"]})
    assert "Nothing was run" in wrong
    assert "/query/founders-of.csv" not in wrong
    as_file = query_page(view_of(kg, "en", Links("../", live=False)), "founders-of")
    assert "founders-of.csv" not in as_file


def test_what_of_a_network_takes_long_is_kept_and_made_anew_where_damaged(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(KnowledgeGraph, "cache_folder", tmp_path)
    made = network_page(view_of(KnowledgeGraph(kg.backend), "en"), "sectors")
    kept = {path.name.partition("-")[0]: path for path in tmp_path.iterdir()}
    assert kept.keys() == {"network", "measures", "style", "figures", "chance"}
    whole = {path: path.read_bytes() for path in kept.values()}
    kept["style"].write_bytes(whole[kept["style"]][:-9])
    kept["chance"].write_bytes(b"")
    kept["measures"].unlink()
    monkeypatch.setattr("govgraph.web.pages.networks.summarise", None)  # what is sound is read
    assert network_page(view_of(KnowledgeGraph(kg.backend), "en"), "sectors") == made
    assert {path: path.read_bytes() for path in kept.values()} == whole
