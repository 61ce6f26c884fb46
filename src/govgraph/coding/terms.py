"""The words case files are written in: the JSON-LD context, and what the ontology says of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.errors import SourceError
from govgraph.vocabulary import BASE, GG, OWL, RDF, RDFS, SKOS, XSD

TYPE: Final = ox.NamedNode(f"{RDF}type")
SUBCLASS: Final = ox.NamedNode(f"{RDFS}subClassOf")
RANGE: Final = ox.NamedNode(f"{RDFS}range")
NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@dataclass(frozen=True, slots=True)
class Term:
    """One key of the context.

    `kind` is "@id", "@vocab", "@graph", "@type", "@language" (a language map), or the IRI of the
    datatype ("" for plain text).
    """

    name: str
    iri: str
    kind: str


@dataclass(frozen=True)
class Terms:
    """Keys, classes, their hierarchy and every IRI the ontology describes."""

    context: dict[str, Any]
    keys: dict[str, Term]
    classes: dict[str, str]
    prefixes: dict[str, str]
    superclasses: dict[str, frozenset[str]]
    ranges: dict[str, str]
    described: frozenset[str]

    def is_a(self, types: Iterable[str], superclass: str) -> bool:
        """Whether one of the `types` is `superclass` or below it."""
        return any(superclass in self.superclasses.get(each, {each}) for each in types)

    def expand(self, text: str) -> str | None:
        """Return the IRI that an id, CURIE or IRI stands for; None where it is none."""
        prefix, colon, rest = text.partition(":")
        if colon and prefix in self.prefixes and not rest.startswith("//"):
            return self.prefixes[prefix] + rest
        iri = text if colon and prefix.isalpha() else BASE + text
        return None if not text or NOT_IN_IRI.search(iri) else iri

    def shorten(self, iri: str) -> str:
        """Return the shortest way to write `iri`: an id, a CURIE, or the IRI itself."""
        if iri.startswith(BASE) and not iri.startswith(GG):
            return iri[len(BASE) :]
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def ontology_files(folder: Path | None = None) -> list[Path]:
    """Return the Turtle files of the ontology graph: all but the shapes."""
    folder = folder or resources.bundled("ontology")
    return sorted(
        path for path in folder.rglob("*.ttl") if "shapes" not in str(path.relative_to(folder))
    )


def shape_files(folder: Path | None = None) -> list[Path]:
    """Return the Turtle files of the SHACL shapes."""
    folder = folder or resources.bundled("ontology")
    return sorted(
        path for path in folder.rglob("*.ttl") if "shapes" in str(path.relative_to(folder))
    )


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
def load_terms() -> Terms:
    """Read the bundled context and ontology."""
    context = json.loads((resources.bundled("ontology") / "context.jsonld").read_text("utf-8"))
    return _index(context, ontology_quads())


def _index(context: dict[str, Any], ontology: Iterable[ox.Quad]) -> Terms:
    definitions: dict[str, Any] = context["@context"]
    prefixes = {
        name: value
        for name, value in definitions.items()
        if isinstance(value, str) and value[-1] in "/#" and not name.startswith("@")
    }

    def resolve(iri: str) -> str:
        prefix, colon, rest = iri.partition(":")
        return prefixes[prefix] + rest if colon and prefix in prefixes else iri

    keys, classes = {}, {}
    for name, value in definitions.items():
        if name.startswith("@") or name in prefixes:
            continue
        iri = resolve(value if isinstance(value, str) else value["@id"])
        if name[0].isupper():
            classes[name] = iri
        elif iri in ("@id", "@type", "@graph"):
            keys[name] = Term(name, iri, iri)
        else:
            detail: dict[str, str] = value if isinstance(value, dict) else {}
            kind = detail.get("@container") or detail.get("@type", "")
            keys[name] = Term(name, iri, kind if kind.startswith("@") else resolve(kind))

    parents: dict[str, set[str]] = defaultdict(set)
    ranges: dict[str, str] = {}
    described: set[str] = set()
    for subject, predicate, value, _ in ontology:
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        if predicate == TYPE:
            described.add(subject.value)
        elif predicate == SUBCLASS:
            parents[subject.value].add(value.value)
        elif predicate == RANGE:
            ranges[subject.value] = value.value

    def ancestors(iri: str, seen: set[str]) -> set[str]:
        if iri not in seen:
            seen.add(iri)
            for parent in parents.get(iri, ()):
                ancestors(parent, seen)
        return seen

    return Terms(
        context=context,
        keys=keys,
        classes=classes,
        prefixes=prefixes,
        superclasses={iri: frozenset(ancestors(iri, set())) for iri in sorted(classes.values())},
        ranges=ranges,
        described=frozenset(described),
    )


STRING_KINDS: Final = frozenset({"", f"{XSD}string"})
INTEGER: Final = f"{XSD}integer"
DECIMAL: Final = f"{XSD}decimal"
DATE: Final = f"{XSD}date"
CONCEPT: Final = f"{SKOS}Concept"
THING: Final = f"{OWL}Thing"
