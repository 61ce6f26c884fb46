"""Countries and regions that nobody has to describe: ISO 3166-1, and the regions of UN M49.

`ontology/places.csv` holds the facts, Unicode's CLDR (through Babel) the names in many languages.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from govgraph import resources
from govgraph.rdf.namespaces import gg, rdf, rdfs
from govgraph.vocabulary import BASE, DCTERMS, GG, SKOS, graph_iri

COMMONS_GRAPH: Final = graph_iri("commons")
"""The graph of what any study may refer to without describing it."""
_IN_THE_EU_LIST: Final = "http://publications.europa.eu/resource/authority/country/"


class Place(NamedTuple):
    """A row of the table: `m49` is the number of the UN, `within` the id of the place around.

    `alpha2` and `alpha3` are the codes of ISO 3166-1, "" for a region; `kind` is a class of gg.
    """

    id: str
    alpha2: str
    alpha3: str
    m49: str
    kind: str
    within: str

    @property
    def iri(self) -> str:
        """The IRI of the place, the same in every study."""
        return BASE + self.id


@cache
def common_places() -> Mapping[str, Place]:
    """Return all places by id (`place/rwanda`), each region before what lies within it."""
    with (resources.bundled("ontology") / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = [Place(*row) for row in list(csv.reader(file))[1:]]
    return {
        f"place/{row.id}": row._replace(
            id=f"place/{row.id}", within=row.within and f"place/{row.within}"
        )
        for row in rows
    }


def missing(store: ox.Store, languages: Sequence[str]) -> list[ox.Quad]:
    """Return what the commons say of places that `store` names, and of the regions around them.

    `languages` are BCP 47 tags. Nothing is said of a place that the store itself describes, nor of
    the regions around one of which it says what it lies within.
    """
    places, graph = common_places(), ox.NamedNode(COMMONS_GRAPH)
    chosen: set[str] = set()
    placed: set[str] = set()
    for name, place in places.items():
        if not any(store.quads_for_pattern(None, None, ox.NamedNode(place.iri), None)):
            continue
        while name and name not in chosen:
            node = ox.NamedNode(places[name].iri)
            if any(store.quads_for_pattern(node, rdf.type, None, None)):
                break
            chosen.add(name)
            if any(store.quads_for_pattern(node, gg.within, None, None)):
                placed.add(name)
                break
            name = places[name].within  # noqa: PLW2901
    return [
        ox.Quad(ox.NamedNode(place.iri), predicate, value, graph)
        for name, place in places.items()
        if name in chosen
        for predicate, value in _facts(place, languages)
        if predicate != gg.within or name not in placed
    ]


def _facts(
    place: Place, languages: Sequence[str]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    yield rdf.type, ox.NamedNode(GG + place.kind)
    if place.within:
        yield gg.within, ox.NamedNode(BASE + place.within)
    yield ox.NamedNode(f"{SKOS}notation"), ox.Literal(place.alpha3 or place.m49)
    if place.alpha3:  # by which the list of countries of the European Union names them too
        yield gg.sameEntityAs, ox.NamedNode(_IN_THE_EU_LIST + place.alpha3)
    for code in (place.alpha2, place.m49) if place.alpha2 else ():
        yield ox.NamedNode(f"{DCTERMS}identifier"), ox.Literal(code)
    code = place.alpha2 or place.m49
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
