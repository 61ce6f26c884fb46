"""Classes and properties that a study declares in its folder `ontology` -> types and keys.

A class below the study's base, or any with a label, can be a `type`; a property a key, whose values
are things (owl:ObjectProperty) or of the datatype that is its range (owl:DatatypeProperty). Each
goes by the end of its IRI.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from govgraph.coding.record import Record
from govgraph.coding.source_files import SourceFile
from govgraph.coding.terms import BOOLEAN, DATE, DECIMAL, INTEGER, URI
from govgraph.errors import SourceError, did_you_mean
from govgraph.rdf.dumps import read_text
from govgraph.rdf.source_map import Location
from govgraph.rdf.terms import rdf
from govgraph.vocabulary import GG, OWL, RDF, RDFS, SKOS, XSD

CLASS, THINGS, VALUES = (f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty"))
REFERENCES: Final = ("subClassOf", "range", "subPropertyOf", "domain")
DECLARED_ELSEWHERE: Final = (OWL, RDF, RDFS, SKOS, XSD)
RANGES: Final[dict[str, Any]] = {
    f"{XSD}string": None,
    f"{RDFS}Literal": None,
    f"{RDF}langString": {"@container": "@language"},
    **{datatype: {"@type": datatype} for datatype in (INTEGER, DECIMAL, DATE, BOOLEAN, URI)},
}
"""How the context says that a key takes texts, texts by language, or values of a datatype."""


class SchemaFile(NamedTuple):
    """A file of the folder `ontology`, read: its text, and what it states."""

    source: SourceFile
    text: str
    quads: list[ox.Quad]

    def line_of(self, iri: str, after: int = 0) -> int:
        """Return the line, from 1, that names an IRI first, at the start of a line if any does."""
        name = re.escape(re.split(r"[/#]", iri)[-1])
        token = rf"(<[^<>]*(?<![\w-]){name}>|[\w.-]*:{name}(?![\w-]))"
        lines = list(enumerate(self.text.splitlines(), 1))[after:]
        starts = [n for n, line in lines if re.match(rf"\s*{token}", line) and not after]
        return next(iter(starts + [n for n, line in lines if re.search(token, line)]), after or 1)


def read_own_terms(sources: Iterable[SourceFile], record: Record, store: ox.Store) -> None:
    """Give the record the terms of each study, and those of all, by files that the store has.

    What is wrong is noted in `mistakes` of the record.
    """
    schemas: dict[str, list[SchemaFile]] = defaultdict(list)
    for source in sources:
        quads = list(store.quads_for_pattern(None, None, None, ox.NamedNode(source.graph)))
        text = read_text(source.path, source.shown)
        schemas[source.study.base].append(SchemaFile(source, text, quads))
    terms, all_own, all_quads = record.terms, {}, []
    for base, files in schemas.items():
        quads = [quad for file in files for quad in file.quads]
        own = _Reader(record, files).context()
        record.own_terms[base] = terms.extended(own, quads)
        all_own.update(own)
        all_quads += quads
    if all_quads:
        record.terms = terms.extended(all_own, all_quads)


class _Reader:
    def __init__(self, record: Record, files: Sequence[SchemaFile]):
        self.record, self.terms, self.study = record, record.terms, files[0].source.study
        self.names = record.by_base[self.study.base]
        self.declared: dict[str, tuple[str, SchemaFile]] = {}
        self.said: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self.known = set(self.terms.described)
        for file in files:
            for subject, predicate, value, _ in file.quads:
                self.said[getattr(subject, "value", ""), predicate.value].append(value)
                if predicate == rdf.type and isinstance(subject, ox.NamedNode):
                    self.known.add(subject.value)
                    if getattr(value, "value", "") in (CLASS, THINGS, VALUES):
                        self.declared.setdefault(subject.value, (value.value, file))

    def context(self) -> dict[str, Any]:
        """Return what the study's terms add to the context of case files."""
        result: dict[str, Any] = {}
        for iri, (kind, file) in sorted(self.declared.items()):
            line, name = file.line_of(iri), re.split(r"[/#]", iri)[-1]
            place = Location(file.source.shown, line)
            self.record.sources.add(file.source.graph, iri, "", "", place)
            labels = self.said[iri, f"{RDFS}label"]
            is_own = iri.startswith(self.study.base) or labels
            if iri in self.terms.described or "/.well-known/genid/" in iri or not is_own:
                continue
            problems = list(self.problems(iri, kind, name, labels, file, line))
            if wrong := self.wrong_name(name, kind, result):
                problems.insert(0, (wrong, line))
            else:
                says = {"@type": "@id"} if kind == THINGS else RANGES.get(self.datatype(iri))
                result[name] = iri if kind == CLASS or not says else {"@id": iri, **says}
            self.record.mistakes += [SourceError(text, place.path, at) for text, at in problems]
        return result

    def wrong_name(self, name: str, kind: str, others: dict[str, Any]) -> str:
        """Return what is wrong with the word that a term is in case files, "" for nothing."""
        what, first, example = "property", "small", "boycotts"
        if kind == CLASS:
            what, first, example = "class", "capital", "Campaign"
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name) or name[0].isupper() != (kind == CLASS):
            takes = f"letters and digits, the first a {first} letter, as in {example}. Rename it."
            return f"the {what} {name!r} cannot stand in a case file: its name takes {takes}"
        if name in self.terms.context["@context"] or name in others:
            key = getattr(self.terms.keys.get(name), "iri", name)
            other = others.get(name) or self.terms.classes.get(name, key)
            whose = self.names.shorten(other["@id"] if isinstance(other, dict) else other)
            return f"{name!r} already means {whose}. Give this {what} another name."
        return ""

    def problems(
        self, iri: str, kind: str, name: str, labels: list[Any], file: SchemaFile, line: int
    ) -> Iterator[tuple[str, int]]:
        """Yield what else is wrong with a term, and its line."""
        short = self.names.shorten
        if iri.startswith(GG):
            yield f"{short(iri)} would be govgraph's own. Give it an address below your base.", line
        if missing := self.study.no_label(getattr(text, "language", None) for text in labels):
            tag = (self.study.languages or ("en",))[0]
            yield f'{name!r} has {missing}. Add rdfs:label "…"@{tag}.', line
        for reference in REFERENCES:
            for value in self.said[iri, f"{RDFS}{reference}"]:
                at = isinstance(value, ox.NamedNode) and value.value
                if at and at not in self.known and not at.startswith(DECLARED_ELSEWHERE):
                    near = did_you_mean(short(at), map(short, self.known))
                    remedy = near or " Correct it, or declare it here (a owl:Class, …)."
                    message = f"`{reference}` names {short(at)}, which nothing declares.{remedy}"
                    yield message, file.line_of(at, after=line - 1)
        datatype = self.datatype(iri)
        if kind == VALUES and datatype not in RANGES:
            typed = ", ".join(map(short, RANGES))
            message = f"the range {short(datatype)} cannot be typed. Take: {typed}."
            yield message, file.line_of(datatype, after=line - 1)

    def datatype(self, iri: str) -> str:
        """Return the range of a property whose values are no things."""
        ranges = (term.value for term in self.said[iri, f"{RDFS}range"] if hasattr(term, "value"))
        return next(ranges, f"{XSD}string")
