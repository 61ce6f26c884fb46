"""Groups without a name: who takes part where a participation names a kind of actor.

`participant: actor-kind/police` comes to say, in the graph of its passage, that a group of that
kind takes part: its IRI is made from arrangement and kind, its label is "Kind · Arrangement".
`group: group/x` beside it names a group that is described somewhere. What RDF files say stays.
"""

from collections.abc import Iterator, Sequence, Set
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.record import Record, slug_of
from govgraph.errors import SourceError
from govgraph.rdf.namespaces import rdf, rdfs
from govgraph.rdf.source_map import Location
from govgraph.vocabulary import GG, RDFS, SKOS

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
_GROUP, PARTICIPANT, _KIND, _OF = (
    ox.NamedNode(GG + name) for name in ("ActorGroup", "participant", "kind", "group")
)


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
        at = record.sources.locate(part.value, PARTICIPANT.value, graph=graph.value)
        at = at or Location("", 0)
        store.remove(ox.Quad(part, PARTICIPANT, who, graph))
        if group:
            store.remove(ox.Quad(part, _OF, group, graph))
            if not any(store.quads_for_pattern(group, rdf.type, None)):
                continue  # which is told of all that is described nowhere
            yield from _wrong(store, record, group, who, kind, at)
        else:
            own = [each for base, each in record.by_base.items() if part.value.startswith(base)]
            study = max(own, key=lambda each: len(each.base), default=record.names)
            whole, slug = arrangement or part, slug_of(kind.value, study)
            try:
                iri = record.mint(study, "group", whole.value, [f"kind={kind.value}"], [slug])
            except ValueError as error:
                yield SourceError(str(error), *at)
                continue
            group = ox.NamedNode(iri)  # noqa: PLW2901
            record.sources.add(graph.value, iri, "", "", at)
            added.append(ox.Quad(group, rdf.type, _GROUP, graph))
            if not _labels(store, group):
                labels = [each for thing in (kind, whole) if (each := _labels(store, thing))]
                known = sorted({tag for each in labels for tag in each})
                for tag in known:
                    tags = (tag, *languages, *known)
                    texts = (next(each[t] for t in tags if t in each) for each in labels)
                    label = ox.Literal(" · ".join(texts), language=tag or None)
                    added.append(ox.Quad(group, rdfs.label, label, graph))
        added += [ox.Quad(part, PARTICIPANT, group, graph), ox.Quad(group, _KIND, who, graph)]
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
    name, what = (record.names.shorten(each.value) for each in (group, who))
    types = {quad.object for quad in store.quads_for_pattern(group, rdf.type, None)}
    if _GROUP not in types:
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
