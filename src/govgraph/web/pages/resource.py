"""The page of one resource: what is said of it, on whose word, what follows and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup

from govgraph.errors import UsageError
from govgraph.explanation.sources import citations
from govgraph.rdf.metadata import DATASET
from govgraph.vocabulary import BASE, GG, METADATA_GRAPH, PASSAGE_PREFIX, RDF, SDG
from govgraph.web.languages import Language
from govgraph.web.pages.evidence import groups_html
from govgraph.web.pages.links import DATA_EXTENSIONS, Links, page_path
from govgraph.web.pages.reading import Reading, reading_of
from govgraph.web.pages.rendering import View, view_of
from govgraph.web.pages.statements import (
    PAGE_SIZE,
    grouped,
    page_of,
    pages_needed,
    pointing_to,
    said_in,
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
    language: Language = "en",
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
        from govgraph.web.pages.ontology import render

        return render(view)
    if iri.startswith(f"{BASE}query/") and iri[len(BASE) + 6 :] in graph.queries:
        from govgraph.web.pages.queries import query_page

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
    other: Language = "en" if view.language == "es" else "es"
    title = view.label(iri)
    foreign = reading.label(iri, other)
    types = [
        each.triple.object.value
        for each in said
        if each.triple.predicate.value == f"{RDF}type"
        and isinstance(each.triple.object, ox.NamedNode)
    ]
    return view.render(
        "resource.html",
        path,
        title,
        section="goals" if iri.startswith(SDG) else "resource",
        iri=iri,
        foreign_title=foreign if foreign != title else "",
        types=types,
        definition=reading.text(iri, "skos:definition", view.language),
        note=_note(view, iri),
        conflicts=reading.subjects("conflictSubject", iri),
        said=grouped(page_of(said, number)),
        inferred=grouped(page_of(inferred, number)),
        incoming=grouped(page_of(incoming, number)),
        counts=(len(said), len(inferred), len(incoming)),
        passage_says=_passage_says(view, iri) if number == 1 else {},
        groups_html=groups_html,
        citations=citations(reading.store, iri) if iri.startswith(PASSAGE_PREFIX) else (),
        formats=DATA_EXTENSIONS,
        number=number,
        pages=pages,
        query=f"DESCRIBE <{iri}>",
    )


def _note(view: View, iri: str) -> str:
    """Return the comment on a resource; of what describes all else, where that is to be read."""
    if iri != METADATA_GRAPH:
        return view.reading.text(iri, "rdfs:comment", view.language)
    words = view.say("Describes the data set", "Describe el conjunto de datos")
    return Markup("{}: {}").format(words, view.link(DATASET.value))


def _passage_says(view: View, iri: str) -> dict[str, list[object]]:
    if not iri.startswith(PASSAGE_PREFIX):
        return {}
    return {subject: list(grouped(each)) for subject, each in said_in(view.reading, iri).items()}
