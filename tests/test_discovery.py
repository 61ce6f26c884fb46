"""Whether a data set is found: its page of data, schema.org, DCAT, VoID, alternates in sitemaps."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

import govgraph
from first_study import LANGUAGES, STUDY
from govgraph import KnowledgeGraph
from govgraph.vocabulary import PREFIXES
from govgraph.web.pages import Links, render_page, resource_page
from govgraph.web.pages.catalogue import description, dumps
from govgraph.web.pages.overview import site_maps

SITE = "https://data.example/graph/"
DCAT, VOID = PREFIXES["dcat"], PREFIXES["void"]
SPDX = "http://spdx.org/rdf/terms#"


def page(kg: KnowledgeGraph, name: str, language: str = "en") -> str:
    return render_page(name, kg, language, Links("../", language, live=False, public=SITE))


@pytest.fixture(scope="module")
def said(kg: KnowledgeGraph) -> set[tuple[str, str, str]]:
    quads = description(kg, SITE, f"{SITE}sparql")
    return {(q.subject.value, q.predicate.value, getattr(q.object, "value", "")) for q in quads}


def test_the_page_of_data_has_every_file_with_length_and_checksum(kg: KnowledgeGraph) -> None:
    made = page(kg, "data")
    for name, dump in dumps(kg).items():
        assert f'href="../dump/{name}"' in made
        assert name.endswith(".gz") or dump.sha256 in made
        assert hashlib.sha256(dump.path.read_bytes()).hexdigest() == dump.sha256
    nquads = dumps(kg)["security-alliances.nq"].path.read_bytes()
    small = dumps(kg)["security-alliances.nq.gz"].path.read_bytes()
    assert gzip.decompress(small) == nquads
    assert f"{len(nquads) // 1000:,} kB" in made
    for target in ("../void.ttl", "../ontology.ttl", "../sitemap.xml", "../dump/SHA256SUMS"):
        assert f'href="{target}"' in made
    assert "Tamaño" in page(kg, "data", "es")
    assert '<a href="data.html"' in page(kg, "cases")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_page_is_read_by_search_engines(kg: KnowledgeGraph, language: str) -> None:
    made = page(kg, "index", language)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', made)
    assert found
    known = json.loads(found[1])
    assert (known["@type"], known["@id"]) == ("Dataset", f"{STUDY}dataset")
    assert known["name"].startswith({"en": "Governance", "es": "Gobernanza"}[language])
    assert len(known["description"]) > 50
    assert known["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {each["contentUrl"] for each in known["distribution"]} == {
        f"{SITE}dump/{name}" for name in dumps(kg) if not name.endswith(".gz")
    }


def test_every_page_says_what_it_is_about(kg: KnowledgeGraph) -> None:
    iri = f"{STUDY}actor/el-tiempo"
    made = resource_page(kg, iri, "en", Links("../../", live=False, public=SITE))
    for text in (made, page(kg, "index"), page(kg, "data")):
        names = 'name="description" property="og:description"'
        described = re.search(rf'<meta {names} content="([^"]+)">', text)
        assert described
        assert 10 < len(html.unescape(described[1])) <= 300
    assert '<meta property="og:title" content="El Tiempo">' in made
    assert f'<meta property="og:url" content="{SITE}en/actor/el-tiempo.html">' in made
    assert f'<meta property="og:image" content="{SITE}static/icon.png">' in made
    for tag, there in (("en", "../"), ("es", "../../es/"), ("x-default", "../")):
        assert f'hreflang="{tag}" href="{there}actor/el-tiempo.html"' in made


def test_a_sitemap_names_every_page_in_every_language(kg: KnowledgeGraph) -> None:
    tree = ElementTree.fromstring(site_maps(kg, SITE)["sitemap.xml"])
    for url in list(tree)[:40]:
        links = [each for each in url if each.tag.endswith("}link")]
        named = {each.attrib["hreflang"]: each.attrib["href"] for each in links}
        assert set(named) == {"en", "es", "x-default"}
        assert named["es"] == named["en"].replace(f"{SITE}en/", f"{SITE}es/")
        assert url[0].text in named.values()


def test_catalogues_learn_where_the_files_are(
    kg: KnowledgeGraph, said: set[tuple[str, str, str]]
) -> None:
    dataset, catalogue = f"{STUDY}dataset", f"{SITE}void#catalog"
    assert (catalogue, f"{DCAT}dataset", dataset) in said
    assert (catalogue, f"{DCAT}service", f"{SITE}sparql") in said
    assert (f"{SITE}sparql", f"{DCAT}servesDataset", dataset) in said
    assert (dataset, f"{DCAT}landingPage", SITE) in said
    assert any(s == dataset and p == f"{VOID}exampleResource" for s, p, _ in said)
    for name, dump in dumps(kg).items():
        entry = f"{STUDY}dump/{name}"
        assert (dataset, f"{DCAT}distribution", entry) in said
        assert (entry, f"{DCAT}byteSize", str(dump.size)) in said
        assert (entry, f"{DCAT}downloadURL", f"{SITE}dump/{name}") in said
        assert (f"{entry}#sha256", f"{SPDX}checksumValue", dump.sha256) in said


def test_what_is_said_of_a_site_is_no_part_of_the_graph(kg: KnowledgeGraph) -> None:
    size = ox.NamedNode(f"{DCAT}byteSize")
    assert not list(kg.store.quads_for_pattern(None, size, None))


MANDATORY = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#catalogue> sh:targetClass dcat:Catalog ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
  [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
  [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
  [ sh:path dct:language ; sh:nodeKind sh:IRI ; sh:pattern "authority/language/[A-Z]{3}$" ] .
<#dataset> sh:targetClass dcat:Dataset ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ] , [ sh:path dct:description ; sh:minCount 1 ] ,
  [ sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
  [ sh:path dct:creator ; sh:class foaf:Agent ] ,
  [ sh:path dct:language ; sh:nodeKind sh:IRI ; sh:pattern "authority/language/[A-Z]{3}$" ] .
<#agent> sh:targetClass foaf:Agent ; sh:property [ sh:path foaf:name ; sh:minCount 1 ] .
<#file> sh:targetClass dcat:Distribution ; sh:property
  [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] .
<#service> sh:targetClass dcat:DataService ; sh:property
  [ sh:path dcat:endpointURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dct:title ; sh:minCount 1 ] .
"""
"""What DCAT-AP 3 makes mandatory (https://semiceu.github.io/DCAT-AP/releases/3.0.0/)."""


@pytest.mark.parametrize("study", ["security-alliances", "rwanda-gacaca"])
def test_the_catalogue_has_what_dcat_ap_makes_mandatory(study: str) -> None:
    import pyshacl
    import rdflib

    graph = govgraph.open(study=study)
    quads = description(graph, graph.study.base, f"{graph.study.base}sparql")
    triples = {quad.triple for quad in quads}
    told = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    data, shapes = rdflib.Graph(), rdflib.Graph()
    data.parse(data=told, format="nt")
    shapes.parse(data=MANDATORY, format="turtle", publicID="https://shapes.example/")
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, report
    languages = {str(o) for o in data.objects(predicate=rdflib.DCTERMS.language)}
    english = "http://publications.europa.eu/resource/authority/language/ENG"
    assert english in languages
