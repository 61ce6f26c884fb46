"""Classes and properties that a study declares in its folder `ontology` -> types and keys.

A class below the study's base, or any with a label, can be a `type`; a property a key, whose values
are things (owl:ObjectProperty) or of the datatype that is its range (owl:DatatypeProperty). Each
goes by the end of its IRI.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from govgraph.coding.record import Record
from govgraph.coding.study import Study
from govgraph.coding.terms import BOOLEAN, DATE, DECIMAL, INTEGER, RANGE, SUBCLASS, TYPE, URI, Terms
from govgraph.errors import SourceError, did_you_mean
from govgraph.rdf.dumps import read_text
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import Location
from govgraph.vocabulary import OWL, RDF, RDFS, SKOS, XSD

FOLDER: Final = "ontology"
CLASS, THINGS, VALUES = (f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty"))
LABEL: Final = f"{RDFS}label"
REFERENCES: Final = {
    SUBCLASS.value: "subClassOf",
    RANGE.value: "range",
    f"{RDFS}subPropertyOf": "subPropertyOf",
    f"{RDFS}domain": "domain",
}
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

    shown: str
    graph: str
    text: str
    quads: list[ox.Quad]

    @classmethod
    def read(cls, path: Path, shown: str, store: ox.Store, graph: str) -> SchemaFile:
        """Read a file that was loaded into `graph` of a store."""
        quads = list(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
        return cls(shown, graph, read_text(path, shown), quads)

    def line_of(self, iri: str, after: int = 0) -> int:
        """Return the line, from 1, that names an IRI first, at the start of a line if any does."""
        name = re.escape(re.split(r"[/#]", iri)[-1])
        token = rf"(<[^<>]*(?<![\w-]){name}>|[\w.-]*:{name}(?![\w-]))"
        lines = self.text.splitlines()[after:]
        for pattern in (rf"\s*{token}", rf".*{token}") if not after else (rf".*{token}",):
            for number, line in enumerate(lines, after + 1):
                if re.match(pattern, line):
                    return number
        return after or 1


def read_own_terms(
    schemas: Mapping[str, tuple[Study, list[SchemaFile]]],
    record: Record,
    names: Mapping[str, Names],
) -> None:
    """Give the record the terms of each study, and those of all; `schemas` and `names` are by base.

    What is wrong is noted in `mistakes` of the record.
    """
    terms, all_own, all_quads = record.terms, {}, []
    for base, (study, files) in schemas.items():
        reader = _Reader(terms, study, files, names[base])
        for iri, (_, file) in reader.declared.items():
            at = Location(file.shown, file.line_of(iri))
            record.sources.add(file.graph, iri, "", "", at)
        own, quads = reader.context(), [quad for file in files for quad in file.quads]
        record.mistakes += reader.mistakes
        record.own_terms[base] = terms.extended(own, quads)
        all_own.update(own)
        all_quads += quads
    if all_quads:
        record.terms = terms.extended(all_own, all_quads)


class _Reader:
    def __init__(self, terms: Terms, study: Study, files: Sequence[SchemaFile], names: Names):
        self.terms, self.study, self.names = terms, study, names
        self.mistakes: list[SourceError] = []
        self.declared: dict[str, tuple[str, SchemaFile]] = {}
        self.known: set[str] = set(terms.described)
        self.statements: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        for file in files:
            for subject, predicate, value, _ in file.quads:
                if not isinstance(subject, ox.NamedNode):
                    continue
                self.statements[subject.value].append((predicate.value, value))
                if predicate == TYPE and isinstance(value, ox.NamedNode):
                    self.known.add(subject.value)
                    if value.value in (CLASS, THINGS, VALUES):
                        self.declared.setdefault(subject.value, (value.value, file))

    def context(self) -> dict[str, Any]:
        """Return what the study's terms add to the context of case files."""
        result: dict[str, Any] = {}
        iris: dict[str, str] = {}
        for iri, (kind, file) in sorted(self.declared.items()):
            labels = [value for predicate, value in self.statements[iri] if predicate == LABEL]
            is_made = "/.well-known/genid/" in iri
            is_own = iri.startswith(self.study.base) or labels
            if iri in self.terms.described or is_made or not is_own:
                continue
            line = file.line_of(iri)
            name = re.split(r"[/#]", iri)[-1]
            wrong = self.wrong_name(name, kind, iris)
            problems = [wrong] if wrong else []
            if missing := self.study.no_label(getattr(text, "language", None) for text in labels):
                tag = (self.study.languages or ("en",))[0]
                problems.append(f'{name!r} has {missing}. Add rdfs:label "…"@{tag}.')
            self.mistakes += [SourceError(text, file.shown, line) for text in problems]
            self.check_references(iri, file, line)
            if not wrong:
                iris[name] = iri
                result[name] = self.entry(iri, kind, file, line)
        return result

    def wrong_name(self, name: str, kind: str, others: dict[str, str]) -> str:
        """Return what is wrong with the word that a term is in case files, "" for nothing."""
        what, first, example = "property", "small", "boycotts"
        if kind == CLASS:
            what, first, example = "class", "capital", "Campaign"
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name) or name[0].isupper() != (kind == CLASS):
            return (
                f"the {what} {name!r} cannot stand in a case file: its name takes letters and "
                f"digits, the first a {first} letter, as in {example}. Rename it."
            )
        if name in self.terms.context["@context"] or name in others:
            whose = self.names.shorten(others.get(name) or self.terms.iri_of(name))
            return f"{name!r} already means {whose}. Give this {what} another name."
        return ""

    def check_references(self, iri: str, file: SchemaFile, line: int) -> None:
        """Note each class or property that a term refers to and nothing declares."""
        for predicate, value in self.statements[iri]:
            is_missing = (
                predicate in REFERENCES
                and isinstance(value, ox.NamedNode)
                and value.value not in self.known
                and not value.value.startswith(DECLARED_ELSEWHERE)
            )
            if is_missing:
                shown = self.names.shorten(value.value)
                near = did_you_mean(shown, map(self.names.shorten, self.known))
                message = (
                    f"`{REFERENCES[predicate]}` names {shown}, which nothing declares."
                    f"{near or ' Correct it, or declare it here (a owl:Class, …).'}"
                )
                at = file.line_of(value.value, after=line - 1)
                self.mistakes.append(SourceError(message, file.shown, at))

    def entry(self, iri: str, kind: str, file: SchemaFile, line: int) -> Any:
        """Return how the context has a term."""
        if kind == CLASS:
            return iri
        if kind == THINGS:
            return {"@id": iri, "@type": "@id"}
        ranges = [
            value.value
            for predicate, value in self.statements[iri]
            if predicate == RANGE.value and isinstance(value, ox.NamedNode)
        ]
        datatype = ranges[0] if ranges else f"{XSD}string"
        if datatype not in RANGES:
            known = ", ".join(map(self.names.shorten, RANGES))
            message = f"the range {self.names.shorten(datatype)} cannot be typed. Take: {known}."
            at = file.line_of(datatype, after=line - 1)
            self.mistakes.append(SourceError(message, file.shown, at))
        says = RANGES.get(datatype)
        return {"@id": iri, **says} if says else iri
