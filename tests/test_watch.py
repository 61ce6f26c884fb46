"""`govgraph serve --watch`: saved files on pages that are open, faults atop of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from govgraph.coding.starting import start_study
from own_study import CASE, FILES, SHAPES, TERMS, own_study
from serving import Server, serving

WITHIN = 20.0
"""Seconds that a busy machine may take; a quiet one takes less than one."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("watched") / "water"
    start_study(folder, base="https://water.example/water/", languages=["en", "es"])
    with serving("--watch", "--study", str(folder)) as server:
        yield server, folder / "cases" / "first-case.yaml"


def until(found: Callable[[], bool]) -> float:
    """Wait until something is so; return the seconds it took."""
    start = time.monotonic()
    while not found():
        assert time.monotonic() < start + WITHIN, "it never was so"
        time.sleep(0.05)
    return time.monotonic() - start


def page(server: Server) -> str:
    return server.ask("/en/partnership/first-case-forum.html").text


def test_a_saved_file_is_on_the_page(watched: tuple[Server, Path]) -> None:
    server, path = watched
    text = path.read_text("utf-8")
    assert "Forum 21" in page(server)
    path.write_text(text.replace('en: "Forum 21"', 'en: "Harbour Forum"', 1), encoding="utf-8")
    until(lambda: "Harbour Forum" in page(server))
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    answer = server.query(f"SELECT ?x {{ ?x {label} 'Harbour Forum'@en }}")
    assert "first-case-forum" in answer.text  # the workers have it too
    assert 'class="error faults"' not in page(server)


def test_a_fault_stands_atop_of_every_page_until_it_is_mended(
    watched: tuple[Server, Path],
) -> None:
    server, path = watched
    text = path.read_text("utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "startYear: 2021" in row)
    path.write_text(text.replace("startYear: 2021", "startyear: 2021"), encoding="utf-8")
    fault = f"first-case.yaml:{line}: unknown key &#x27;startyear&#x27; of"
    until(lambda: fault in page(server))
    start, query = server.ask("/en/index.html"), server.ask("/en/query/cases.html")
    assert fault in start.text
    assert fault in query.text
    assert "2021" in page(server)  # the last good graph stays
    path.write_text(text, encoding="utf-8")
    until(lambda: fault not in page(server))


def test_what_the_shapes_find_is_a_fault_of_a_graph_that_is_shown(
    watched: tuple[Server, Path],
) -> None:
    server, path = watched
    text = path.read_text("utf-8")
    path.write_text(text.replace("type: Area", "type: City"), encoding="utf-8")
    until(lambda: "[PlaceLiesWithin]" in page(server))
    path.write_text(text, encoding="utf-8")
    until(lambda: "[PlaceLiesWithin]" not in page(server))


def test_a_new_file_and_study_yaml_are_followed_too(watched: tuple[Server, Path]) -> None:
    server, path = watched
    study = path.parents[1] / "study.yaml"
    text = study.read_text("utf-8")
    study.write_text(text.replace("base:", "bas:"), encoding="utf-8")
    until(lambda: "study.yaml:6: unknown key" in page(server))
    study.write_text(text.replace('"Water"', '"Waters of the town"'), encoding="utf-8")
    until(lambda: "Waters of the town" in page(server))
    second = path.with_name("second.yaml")
    second.write_text(path.read_text("utf-8").replace("first-case", "second"), encoding="utf-8")
    until(lambda: server.ask("/en/case/second.html").status == 200)


@pytest.mark.whole
def test_pages_after_ten_saves_are_those_of_a_fresh_server(tmp_path: Path) -> None:
    """What is kept from one graph to the next must be of no consequence."""
    folder = own_study(tmp_path)
    case, terms, shapes = (folder / FILES[name] for name in ("case", "terms", "shapes"))
    another = "\n:slogan rdfs:subPropertyOf gg:nameAsPrinted .\n"
    saves = [
        (terms, TERMS + another),  # what an axiom gives, and what it no longer does
        (case, CASE.replace("Água é vida", "Água para todos")),
        (terms, TERMS),
        (shapes, SHAPES.replace("sh:minCount 1", "sh:minCount 2")),
        (case, CASE.replace("turnout: 300", "turnout: 301")),
        (case, CASE.replace("boycotts:", "boycott:")),  # a fault
        (case, CASE),
        (shapes, SHAPES),
        (terms, TERMS + another),
        (case, CASE.replace("Água é vida", "Água é direito")),
    ]
    options = ("--watch", "--study", str(folder), "--public-url", "https://agua.example.org/site")

    def pages(server: Server) -> dict[str, str]:
        sitemap = server.ask("/sitemap.xml").text
        found = re.findall("<loc>https://agua.example.org/site(.+?)</loc>", sitemap)
        marks = re.compile(' data-version="[0-9]+"')
        return {address: marks.sub("", server.ask(address).text) for address in found}

    with serving(*options) as server:
        for path, text in saves:
            version = server.ask("/watch").text
            path.write_text(text, encoding="utf-8")
            until(lambda version=version: server.ask("/watch").text != version)
            server.ask("/en/index.html")
        until(lambda: "Água é direito" in server.ask("/en/event/boycott.html").text)
        until(lambda: "faults" not in server.ask("/en/index.html").text)
        kept = pages(server)
    assert len(kept) > 80
    with serving(*options) as fresh:
        assert pages(fresh) == kept


def test_only_pages_are_marked_and_their_policy_lets_them_ask(
    watched: tuple[Server, Path],
) -> None:
    server, _ = watched
    answer = server.ask("/en/index.html", Accept_Encoding="gzip")
    assert "content-encoding" not in answer.headers
    assert "etag" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "connect-src 'self'; script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.text.count('<script src="/watch.js"') == 1
    for address in ("/void.ttl", "/case/first-case.ttl", "/static/govgraph.css", "/openapi.json"):
        other = server.ask(address)
        assert other.status == 200, address
        assert b"watch.js" not in other.body
    assert server.ask("/watch.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.whole
@pytest.mark.browser
def test_an_open_page_loads_itself_anew(watched: tuple[Server, Path]) -> None:
    from browsers import chromium, complaints, open_address

    server, path = watched
    text = path.read_text("utf-8")
    with chromium() as driver:
        open_address(driver, f"{server.url}en/partnership/first-case-forum.html")
        changed = text.replace('nameAsPrinted: "Forum 21"', 'nameAsPrinted: "Forum XXI"')
        path.write_text(changed, encoding="utf-8")
        until(lambda: "Forum XXI" in driver.page_source)
        path.write_text(changed.replace("startYear: 2021", "startyear: 2021"), encoding="utf-8")
        until(lambda: "unknown key 'startyear'" in driver.page_source)
        path.write_text(text, encoding="utf-8")
        until(lambda: "unknown key" not in driver.page_source and "Forum 21" in driver.page_source)
        assert complaints(driver) == []
