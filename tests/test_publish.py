"""The static site: complete, without broken links, the same bytes twice, only changes written."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from first_study import LANGUAGES, NAMED, STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph, assemble, choose_sources
from govgraph.assembly.building import common_files
from govgraph.errors import UsageError
from govgraph.files import MANIFEST
from govgraph.rdf.source_map import SourceMap
from govgraph.vocabulary import GG, RDFS
from govgraph.web.pages import PAGES
from govgraph.web.pages.catalogue import sitemaps
from govgraph.web.pages.links import STATIC_EXTENSIONS
from govgraph.web.pages.reading import reading_of
from govgraph.web.pages.rendering import view_of
from govgraph.web.server.server import create_app
from govgraph.web.site import Publication, checked_base, publish
from link_check import broken_links, broken_links_of
from study_slices import one_case_of_the_study

pytestmark = pytest.mark.xdist_group("site")  # one worker makes the site, for all tests of it
ADDRESS = "https://example.org/my/graph/"
BINARY = Path(sys.executable).with_name("govgraph")
Completed = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Site:
    """A graph, the site of it on disk, and what publishing it gave."""

    graph: KnowledgeGraph
    folder: Path
    publication: Publication


@pytest.fixture(
    scope="module", params=["one case", pytest.param("whole study", marks=pytest.mark.whole)]
)
def site(
    request: pytest.FixtureRequest, kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """Return the site of one case of the study with all that is around it, or of the study."""
    graph = one_case_of_the_study(kg) if request.param == "one case" else kg
    folder = tmp_path_factory.mktemp("site")
    return Site(graph, folder, publish(graph, folder, ADDRESS))


def small(*extra: ox.Quad) -> KnowledgeGraph:
    """Return a graph of one case, with an inferred type."""
    store = ox.Store()
    case, passage = ox.NamedNode(f"{STUDY}case/my-town"), ox.NamedNode(f"{STUDY}passage/1/1")
    label = ox.NamedNode(f"{RDFS}label")
    store.add(ox.Quad(case, ox.NamedNode(f"{GG}place"), ox.NamedNode(f"{STUDY}place/x"), passage))
    store.add(ox.Quad(case, label, ox.Literal("Mi pueblo", language="es"), passage))
    store.add(ox.Quad(ox.NamedNode(f"{STUDY}place/x"), label, ox.Literal("X"), passage))
    store.extend(extra)
    return KnowledgeGraph(LocalGraph(store, SourceMap(), (NAMED,)))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_no_link_of_the_site_leads_nowhere(site: Site) -> None:
    assert broken_links_of(site.folder) == []
    assert 1_000 < len(site.publication.written) < 12_000


def test_every_page_is_there_in_both_languages(kg: KnowledgeGraph, site: Site) -> None:
    folder = site.folder
    sections = list(view_of(site.graph, "en").sections)
    assert sections == list(PAGES) if site.graph is kg else "comparison" not in sections
    for language in LANGUAGES:
        for name in (*sections, "case/bogota", "passage/3.3/3", "role/founder", "query/timeline"):
            assert (folder / language / f"{name}.html").is_file(), name
    pages = {path.relative_to(folder / "en") for path in (folder / "en").rglob("*.html")}
    assert pages == {path.relative_to(folder / "es") for path in (folder / "es").rglob("*.html")}


def test_every_resource_is_there_in_every_format(site: Site) -> None:
    folder = site.folder
    bogota = ox.NamedNode(f"{STUDY}case/bogota")
    said = {
        q.triple
        for q in site.graph.store.quads_for_pattern(bogota, None, None)
        if "case/" in str(q.subject)
    }
    for extension in STATIC_EXTENSIONS:
        data = (folder / f"case/bogota.{extension}").read_bytes()
        parsed = ox.parse(data, format=ox.RdfFormat.from_extension(extension))
        assert said <= {quad.triple for quad in parsed}, extension
    # Parts of the data set, versions of the ontology and named graphs as well.
    described = reading_of(site.graph, ADDRESS).described
    paths = {path for path in described.values() if not path.startswith("query/")} - {"ontology"}
    assert not any((folder / "en" / path).exists() for path in ("participation", "citation"))
    assert {"dataset", "role/founder", "graph/metadata", "passage/3.3/3"} <= paths
    subjects = {str(quad.subject)[1:-1] for quad in site.graph.store}
    own = {iri for iri in subjects if iri.startswith(STUDY) and not iri.startswith(f"{STUDY}dump/")}
    assert own <= described.keys()
    for path in paths:
        for extension in STATIC_EXTENSIONS:
            assert (folder / f"{path}.{extension}").is_file(), path
        for language in LANGUAGES:
            assert (folder / language / f"{path}.html").is_file(), path
    terms = ox.parse((folder / "ontology.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)
    assert f"{GG}Participation" in {getattr(quad.subject, "value", "") for quad in terms}


def test_what_describes_the_data_set_has_pages_that_say_so(site: Site) -> None:
    folder = site.folder
    whole_set = (folder / "es" / "dataset.html").read_text("utf-8")
    part = whole_set[whole_set.index('id="class-gg-Case"') :].partition("</section>")[0]
    assert "Parte del conjunto de datos: Caso" in part
    assert '<a href="graph/metadata.html">Metadatos</a>' in part


def test_formats_are_those_asked_for_and_turtle(tmp_path: Path) -> None:
    publish(small(), tmp_path, ADDRESS, formats=["nt"])
    assert {path.suffix for path in (tmp_path / "case").iterdir()} == {".ttl", ".nt"}
    assert b"Mi pueblo" in (tmp_path / "case" / "my-town.nt").read_bytes()
    page = (tmp_path / "es" / "case" / "my-town.html").read_text("utf-8")
    assert 'href="../../case/my-town.nt"' in page
    assert "my-town.jsonld" not in page
    rules = (tmp_path / ".htaccess").read_text("utf-8")
    assert "RewriteCond %{HTTP_ACCEPT} application/n\\-triples" in rules
    assert "application/ld" not in rules.partition("A thing leads to its data")[2]
    with pytest.raises(UsageError, match=r"no format 'tutle'.*Did you mean 'ttl'"):
        publish(small(), tmp_path / "other", ADDRESS, formats=["tutle"])


def test_a_term_that_is_used_but_not_described_breaks_no_link(tmp_path: Path) -> None:
    use = ox.Quad(
        ox.NamedNode(f"{STUDY}place/x"), ox.NamedNode(f"{GG}unheardOf"),
        ox.NamedNode(f"{GG}Unheard"), ox.NamedNode(f"{STUDY}passage/1/1"),
    )  # fmt: skip
    publish(small(use), tmp_path, ADDRESS)
    assert broken_links_of(tmp_path) == []
    assert "Unheard" in (tmp_path / "en" / "place" / "x.html").read_text("utf-8")


def test_dumps_have_checksums_and_hold_the_graph(site: Site) -> None:
    folder = site.folder / "dump"
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    store = ox.Store()
    store.load((folder / "security-alliances.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    assert len(store) == len(site.graph.store)


def test_what_belongs_to_every_study_lies_at_its_iri(site: Site) -> None:
    for path, content in common_files().items():
        assert (site.folder / path).read_bytes() == content


def test_the_sitemap_lists_every_page(site: Site) -> None:
    folder = site.folder
    tree = ElementTree.fromstring((folder / "sitemap.xml").read_bytes())
    listed = {each.text for each in tree.iter() if each.tag.endswith("}loc")}
    pages = {
        f"{ADDRESS}{quote(path.relative_to(folder).as_posix(), safe='/-._~,;:@!$&()*+=')}"
        for language in LANGUAGES
        for path in (folder / language).rglob("*.html")
        if path.name != "404.html"
    }
    assert listed == pages
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (folder / "robots.txt").read_text()


def test_a_server_has_the_same_addresses_and_the_same_sitemap(site: Site) -> None:
    folder = site.folder
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    readable = [
        path
        for path in files
        if path.endswith((".html", ".ttl", ".jsonld", ".gexf", ".css", ".txt", ".xml", "SUMS"))
        and path not in {"index.html", "404.html", "en/404.html", "es/404.html"}
        and not path.startswith("query/")  # a stored query's address answers with its rows there
    ]
    with TestClient(create_app(site.graph, ADDRESS), follow_redirects=False) as web:
        assert web.get("/sitemap.xml").content == (folder / "sitemap.xml").read_bytes()
        always = ("void.ttl", "dump/SHA256SUMS", "static/govgraph.css")
        sampled = [*readable[:: len(readable) // 150], *always]
        answers = {path: web.get(f"/{quote(path)}") for path in sampled}
        assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
        data = {path for path in sampled if path.endswith((".ttl", ".jsonld"))}
        data -= {"void.ttl", "void.jsonld"}  # they alone differ: a server has an endpoint
        assert len(data) > 10
        assert {p for p in data if answers[p].content != (folder / p).read_bytes()} == set()
        dump = (folder / "dump" / "security-alliances.nq").read_bytes()
        assert web.get("/dump/security-alliances.nq").content == dump
        sums = (folder / "dump" / "SHA256SUMS").read_text()
        assert web.get("/dump/SHA256SUMS").text == sums


def test_a_sitemap_that_is_too_large_is_an_index_of_several() -> None:
    paths = [f"{number}.html" for number in range(7)]
    assert [name for name, _ in sitemaps(ADDRESS, paths, ["en"])] == ["sitemap.xml"]
    by_number = dict(sitemaps(ADDRESS, paths, ["en"], most=3))
    assert list(by_number) == ["sitemap.xml", *(f"sitemap-{n}.xml" for n in (1, 2, 3))]
    index = ElementTree.fromstring(by_number.pop("sitemap.xml"))
    assert index.tag.endswith("}sitemapindex")
    assert [each.text for each in index.iter() if each.tag.endswith("}loc")] == [
        f"{ADDRESS}{name}" for name in by_number
    ]
    trees = [ElementTree.fromstring(content) for content in by_number.values()]
    listed = [loc.text for tree in trees for loc in tree.iter() if loc.tag.endswith("}loc")]
    assert listed == [f"{ADDRESS}en/{path}" for path in paths]
    assert dict(sitemaps(ADDRESS, [], ["en"]))["sitemap.xml"].endswith(b"</urlset>\n")


def test_a_network_has_its_pages_and_its_files(kg: KnowledgeGraph, site: Site) -> None:
    folder = site.folder
    for language in LANGUAGES:
        made = {path.name for path in (folder / language / "network").iterdir()}
        assert {"actors.html", "actors.gexf", "actors.nodes.csv", "actors.edges.csv"} <= made
        too_large = site.graph is kg  # for every format
        assert ("everything.graphml" not in made) == too_large
        page = (folder / language / "network" / "actors.html").read_text("utf-8")
        assert 'href="../network/actors.gexf"' in page
        linked = re.findall(r'href="\.\./(actor/[^"]+)"', page)
        assert linked
        assert all((folder / language / each).is_file() for each in linked)


def test_void_describes_the_dataset(site: Site) -> None:
    data = (site.folder / ".well-known" / "void").read_bytes()
    assert data == (site.folder / "void.ttl").read_bytes()
    graph = ox.parse(data, format=ox.RdfFormat.TURTLE)
    assert any(quad.predicate.value.endswith("void#dataDump") for quad in graph)


def test_pages_name_neither_a_host_nor_the_place_they_lie_at(site: Site) -> None:
    """So that the site works at any address, and from files."""
    page = (site.folder / "en" / "case" / "bogota.html").read_text("utf-8")
    assert page.count(ADDRESS) == 3  # said of the page, for search engines and networks
    assert f'<link rel="canonical" href="{ADDRESS}en/case/bogota.html">' in page
    assert '<link rel="stylesheet" href="../../static/govgraph.css">' in page
    internal = [each for each in re.findall(r'href="([^"]*)"', page) if "://" not in each]
    assert internal
    assert not any(each.startswith("/") for each in internal)


def test_publishing_again_writes_only_what_changed(tmp_path: Path) -> None:
    first = publish(small(), tmp_path, ADDRESS)
    before = digests(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = publish(small(), tmp_path, ADDRESS)
    assert (again.written, again.deleted, again.unchanged) == ([], [], len(first.written))
    assert digests(tmp_path) == before
    assert [path for path in times if path.stat().st_mtime_ns != times[path]] == []

    new = ox.Quad(
        ox.NamedNode(f"{STUDY}place/y"), ox.NamedNode(f"{RDFS}label"), ox.Literal("Y"),
        ox.NamedNode(f"{STUDY}passage/1/2"),
    )  # fmt: skip
    more = publish(small(new), tmp_path, ADDRESS)
    assert {"en/place/y.html", "es/place/y.html", "place/y.ttl"} <= set(more.written)
    untouched = {"en/case/my-town.html", "case/my-town.ttl", "en/cases.html", ".htaccess"}
    assert not untouched & set(more.written)

    less = publish(small(), tmp_path, ADDRESS)
    assert "en/place/y.html" in less.deleted
    assert digests(tmp_path) == before


@pytest.fixture(scope="module")
def by_command(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Completed]:
    """Publish a town with the command; return its folder, the site, what was printed."""
    folder = tmp_path_factory.mktemp("by-command")
    town = _town(folder)
    command = ["publish", "--study", town, "-o", folder / "site", "--base", ADDRESS]
    environment = {
        **os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Bogota", "LC_ALL": "C",
    }  # fmt: skip
    done = subprocess.run(
        [BINARY, *command], env=environment, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    return town, folder / "site", done


def test_another_process_makes_the_same_bytes(
    tmp_path: Path, by_command: tuple[Path, Path, Completed]
) -> None:
    """Whatever the hash seed, the language and the time zone of the machine."""
    town, folder, _ = by_command
    publish(KnowledgeGraph(assemble(choose_sources(studies=[town]))), tmp_path, ADDRESS)
    one, other = digests(tmp_path), digests(folder)
    assert one
    assert one == other


def _town(folder: Path) -> Path:
    """Return the folder of a study of one case."""
    town = folder / "town"
    town.mkdir()
    (town / "study.yaml").write_text(
        "title: A town\nbase: https://town.example.org/\nlanguages: [en, es]\n"
    )
    (town / "town.yaml").write_text(
        "id: case/my-town\ntype: Case\nlabel: {en: My town, es: Mi pueblo}\npassages:\n"
        "  - id: passage/my-town/1\n    type: Paragraph\n    says:\n"
        "      - id: instrument/my-plan\n        type: Programme\n"
        "        label: {en: My plan, es: Mi plan}\n        startYear: 2001\n"
        "        case: case/my-town\n",
        encoding="utf-8",
    )
    return town


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ours")
    with pytest.raises(UsageError, match="holds other files"):
        publish(small(), tmp_path)
    assert digests(tmp_path).keys() == {"thesis.txt"}


def test_a_manifest_cannot_have_files_outside_deleted(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("ours")
    folder = tmp_path / "site"
    publish(small(), folder)
    with (folder / MANIFEST).open("a") as stream:
        stream.write(f"0  ../victim.txt\n0  {victim}\n")
    assert publish(small(), folder).deleted == []
    assert victim.is_file()


def test_what_is_no_address_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    for base, endpoint in (("example.org", ""), ("https://x/?q", ""), (ADDRESS, "ftp://x/")):
        with pytest.raises(UsageError, match="expected an address"):
            publish(small(), tmp_path / "site", base, endpoint)
    assert not (tmp_path / "site").exists()
    assert checked_base("https://x/a") == "https://x/a/"


def test_the_link_check_finds_what_is_broken() -> None:
    pages = {
        "en/a.html": '<a href="b.html#x">1</a> <a href="b.html#y">2</a>'
        ' <a href="../c%C3%A1.ttl">3</a> <a href="gone.html">4</a>'
        ' <a href="https://elsewhere.org/">5</a> <a href="#z">6</a>',
        "en/b.html": '<p id="x"></p>',
    }
    assert broken_links(pages, frozenset({*pages, "cá.ttl"})) == [
        "en/a.html: #z leads to no part of its page",
        "en/a.html: b.html#y leads to no part of its page",
        "en/a.html: gone.html leads to no file",
    ]


def test_odd_iris_get_files_that_their_links_find(tmp_path: Path) -> None:
    odd = [
        f"{STUDY}place/bogot%C3%A1",
        f"{STUDY}place/a+b,c'd",
        f"{STUDY}place/日本",
        f"{STUDY}place/50%25",
    ]
    extra = [
        ox.Quad(ox.NamedNode(iri), ox.NamedNode(f"{RDFS}seeAlso"),
                ox.NamedNode(f"{STUDY}place/x"), ox.NamedNode(f"{STUDY}passage/1/1"))
        for iri in odd
    ]  # fmt: skip
    publish(small(*extra), tmp_path, ADDRESS)
    assert broken_links_of(tmp_path) == []
    for name in ("bogotá", "a+b,c'd", "日本", "50%"):
        assert (tmp_path / "en" / "place" / f"{name}.html").is_file()
        assert (tmp_path / "place" / f"{name}.jsonld").is_file()
        json.loads((tmp_path / "place" / f"{name}.jsonld").read_text("utf-8"))


def test_redirects_lead_to_the_address_of_the_site(tmp_path: Path) -> None:
    publish(small(), tmp_path, ADDRESS)
    apache = (tmp_path / ".htaccess").read_text()
    assert "RewriteBase /my/graph/" in apache
    assert "RewriteRule ^(.+)$ /my/graph/es/$1.html [R=303,L]" in apache
    w3id = (tmp_path / "redirects" / "w3id.htaccess").read_text()
    assert "put this file into the folder govgraph/security-alliances/" in w3id
    assert f"{ADDRESS}$1" in w3id
    assert 'href="/my/graph/en/queries.html"' in (tmp_path / "404.html").read_text("utf-8")
    assert "location /my/graph/ {" in (tmp_path / "redirects" / "nginx.conf").read_text()


def test_the_command_reports_what_it_wrote_and_that_the_shapes_find_faults(
    tmp_path: Path, by_command: tuple[Path, Path, Completed]
) -> None:
    _, folder, done = by_command
    assert str(folder / "en" / "instrument" / "my-plan.html") in done.stdout.splitlines()
    said, faults = done.stderr.splitlines()
    assert said.endswith(" 0 unchanged, 0 deleted")
    # The case has no place, its paragraph no section and no number.
    assert faults == "govgraph: published with 3 violations: `govgraph validate` names them"
    assert done.returncode == 1
    for option in ("--base", "--endpoint"):
        # Before anything is read.
        refused = subprocess.run(
            [BINARY, "publish", option, "nowhere", "-o", "none"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert refused.returncode == 2
        assert f"govgraph: {option}: found 'nowhere', expected an address" in refused.stderr
        assert not Path("none").exists()
