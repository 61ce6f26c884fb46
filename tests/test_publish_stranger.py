"""The site of somebody else's study: its own name and nobody else's, its own RDF, what it has."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

import govgraph
from govgraph.errors import GovgraphError
from govgraph.vocabulary import GG
from govgraph.web.pages.reading import languages_of, reading_of
from govgraph.web.server.server import create_app
from govgraph.web.site import Publication, publish
from link_check import broken_links_of
from own_study import EXAMPLE
from serving import serving

pytestmark = pytest.mark.xdist_group("stranger")
STUDY = Path(__file__).parent / "fixtures" / "aguas"
BASE = "https://aguas.example.org/estudo/"
BINARY = Path(sys.executable).with_name("govgraph")
FIRST_STUDY = (
    "Bogot", "Tijuana", "Monterrey", "Nuevo León", "Belgi", "El Tiempo", "Corona",
    "Barcelona", "Fuerza Civil", "security-alliances", "public security", "homicide-rate/",
    "The study names", "CC BY 4.0", "creativecommons",
)  # fmt: skip
"""Words of the first study that no other should find on its pages."""


@pytest.fixture(scope="module")
def graph() -> govgraph.KnowledgeGraph:
    return govgraph.open(study=STUDY)


@pytest.fixture(scope="module")
def site(
    graph: govgraph.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Publication]:
    folder = tmp_path_factory.mktemp("aguas")
    return folder, publish(graph, folder)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of what was made of the study, rather than of the ontology."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        of_ontology = r"(en/|graph/)?ontology\.|graph/inferred|dump/|static/|.*\.js$"
        if path.is_file() and not re.match(of_ontology, name):
            yield name, path.read_text("utf-8")


def test_a_small_study_is_a_small_site_without_broken_links(site: tuple[Path, Publication]) -> None:
    folder, publication = site
    assert broken_links_of(folder) == []
    assert len(publication.written) <= 400
    assert [path for path in publication.written if not (folder / path).stat().st_size] == [
        ".nojekyll"
    ]


def test_nothing_of_another_study_is_on_the_site(site: tuple[Path, Publication]) -> None:
    found = [(name, word) for name, text in texts(site[0]) for word in FIRST_STUDY if word in text]
    assert found == []


def test_a_number_is_named_by_what_it_says(site: tuple[Path, Publication]) -> None:
    page = (site[0] / "en" / "passage" / "1" / "2.html").read_text("utf-8")
    assert 'id="observation/fundo/members.number.40.2015"><h3>Members, 40, 2015</h3>' in page


def test_govgraph_is_named_as_what_made_the_site_and_by_its_terms(
    graph: govgraph.KnowledgeGraph, site: tuple[Path, Publication]
) -> None:
    known = {term.value for quad in graph.store for term in quad if hasattr(term, "value")}
    for name, text in texts(site[0]):
        if not name.endswith(".html") or name.startswith(("en/query", "en/sparql")):
            continue
        assert text.count("Made with") == (0 if name.endswith("explorer.html") else 1), name
        for iri in set(re.findall(r"https://w3id\.org/govgraph/[^\s\"<>&;]*", text)):
            assert iri == "https://w3id.org/govgraph/" or iri in known, (name, iri)
        title = re.search(r"<title>(.*?)</title>", text)
        assert title
        assert "govgraph" not in title[1]


def test_who_made_the_study_is_said_and_no_licence_that_nobody_chose(
    site: tuple[Path, Publication],
) -> None:
    start = (site[0] / "en" / "index.html").read_text("utf-8")
    assert "<title>Governança da água em Aracema</title>" in start
    assert '<h1><span lang="pt">Governança da água em Aracema</span></h1>' in start
    assert "Quem cuida da água de Aracema" in start
    assert (
        "Ana Souza (2026). Governança da água em Aracema. Version 1.0. Instituto das Águas."
        f" {BASE}</p>"
    ) in start
    assert '<a href="mailto:ana@instituto.example.org">' in start
    assert "licen" not in start.lower()
    assert "license" not in (site[0] / ".htaccess").read_text()
    void = (site[0] / "void.ttl").read_text("utf-8")
    assert "dcterms:license <" not in void
    assert f"@base <{BASE}> ." in void
    assert re.search(r"void:dataDump [^;]*<dump/aguas\.jsonld>", void)
    assert (site[0] / "dump" / "aguas.jsonld").is_file()
    assert f'<link rel="canonical" href="{BASE}en/index.html">' in start


def test_its_own_rdf_below_the_base_has_pages_and_files(site: tuple[Path, Publication]) -> None:
    folder, publication = site
    assert "Nascente" in (folder / "en" / "id" / "nascente.html").read_text("utf-8")
    data = ox.parse((folder / "id" / "nascente.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    place = (ox.NamedNode(f"{BASE}id/nascente"), ox.NamedNode(f"{GG}Place"))
    assert place in {(quad.subject, quad.object) for quad in data}
    page = (folder / "en" / "voc.html").read_text("utf-8")
    assert '<section class="subject" id="rio"><h2><span lang="pt">Rio</span></h2>' in page
    assert "Rio" in (folder / "voc.ttl").read_text("utf-8")
    assert publication.without_page == ["https://outro.example.net/id/bacia"]


def test_pages_without_content_are_neither_written_nor_linked(
    graph: govgraph.KnowledgeGraph, site: tuple[Path, Publication]
) -> None:
    folder = site[0]
    pages = {path.stem for path in (folder / "en").glob("*.html")}
    assert {"cases", "actors", "instruments", "networks"} <= pages
    assert not {"tables", "claims", "conflicts", "comparison", "goals"} & pages
    for path in (folder / "en" / "query").rglob("*.html"):
        slug = path.relative_to(folder / "en" / "query").as_posix().removesuffix(".html")
        assert len(graph.query(slug)) > 0, slug
    # Of the commons only what the study uses: no code that it does not name.
    assert (folder / "role" / "funder.ttl").is_file()
    assert not (folder / "role" / "coordinator.ttl").exists()
    assert not (folder / "en" / "office").exists()


def test_labels_say_their_language_where_it_is_not_that_of_the_page(
    graph: govgraph.KnowledgeGraph, site: tuple[Path, Publication]
) -> None:
    assert languages_of(graph) == ("en",)
    page = (site[0] / "en" / "partnership" / "conselho.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert '<h1><span lang="pt">Conselho das Águas</span></h1>' in page


def test_a_site_at_another_address_has_the_rdf_below_it(
    tmp_path: Path, graph: govgraph.KnowledgeGraph
) -> None:
    publication = publish(graph, tmp_path, "https://outro.example.net/")
    assert broken_links_of(tmp_path) == publication.without_page == []
    assert "Bacia" in (tmp_path / "en" / "id" / "bacia.html").read_text("utf-8")
    assert "Nascente" in (tmp_path / "en" / "id" / "nascente.html").read_text("utf-8")
    assert not list(tmp_path.glob("redirects/w3id*"))


def test_the_command_takes_the_base_and_names_what_has_no_page(tmp_path: Path) -> None:
    done = subprocess.run(
        [BINARY, "publish", "--study", STUDY, "-o", tmp_path / "site"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (
        f"govgraph: 1 described without a page, as theirs is no path below {BASE}: "
        "https://outro.example.net/id/bacia\n"
    ) in done.stderr
    assert f"Sitemap: {BASE}sitemap.xml" in (tmp_path / "site" / "robots.txt").read_text()


def test_what_lies_in_no_study_is_served_and_neither_published_nor_pushed(tmp_path: Path) -> None:
    case = STUDY / "cases" / "aracema.yaml"
    for command in (["publish", "-o", tmp_path / "site"], ["push", "http://127.0.0.1:9/sparql"]):
        done = subprocess.run(
            [BINARY, *command, "--alone", "--data", case],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 3
        refusal = done.stderr.splitlines()[-1]
        assert refusal.startswith("govgraph: what lies in no study has names below")
        assert "`govgraph new study NAME --base URL`" in refusal
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "site").exists()
    nameless = govgraph.open(case, bundled=False)
    with pytest.raises(GovgraphError, match="no study"):
        publish(nameless, tmp_path / "site")
    with TestClient(create_app(nameless), follow_redirects=False) as web:
        assert "Aracema" in web.get("/en/case/aracema.html").text
        assert web.get("/case/aracema.ttl").status_code == 200


def test_a_server_has_the_name_of_the_study_and_a_page_for_what_lies_elsewhere() -> None:
    with serving("--study", str(STUDY)) as server:
        described = json.loads(server.ask("/openapi.json").body)["info"]
        assert described == {
            "title": "Governança da água em Aracema",
            "version": "1.0",
            "description": "Quem cuida da água de Aracema, desde quando e segundo quem.",
            "contact": {"email": "ana@instituto.example.org"},
        }
        service = server.ask("/sparql", "text/turtle").text
        assert f"@base <{BASE}> ." in service
        assert "<dataset> void:sparqlEndpoint" in service
        assert "license" not in service
        iri = quote("https://outro.example.net/id/bacia", safe="")
        answer = server.ask(f"/resource?iri={iri}", "text/html")
        assert (answer.status, answer.headers["location"]) == (303, f"/en/resource.html?iri={iri}")
        page = server.ask(answer.headers["location"])
        assert page.status == 200
        assert "Bacia" in page.text
        assert f'href="/resource.ttl?iri={iri}"' in page.text
        assert "Bacia" in server.ask(f"/resource.ttl?iri={iri}").text
        assert server.ask("/en/resource.html?iri=urn:x").status == 404
        assert server.ask("/en/tables.html").status == 404
        assert server.ask("/voc", "text/turtle").status == 200


@pytest.mark.whole
def test_own_terms_stand_beside_those_of_govgraph(tmp_path: Path) -> None:
    graph = govgraph.open(study=EXAMPLE)
    publication = publish(graph, tmp_path)
    assert broken_links_of(tmp_path) == publication.without_page == []
    page = (tmp_path / "pt" if "pt" in languages_of(graph) else tmp_path / "en") / "ontology.html"
    text = page.read_text("utf-8")
    assert '<article class="term" id="Campaign">' in text
    assert '<article class="term" id="Participation">' in text
    assert "<code>https://agua.example.org/estudo/ontology#Campaign</code>" in text
    data = ox.parse((tmp_path / "ontology.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    subjects = {getattr(quad.subject, "value", "") for quad in data}
    assert {"https://agua.example.org/estudo/ontology#Campaign", f"{GG}Participation"} <= subjects
    with TestClient(create_app(graph, "https://agua.example.org/estudo/")) as web:
        assert web.get("/ontology.ttl").content == (tmp_path / "ontology.ttl").read_bytes()


@pytest.mark.whole
def test_two_studies_side_by_side_have_a_page_for_everything(tmp_path: Path) -> None:
    """Of both, also where ids are the same: the second lies below its name."""
    other = tmp_path / "rios"
    (other / "cases").mkdir(parents=True)
    text = (STUDY / "cases" / "aracema.yaml").read_text("utf-8")
    (other / "cases" / "rios.yaml").write_text(text.replace("Aracema", "Piracema"), "utf-8")
    (other / "study.yaml").write_text(
        "title: {en: Rivers, es: Ríos}\nbase: https://rios.example.org/\nlanguages: [en, es]\n"
    )
    both = govgraph.open(study=[STUDY, other])
    publish(both, tmp_path / "site")
    assert broken_links_of(tmp_path / "site") == []
    assert languages_of(both) == ("en", "es")
    site = tmp_path / "site"
    assert ">Aracema<" in (site / "en" / "case" / "aracema.html").read_text("utf-8")
    second = (site / "en" / "rios" / "case" / "aracema.html").read_text("utf-8")
    assert ">Piracema<" in second
    assert "<code>https://rios.example.org/case/aracema</code>" in second
    own = {q.subject.value for q in both.store if str(q.subject).startswith("<https://rios.")}
    homes = reading_of(both, both.study.base).homes  # what is told of with another thing
    places = {homes.get(iri, iri)[25:].partition("#")[0] for iri in own}
    assert [place for place in places if not (site / "rios" / f"{place}.ttl").exists()] == []
