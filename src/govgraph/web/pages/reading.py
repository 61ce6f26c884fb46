"""What pages ask of a graph: values, who points where, and the proof of a statement."""

import re
from collections import Counter
from collections.abc import Callable, Hashable
from functools import cache, cached_property, lru_cache, partial
from typing import Any, Final, TypeVar
from unicodedata import normalize

import pyoxigraph as ox

from govgraph.errors import GovgraphError
from govgraph.explanation import Proof
from govgraph.network.reading.header import network_header
from govgraph.queries import StoredQuery
from govgraph.rdf.names import NAMES
from govgraph.rdf.terms import Term
from govgraph.results.values import sort_key
from govgraph.texts import LANGUAGES, fits, preference
from govgraph.vocabulary import (
    BASE,
    GG,
    INFERRED_GRAPH,
    METADATA_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDFS,
    SDG,
    XSD,
)
from govgraph.web.addresses import ONTOLOGY, Paths
from govgraph.web.describe import PublishedGraph

Answer = TypeVar("Answer")

TYPE: Final = f"{RDF}type"
LABEL: Final = f"{RDFS}label"
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
_ENGINE: Final = (ONTOLOGY_GRAPH, INFERRED_GRAPH, METADATA_GRAPH)
_ABOVE: Final = ("skos:inScheme", "skos:broader", "sdgo:isTargetOf", "partOf")
"""What leads from a thing of the commons that a study uses to others that it needs."""
_HELD: Final = ("participation", "alignment", "side", "citation", "identityLink", "modelRole")
"""Properties whose values are parts of the page of the thing that has them."""
_STATED: Final = ("Finding", "Observation", "CubeObservation", "MissingValue")
"""Classes whose members are parts of the page of the passage that states them."""
_MOST_PARTS: Final = 200
"""Where a page would have more parts, each of them has a page of its own."""
_NETWORKS: Final = "networks/"
_MOST_STATEMENTS: Final = 300_000
"""Of a graph with more statements no network is made for a page, and no query tried beforehand."""


def expand(name: str) -> str:
    """Return the IRI of a term: "startYear" is of our ontology, "rdfs:label" of another."""
    return NAMES.expand(name) if ":" in name else f"{GG}{name}"


