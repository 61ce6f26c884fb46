"""The ontology's documentation: classes, properties and concept schemes, on one page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from govgraph.rdf.lists import members
from govgraph.rdf.terms import Term
from govgraph.vocabulary import BASE, GG, RDFS
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View

_KINDS: Final = (
    ("owl:ObjectProperty", "object-properties", "Object properties", "Propiedades de objeto"),
    ("owl:DatatypeProperty", "datatype-properties", "Datatype properties", "Propiedades de datos"),
    (
        "owl:AnnotationProperty", "annotation-properties",
        "Annotation properties", "Propiedades de anotación",
    ),
)  # fmt: skip
_FACTS: Final = (
    ("rdfs:subClassOf", "Subclass of", "Subclase de"),
    ("owl:equivalentClass", "Equivalent to", "Equivalente a"),
    ("owl:disjointWith", "Disjoint with", "Disjunta con"),
    ("rdfs:subPropertyOf", "Subproperty of", "Subpropiedad de"),
    ("owl:inverseOf", "Inverse of", "Inversa de"),
    ("rdfs:domain", "Domain", "Dominio"),
    ("rdfs:range", "Range", "Rango"),
    ("skos:closeMatch", "Close match", "Correspondencia próxima"),
    ("skos:exactMatch", "Exact match", "Correspondencia exacta"),
)


@dataclass
class Branch:
    """A class with the classes right below it."""

    iri: str
    below: list[Branch] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """What the page shows of one term."""

    iri: str
    name: str
    definition: str
    examples: list[str]
    facts: list[tuple[str, list[str]]]
    chains: list[list[str]]
    uses: int


def render(view: View) -> str:
    """Return the documentation of the ontology as HTML."""
    reading = view.reading
    classes = _terms(view, "owl:Class")
    schemes = reading.by_label(reading.instances("skos:ConceptScheme"), view.language)
    node = f"{BASE}ontology"
    return view.render(
        "ontology.html",
        "ontology",
        reading.text(node, "dcterms:title", view.language) or view.say("Ontology", "Ontología"),
        node=node,
        description=reading.text(node, "dcterms:description", view.language),
        release=reading.texts(node, "owl:versionInfo"),
        tree=_tree(view, classes),
        classes=[_entry(view, each) for each in classes],
        kinds=[
            (anchor, view.say(english, spanish), [_entry(view, t) for t in _terms(view, kind)])
            for kind, anchor, english, spanish in _KINDS
        ],
        schemes=[
            (each, reading.subjects("skos:inScheme", each))
            for each in schemes
            if each.startswith(BASE)
        ],
    )


def _terms(view: View, kind: str) -> list[str]:
    found = (each for each in view.reading.instances(kind) if each.startswith(GG))
    return sorted(found, key=lambda each: (natural(each), each))


def _tree(view: View, classes: list[str]) -> list[Branch]:
    """Return the class tree; a class stands below each of its own direct superclasses."""
    below: dict[str, list[str]] = {}
    roots = []
    for each in classes:
        above = [up for up in _asserted(view, each, "rdfs:subClassOf") if up in set(classes)]
        for up in above:
            below.setdefault(up, []).append(each)
        if not above:
            roots.append(each)

    def branch(iri: str, seen: frozenset[str]) -> Branch:
        inner = [each for each in below.get(iri, ()) if each not in seen]
        return Branch(iri, [branch(each, seen | {each}) for each in inner])

    return [branch(each, frozenset({each})) for each in roots]


def _asserted(view: View, iri: str, name: str) -> list[str]:
    return [
        each.value
        for each in view.reading.objects(iri, name)
        if isinstance(each, ox.NamedNode) and view.reading.graphs(iri, name, each)
    ]


def _entry(view: View, iri: str) -> Entry:
    reading = view.reading
    facts = [
        (view.say(english, spanish), values)
        for name, english, spanish in _FACTS
        if (values := _asserted(view, iri, name))
    ]
    chains = [_names_in(view, node) for node in reading.objects(iri, "owl:propertyChainAxiom")]
    examples = [
        each.value
        for each in reading.objects(iri, "skos:example")
        if isinstance(each, ox.Literal) and each.language in (None, view.language)
    ]
    definition = reading.text(iri, "skos:definition", view.language)
    return Entry(
        iri,
        iri[len(GG) :],
        definition or reading.text(iri, f"{RDFS}comment", view.language),
        examples,
        facts,
        chains,
        len(reading.subjects("rdf:type", iri)),
    )


def _names_in(view: View, head: Term) -> list[str]:
    """Return the IRIs in an RDF list."""
    listed = members(view.graph.store, head)
    return [member.value for member in listed if isinstance(member, ox.NamedNode)]
