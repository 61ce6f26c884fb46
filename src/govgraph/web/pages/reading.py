"""What pages ask of a graph: labels, values, who points where, and the proof of a statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial, wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar
from unicodedata import normalize

import pyoxigraph as ox

from govgraph.results.terms import sort_key
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, PREFIXES, RDF, RDFS, SDG, SKOS
from govgraph.web.describe import resources
from govgraph.web.pages.links import page_path
from govgraph.web.pages.names import made_name

if TYPE_CHECKING:
    from govgraph.explanation import Proof
    from govgraph.explanation.axioms import AxiomText
    from govgraph.web.graph import PublishedGraph

Node = Any
Answer = TypeVar("Answer")

TYPE: Final = f"{RDF}type"
LABEL: Final = f"{RDFS}label"
_LABELS: Final = (LABEL, f"{SKOS}prefLabel", f"{PREFIXES['dcterms']}title")


def expand(name: str) -> str:
    """Return the IRI of a term: "startYear" is of our ontology, "rdfs:label" of another."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return f"{PREFIXES[prefix]}{local}"
    return name if colon else f"{GG}{name}"


class Reading:
    """Looks things up in one graph, which must stay as it is; remembers labels."""

    def __init__(self, graph: PublishedGraph):
        self.graph, self.store = graph, graph.store
        self.answers: dict[str, Callable[[str], Any]] = {}
        self._label: dict[tuple[str, str], str] = {}
        self._proofs: dict[ox.Triple, Proof | None] = {}

    @cached_property
    def axioms(self) -> AxiomText:
        """What writes axioms in the Manchester syntax, with short names."""
        from govgraph.explanation import short_name
        from govgraph.explanation.axioms import AxiomText

        return AxiomText(self.graph.explainer.schema, short_name)

    @cached_property
    def described(self) -> frozenset[str]:
        """Every IRI with a page: ours that the graph uses, terms and goals that it describes."""
        said = {quad.subject.value for quad in self.store if isinstance(quad.subject, ox.NamedNode)}
        # A term that nothing is said of has no place on the page of the ontology.
        used = {iri for iri in resources(self.store) if page_path(iri) != "ontology"}
        found = used | {iri for iri in said if iri.startswith((BASE, SDG))}
        kept = {iri for iri in found if page_path(iri)}
        return frozenset(kept | {self.query_iri(slug) for slug in self.graph.queries})

    @staticmethod
    def query_iri(slug: str) -> str:
        """Return the IRI of a stored query."""
        from govgraph.queries import query_iri

        return query_iri(slug).value

    # -- values --------------------------------------------------------------------------------

    def objects(self, subject: str, name: str) -> list[Node]:
        """Return the distinct values of a property in all graphs, sorted."""
        quads = self.store.quads_for_pattern(_node(subject), _node(expand(name)), None, None)
        return sorted({quad.object for quad in quads}, key=sort_key)

    def iris(self, subject: str, name: str) -> list[str]:
        """Return the values of a property that are IRIs."""
        found = self.objects(subject, name)
        return [each.value for each in found if isinstance(each, ox.NamedNode)]

    def texts(self, subject: str, name: str) -> list[str]:
        """Return the literal values of a property as text."""
        found = self.objects(subject, name)
        return [each.value for each in found if isinstance(each, ox.Literal)]

    def text(self, subject: str, name: str, language: str) -> str:
        """Return a text in a language, else in the other one; "" where there is none."""
        found = [each for each in self.objects(subject, name) if isinstance(each, ox.Literal)]
        found.sort(key=lambda each: (each.language != language, each.language or "", each.value))
        return found[0].value if found else ""

    def graphs(self, subject: str, name: str, value: Node) -> list[str]:
        """Return the graphs that assert a statement, sorted."""
        quads = self.store.quads_for_pattern(_node(subject), _node(expand(name)), value, None)
        names = {getattr(quad.graph_name, "value", "") for quad in quads}
        return sorted(names - {INFERRED_GRAPH})

    def subjects(self, name: str, value: str | Node) -> list[str]:
        """Return what has a value for a property, sorted."""
        node = _node(value) if isinstance(value, str) else value
        quads = self.store.quads_for_pattern(None, _node(expand(name)), node, None)
        found = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        return sorted(found, key=natural)

    def instances(self, name: str) -> list[str]:
        """Return the members of a class, inferred ones too, sorted."""
        return self.subjects("rdf:type", expand(name))

    # -- names ---------------------------------------------------------------------------------

    def label(self, iri: str, language: str) -> str:
        """Return the label of a thing in a language, else in another, else a name made for it."""
        key = (iri, language)
        if key not in self._label:
            self._label[key] = self._own_label(iri, language) or made_name(self, iri, language)
        return self._label[key]

    def _own_label(self, iri: str, language: str) -> str:
        if (slug := iri.removeprefix(f"{BASE}query/")) != iri and slug in self.graph.queries:
            query = self.graph.queries[slug]
            return (query.summary_es if language == "es" else "") or query.summary
        for predicate in _LABELS:
            found = self.text(iri, predicate, language)
            if found:
                return found
        return ""

    def notation(self, iri: str) -> str:
        """Return the notation of a concept, goal or target, else its short name."""
        found = self.texts(iri, "skos:notation")
        return found[0] if found else iri.rpartition("/")[2]

    def by_label(self, iris: Iterable[str], language: str) -> list[str]:
        """Return things in the order of their labels."""
        return sorted(iris, key=lambda iri: (natural(self.label(iri, language)), iri))

    # -- proofs --------------------------------------------------------------------------------

    def proof(self, triple: ox.Triple) -> Proof | None:
        """Return the shortest proof of a statement, or None."""
        if triple not in self._proofs:
            found = self.graph.explainer.explain(triple)
            self._proofs[triple] = found[0] if found else None
        return self._proofs[triple]


def reading_of(graph: PublishedGraph) -> Reading:
    """Return the reading of a graph, made once."""
    # It lies with the graph itself: a table of readings would keep every graph alive.
    kept: Reading = vars(graph).setdefault("_reading", None) or Reading(graph)
    vars(graph)["_reading"] = kept
    return kept


def remembered(function: Callable[[Reading, str], Answer]) -> Callable[[Reading, str], Answer]:
    """Return a function whose last 64 answers about a reading are kept, as long as it is."""

    @wraps(function)
    def answer(reading: Reading, iri: str) -> Answer:
        kept = reading.answers.get(function.__name__)
        if kept is None:
            kept = lru_cache(maxsize=64)(partial(function, reading))
            reading.answers[function.__name__] = kept
        found: Answer = kept(iri)
        return found

    return answer


@lru_cache(maxsize=100_000)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts 9 before 10, and É beside E."""
    plain = "".join(c for c in normalize("NFD", text.casefold()) if not "\u0300" <= c <= "\u036f")
    parts = re.split(r"([0-9]+)", plain)
    return tuple((0, int(p), "") if p.isdigit() and p.isascii() else (1, 0, p) for p in parts if p)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)
