"""What case files may use and nobody has to describe: their words, countries, goals of the UN.

The words are those of the JSON-LD context and the ontology. `ontology/places.csv` holds ISO 3166-1
and the regions of UN M49; Unicode's CLDR (through Babel) their names in many languages. IRIs and
codes in `ontology/goals.csv` are the UN's, the labels ours.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.errors import SourceError
from govgraph.rdf.names import NAMES, Knows
from govgraph.rdf.terms import gg, rdf, rdfs
from govgraph.vocabulary import BASE, COMMONS_GRAPH, ENGINE_GRAPHS, GG, SDG, SKOS, XSD

_IN_THE_EU_LIST: Final = "http://publications.europa.eu/resource/authority/country/"

URI: Final = f"{XSD}anyURI"
INTEGER: Final = f"{XSD}integer"
DECIMAL: Final = f"{XSD}decimal"
DATE: Final = f"{XSD}date"
BOOLEAN: Final = f"{XSD}boolean"
CONCEPT: Final = f"{SKOS}Concept"
QUERIES: Final = f"{BASE}query/"
"""What the IRIs of stored queries begin with."""


@dataclass(frozen=True, slots=True)
class Term:
    """One key of the context.

    `kind` is "@id", "@vocab", "@graph", "@type", "@language" (a language map), or the IRI of the
    datatype ("" for plain text).
    """

    name: str
    iri: str
    kind: str

    @property
    def is_keyword(self) -> bool:
        """Whether it stands for a keyword of JSON-LD: `id`, `type`, `says`, `nodes`."""
        return self.iri.startswith("@")

    @property
    def identifies(self) -> bool:
        """Whether its values tell a node without an id from others; the coder's own do not."""
        return self.kind not in ("@type", "@language") and self.name != "certainty"

    @property
    def links(self) -> bool:
        """Whether its values are things."""
        return self.kind == "@id" and not self.is_keyword


@dataclass(frozen=True)
class Terms:
    """Keys, classes, their hierarchy and every IRI the ontology describes.

    `parents` has for each class those right above it; `ranges` the range of a property.
    """

    context: dict[str, Any]
    keys: dict[str, Term]
    classes: dict[str, str]
    parents: dict[str, set[str]]
    ranges: dict[str, str]
    described: frozenset[str]

    @cached_property
    def by_kind(self) -> dict[str, str]:
        """What the ids of a class begin with -> its name."""
        kinds = {kebab(name): name for name in self.classes}
        return {**kinds, "actor": "Organisation", "group": "ActorGroup"}

    def with_superclasses(self, types: Iterable[str]) -> set[str]:
        """Return classes and all above them."""
        reached, new = set[str](), set(types)
        while new:
            reached |= new
            new = {above for iri in new for above in self.parents.get(iri, ())} - reached
        return reached

    def extended(self, own: dict[str, Any], quads: Iterable[ox.Quad]) -> Terms:
        """Return these terms with `own` entries of the context and what `quads` say of them."""
        context = {"@context": {**self.context["@context"], **own}}
        return _index(context, chain(ontology_quads(), quads))


def is_common(iri: str, is_described: Knows) -> bool:
    """Tell whether an IRI is of govgraph's commons: described, or made by the engine."""
    return iri in ENGINE_GRAPHS or iri.startswith(QUERIES) or is_described(iri)


def ontology_files(*, shapes: bool = False) -> list[Path]:
    """Return the Turtle files of the ontology graph, or those of the SHACL shapes."""
    folder = resources.bundled("ontology")
    files = folder.rglob("*.ttl")
    return sorted(path for path in files if ("shapes" in str(path.relative_to(folder))) == shapes)


