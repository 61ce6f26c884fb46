"""What the files of one load declare and refer to, and the names of what has none in them.

A node without id is called after what it hangs on and what it says. `participant:
actor-kind/police` comes to say, in the graph of its passage, that a group of that kind takes part:
its IRI is made from arrangement and kind, its label is "Kind · Arrangement"; `group: group/x`
beside it names a group that is described somewhere. What RDF files say stays.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from govgraph.coding.terms import Terms, kebab
from govgraph.errors import SourceError
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.rdf.terms import gg, rdf, rdfs
from govgraph.vocabulary import GG, RDFS, SKOS

LONGEST_SLUG: Final = 80
Value: TypeAlias = ox.NamedNode | ox.Literal
_PREFIXES: Final = {"gg": GG, "rdfs": RDFS, "skos": SKOS}
_PARTS: Final = """SELECT DISTINCT ?graph ?part ?who ?kind ?group ?arrangement {
  GRAPH ?graph { ?part gg:participant ?who OPTIONAL { ?part gg:group ?group } }
  OPTIONAL { ?who a/rdfs:subClassOf* gg:ActorKind BIND(?who AS ?kind) }
  FILTER(BOUND(?kind) || BOUND(?group))
  OPTIONAL { ?arrangement gg:participation ?part }
} ORDER BY ?graph ?part ?who ?arrangement"""
_UNLIKE: Final = """SELECT ?kind { VALUES (?group ?who) { (%s %s) } ?group gg:kind ?kind
  FILTER NOT EXISTS { ?kind skos:broader* ?who } FILTER NOT EXISTS { ?who skos:broader* ?kind }
}"""


class UnknownNameError(SourceError):
    """A name in a file that leads nowhere.

    `name` is as written; `remedy` says what to do where no known name is near.
    """

    def __init__(self, message: str, location: Location, name: str, remedy: str):
        super().__init__(message, location.path, location.line)
        self.name, self.remedy = name, remedy


@dataclass
class Record:
    """What was read so far; shared by all files of one load.

    terms        all of them; `own_terms` those of the studies that have any, by base
    names        those of the study whose ids are written short in messages; `by_base` of all
    queries      the IRIs of stored queries
    types        IRI -> its declarations: types and where they stand
    told         IRI -> the first place that tells of it by itself, hung on nothing
    references   IRI -> the first place that names it
    minted       IRI of a node without id -> what it was made from
    mistakes     what was wrong and left out
    statements   graph, subject, predicate, value and place of all that case files and tables say
    """

    terms: Terms
    names: Names
    by_base: Mapping[str, Names]
    queries: frozenset[str] = frozenset()
    sources: SourceMap = field(default_factory=SourceMap)
    types: dict[str, list[tuple[frozenset[str], Location]]] = field(default_factory=dict)
    told: dict[str, Location] = field(default_factory=dict)
    references: dict[str, Location] = field(default_factory=dict)
    minted: dict[str, str] = field(default_factory=dict)
    mistakes: list[SourceError] = field(default_factory=list)
    own_terms: dict[str, Terms] = field(default_factory=dict)
    statements: list[tuple[str, str, str, Value, Location]] = field(default_factory=list)

    def state(self, graph: str, subject: str, predicate: str, value: Value, at: Location) -> None:
        """Note a statement, and where it is written."""
        self.statements.append((graph, subject, predicate, value, at))
        self.sources.add(graph, subject, predicate, value.value, at)

    def terms_of(self, base: str) -> Terms:
        """Return the words that the files of the study with this base are written in."""
        return self.own_terms.get(base, self.terms)

    @property
    def described(self) -> set[str]:
        """The IRIs that files say something of, and those of the ontology and of queries."""
        declared = {iri for iri, declarations in self.types.items() if declarations}
        return declared | self.terms.described | self.queries

    def mint(
        self, names: Names, key: str, parent: str, parts: Sequence[str], slugs: Iterable[str]
    ) -> str:
        """Return the IRI of a node without id: from the key and parent it hangs on, and its parts.

        `names` are those of its study, `parts` its "key=value", sorted; `slugs` what each
        gives to the name. Raises ValueError where another node has that IRI.
        """
        name = ".".join(filter(None, slugs))
        if not name or len(name) > LONGEST_SLUG:
            digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]
            name = f"{name[:LONGEST_SLUG]}~{digest}"
        iri = f"{names.base}{kebab(key)}/{local(parent, names)}/{name}"
        content = "\n".join([parent, *parts])
        if self.minted.setdefault(iri, content) != content:
            message = f"this node and another would both be called {iri}. Give this one an `id`."
            raise ValueError(message)
        return iri


def slug_of(text: str, names: Names) -> str:
    """Return what a value gives to the name of a node: lower case, digits and hyphens."""
    pieces = [local(piece, names) if "://" in piece else piece for piece in text.split("_")]
    plain = unicodedata.normalize("NFKD", "_".join(pieces)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_.]+", "-", plain.lower().rpartition("#")[2]).strip("-.")


def local(iri: str, names: Names) -> str:
    """Return the part of an IRI that names it among its kind."""
    below = (iri[len(base) :] for base in names.bases if iri.startswith(base))
    path = next(below, iri.rpartition("/")[2])
    return (path.partition("/")[2] or path).replace("/", "-")


# -- groups without a name -----------------------------------------------------------------------


def put_groups(
    store: ox.Store, record: Record, languages: Sequence[str], left: Set[Any]
) -> Iterator[SourceError]:
    """Put a group wherever a participation names a kind of actor, save in the graphs `left`.

    A label is made of those of kind and arrangement; where one has none in a language, that in the
    first of `languages` that it has. Yields what is wrong.
    """
    added, seen = [], set()
    for graph, part, who, kind, group, arrangement in _rows(store, _PARTS):
        if graph in left or (graph, part, who) in seen:
            continue
        seen.add((graph, part, who))
        at = record.sources.locate(part.value, gg.participant.value, graph=graph.value)
        at = at or Location("", 0)
        store.remove(ox.Quad(part, gg.participant, who, graph))
        if group:
            store.remove(ox.Quad(part, gg.group, group, graph))
            if not any(store.quads_for_pattern(group, rdf.type, None)):
                continue  # which is told of all that is described nowhere
            yield from _wrong(store, record, group, who, kind, at)
        else:
            own = [names for base, names in record.by_base.items() if part.value.startswith(base)]
            study = max(own, key=lambda names: len(names.base), default=record.names)
            whole, slug = arrangement or part, slug_of(kind.value, study)
            try:
                iri = record.mint(study, "group", whole.value, [f"kind={kind.value}"], [slug])
            except ValueError as error:
                yield SourceError(str(error), *at)
                continue
            group = ox.NamedNode(iri)  # noqa: PLW2901
            record.sources.add(graph.value, iri, "", "", at)
            added.append(ox.Quad(group, rdf.type, gg.ActorGroup, graph))
            if not _labels(store, group):
                labels = [by_tag for thing in (kind, whole) if (by_tag := _labels(store, thing))]
                present = sorted({tag for by_tag in labels for tag in by_tag})
                for tag in present:
                    tags = (tag, *languages, *present)
                    texts = (next(by_tag[t] for t in tags if t in by_tag) for by_tag in labels)
                    label = ox.Literal(" · ".join(texts), language=tag or None)
                    added.append(ox.Quad(group, rdfs.label, label, graph))
        added += [ox.Quad(part, gg.participant, group, graph), ox.Quad(group, gg.kind, who, graph)]
    store.bulk_extend(added)


def _rows(store: ox.Store, query: str) -> Any:
    return store.query(query, prefixes=_PREFIXES, use_default_graph_as_union=True)


def _labels(store: ox.Store, thing: Any) -> dict[str, str]:
    """Return the label of a thing in each language, of several the first by letters."""
    texts: list[Any] = [quad.object for quad in store.quads_for_pattern(thing, rdfs.label, None)]
    return dict(sorted(((text.language or "", text.value) for text in texts), reverse=True))


def _wrong(
    store: ox.Store, record: Record, group: Any, who: Any, kind: Any, at: Location
) -> Iterator[SourceError]:
    """Yield what is wrong with a group, and with what a participation names beside it."""
    name, what = (record.names.shorten(node.value) for node in (group, who))
    types = {quad.object for quad in store.quads_for_pattern(group, rdf.type, None)}
    if gg.ActorGroup not in types:
        remedy = "Name it as `participant`, or give it the `type: ActorGroup`."
        if f"{GG}ActorKind" in {getattr(kind, "value", "") for kind in types}:
            remedy = "Remove `group`: a kind as `participant` is a group of that kind already."
        message = f"`group` takes a group of actors, which {name!r} is not. {remedy}"
        yield SourceError(message, *at)
    elif not kind:
        message = f"`group` goes with a kind of actor as `participant`, found {what!r}."
        yield SourceError(f"{message} Remove one of the two.", *at)
    else:
        for (other,) in _rows(store, _UNLIKE % (group, who)):
            its = record.names.shorten(other.value)
            remedy = "Take another group, or correct one of the kinds."
            yield SourceError(f"{name!r} is of the kind {its!r}, not {what!r}. {remedy}", *at)
