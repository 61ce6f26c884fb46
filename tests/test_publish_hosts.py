"""The static site on Apache and nginx, really running: redirects, headers, pages for what is not
there; and the rules of w3id.org."""

from __future__ import annotations

import gzip
import itertools
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

import browsers
import httpd
from first_study import NAMED, STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.writing import FORMATS
from govgraph.vocabulary import GG, METADATA_GRAPH, PREFIXES, RDF, RDFS, SDG
from govgraph.web.negotiation import EXTENSIONS
from govgraph.web.pages.links import STATIC_EXTENSIONS, headers_of
from govgraph.web.server.server import create_app
from govgraph.web.site import host_rules, publish
from serving import Answer, Server, serving

pytestmark = pytest.mark.httpd
ADDRESS = "https://example.org/my/graph/"
ROOT = "/my/graph/"
ENDPOINT = "https://sparql.example.org/ask"
ODD = ("place/bogot%C3%A1", "place/a+b,c'd", "place/50%25")


def town() -> KnowledgeGraph:
    """Return a graph of a case, of things with odd names, of a goal, and of its dumps and parts."""
    store = ox.Store()
    label = ox.NamedNode(f"{RDFS}label")
    passage = ox.NamedNode(f"{STUDY}passage/1/1")
    for iri in (f"{STUDY}case/my-town", f"{SDG}16", *(f"{STUDY}{each}" for each in ODD)):
        store.add(ox.Quad(ox.NamedNode(iri), label, ox.Literal("X"), passage))
    case = ox.NamedNode(f"{STUDY}case/my-town")
    store.add(ox.Quad(case, label, ox.Literal("Mi pueblo", language="es"), passage))
    store.add(ox.Quad(case, ox.NamedNode(f"{GG}place"), ox.NamedNode(f"{STUDY}{ODD[0]}"), passage))
    plan, part = ox.NamedNode(f"{STUDY}instrument/plan"), f"{STUDY}participation/plan/"
    store.add(ox.Quad(case, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{GG}Case"), passage))
    for name in ("council", "shops"):
        taking_part, actor = ox.NamedNode(part + name), ox.NamedNode(f"{STUDY}actor/{name}")
        for subject, predicate, value in (
            (plan, "participation", taking_part),
            (taking_part, "participant", actor),
            (plan, "case", case),
        ):
            store.add(ox.Quad(subject, ox.NamedNode(f"{GG}{predicate}"), value, passage))
    finding = ox.NamedNode(f"{STUDY}finding/grün")
    store.add(ox.Quad(finding, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{GG}Finding"), passage))
    store.add(ox.Quad(finding, label, ox.Literal("Grün", language="es"), passage))
    for ending in (entry.ending for entry in FORMATS):
        dump = ox.NamedNode(f"{STUDY}dump/town.{ending}")
        store.add(ox.Quad(dump, label, ox.Literal(ending), ox.NamedNode(METADATA_GRAPH)))
    counted_part = ox.NamedNode(f"{STUDY}dataset#class-gg-Case")
    counted = ox.NamedNode(f"{PREFIXES['void']}entities")
    store.add(ox.Quad(counted_part, counted, ox.Literal(1), ox.NamedNode(METADATA_GRAPH)))
    return KnowledgeGraph(LocalGraph(store, SourceMap(), (NAMED,)))


@contextmanager
def readable() -> Iterator[Path]:
    """Make a folder that a server under another name may read too."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    with readable() as root:
        publish(town(), root / "my" / "graph", ADDRESS, ENDPOINT)
        yield root


@pytest.fixture(scope="module", params=["apache", "nginx"])
def server(request: pytest.FixtureRequest, site: Path) -> Iterator[Server]:
    with readable() as folder:
        if request.param == "apache":
            with httpd.apache(site, folder) as running:
                yield running
        else:
            rules = (site / "my/graph/redirects/nginx.conf").read_text("utf-8")
            with httpd.nginx(site, folder, rules) as running:
                yield running


def where(answer: Answer) -> str:
    """Return the path a redirect leads to."""
    assert answer.status == 303, (answer.status, answer.text)
    return re.sub(r"^https?://127\.0\.0\.1(:\d+)?", "", answer.headers["location"])


def links(answer: Answer) -> set[str]:
    return set(answer.headers["link"].split(", "))


def test_a_thing_leads_to_its_data(server: Server) -> None:
    faults = []
    for path in ("case/my-town", "sdg/16", *ODD):
        for accept, ending in (
            ("text/turtle", "ttl"),
            ("application/ld+json", "jsonld"),
        ):
            target = where(server.ask(f"{ROOT}{path}", accept))
            data = server.ask(target)
            media_type = data.headers["content-type"].partition(";")[0]
            if (
                (data.status, media_type) != (200, EXTENSIONS[ending])
                or target.lower() != f"{ROOT}{path}.{ending}".lower()
                or data.headers["access-control-allow-origin"] != "*"
            ):
                faults.append((path, accept, target, data.status, media_type))
    assert faults == []


def test_a_part_leads_to_where_it_is_told_of(server: Server) -> None:
    for accept in ("text/turtle", "text/html"):
        target = where(server.ask(f"{ROOT}{quote('finding/grün')}", accept))
        assert target == f"{ROOT}passage/1/1#{quote('finding/grün')}"
    assert server.ask(f"{ROOT}finding/other").status == 404
    page = server.ask(f"{ROOT}en/passage/1/1.html")
    assert 'id="finding/grün"' in page.text


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("es", "es/index.html"), ("favicon.ico", "static/icon.svg"), ("query/", "en/queries.html"),
        ("graph/metadata/", "graph/metadata"), ("case/my-town/", "case/my-town"),
    ],
)  # fmt: skip
def test_what_people_type_leads_somewhere(server: Server, path: str, target: str) -> None:
    answer = server.ask(f"{ROOT}{path}", "text/turtle")
    assert answer.status in {303, 308}
    assert answer.headers["location"].endswith(f"{ROOT}{target}")
    assert server.ask(f"{ROOT}{target}", "text/html").status in {200, 303}


def test_a_thing_leads_to_its_page(server: Server) -> None:
    faults = []
    for path in ("case/my-town", *ODD):
        for speaks, language in (("es-MX,es;q=0.9", "es"), ("de", "de"), ("fr", "en")):
            answer = server.ask(f"{ROOT}{path}", "text/html", Accept_Language=speaks)
            varies = set(re.split(", *", answer.headers["vary"]))
            page = server.ask(where(answer))
            if (
                not {"Accept", "Accept-Language"} <= varies
                or (page.status, page.headers["content-type"]) != (200, "text/html; charset=utf-8")
                or f'<html lang="{language}">' not in page.text
            ):
                faults.append((path, speaks, page.status))
    assert faults == []


def test_a_page_tells_of_its_data(server: Server) -> None:
    found = links(server.ask(f"{ROOT}es/case/my-town.html"))
    assert f'<{ADDRESS}es/case/my-town.html>; rel="canonical"' in found
    assert f'<{ROOT}case/my-town.jsonld>; rel="alternate"; type="application/ld+json"' in found
    assert f'<{ROOT}case/my-town.ttl>; rel="describedby"; type="text/turtle"' in found
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in found
    assert len([each for each in found if 'rel="alternate"' in each]) == 5
    only = {'<https://creativecommons.org/licenses/by/4.0/>; rel="license"'}
    assert links(server.ask(f"{ROOT}dump/town.nq")) == only
    assert "canonical" not in server.ask(f"{ROOT}en/nowhere.html").headers.get("link", "")


def test_link_headers_are_those_of_the_server(server: Server) -> None:
    """One graph at one address says the same of itself, be it served or lie in files.

    But for formats that files are not written in, and the thing that data are about: rules for
    paths cannot tell whether it is the study's or of the commons.
    """
    lacking = [EXTENSIONS[each] for each in EXTENSIONS if each not in {*STATIC_EXTENSIONS, "html"}]
    ends = ('rel="describes"', *(f'type="{each}"' for each in lacking))
    paths = ("en/case/my-town.html", "es/sdg/16.html", "en/cases.html", "es/index.html",
             "en/network/actors.html", "case/my-town.ttl", "sdg/16.jsonld",
             "graph/metadata.ttl", f"en/{ODD[0]}.html", f"{ODD[0]}.jsonld")  # fmt: skip
    with TestClient(create_app(town(), ADDRESS)) as dynamic:
        answers = {path: dynamic.get(f"/{path}").headers["link"].split(", ") for path in paths}
    served = {path: {x for x in found if not x.endswith(ends)} for path, found in answers.items()}
    assert {path: links(server.ask(f"{ROOT}{path}")) for path in paths} == served


def test_pages_come_compressed_and_304_by_date(server: Server) -> None:
    path = f"{ROOT}en/case/my-town.html"
    plain = server.ask(path)
    packed = server.ask(path, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    since = packed.headers["last-modified"]
    unchanged = server.ask(path, Accept_Encoding="gzip", If_Modified_Since=since)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert "content-encoding" not in server.ask(f"{ROOT}static/nothing.png").headers


@pytest.mark.parametrize("path", ["case/my-town", "sdg/16", ODD[0]])
def test_data_tell_of_their_pages(server: Server, path: str) -> None:
    found = links(server.ask(f"{ROOT}{path}.ttl"))
    assert f'<{ADDRESS}{path}.ttl>; rel="canonical"' in found
    assert f'<{ROOT}en/{path}.html>; rel="alternate"; type="text/html"; hreflang="en"' in found


def test_only_pages_that_need_one_may_run_a_script(server: Server) -> None:
    def policy(path: str) -> str:
        answer = server.ask(f"{ROOT}{path}")
        assert answer.status == 200, path
        return answer.headers["content-security-policy"]

    assert "script-src 'self';" in policy("en/cases.html")
    assert "connect-src" not in policy("en/cases.html")
    assert "form-action 'self' https://sparql.example.org;" in policy("en/cases.html")
    assert "connect-src https://sparql.example.org;" in policy("en/sparql.html")
    assert "script-src 'self';" in policy("en/sparql.html")
    assert "script-src 'sha256-" in policy("es/network/actors/explorer.html")
    for path in ("en/cases.html", "en/sparql.html", "en/network/actors/explorer.html"):
        assert "unsafe" not in policy(path)
        assert "frame-ancestors 'none'" in policy(path)


def test_what_is_not_there(server: Server) -> None:
    for path, language in (("en/nowhere.html", "en"), ("es/nada.html", "es"), ("case/no", "en")):
        answer = server.ask(f"{ROOT}{path}", "text/html")
        assert (answer.status, f'<html lang="{language}">' in answer.text) == (404, True), path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert ("No existe esa página" in answer.text) == (language == "es")
    for path in ("../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "case/my-town%0d%0aX-Bad:%201"):
        answer = server.ask(f"{ROOT}{path}")
        assert answer.status in {400, 403, 404}, path
        assert "x-bad" not in answer.headers


def test_what_is_a_file_is_sent_as_it_is(server: Server, site: Path) -> None:
    """The dumps above all."""
    folder = site / "my" / "graph"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in files]
    seen = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
    assert {f"dump/town.{ending}" for ending in ("nq", "ttl", "trig", "jsonld")} < set(seen)
    assert {"dump/SHA256SUMS", "void.jsonld", "es/case/my-town.html"} < set(seen)
    faults = []
    accepts = itertools.cycle((None, "*/*", "text/html", "application/n-quads"))
    for name in seen:
        # Every file once, the dumps with every header.
        for accept in itertools.islice(accepts, 4 if name.startswith("dump/") else 1):
            answer = server.ask(f"{ROOT}{quote(name)}", accept, Accept_Language="es")
            if answer.status != 200 or answer.body != (folder / name).read_bytes():
                faults.append((name, accept, answer.status))
    assert faults == []


def test_no_redirect_leads_nowhere(server: Server, site: Path) -> None:
    folder = site / "my" / "graph"
    stems = sorted(path.with_suffix("") for path in folder.rglob("*.ttl"))
    names = [path.relative_to(folder).as_posix() for path in stems if not path.is_file()]
    things = {"case/my-town", "graph/metadata", "dataset", "passage/1/1"}
    assert {"void", "dump/town", *things} <= set(names)
    faults = []
    targets = {}
    for accept in (None, "*/*", "text/html,*/*;q=0.8", *map(EXTENSIONS.get, STATIC_EXTENSIONS)):
        for speaks in ("es", "de"):
            for name in (*names, ".well-known/void"):
                answer = server.ask(f"{ROOT}{quote(name)}", accept, Accept_Language=speaks)
                target = where(answer)
                if target not in targets:
                    targets[target] = server.ask(target).status
                if targets[target] != 200:
                    faults.append((name, accept, speaks, target))
    assert faults == []


def test_what_has_no_page_leads_a_reader_to_turtle(server: Server) -> None:
    for name in ("void", "dump/town"):
        for accept in (None, "text/html", "text/turtle"):
            assert where(server.ask(f"{ROOT}{name}", accept)) == f"{ROOT}{name}.ttl"
    assert where(server.ask(f"{ROOT}void", "application/ld+json")) == f"{ROOT}void.jsonld"
    # There is no dump in RDF/XML.
    assert where(server.ask(f"{ROOT}dump/town", "application/rdf+xml")).endswith(".ttl")


def test_what_begins_with_a_dot_is_not_for_readers(server: Server, site: Path) -> None:
    for name in (".govgraph-files", ".htaccess", "es/.htaccess", ".nojekyll"):
        assert (site / "my" / "graph" / name).is_file()
        for path in (name, name.replace(".", "%2e")):
            answer = server.ask(f"{ROOT}{path}")
            assert answer.status == 404, path
            words = "No existe esa página" if name.startswith("es/") else "There is no such page"
            assert words in answer.text


def test_files_have_their_types(server: Server) -> None:
    for path, kind in (
        ("", "text/html"),
        ("static/govgraph.css", "text/css"),
        ("static/editor.js", "text/javascript"),
        ("en/network/actors.gexf", "application/gexf+xml"),
        ("en/network/actors.nodes.csv", "text/csv"),
        ("void.ttl", "text/turtle"),
        ("dump/town.trig", "application/trig"),
    ):
        answer = server.ask(f"{ROOT}{path}")
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, kind)
    assert where(server.ask(f"{ROOT}.well-known/void")) == f"{ROOT}void.ttl"


@pytest.mark.browser
@pytest.mark.whole
def test_the_editor_of_a_static_site_asks_the_endpoint_it_names() -> None:
    """The one other host that a page may turn to is the one its publisher has named."""
    with serving() as endpoint, readable() as root, readable() as folder:
        publish(town(), root, "http://127.0.0.1/", f"{endpoint.url}sparql")
        with httpd.apache(root, folder) as site, browsers.chromium() as driver:
            browsers.open_address(driver, f"{site.url}en/sparql.html")
            driver.find_element("css selector", "button.run").click()
            status = driver.find_element("css selector", ".status")
            end = time.monotonic() + 15
            while "rows" not in status.text and time.monotonic() < end:
                time.sleep(0.1)
            assert status.text == "18 rows"
            asked = {each.partition("?")[0] for each in browsers.requests(driver)}
            assert {each for each in asked if not each.startswith(site.url)} == {
                f"{endpoint.url}sparql"
            }
            assert browsers.complaints(driver) == []


def test_w3id_sends_every_iri_on() -> None:
    """The rules as they will lie in the folder of the project, at a host like theirs."""
    with readable() as root, readable() as folder:
        place = root / "govgraph" / "security-alliances"
        place.mkdir(parents=True)
        rules = dict(host_rules(headers_of(town(), ADDRESS), [NAMED]))
        (place / ".htaccess").write_bytes(rules["redirects/w3id.htaccess"])
        commons = rules["redirects/w3id-commons.htaccess"]  # ontology, shapes, codes, places
        (place.parent / ".htaccess").write_bytes(commons)
        with httpd.apache(root, folder) as server:
            for path in ("case/my-town", "ontology", "", "void", "dump/town.nq", *ODD):
                answer = server.ask(f"/govgraph/security-alliances/{path}", "text/turtle")
                assert where(answer).lower() == f"{ADDRESS}{path}".lower()
            for path in ("ontology", "shapes", "role/founder", "place/rwanda"):
                answer = server.ask(f"/govgraph/{path}", "text/turtle")
                assert where(answer) == f"{ADDRESS}{path}"
            bad = server.ask("/govgraph/security-alliances/x%0d%0aX-Bad:%201")
            assert "x-bad" not in bad.headers
