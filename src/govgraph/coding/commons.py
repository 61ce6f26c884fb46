"""What a study may name and nobody has to describe: countries, regions, goals of the UN.

`ontology/places.csv` holds ISO 3166-1 and the regions of UN M49; Unicode's CLDR (through Babel)
their names in many languages. IRIs and codes in `ontology/goals.csv` are the UN's, the labels ours.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph import resources
from govgraph.rdf.names import NAMES
from govgraph.rdf.namespaces import gg, rdf
from govgraph.vocabulary import BASE, SDG, graph_iri

COMMONS_GRAPH: Final = graph_iri("commons")
"""The graph of what any study may refer to without describing it."""
_IN_THE_EU_LIST: Final = "http://publications.europa.eu/resource/authority/country/"

Rows: TypeAlias = Mapping[str, Mapping[str, str]]
"""The rows of a table by IRI."""
Facts: TypeAlias = Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]
"""IRI, name of a property, value."""


def _rows(table: str) -> list[dict[str, str]]:
    with (resources.bundled("ontology") / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def common_places() -> Rows:
    """Return each region before what lies within it.

    `alpha2` and `alpha3` are the codes of ISO 3166-1, "" for a region, `m49` is the number of the
    UN, `type` a class of gg, `within` the IRI of the place around.
    """
    place = f"{BASE}place/"
    return {
        place + row["slug"]: {**row, "within": row["within"] and place + row["within"]}
        for row in _rows("places.csv")
    }


@cache
def common_goals() -> Rows:
    """Return goals, targets and indicators: each says its `goal` and what it is `within`."""
    return {SDG + row["id"]: row for row in _rows("goals.csv")}


def missing(store: ox.Store, languages: Sequence[str]) -> list[ox.Quad]:
    """Return what the commons say of things that `store` names; `languages` are BCP 47 tags."""
    graph = ox.NamedNode(COMMONS_GRAPH)
    facts = chain(_of_places(store, languages), _of_goals(store, languages))
    return [ox.Quad(_node(iri), _node(name), value, graph) for iri, name, value in facts]


@cache
def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(NAMES.expand(name))


def _is_named(store: ox.Store, iri: str) -> bool:
    return any(store.quads_for_pattern(None, None, ox.NamedNode(iri), None))


def _of_places(store: ox.Store, languages: Sequence[str]) -> Facts:
    """Yield what is said of named places, and of the regions around them.

    Nothing is said of a place that the store itself describes, nor of the regions around one of
    which it says what it lies within.
    """
    places, chosen, placed = common_places(), set(), set()
    for iri in [iri for iri in places if _is_named(store, iri)]:
        while iri and iri not in chosen:
            node = ox.NamedNode(iri)
            if any(store.quads_for_pattern(node, rdf.type, None, None)):
                break
            chosen.add(iri)
            if any(store.quads_for_pattern(node, gg.within, None, None)):
                placed.add(iri)
                break
            iri = places[iri]["within"]  # noqa: PLW2901
    for iri in [iri for iri in places if iri in chosen]:
        alpha2, alpha3, m49, kind, within = (
            places[iri][name] for name in ("alpha2", "alpha3", "m49", "type", "within")
        )
        yield iri, "rdf:type", _node(f"gg:{kind}")
        if within and iri not in placed:
            yield iri, "gg:within", _node(within)
        yield iri, "skos:notation", ox.Literal(alpha3 or m49)
        if alpha3:  # by which the list of countries of the European Union names them too
            yield iri, "gg:sameEntityAs", _node(_IN_THE_EU_LIST + alpha3)
        for code in (alpha2, m49) if alpha2 else ():
            yield iri, "dcterms:identifier", ox.Literal(code)
        code = alpha2 or m49
        names = {tag: name for tag in languages if (name := _name(code, tag))}
        for tag, name in (names or {"en": _name(code, "en")}).items():
            yield iri, "rdfs:label", ox.Literal(name, language=tag)


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


def _of_goals(store: ox.Store, languages: Sequence[str]) -> Facts:
    """Yield what is said of each goal that is named, or a part of it, as a whole.

    So one can ask which targets of a goal are not served. Of other goals nothing is said.
    """
    goals = common_goals()
    named = {row["goal"] for iri, row in goals.items() if _is_named(store, iri)}
    tags = dict.fromkeys(tag.partition("-")[0] for tag in languages)
    for iri, row in goals.items():
        if row["goal"] not in named:
            continue
        names = [("rdf:type", f"sdgo:{row['type']}"), ("rdf:type", "skos:Concept")]
        if row["within"]:
            above = f"sdg:{row['within']}"
            names += [(f"sdgo:is{row['type']}Of", above), ("skos:broader", above)]
        if row["wikidata"]:
            names += [("skos:exactMatch", f"wd:{row['wikidata']}")]
        for predicate, name in names:
            yield iri, predicate, _node(name)
        yield iri, "skos:inScheme", ox.NamedNode(SDG.removesuffix("/"))
        yield iri, "skos:notation", ox.Literal(row["SDGCodeCompact"] or row["id"])
        for code in ("SDGCodeCompact", "SDGCode", "SDGCodePerm"):
            if row[code]:
                datatype = _node(f"sdgo:{code}")
                yield iri, "skos:notation", ox.Literal(row[code], datatype=datatype)
        for tag in [tag for tag in tags if row.get(f"label.{tag}")] or ["en"]:
            yield iri, "rdfs:label", ox.Literal(row[f"label.{tag}"], language=tag)
