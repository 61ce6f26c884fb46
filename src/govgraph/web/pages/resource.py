"""The page of one resource: what is said of it, on whose word, what follows and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup

from govgraph.assembly.metadata import DATASET
from govgraph.errors import UsageError
from govgraph.explanation.sources import citations
from govgraph.vocabulary import BASE, GG, METADATA_GRAPH, PASSAGE_PREFIX, SDG
from govgraph.web.pages.links import DATA_EXTENSIONS, MEDIA_TYPES, Links, page_path
from govgraph.web.pages.ontology import render as ontology_page
from govgraph.web.pages.queries import query_page
from govgraph.web.pages.reading import Reading, languages_of, reading_of
from govgraph.web.pages.rendering import View, view_of
from govgraph.web.pages.statements import (
    PAGE_SIZE,
    page_of,
    pages_needed,
    pointing_to,
    said_in,
    statements_html,
    statements_of,
)

if TYPE_CHECKING:
    from govgraph.web.graph import PublishedGraph


def has_page(graph: PublishedGraph, iri: str) -> bool:
    """Whether the graph uses an IRI that can have a page."""
    return iri in reading_of(graph).described


def resource_page(
    graph: PublishedGraph,
    iri: str,
    language: str = "en",
    number: int = 1,
    links: Links | None = None,
) -> str:
    """Return the page of a resource as HTML; `number` counts the pages of a large one from 1.

    A term of the ontology and a stored query have pages of their own kind. Raises UsageError
    where the graph says nothing of the IRI, or the page has fewer parts.
    """
    view = view_of(graph, language, links)
    if iri not in view.reading.described:
        raise UsageError(f"Nothing is said of {iri}: expected the IRI of a node of the graph.")
    path = page_path(iri) or ""
    whole = path == "ontology" or iri.startswith(f"{BASE}query/")
    if whole and number != 1:
        raise UsageError(f"{iri} has one page, not {number}.")
    if path == "ontology":
        return ontology_page(view)
    if iri.startswith(f"{BASE}query/") and iri[len(BASE) + 6 :] in graph.queries:
        return query_page(view, iri[len(BASE) + 6 :])
    return _page(view, iri, path, number)


def page_count(reading: Reading, iri: str) -> int:
    """Return how many pages a resource fills."""
    node, store = ox.NamedNode(iri), reading.store
    quads = (store.quads_for_pattern(node, None, None), store.quads_for_pattern(None, None, node))
    few = all(sum(1 for _ in matches) <= PAGE_SIZE for matches in quads)
    if few or iri.startswith((GG, f"{BASE}query/")):
        return 1
    return pages_needed(*statements_of(reading, iri), pointing_to(reading, iri))


def _page(view: View, iri: str, path: str, number: int) -> str:
    reading = view.reading
    said, inferred = statements_of(reading, iri)
    incoming = pointing_to(reading, iri)
    pages = pages_needed(said, inferred, incoming)
    if not 1 <= number <= pages:
        raise UsageError(f"There is no page {number} of {iri}: expected 1 to {pages}.")
    title = view.label(iri)
    others = [
        View(reading, view.links.within(language))
        for language in languages_of(view.graph)
        if language != view.language
    ]
    foreign = {other.language_of(iri) or other.language: other.label(iri) for other in others}
    first_of_passage = number == 1 and iri.startswith(PASSAGE_PREFIX)
    return view.render(
        "resource",
        title,
        path=path,
        section="goals" if iri.startswith(SDG) else "resource",
        iri=iri,
        foreign_titles={code: text for code, text in foreign.items() if text != title},
        types=reading.iris(iri, "rdf:type", inferred=False),
        definition=view.text(iri, "skos:definition"),
        note=_note(view, iri),
        conflicts=reading.subjects("conflictSubject", iri),
        said=page_of(said, number),
        inferred=page_of(inferred, number),
        incoming=page_of(incoming, number),
        counts=(len(said), len(inferred), len(incoming)),
        passage_says=said_in(reading, iri) if first_of_passage else {},
        statements_html=statements_html,
        citations=citations(reading.store, iri) if iri.startswith(PASSAGE_PREFIX) else (),
        formats=DATA_EXTENSIONS,
        media_types=MEDIA_TYPES,
        number=number,
        pages=pages,
        query=f"DESCRIBE <{iri}>",
    )


def _note(view: View, iri: str) -> str:
    """Return the comment on a resource; of what describes all else, where that is to be read."""
    if iri != METADATA_GRAPH:
        return view.text(iri, "rdfs:comment")
    words = view.gettext("Describes the data set")
    return Markup("{}: {}").format(words, view.link(DATASET.value))
