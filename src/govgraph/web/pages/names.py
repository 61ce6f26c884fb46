"""Names for what has no label of its own: passages, participations, observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from govgraph.rdf.names import NAMES
from govgraph.vocabulary import BASE, PASSAGE_PREFIX, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from govgraph.web.pages.reading import Reading

_GRAPHS: Final = {
    "graph/ontology": ("Ontology", "Ontología"),
    "graph/inferred": ("Inferred statements", "Enunciados inferidos"),
    "graph/metadata": ("Metadata", "Metadatos"),
}
_COMMON: Final = {
    f"{RDF}type": ("is a", "es"),
    f"{RDFS}label": ("label", "etiqueta"),
    f"{RDFS}comment": ("note", "nota"),
    f"{SKOS}prefLabel": ("preferred label", "etiqueta preferente"),
    f"{SKOS}altLabel": ("other name", "otro nombre"),
    f"{SKOS}definition": ("definition", "definición"),
    f"{SKOS}notation": ("notation", "notación"),
    f"{SKOS}inScheme": ("in the code list", "en la lista de códigos"),
    f"{SKOS}topConceptOf": ("top of the code list", "en la cima de la lista de códigos"),
    f"{SKOS}broader": ("broader", "más amplio"),
    f"{SKOS}exactMatch": ("exact match", "correspondencia exacta"),
    f"{SKOS}closeMatch": ("close match", "correspondencia próxima"),
}
_SECTIONS: Final = {"abstract": ("Abstract", "Resumen")}
_PERIODS: Final = {"p1", "p2", "p3"}
_PARTS: Final = {
    "government": ("Government", "Gobierno"),
    "leaders": ("Leaders", "Líderes"),
    "private-initiative": ("Private initiative", "Iniciativa privada"),
    "note-years": ("Note on the years", "Nota sobre los años"),
}
_NOTE: Final = "note-"


def short_iri(iri: str) -> str:
    """Return an id, a CURIE, or the IRI itself."""
    return NAMES.shorten(iri)


def graph_name(reading: Reading, iri: str, language: str) -> str:
    """Return how a named graph is referred to beside a statement: "§3.3 ¶4" for a passage."""
    if iri.startswith(PASSAGE_PREFIX):
        return passage_name(reading, iri[len(PASSAGE_PREFIX) :], language)
    path = iri.removeprefix(BASE)
    spanish = language == "es"
    if path in _GRAPHS:
        return _GRAPHS[path][spanish]
    if path.startswith("graph/editorial/"):
        file = path.removeprefix("graph/editorial/")
        return f"{'editorial' if not spanish else 'edición'}: {file}"
    return short_iri(iri)


def passage_name(reading: Reading, path: str, language: str) -> str:
    """Return the place of a passage: its section and paragraph, or table, row and column."""
    head, *rest = path.split("/")
    words = [_part(reading, each, language) for each in rest]
    if head.startswith("table-"):
        table = ("Table", "Tabla")[language == "es"]
        return ", ".join([f"{table} {head.removeprefix('table-')}", *words])
    section = (
        f"§{head}" if head[:1].isdigit() else _SECTIONS.get(head, (head, head))[language == "es"]
    )
    return " ".join([section, *words])


def _part(reading: Reading, slug: str, language: str) -> str:
    """Return a part of a passage's path as words: a number is a paragraph, p1 a period."""
    if slug.isdigit():
        return f"¶{slug}"
    if slug in _PERIODS:
        return slug.upper()
    if slug in _PARTS:
        return _PARTS[slug][language == "es"]
    if slug.startswith(_NOTE):
        return f"{('Note', 'Nota')[language == 'es']} {slug.removeprefix(_NOTE)}"
    place = f"{BASE}place/{slug}"
    name = reading.text(place, "rdfs:label", language)
    return name or slug.replace("-", " ").capitalize()


def made_name(reading: Reading, iri: str, language: str) -> str:
    """Return a name for a node without a label, from what is said of it."""
    if iri in _COMMON:
        return _COMMON[iri][language == "es"]
    if iri.startswith(PASSAGE_PREFIX):
        return passage_name(reading, iri[len(PASSAGE_PREFIX) :], language)
    kind = iri[len(BASE) :].partition("/")[0] if iri.startswith(BASE) else ""
    maker = _MAKERS.get(kind)
    made = maker(reading, iri, language) if maker else ""
    if kind == "graph":
        return graph_name(reading, iri, language)
    return made or short_iri(iri)


def _participation(reading: Reading, iri: str, language: str) -> str:
    who = [reading.label(each, language) for each in reading.iris(iri, "participant")]
    what = [reading.label(each, language) for each in reading.subjects("participation", iri)]
    return _joined(who, ("in", "en")[language == "es"], what)


def _alignment(reading: Reading, iri: str, language: str) -> str:
    what = [reading.label(each, language) for each in reading.subjects("alignment", iri)]
    targets = [reading.notation(each) for each in reading.iris(iri, "target")]
    return _joined(what, "→", [f"{('SDG', 'ODS')[language == 'es']} {each}" for each in targets])


def _identity(reading: Reading, iri: str, language: str) -> str:
    what = [reading.label(each, language) for each in reading.subjects("identityLink", iri)]
    return _joined(what, "=", [short_iri(each) for each in reading.iris(iri, "matches")])


def _rate(reading: Reading, iri: str, language: str) -> str:
    place = [reading.label(each, language) for each in reading.iris(iri, "refArea")]
    period = [reading.label(each, language) for each in reading.iris(iri, "period")]
    word = ("Homicide rate", "Tasa de homicidios")[language == "es"]
    return f"{word}, {', '.join([*place, *period])}" if place else ""


def _citation(reading: Reading, iri: str, language: str) -> str:
    return next(iter(reading.texts(iri, "asPrinted")), "")


def _tenure(reading: Reading, iri: str, language: str) -> str:
    who = [reading.label(each, language) for each in reading.subjects("tenure", iri)]
    return _joined(
        who, "–", [reading.label(each, language) for each in reading.iris(iri, "office")]
    )


def _model_role(reading: Reading, iri: str, language: str) -> str:
    sector = [reading.label(each, language) for each in reading.iris(iri, "assignedSector")]
    roles = [reading.label(each, language) for each in reading.iris(iri, "assignedRole")]
    return ": ".join(filter(None, (", ".join(sector), ", ".join(roles))))


def _partition(reading: Reading, iri: str, language: str) -> str:
    parts = (*reading.iris(iri, "void:class"), *reading.iris(iri, "void:property"))
    word = ("Part of the data set", "Parte del conjunto de datos")[language == "es"]
    return f"{word}: {', '.join(reading.label(each, language) for each in parts)}" if parts else ""


def _joined(left: list[str], word: str, right: list[str]) -> str:
    return f"{', '.join(left)} {word} {', '.join(right)}" if left and right else ""


_MAKERS: Final = {
    "participation": _participation,
    "alignment": _alignment,
    "identity-link": _identity,
    "observation": _rate,
    "missing-value": _rate,
    "citation": _citation,
    "tenure": _tenure,
    "model-role": _model_role,
    "partition": _partition,
}
