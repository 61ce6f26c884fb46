"""The ontology's documentation: classes, properties and concept schemes, on one page."""

from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.terms import members
from govgraph.texts import N_
from govgraph.vocabulary import BASE
from govgraph.web.addresses import ONTOLOGY
from govgraph.web.pages.reading import natural
from govgraph.web.pages.rendering import View

_KINDS: Final = {
    "owl:Class": ("classes", N_("Classes")),
    "owl:ObjectProperty": ("object-properties", N_("Object properties")),
    "owl:DatatypeProperty": ("datatype-properties", N_("Datatype properties")),
    "owl:AnnotationProperty": ("annotation-properties", N_("Annotation properties")),
}
_FACTS: Final = {
    "rdfs:subClassOf": N_("Subclass of"),
    "owl:equivalentClass": N_("Equivalent to"),
    "owl:disjointWith": N_("Disjoint with"),
    "rdfs:subPropertyOf": N_("Subproperty of"),
    "owl:inverseOf": N_("Inverse of"),
    "rdfs:domain": N_("Domain"),
    "rdfs:range": N_("Range"),
    "skos:closeMatch": N_("Close match"),
    "skos:exactMatch": N_("Exact match"),
}


def render(view: View) -> str:
    """Return the documentation of the ontology as HTML."""
    reading = view.reading
    schemes = view.by_label(reading.instances("skos:ConceptScheme"))
    node = f"{BASE}ontology"
    return view.render(
        "ontology",
        view.text(node, "dcterms:title") or view.gettext("Ontology"),
        node=node,
        description=view.text(node, "dcterms:description"),
        release=reading.texts(node, "owl:versionInfo"),
        kinds=[
            (anchor, view.gettext(title), [_entry(view, iri) for iri in _terms(view, kind)])
            for kind, (anchor, title) in _KINDS.items()
        ],
        schemes=[
            (iri, reading.subjects("skos:inScheme", iri))
            for iri in schemes
            if view.reading.paths.place(iri)
        ],
    )


def _terms(view: View, kind: str) -> list[str]:
    path_of = view.reading.paths.place
    iris = (iri for iri in view.reading.instances(kind) if path_of(iri) == ONTOLOGY)
    return sorted(iris, key=lambda iri: (natural(iri), iri))


def _entry(view: View, iri: str) -> dict[str, Any]:
    reading = view.reading
    facts = [
        (view.gettext(title), values)
        for name, title in _FACTS.items()
        if (values := reading.iris(iri, name, inferred=False))
    ]
    return {
        "iri": iri,
        "name": iri.partition("#")[2],
        "definition": view.text(iri, "skos:definition") or view.text(iri, "rdfs:comment"),
        "examples": [
            text.value
            for text in reading.literals(iri, "skos:example")
            if text.language in (None, view.language)
        ],
        "facts": facts,
        "chains": sorted(  # whatever the blank nodes of their lists are called
            [link.value for link in members(reading.store, head) if isinstance(link, ox.NamedNode)]
            for head in reading.objects(iri, "owl:propertyChainAxiom")
        ),
        "uses": len(reading.subjects("rdf:type", iri)),
    }