class Reading:
    """Looks things up in one graph, which must stay as it is; properties by `expand`'s names."""

    def __init__(self, graph: PublishedGraph, site: str = ""):
        self.graph, self.store, self.site = graph, graph.store, site
        self.paths = Paths(graph.names, graph.studies, site)
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return what is made of the graph under a key, the first time it is needed."""
        if key not in self._made:
            self._made[key] = make()
        answer: Answer = self._made[key]
        return answer

    @cached_property
    def queries(self) -> dict[str, StoredQuery]:
        """The stored queries that have something to answer when they are asked nothing special."""
        if self.site:
            return reading_of(self.graph).queries  # at every address the same
        if len(self.graph) > _MOST_STATEMENTS:
            return dict(self.graph.queries)
        return {slug: query for slug, query in self.graph.queries.items() if self._answers(slug)}

    @cached_property
    def slugs(self) -> dict[str, str]:
        """IRI -> name of each stored query."""
        return {query.iri.value: slug for slug, query in self.graph.queries.items()}

    def _answers(self, slug: str) -> bool:
        try:
            query = self.graph.queries[slug]
            if slug.startswith(_NETWORKS) and network_header(query).project:
                sources = {row["source"] for row in self.graph.query(slug)}
                return len(sources) > 1  # else there is nobody to tie it to
            return self.graph.defaults.answers(query)
        except GovgraphError:
            return False

    @cached_property
    def networks(self) -> list[str]:
        """The names of the networks there are pages of, sorted."""
        if len(self.graph) > _MOST_STATEMENTS:
            return []
        slugs = (slug.removeprefix(_NETWORKS) for slug in self.queries if _NETWORKS in slug)
        return sorted(name for name in slugs if "/" not in name)

    @cached_property
    def terms(self) -> dict[str, list[str]]:
        """Document -> the hash IRIs described in it, sorted."""
        terms: dict[str, set[str]] = {}
        for iri in self._subjects:
            document, hash_, _ = iri.partition("#")
            if hash_:
                terms.setdefault(document, set()).add(iri)
        return {document: sorted(iris, key=natural) for document, iris in terms.items()}

    def terms_of(self, iri: str) -> list[str]:
        """Return the terms that a document describes: that of the ontology the study's own too."""
        if self.paths.place(iri) != ONTOLOGY:
            return [*self.terms.get(iri, []), *self.parts.get(iri, [])]
        ontologies = [doc for doc in self.terms if self.paths.place(doc) == ONTOLOGY]
        return [GG[:-1], *(term for doc in ontologies for term in self.terms[doc])]

    @cached_property
    def _subjects(self) -> dict[str, set[str]]:
        """IRI -> the graphs that describe it."""
        subjects: dict[str, set[str]] = {}
        for quad in self.store:
            if isinstance(quad.subject, ox.NamedNode):
                graph = getattr(quad.graph_name, "value", "")
                subjects.setdefault(quad.subject.value, set()).add(graph)
        return subjects

    @cached_property
    def used(self) -> set[str]:
        """Every IRI of a thing of a study, and of the commons what the studies need of them."""
        own: set[str] = set()
        common: set[str] = set(_ENGINE)
        is_own = cache(self.paths.is_own)
        for quad in self.store:
            iris = [term.value for term in quad if isinstance(term, ox.NamedNode)]
            mine = set(filter(is_own, iris))
            own |= mine
            graph = getattr(quad.graph_name, "value", "")
            if graph not in _ENGINE or graph == METADATA_GRAPH or iris[0] in mine:
                common.update(iri for iri in iris if iri.startswith((BASE, SDG)))
        waiting = common = {iri for iri in common - own if iri in self._subjects or iri in _ENGINE}
        while waiting:
            above = {iri for below in waiting for name in _ABOVE for iri in self.iris(below, name)}
            waiting = {iri for iri in above if iri.startswith((BASE, SDG))} - common - own
            common = common | waiting
        return own | common

    @cached_property
    def described(self) -> dict[str, str]:
        """IRI -> the path of its page, for everything that has one or is a part of one."""
        return self._pages | {iri: self._pages[home] for iri, home in self.homes.items()}

    @cached_property
    def fragments(self) -> dict[str, str]:
        """IRI of what is a part of another's page -> where it is there: at the path of the IRI."""
        return {iri: self._pages[iri] for iri in self.homes}

    @cached_property
    def _pages(self) -> dict[str, str]:
        """IRI -> the path of the page that it has, or would have were it not a part of another.

        Terms share the page of their document; of two things at one path the study's own has it.
        """
        things = self.used | {query.iri.value for query in self.queries.values()}
        things |= {GG[:-1], *filter(self.paths.is_own, self.terms)}
        pages: dict[str, str] = {}
        for iri in things:
            path = self.paths.page(iri) or ""
            if "#" not in iri and path and not path.startswith("dump/"):
                rivals = self.paths.iris(path) if path != ONTOLOGY else [iri]
                if iri == next((rival for rival in rivals if rival in things), iri):
                    pages[iri] = path
        for document in pages.keys() & self.terms.keys():
            pages |= dict.fromkeys(self.terms[document], pages[document])
        return pages

    @cached_property
    def homes(self) -> dict[str, str]:
        """IRI of what is a part of another's page -> that other thing.

        Nobody looks for an alignment, or a citation, but on the page of what is aligned or cites.
        """
        pages, homes = self._pages, dict[str, str]()
        for name in _STATED:
            for iri in self.instances(name):
                node, kind = ox.NamedNode(iri), ox.NamedNode(TYPE)
                quads = self.store.quads_for_pattern(node, kind, None)
                graphs = {getattr(quad.graph_name, "value", "") for quad in quads}
                passages = [graph for graph in graphs if self.graph.names.of_kind(graph, "passage")]
                homes |= {iri: min(passages, key=natural)} if passages else {}
        for name in _HELD:
            held = self.store.quads_for_pattern(None, ox.NamedNode(expand(name)), None)
            for holder, part in sorted({(str(q.subject), str(q.object)) for q in held}):
                homes.setdefault(part[1:-1], holder[1:-1])
        for _ in _HELD:  # an alignment of a finding lies where the finding does
            homes = {iri: homes.get(home, home) for iri, home in homes.items()}
        sizes = Counter(homes.values())
        return {
            iri: home
            for iri, home in sorted(homes.items())
            if iri in pages and "#" not in iri and home in pages and "#" not in home
            if home not in homes and sizes[home] <= _MOST_PARTS
        }

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Thing -> what is a part of its page, in order."""
        parts: dict[str, list[str]] = {}
        for iri in sorted(self.homes, key=natural):
            parts.setdefault(self.homes[iri], []).append(iri)
        return parts

    @cached_property
    def unplaced(self) -> list[str]:
        """What the data of the studies describe and what has no page, sorted."""
        said = (iri for iri, graphs in self._subjects.items() if graphs - set(_ENGINE))
        return sorted((iri for iri in said if iri not in self.described), key=natural)

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
        """Return the text that fits a language best, else the first of the studies; "" for none."""
        order = [language, *self.languages]

        def rank(text: ox.Literal) -> tuple[int, int, str, str]:
            ranks = (n for n, asked in enumerate(order) if fits(asked, text.language))
            fit = preference(language, text.language)
            return next(ranks, len(order)), fit, text.language or "", text.value

        return min(self.literals(subject, name), key=rank, default=ox.Literal(""))

    @cached_property
    def languages(self) -> list[str]:
        """The languages of the studies, in their order."""
        return [tag for study in self.graph.studies for tag in study.languages]

    def subjects(self, name: str, value: str) -> list[str]:
        """Return what has an IRI as the value of a property, sorted."""
        predicate, node = ox.NamedNode(expand(name)), ox.NamedNode(value)
        quads = self.store.quads_for_pattern(None, predicate, node, None)
        iris = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        return sorted(iris, key=natural)

    def instances(self, name: str) -> list[str]:
        """Return the members of a class, inferred ones too, sorted."""
        return self.once(name, lambda: self.subjects("rdf:type", expand(name)))

    @cached_property
    def documents(self) -> list[str]:
        """The works that passages stand in."""
        return [work for work in self.instances("Work") if self.iris(work, "passages")]

    def notation(self, iri: str) -> str:
        """Return the notation of a concept, goal or target, else its short name."""
        codes = self.literals(iri, "skos:notation")
        plain = (code.value for code in codes if code.datatype.value == f"{XSD}string")
        return next(plain, iri.rpartition("/")[2])  # others have a datatype of the UN's

    def proof(self, triple: ox.Triple) -> Proof | None:
        """Return the shortest proof of a statement, or None."""
        return self.once(triple, lambda: next(iter(self.graph.explainer.explain(triple)), None))


def reading_of(graph: PublishedGraph, site: str = "") -> Reading:
    """Return the reading of a graph for the site at an address, made once."""
    # It lies with the graph itself: a table of readings would keep every graph alive.
    readings: dict[str, Reading] = vars(graph).setdefault("_readings", {})
    if site not in readings:
        readings[site] = Reading(graph, site)
    return readings[site]


def languages_of(graph: PublishedGraph) -> tuple[str, ...]:
    """Return the languages that pages are made in, the first one for whoever names none.

    Those of the studies that the interface has; English too where it lacks one of them, around
    contents that say their own language. Where no study says what its languages are, all it has.
    """
    reading = reading_of(graph)
    if not reading.languages:
        return LANGUAGES
    own = {tag: next((o for o in LANGUAGES if fits(o, tag)), "") for tag in reading.languages}
    english = [] if all(own.values()) else ["en"]
    return tuple(dict.fromkeys([*filter(None, own.values()), *english]))


def remembered(function: Callable[[Reading, str], Answer]) -> Callable[[Reading, str], Answer]:
    """Return a function whose last 256 answers about a reading are kept, as long as it is."""
    made = lru_cache(maxsize=256)
    return lambda read, iri: read.once(function, lambda: made(partial(function, read)))(iri)


@lru_cache(maxsize=100_000)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts 9 before 10, and É beside E."""
    parts = re.split(r"([0-9]+)", folded(text))
    return tuple((0, int(p), "") if p.isdigit() and p.isascii() else (1, 0, p) for p in parts if p)


def folded(text: str) -> str:
    """Return a text without case and accents."""
    return "".join(c for c in normalize("NFD", text.casefold()) if not "\u0300" <= c <= "\u036f")
