"""What the ontology files say of each term, read into plain objects for the page of terms."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pyoxigraph as ox

from govgraph import resources
from govgraph.coding.terms import common_goals, ontology_files
from govgraph.rdf.names import NAMES
from govgraph.vocabulary import BASE, GG, OWL, RDF, RDFS, SH, SKOS

GROUP: Final = re.compile(r"^### (.+)$", re.MULTILINE)
DECLARED: Final = re.compile(r"^gg:(\w+) a owl:(\w+)", re.MULTILINE)
SHAPES: Final = f"{BASE}shapes#"


@dataclass
class Entry:
    """One class, property, scheme, code or goal; texts by language."""

    iri: str
    label: dict[str, str] = field(default_factory=dict)
    definition: dict[str, str] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The local name, or the id of a code."""
        return self.iri[len(GG) :] if self.iri.startswith(GG) else short(self.iri)


def short(iri: str) -> str:
    """Return the id or CURIE of an IRI; foreign terms too get a prefix."""
    if iri.startswith(GG):
        return iri[len(GG) :]
    return NAMES.shorten(iri)


class Vocabulary:
    """The ontology and the shapes in one store, and the questions the page asks of them."""

    def __init__(self) -> None:
        self.store = ox.Store()
        for path in (*ontology_files(), *ontology_files(shapes=True)):
            self.store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return the named objects, sorted."""
        found = self.store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return sorted(q.object.value for q in found if isinstance(q.object, ox.NamedNode))

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the named subjects, sorted."""
        found = self.store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value))
        return sorted(q.subject.value for q in found if isinstance(q.subject, ox.NamedNode))

    def texts(self, subject: str, *predicates: str) -> dict[str, str]:
        """Return language -> text of the first of the predicates that has any."""
        for predicate in predicates:
            found = self.store.quads_for_pattern(
                ox.NamedNode(subject), ox.NamedNode(predicate), None
            )
            texts = {
                q.object.language or "": q.object.value
                for q in sorted(found, key=str)
                if isinstance(q.object, ox.Literal)
            }
            if texts:
                return texts
        return {}

    def entry(self, iri: str) -> Entry:
        """Return what is said of one term."""
        return Entry(
            iri,
            self.texts(iri, f"{SKOS}prefLabel", f"{RDFS}label"),
            self.texts(iri, f"{SKOS}definition"),
            self.texts(iri, f"{SKOS}example"),
        )

    def groups(self, owl_kinds: tuple[str, ...]) -> dict[str, list[Entry]]:
        """Return the govgraph terms of these OWL kinds under the headings of the ontology file."""
        text = (resources.bundled("ontology") / "govgraph.ttl").read_text("utf-8")
        marks = sorted(
            [(m.start(), "group", m[1]) for m in GROUP.finditer(text)]
            + [(m.start(), m[2], m[1]) for m in DECLARED.finditer(text)]
        )
        result: dict[str, list[Entry]] = defaultdict(list)
        group = "Others"
        for _, kind, name in marks:
            if kind == "group":
                group = name.partition(": ")[2] or name
            elif kind in owl_kinds:
                result[group[:1].upper() + group[1:]].append(self.entry(GG + name))
        return dict(result)

    def collection(self, head: ox.NamedNode | ox.BlankNode | ox.Literal) -> list[ox.NamedNode]:
        """Return the members of an RDF list."""
        members = []
        while head != ox.NamedNode(f"{RDF}nil"):
            members.append(self.value(head, f"{RDF}first"))
            head = self.value(head, f"{RDF}rest")
        return members

    def value(self, subject: object, predicate: str) -> ox.NamedNode:
        """Return the one object there is; raises StopIteration where there is none."""
        found = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)  # type: ignore[arg-type]
        return next(found).object  # type: ignore[return-value]

    def chains(self, iri: str) -> list[list[str]]:
        """Return the property chains from which a property is inferred."""
        node = ox.NamedNode(iri)
        found = self.store.quads_for_pattern(node, ox.NamedNode(f"{OWL}propertyChainAxiom"), None)
        chains = [[short(each.value) for each in self.collection(q.object)] for q in found]  # type: ignore[arg-type]
        return sorted(chains)

    def conditions(self, iri: str) -> list[str]:
        """Return, in words, what makes a thing a member of a defined class."""
        node = ox.NamedNode(iri)
        words = []
        for quad in self.store.quads_for_pattern(node, ox.NamedNode(f"{OWL}equivalentClass"), None):
            members = self.collection(self.value(quad.object, f"{OWL}intersectionOf"))
            words += [self.condition(member) for member in members]
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(f"{RDFS}subClassOf"), node):
            if isinstance(quad.subject, ox.BlankNode):
                words.append(self.condition(quad.subject))
        return words

    def condition(self, node: object) -> str:
        """Return one class or restriction in words."""
        if isinstance(node, ox.NamedNode):
            return f"is a `{short(node.value)}`"
        for predicate, joins in (("unionOf", " or "), ("intersectionOf", " and ")):
            found = self.store.quads_for_pattern(node, ox.NamedNode(f"{OWL}{predicate}"), None)  # type: ignore[arg-type]
            for quad in found:
                return joins.join(map(self.condition, self.collection(quad.object)))  # type: ignore[arg-type]
        name = short(self.value(node, f"{OWL}onProperty").value)
        for predicate, word in (("hasValue", ""), ("someValuesFrom", "some ")):
            found = self.store.quads_for_pattern(node, ox.NamedNode(f"{OWL}{predicate}"), None)  # type: ignore[arg-type]
            for quad in found:
                if isinstance(quad.object, ox.BlankNode):
                    return f"has a `{name}` that {self.condition(quad.object)}"
                return f"has `{name}` {word}`{short(quad.object.value)}`"  # type: ignore[union-attr]
        raise LookupError(f"a restriction on {name} that has no words here")

    @cache  # noqa: B019  (one vocabulary per run)
    def code_lists(self) -> dict[str, str]:
        """Return property -> the concept scheme its codes come from, as the shapes demand it."""
        rows = self.store.query(f"""
            PREFIX sh: <{SH}> PREFIX skos: <{SKOS}> PREFIX rdf: <{RDF}>
            SELECT ?property ?scheme {{
              ?shape sh:path ?property ; sh:node/sh:property ?part .
              ?part sh:path skos:inScheme ; sh:hasValue ?scheme .
            }}""")
        return {row["property"].value: row["scheme"].value for row in rows}  # type: ignore

    @cache  # noqa: B019
    def single_valued(self) -> frozenset[str]:
        """Return the properties of which a second value needs a Conflict."""
        rows = self.store.query(f"""
            PREFIX sh: <{SH}>
            SELECT ?property {{ ?s sh:path ?property ; sh:sparql <{SHAPES}UncoveredValues> }}""")
        return frozenset(row["property"].value for row in rows)  # type: ignore

    def aligned(self, iri: str) -> list[str]:
        """Return the terms of other vocabularies that the ontology relates a term to."""
        names = []
        for quad in self.store.quads_for_pattern(ox.NamedNode(iri), None, None):
            related = quad.predicate.value.startswith((RDFS, OWL, SKOS))
            if related and isinstance(quad.object, ox.NamedNode):
                foreign = not quad.object.value.startswith((BASE, RDF, RDFS, OWL, SKOS))
                if foreign and quad.predicate.value not in (f"{RDFS}range", f"{RDFS}domain"):
                    names.append(short(quad.object.value))
        return sorted({name for name in names if not name.startswith(("xsd:", "http"))})

    def goals(self) -> list[dict[str, str]]:
        """Return the rows of goals and targets, in the order of their numbers."""
        return [dict(row) for row in common_goals().values() if row["type"] in ("Goal", "Target")]
