"""Countries and regions are there without being described: right facts, right names, one graph."""

from __future__ import annotations

from pathlib import Path

import babel
import babel.core
import pyoxigraph as ox
import pytest

from govgraph.assembly.assemble import choose_sources
from govgraph.coding.cases import load
from govgraph.coding.study import TEMPORARY_BASE, Sources, Study
from govgraph.coding.terms import common_places, missing
from govgraph.errors import SourceErrors
from govgraph.vocabulary import BASE, COMMONS_GRAPH, DCTERMS, GG, RDF, RDFS, SKOS

PLACES = {iri.removeprefix(BASE): place for iri, place in common_places().items()}
COUNTRIES = [place for place in PLACES.values() if place["alpha2"]]
REGIONS = [place for place in PLACES.values() if not place["alpha2"]]
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
"""Codes of CLDR that ISO 3166-1 does not assign to a country."""
M49 = {
    "world", "africa", "northern-africa", "sub-saharan-africa", "eastern-africa", "middle-africa",
    "southern-africa", "western-africa", "americas", "latin-america-and-caribbean", "caribbean",
    "central-america", "south-america", "northern-america", "asia", "central-asia", "eastern-asia",
    "south-eastern-asia", "southern-asia", "western-asia", "europe", "eastern-europe",
    "northern-europe", "southern-europe", "western-europe", "oceania",
    "australia-and-new-zealand", "melanesia", "micronesia-region", "polynesia",
}  # fmt: skip


def chain(name: str) -> list[str]:
    """Return the slugs of the regions around a place, from the nearest to the world."""
    within = PLACES[f"place/{name}"]["within"].removeprefix(f"{BASE}place/")
    return [within, *chain(within)] if within else []


def statements(names: list[str], languages: list[str]) -> list[ox.Quad]:
    """Return what is said of places that somebody names."""
    store, node = ox.Store(), ox.NamedNode("https://example.org/x")
    store.extend(ox.Quad(node, node, ox.NamedNode(BASE + name)) for name in names)
    return missing(store, languages)


def said(quads: list[ox.Quad], subject: str, predicate: str) -> set[str]:
    subject = BASE + subject
    found = (q for q in quads if q.subject.value == subject and q.predicate.value == predicate)
    return {
        f"{q.object.value}@{q.object.language}"
        if isinstance(q.object, ox.Literal) and q.object.language
        else q.object.value.removeprefix(BASE)
        for q in found
    }


def test_every_country_of_iso_3166_is_there_and_every_region_of_m49() -> None:
    known = {code for code in babel.Locale("en").territories if len(code) == 2}
    assert {place["alpha2"] for place in COUNTRIES} == known - NOT_ISO
    assert len(COUNTRIES) == 249
    assert {place["slug"] for place in REGIONS} == M49


def test_the_three_codes_of_a_country_are_of_the_same_country() -> None:
    """By the aliases of CLDR, which has none for a few codes that were given anew."""
    aliases = babel.core.get_global("territory_aliases")
    for place in COUNTRIES:
        assert aliases[place["alpha3"]] == [place["alpha2"]], place
        assert aliases.get(place["m49"], [place["alpha2"]]) == [place["alpha2"]], place
    assert len({place["m49"] for place in PLACES.values()}) == len(PLACES)


def test_every_place_lies_in_the_world() -> None:
    for name, place in PLACES.items():
        assert name == f"place/{place['slug']}"
        assert place["type"] in ("Country", "Area")
        if name != "place/world":
            assert chain(name.removeprefix("place/"))[-1] == "world", name


@pytest.mark.parametrize(
    ("name", "regions"),
    [
        ("rwanda", "eastern-africa sub-saharan-africa africa world"),
        ("sudan", "northern-africa africa world"),
        ("mexico", "central-america latin-america-and-caribbean americas world"),
        ("canada", "northern-america americas world"),
        ("puerto-rico", "caribbean latin-america-and-caribbean americas world"),
        ("czechia", "eastern-europe europe world"),
        ("cyprus", "western-asia asia world"),
        ("iran", "southern-asia asia world"),
        ("kazakhstan", "central-asia asia world"),
        ("united-kingdom", "northern-europe europe world"),
        ("new-zealand", "australia-and-new-zealand oceania world"),
        ("cote-d-ivoire", "western-africa sub-saharan-africa africa world"),
        ("antarctica", "world"),
    ],
)
def test_a_country_lies_in_the_regions_of_m49(name: str, regions: str) -> None:
    assert chain(name) == regions.split()