@cache
def ontology_quads() -> tuple[ox.Quad, ...]:
    """Return the bundled ontology as it is written, read once.

    Raises SourceError where a file is not Turtle.
    """
    quads: list[ox.Quad] = []
    for path in ontology_files():
        try:
            quads.extend(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise SourceError(f"not valid Turtle: {error.msg}.", path, error.lineno) from None
    return tuple(quads)


@cache
def kinds_of_values() -> dict[str, str]:
    """Return property -> what the ids of all its values begin with: a code list, or a class."""
    shapes = "".join(path.read_text("utf-8") for path in ontology_files(shapes=True))
    lists = re.findall(r"sh:path gg:(\w+) ;\s+sh:node shapes:In(\w+)Scheme", shapes)
    kinds = {f"{GG}{name}": kebab(list_) for name, list_ in lists if list_ != "Some"}
    for property_, predicate, class_, _ in ontology_quads():
        if predicate == rdfs.range and class_.value in (f"{GG}Place", f"{GG}Work", f"{GG}Case"):
            kinds[property_.value] = kebab(class_.value.removeprefix(GG))
    return kinds


@cache
def kebab(name: str) -> str:
    """Return aKeyLikeThis as a-key-like-this."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


@cache
def load_terms() -> Terms:
    """Read the bundled context and ontology."""
    context = json.loads((resources.bundled("ontology") / "context.jsonld").read_text("utf-8"))
    return _index(context, ontology_quads())


def _index(context: dict[str, Any], ontology: Iterable[ox.Quad]) -> Terms:
    keys, classes = {}, {}
    for name, value in context["@context"].items():
        if name.startswith("@") or name in NAMES.prefixes:
            continue
        iri = _resolve(value if isinstance(value, str) else value["@id"])
        if name[0].isupper():
            classes[name] = iri
        elif isinstance(value, str):
            keys[name] = Term(name, iri, iri if iri.startswith("@") else "")
        else:
            kind = value.get("@container") or value.get("@type", "")
            keys[name] = Term(name, iri, _resolve(kind))

    parents: dict[str, set[str]] = defaultdict(set)
    ranges: dict[str, str] = {}
    described: set[str] = set()
    for subject, predicate, value, _ in ontology:
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        if predicate == rdf.type:
            described.add(subject.value)
        elif predicate == rdfs.subClassOf:
            parents[subject.value].add(value.value)
        elif predicate == rdfs.range:
            ranges[subject.value] = value.value

    everything = frozenset(described).union(common_goals(), common_places())
    return Terms(context, keys, classes, dict(parents), ranges, everything)


def _resolve(name: str) -> str:
    """Return the IRI of a CURIE of the context; a keyword ("@id") or "" as it is."""
    return NAMES.expand(name) if ":" in name else name


# -- places and goals ----------------------------------------------------------------------------


def _rows(table: str) -> list[dict[str, str]]:
    with (resources.bundled("ontology") / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def common_places() -> Mapping[str, Mapping[str, str]]:
    """Return places by IRI, each region before what lies within it.

    `alpha2` and `alpha3` are the codes of ISO 3166-1, "" for a region, `m49` is the number of the
    UN, `type` a class of gg, `within` the IRI of the place around.
    """
    place = f"{BASE}place/"
    return {
        place + row["slug"]: {**row, "within": row["within"] and place + row["within"]}
        for row in _rows("places.csv")
    }


@cache
def common_goals() -> Mapping[str, Mapping[str, str]]:
    """Return goals, targets and indicators by IRI: each says its `goal` and what it is `within`."""
    return {SDG + row["id"]: row for row in _rows("goals.csv")}


def missing(store: ox.Store, languages: Sequence[str]) -> list[ox.Quad]:
    """Return what the commons say of things that `store` names; `languages` are BCP 47 tags."""
    graph = ox.NamedNode(COMMONS_GRAPH)
    prefixes = (f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes.items())
    facts = chain(prefixes, _of_places(store, languages), _of_goals(store, languages))
    parsed = ox.parse("".join(facts), format=ox.RdfFormat.TURTLE)
    return [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in parsed]


def _is_named(store: ox.Store, iri: str) -> bool:
    return any(store.quads_for_pattern(None, None, ox.NamedNode(iri), None))


def _of_places(store: ox.Store, languages: Sequence[str]) -> Iterator[str]:
    """Yield in Turtle what is said of named places, and of the regions around them.

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
    for iri, place in [(iri, place) for iri, place in places.items() if iri in chosen]:
        alpha2, alpha3, m49 = (place[name] for name in ("alpha2", "alpha3", "m49"))
        yield f'<{iri}> a gg:{place["type"]} ; skos:notation "{alpha3 or m49}"'
        if place["within"] and iri not in placed:
            yield f" ; gg:within <{place['within']}>"
        if alpha3:  # by which the list of countries of the European Union names them too
            yield f" ; gg:sameEntityAs <{_IN_THE_EU_LIST}{alpha3}>"
            yield f' ; dcterms:identifier "{alpha2}" , "{m49}"'
        code = alpha2 or m49
        names = {tag: name for tag in languages if (name := _name(code, tag))}
        for tag, name in (names or {"en": _name(code, "en")}).items():
            yield f" ; rdfs:label {ox.Literal(name, language=tag)}"
        yield " .\n"


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


def _of_goals(store: ox.Store, languages: Sequence[str]) -> Iterator[str]:
    """Yield in Turtle what is said of each goal that is named, or a part of it, as a whole.

    So one can ask which targets of a goal are not served. Of other goals nothing is said.
    """
    goals = common_goals()
    named = {row["goal"] for iri, row in goals.items() if _is_named(store, iri)}
    tags = dict.fromkeys(tag.partition("-")[0] for tag in languages)
    for iri, row in goals.items():
        if row["goal"] not in named:
            continue
        kind, above = row["type"], row["within"]
        yield f"<{iri}> a sdgo:{kind} , skos:Concept ; skos:inScheme <{SDG.removesuffix('/')}>"
        if above:
            yield f" ; sdgo:is{kind}Of sdg:{above} ; skos:broader sdg:{above}"
        if row["wikidata"]:
            yield f" ; skos:exactMatch wd:{row['wikidata']}"
        yield f' ; skos:notation "{row["SDGCodeCompact"] or row["id"]}"'
        for code in ("SDGCodeCompact", "SDGCode", "SDGCodePerm"):
            if row[code]:
                yield f' , "{row[code]}"^^sdgo:{code}'
        for tag in [tag for tag in tags if row.get(f"label.{tag}")] or ["en"]:
            yield f" ; rdfs:label {ox.Literal(row[f'label.{tag}'], language=tag)}"
        yield " .\n"
