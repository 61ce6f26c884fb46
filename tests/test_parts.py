"""What has no page of its own is told of on that of its thing or passage, and still resolves."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from first_study import NAMED, STUDY
from govgraph import KnowledgeGraph
from govgraph.assembly.assemble import LocalGraph
from govgraph.rdf.source_map import SourceMap
from govgraph.vocabulary import GG, RDF, RDFS
from govgraph.web.describe import resource_document
from govgraph.web.pages import resource_page
from govgraph.web.pages.overview import resources_with_pages
from govgraph.web.pages.reading import reading_of
from govgraph.web.server.server import create_app

ARRANGEMENT = f"{STUDY}instrument/bogota-como-vamos"
PART = "participation/bogota-como-vamos/permanent-qualified.el-tiempo.founder_initiator"


def test_parts_lie_with_what_has_or_states_them(kg: KnowledgeGraph) -> None:
    reading = reading_of(kg)
    homes = reading.homes
    assert homes[f"{STUDY}{PART}"] == ARRANGEMENT
    finding = f"{STUDY}finding/bogota-citizen-initiative"
    assert homes[finding] == f"{STUDY}passage/3.3/3"
    of_findings = [
        homes[part]
        for part, home in ((p, h) for p in homes for h in reading.subjects("alignment", p))
        if home in homes
    ]
    assert all("/passage/" in home for home in of_findings)
    assert not set(homes.values()) & homes.keys()
    pages = resources_with_pages(reading)
    assert not set(pages) & homes.keys()
    assert len(pages) + len(homes) > 2_500
    assert 4 * len(pages) < 6_500
    own = {iri for iri in reading.described if iri.startswith(STUDY)}
    assert homes.keys() <= own


def test_a_part_is_told_of_whole_where_its_links_lead(kg: KnowledgeGraph) -> None:
    reading, part = reading_of(kg), f"{STUDY}{PART}"
    page = resource_page(kg, ARRANGEMENT)
    section = page.partition(f'<section class="subject" id="{PART}">')[2].partition("</section>")[0]
    for name in ("Founder", "Initiator", "El Tiempo", "§3.3 ¶3", "What follows"):
        assert name in section, name
    assert page.count(f' id="{PART}"') == 1
    actor = resource_page(kg, f"{STUDY}actor/el-tiempo")
    assert f'href="/en/instrument/bogota-como-vamos.html#{PART}"' in actor
    assert resource_page(kg, part) == page
    said = set(kg.store.quads_for_pattern(ox.NamedNode(part), None, None))
    terms = reading.terms_of(ARRANGEMENT)
    assert said <= set(resource_document(kg, ARRANGEMENT, "instrument/bogota-como-vamos", terms))


def test_a_passage_tells_of_its_findings_once(kg: KnowledgeGraph) -> None:
    page = resource_page(kg, f"{STUDY}passage/3.3/3")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "finding/bogota-citizen-initiative" in ids
    assert any(each.startswith("citation/") for each in ids)


@pytest.mark.parametrize("ending", ["", ".ttl", ".jsonld"])
def test_its_iri_resolves_on_a_server(kg: KnowledgeGraph, ending: str) -> None:
    web = TestClient(create_app(kg), follow_redirects=False)
    answer = web.get(f"/{PART}{ending}")
    assert answer.status_code == 303
    target = unquote(answer.headers["location"])
    assert target == f"/instrument/bogota-como-vamos{ending}#{PART}"
    assert web.get(f"/en/{PART}.html").status_code == 404
    if ending:
        assert PART in web.get(target.partition("#")[0]).text


def test_what_has_too_many_parts_leaves_them_their_pages() -> None:
    store, passage = ox.Store(), ox.NamedNode(f"{STUDY}passage/1/1")
    for number in range(201):
        finding = ox.NamedNode(f"{STUDY}finding/{number}")
        store.add(
            ox.Quad(finding, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{GG}Finding"), passage)
        )
    store.add(ox.Quad(passage, ox.NamedNode(f"{RDFS}label"), ox.Literal("1"), passage))
    graph = KnowledgeGraph(LocalGraph(store, SourceMap(), (NAMED,)))
    assert reading_of(graph).homes == {}
    assert f"{STUDY}finding/7" in resources_with_pages(reading_of(graph))
