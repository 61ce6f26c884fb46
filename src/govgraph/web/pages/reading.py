"""What pages ask of a graph: values, who points where, and the proof of a statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache, partial, wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar
from unicodedata import normalize

import pyoxigraph as ox

from govgraph.explanation.axioms import AxiomText
from govgraph.queries.resolver import LABELS
from govgraph.rdf.names import NAMES
from govgraph.rdf.terms import Term
from govgraph.results.terms import sort_key
from govgraph.texts.languages import LANGUAGES, fits, preference
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, RDF, RDFS, SDG
from govgraph.web.pages.links import page_path

if TYPE_CHECKING:
    from govgraph.explanation import Proof
    from govgraph.web.graph import PublishedGraph

Answer = TypeVar("Answer")

TYPE: Final = f"{RDF}type"
LABEL: Final = f"{RDFS}label"
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)


def expand(name: str) -> str:
    """Return the IRI of a term: "startYear" is of our ontology, "rdfs:label" of another."""
    return NAMES.expand(name) if ":" in name else f"{GG}{name}"


class Reading:
    """Looks things up in one graph, which must stay as it is; properties by `expand`'s names."""

    def __init__(self, graph: PublishedGraph):
        self.graph, self.store = graph, graph.store
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return what is made of the graph under a key, the first time it is needed."""
        if key not in self._made:
            self._made[key] = make()
        answer: Answer = self._made[key]
        return answer

    @cached_property
    def axioms(self) -> AxiomText:
        """What writes axioms in the Manchester syntax, with short names."""
        return AxiomText(self.graph.explainer.schema, self.graph.names)

    @cached_property
    def described(self) -> frozenset[str]:
        """Every IRI with a page: ours that the graph uses, terms and goals that it describes."""
        subjects: set[str] = set()
        used: set[str] = set()
        for quad in self.store:
            if isinstance(quad.subject, ox.NamedNode):
                subjects.add(quad.subject.value)
            used.update(term.value for term in quad if isinstance(term, ox.NamedNode))
        # A term of the ontology that is used and not described has no place on its page.
        own = {iri for iri in used if iri.startswith(BASE) and page_path(iri) != "ontology"}
        own |= {iri for iri in subjects if iri.startswith((BASE, SDG))}
        queries = {query.iri.value for query in self.graph.queries.values()}
        return frozenset({iri for iri in own if page_path(iri)} | queries)

    def objects(self, subject: str, name: str, *, inferred: bool = True) -> list[Term]:
        """Return the distinct values of a property, sorted; `inferred` ones too."""
        node, predicate = ox.NamedNode(subject), ox.NamedNode(expand(name))
        quads = self.store.quads_for_pattern(node, predicate, None, None)
        values = {q.object for q in quads if inferred or q.graph_name != _INFERRED}
        return sorted(values, key=sort_key)

    def iris(self, subject: str, name: str, *, inferred: bool = True) -> list[str]:
        """Return the values of a property that are IRIs."""
        values = self.objects(subject, name, inferred=inferred)
        return [term.value for term in values if isinstance(term, ox.NamedNode)]

    def literals(self, subject: str, name: str) -> list[ox.Literal]:
        """Return the values of a property that are literals."""
        return [term for term in self.objects(subject, name) if isinstance(term, ox.Literal)]

    def texts(self, subject: str, name: str) -> list[str]:
        """Return the literal values of a property as text."""
        return [literal.value for literal in self.literals(subject, name)]

    def text(self, subject: str, name: str, language: str) -> ox.Literal:
        """Return the text that fits a language best, with its own; "" where there is none."""
        return min(
            self.literals(subject, name),
            key=lambda text: (
                preference(language, text.language), text.language or "", text.value
            ),
            default=ox.Literal(""),
        )  # fmt: skip

    def subjects(self, name: str, value: str) -> list[str]:
        """Return what has an IRI as the value of a property, sorted."""
        predicate, node = ox.NamedNode(expand(name)), ox.NamedNode(value)
        quads = self.store.quads_for_pattern(None, predicate, node, None)
        iris = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        return sorted(iris, key=natural)

    def instances(self, name: str) -> list[str]:
        """Return the members of a class, inferred ones too, sorted."""
        return self.once(name, lambda: self.subjects("rdf:type", expand(name)))

    def notation(self, iri: str) -> str:
        """Return the notation of a concept, goal or target, else its short name."""
        return next(iter(self.texts(iri, "skos:notation")), iri.rpartition("/")[2])

    def proof(self, triple: ox.Triple) -> Proof | None:
        """Return the shortest proof of a statement, or None."""
        return self.once(triple, lambda: next(iter(self.graph.explainer.explain(triple)), None))


def reading_of(graph: PublishedGraph) -> Reading:
    """Return the reading of a graph, made once."""
    # It lies with the graph itself: a table of readings would keep every graph alive.
    reading: Reading = vars(graph).get("_reading") or Reading(graph)
    vars(graph)["_reading"] = reading
    return reading


def languages_of(graph: PublishedGraph) -> tuple[str, ...]:
    """Return the languages that the pages of a graph are made in, English first.

    Those of the interface that something in the graph has a label in.
    """

    def labelled() -> tuple[str, ...]:
        match = graph.store.quads_for_pattern
        labels = (quad.object for iri in LABELS for quad in match(None, ox.NamedNode(iri), None))
        tags = {label.language or "" for label in labels if isinstance(label, ox.Literal)} - {""}
        return ("en", *(own for own in LANGUAGES[1:] if any(fits(own, tag) for tag in tags)))

    return reading_of(graph).once("languages", labelled)


def remembered(function: Callable[[Reading, str], Answer]) -> Callable[[Reading, str], Answer]:
    """Return a function whose last 64 answers about a reading are kept, as long as it is."""

    @wraps(function)
    def answer(reading: Reading, iri: str) -> Answer:
        make = lru_cache(maxsize=64)
        return reading.once(function, lambda: make(partial(function, reading)))(iri)

    return answer


@lru_cache(maxsize=100_000)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts 9 before 10, and É beside E."""
    plain = "".join(c for c in normalize("NFD", text.casefold()) if not "\u0300" <= c <= "\u036f")
    parts = re.split(r"([0-9]+)", plain)
    return tuple((0, int(p), "") if p.isdigit() and p.isascii() else (1, 0, p) for p in parts if p)
