"""The words case files are written in: the JSON-LD context, and what the ontology says of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.coding.commons import COMMONS_GRAPH, common_goals, common_places
from govgraph.errors import SourceError
from govgraph.rdf.names import NAMES, Knows
from govgraph.rdf.namespaces import rdf, rdfs
from govgraph.vocabulary import (
    BASE,
    GG,
    INFERRED_GRAPH,
    METADATA_GRAPH,
    ONTOLOGY_GRAPH,
    SKOS,
    XSD,
)

ENGINE_GRAPHS: Final = frozenset({ONTOLOGY_GRAPH, INFERRED_GRAPH, METADATA_GRAPH, COMMONS_GRAPH})
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

    `superclasses` has for each class itself and all above it; `ranges` the range of a property.
    """

    context: dict[str, Any]
    keys: dict[str, Term]
    classes: dict[str, str]
    superclasses: dict[str, frozenset[str]]
    ranges: dict[str, str]
    described: frozenset[str]

    @cached_property
    def by_kind(self) -> dict[str, str]:
        """What the ids of a class begin with -> its name."""
        kinds = {kebab(name): name for name in self.classes}
        return {**kinds, "actor": "Organisation", "group": "ActorGroup"}

    def is_common(self, iri: str) -> bool:
        """Tell whether an IRI is of govgraph's commons: described by the ontology, or a query."""
        return is_common(iri, self.described.__contains__)

    def with_superclasses(self, types: Iterable[str]) -> set[str]:
        """Return classes and all above them."""
        return {above for iri in types for above in self.superclasses.get(iri, {iri})}

    def iri_of(self, name: str) -> str:
        """Return what a word of the context stands for."""
        return self.classes.get(name) or (self.keys[name].iri if name in self.keys else name)

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
        superclasses={iri: frozenset(ancestors(iri, set())) for iri in sorted(classes.values())},
        ranges=ranges,
        described=frozenset(described).union(common_goals(), common_places()),
    )


def _resolve(name: str) -> str:
    """Return the IRI of a CURIE of the context; a keyword ("@id") or "" as it is."""
    return NAMES.expand(name) if ":" in name else name


STRING_KINDS: Final = frozenset({"", f"{XSD}string"})
URI: Final = f"{XSD}anyURI"
INTEGER: Final = f"{XSD}integer"
DECIMAL: Final = f"{XSD}decimal"
DATE: Final = f"{XSD}date"
BOOLEAN: Final = f"{XSD}boolean"
CONCEPT: Final = f"{SKOS}Concept"