def test_what_is_said_of_rwanda_and_the_regions_around_it() -> None:
    assert PLACES["place/rwanda"] == {
        "slug": "rwanda", "alpha2": "RW", "alpha3": "RWA", "m49": "646", "type": "Country",
        "within": f"{BASE}place/eastern-africa",
    }  # fmt: skip
    quads = statements(["place/rwanda"], ["de", "pt", "fr", "ar", "zh"])
    assert said(quads, "place/rwanda", f"{RDFS}label") == {
        "Ruanda@de", "Ruanda@pt", "Rwanda@fr", "رواندا@ar", "卢旺达@zh"
    }  # fmt: skip
    assert said(quads, "place/rwanda", f"{SKOS}notation") == {"RWA"}
    assert said(quads, "place/rwanda", f"{DCTERMS}identifier") == {"RW", "646"}
    assert said(quads, "place/africa", f"{SKOS}notation") == {"002"}
    assert said(quads, "place/rwanda", f"{GG}within") == {"place/eastern-africa"}
    assert said(quads, "place/rwanda", f"{RDF}type") == {"ontology#Country"}
    assert said(quads, "place/eastern-africa", f"{RDFS}label") >= {"Ostafrika@de", "东非@zh"}
    assert said(quads, "place/world", f"{RDFS}label") >= {"Welt@de", "Monde@fr"}
    assert said(quads, "place/world", f"{RDF}type") == {"ontology#Area"}
    assert {quad.graph_name.value for quad in quads} == {COMMONS_GRAPH}
    assert {quad.subject.value.removeprefix(BASE) for quad in quads} == {
        "place/rwanda", *(f"place/{region}" for region in chain("rwanda"))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("languages", "names"),
    [
        (["es-MX", "zh-Hant"], {"Ruanda@es-mx", "盧安達@zh-hant"}),
        (["de-1996-x-own"], {"Ruanda@de-1996-x-own"}),
        (["quc"], {"Rwanda@en"}),
        (["x-own", "it"], {"Ruanda@it"}),
    ],
)
def test_a_name_in_a_language_that_cldr_lacks(languages: list[str], names: set[str]) -> None:
    assert said(statements(["place/rwanda"], languages), "place/rwanda", f"{RDFS}label") == names


# -- in the files of a study -----------------------------------------------------------------

CASE = "id: case/x\ntype: Case\nlabel: {en: X, es: X}\nplace: %s\n"


def load_text(folder: Path, *texts: str, languages: tuple[str, ...] = ("en", "es")) -> ox.Store:
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    study = Study(folder, TEMPORARY_BASE, languages)
    return load(Sources((study,))).store


def commons(store: ox.Store) -> list[ox.Quad]:
    return list(store.quads_for_pattern(None, None, None, ox.NamedNode(COMMONS_GRAPH)))


def test_a_case_may_name_a_country_that_nobody_describes(tmp_path: Path) -> None:
    quads = commons(load_text(tmp_path, CASE % "place/rwanda", languages=("de",)))
    assert set(quads) == set(statements(["place/rwanda"], ["de"]))


def test_where_a_study_says_what_a_country_lies_in_that_stands(tmp_path: Path) -> None:
    region = "nodes:\n  - {id: place/lakes, type: Area, label: {en: Lakes}}\n"
    within = "  - {id: place/rwanda, within: place/lakes}\n"
    store = load_text(tmp_path, CASE % "place/rwanda", region + within)
    subjects = {quad.subject.value.removeprefix(BASE) for quad in commons(store)}
    assert subjects == {"place/rwanda"}
    assert f"{GG}within" not in {quad.predicate.value for quad in commons(store)}


def test_what_a_study_describes_is_its_own(tmp_path: Path) -> None:
    country = "nodes:\n  - {id: place/rwanda, type: Country, label: {en: Rwanda}}\n"
    assert commons(load_text(tmp_path, CASE % "place/rwanda", country)) == []


def test_a_country_of_a_table_and_of_rdf(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,type,label.en,within\nplace/kigali,City,Kigali,place/rwanda\n", "utf-8")
    rwanda = set(statements(["place/rwanda"], ["en", "es"]))
    assert set(commons(load(Sources(data=(table,))).store)) == rwanda
    rdf = tmp_path / "t.ttl"
    rdf.write_text(f"<{BASE}place/kigali> <{GG}within> <{BASE}place/rwanda> .", "utf-8")
    assert set(commons(load(Sources(data=(rdf,))).store)) == rwanda


def test_a_misspelt_country_is_told_with_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(SourceErrors, match=r"0.yaml:4: 'place/ruanda' .* 'place/rwanda'"):
        load_text(tmp_path, CASE % "place/ruanda")


def test_the_countries_of_the_first_study_are_commons() -> None:
    store = load(choose_sources()).store
    own = store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{GG}Country"))
    assert {quad.graph_name.value for quad in own} == {COMMONS_GRAPH}
