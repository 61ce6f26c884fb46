"""Things that two places describe, each in its own way: told with both places, never joined.

What may differ from passage to passage (a year, a name as printed) is left to the shapes.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

import pyoxigraph as ox

from govgraph.coding.record import Record
from govgraph.errors import SourceError
from govgraph.rdf.source_map import Location
from govgraph.vocabulary import GG, RDFS

_SEVERAL: Final = """
SELECT ?thing ?language {
  GRAPH ?graph { ?thing <%s> ?value }
  BIND(LANG(?value) AS ?language)
} GROUP BY ?thing ?language HAVING(COUNT(DISTINCT ?value) > 1) ORDER BY ?thing ?language
"""

_Written: TypeAlias = tuple[Location, str]
"""Where a value is written, and the value; so sorted by place."""


def described_twice(record: Record) -> Iterator[SourceError]:
    """Yield an error for each case or passage that two files describe."""
    terms = record.terms
    for iri, declarations in record.types.items():
        kinds = terms.with_superclasses({each for types, _ in declarations for each in types})
        places: list[Location] = []
        if f"{GG}Case" in kinds or f"{GG}Passage" in kinds:
            places += [location for _, location in declarations]
        # a passage, and nothing else, lies in the graph that it names
        entries = record.sources.entries(iri)
        places += [each.location for each in entries if each.graph == iri and not each.predicate]
        here = next((place for place in places if place.path != places[0].path), None)
        if here:
            message = (
                f"{record.names.shorten(iri)!r} is described here and at {places[0]}. Describe it "
                "in one place, or give one of the two another id."
            )
            yield SourceError(message, *here)


def unlike_labels(store: ox.Store, record: Record) -> Iterator[SourceError]:
    """Yield an error for each thing to which two places give two labels in one language."""
    unlike = _unlike(store, record, f"{RDFS}label")
    for thing, language, (first_place, first), (place, other) in unlike:
        if first_place != place:  # else a shape says it
            message = (
                f"{record.names.shorten(thing)!r} is called {other!r} here but {first!r} at "
                f"{first_place} ({language}). Use one id for one thing, and `altLabel` for a "
                "further name of it."
            )
            yield SourceError(message, *place)


def unlike_cases(store: ox.Store, record: Record) -> Iterator[SourceError]:
    """Yield an error for each arrangement that belongs to two cases."""
    terms, shorten = record.terms, record.names.shorten
    for thing, _, (first_place, first), (place, other) in _unlike(store, record, f"{GG}case"):
        kinds = {each for types, _ in record.types.get(thing, ()) for each in types}
        if f"{GG}Arrangement" in terms.with_superclasses(kinds):
            message = (
                f"{shorten(thing)!r} belongs to {shorten(other)!r} here but to {shorten(first)!r} "
                f"at {first_place}. An arrangement belongs to one case: give one of the two "
                "another id."
            )
            yield SourceError(message, *place)


def read_as_said(store: ox.Store, record: Record) -> Iterator[SourceError]:
    """Yield an error for what the coder adds and has a passage say; RDF files are left out."""
    for key in ("sector", "alignment", "identityLink", "conflictSubject", "decides"):
        for quad in store.quads_for_pattern(None, ox.NamedNode(GG + key), None):
            subject, predicate, value, graph = (getattr(term, "value", "") for term in quad)
            place = record.sources.locate(subject, predicate, value, graph)
            if place and record.names.of_kind(graph, "passage"):
                remedy = "Write it under `reads`, beside `says`, or outside of passages."
                yield SourceError(f"no passage says `{key}`: it is your reading. {remedy}", *place)


def _unlike(
    store: ox.Store, record: Record, property_: str
) -> Iterator[tuple[str, str, _Written, _Written]]:
    """Yield each thing with two values of a property, the language of texts, and both values.

    What RDF files say is left out: it has no lines, and may be somebody else's.
    """
    rows = store.query(_SEVERAL % property_)
    assert isinstance(rows, ox.QuerySolutions)
    predicate = ox.NamedNode(property_)
    for row in rows:
        thing, language = row["thing"], getattr(row["language"], "value", "")
        written: dict[str, _Written] = {}
        for quad in store.quads_for_pattern(thing, predicate, None):
            value, graph = (getattr(term, "value", "") for term in (quad.object, quad.graph_name))
            place = record.sources.locate(thing.value, property_, value, graph)
            if place and (getattr(quad.object, "language", None) or "") == language:
                written[value] = min((place, value), written.get(value, (place, value)))
        if len(written) > 1:
            first, other = sorted(written.values())[:2]
            yield thing.value, language, first, other
