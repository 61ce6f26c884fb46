"""Countries and regions that nobody has to describe: ISO 3166-1, and the regions of UN M49.

`ontology/places.csv` holds the facts, Unicode's CLDR (through Babel) the names in many languages.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.rdf.namespaces import gg, rdf, rdfs
from govgraph.vocabulary import BASE, DCTERMS, GG, SKOS, graph_iri

COMMONS_GRAPH: Final = graph_iri("commons")
"""The graph of what any study may refer to without describing it."""
_IN_THE_EU_LIST: Final = "http://publications.europa.eu/resource/authority/country/"


@cache
def common_places() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the table by IRI, each region before what lies within it.

    `alpha2` and `alpha3` are the codes of ISO 3166-1, "" for a region, `m49` is the number of the
    UN, `type` a class of gg, `within` the IRI of the place around.
    """
    with (resources.bundled("ontology") / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    place = f"{BASE}place/"
    return {
        f"{place}{r['slug']}": {**r, "within": r["within"] and place + r["within"]} for r in rows
    }


def missing(store: ox.Store, languages: Sequence[str]) -> list[ox.Quad]:
    """Return what the commons say of places that `store` names, and of the regions around them.

    `languages` are BCP 47 tags. Nothing is said of a place that the store itself describes, nor of
    the regions around one of which it says what it lies within.
    """
    places, graph = common_places(), ox.NamedNode(COMMONS_GRAPH)
    chosen: set[str] = set()
    placed: set[str] = set()
    for name in places:
        if not any(store.quads_for_pattern(None, None, ox.NamedNode(name), None)):
            continue
        iri = name
        while iri and iri not in chosen:
            node = ox.NamedNode(iri)
            if any(store.quads_for_pattern(node, rdf.type, None, None)):
                break
            chosen.add(iri)
            if any(store.quads_for_pattern(node, gg.within, None, None)):
                placed.add(iri)
                break
            iri = places[iri]["within"]
    return [
        ox.Quad(ox.NamedNode(iri), predicate, value, graph)
        for iri, place in places.items()
        if iri in chosen
        for predicate, value in _facts(place, languages)
        if predicate != gg.within or iri not in placed
    ]


def _facts(
    place: Mapping[str, str], languages: Sequence[str]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    alpha2, alpha3, m49 = (place[name] for name in ("alpha2", "alpha3", "m49"))
    yield rdf.type, ox.NamedNode(GG + place["type"])
    if place["within"]:
        yield gg.within, ox.NamedNode(place["within"])
    yield ox.NamedNode(f"{SKOS}notation"), ox.Literal(alpha3 or m49)
    if alpha3:  # by which the list of countries of the European Union names them too
        yield gg.sameEntityAs, ox.NamedNode(_IN_THE_EU_LIST + alpha3)
    for code in (alpha2, m49) if alpha2 else ():
        yield ox.NamedNode(f"{DCTERMS}identifier"), ox.Literal(code)
    code = alpha2 or m49
    names = {tag: name for tag in languages if (name := _name(code, tag))}
    for tag, name in (names or {"en": _name(code, "en")}).items():
        yield rdfs.label, ox.Literal(name, language=tag)


@cache
def _name(code: str, language: str) -> str:
    """Return the name of a country or region in a language; "" where CLDR has none."""
    import babel

    for tag in (language, language.partition("-")[0]):
        try:
            name = str(babel.Locale.parse(tag, sep="-").territories.get(code, ""))
        except (babel.UnknownLocaleError, ValueError):
            continue
        return name[:1].upper() + name[1:]
    return ""
