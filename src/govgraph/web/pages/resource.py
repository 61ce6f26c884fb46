"""The page of one resource: what is said of it, on whose word, what follows and why."""

from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from govgraph.errors import UsageError
from govgraph.explanation.sources import citations
from govgraph.vocabulary import METADATA_GRAPH, RDFS, SDG, SKOS
from govgraph.web.addresses import ONTOLOGY
from govgraph.web.graph import PublishedGraph
from govgraph.web.pages.links import DATA_EXTENSIONS, MEDIA_TYPES, STATIC_EXTENSIONS, Links
from govgraph.web.pages.ontology import render as ontology_page
from govgraph.web.pages.overview import case_cards
from govgraph.web.pages.queries import query_page
from govgraph.web.pages.reading import LABEL, TYPE
from govgraph.web.pages.rendering import View, view_of
from govgraph.web.pages.statements import (
    MOST,
    parts_of,
    pointing_to,
    said_in,
    statements_html,
    statements_of,
)

_NAMING: Final = (
    TYPE, LABEL, f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}definition", f"{RDFS}comment",
)  # fmt: skip
"""What the head of a page tells in words: its statements stand below."""


def resource_page(
    graph: PublishedGraph,
    iri: str,
    language: str = "en",
    links: Links | None = None,
) -> str:
    """Return the page of a resource as HTML.

    A term of the ontology and a stored query have pages of their own kind. Raises UsageError
    where the graph says nothing of the IRI.
    """
    view = view_of(graph, language, links)
    path = view.reading.described.get(iri, "")
    if not path and not (view.links.live and iri in view.reading.unplaced):
        raise UsageError(f"Nothing is said of {iri}: expected the IRI of a node of the graph.")
    iri = view.reading.homes.get(iri, iri)
    slug = view.reading.slugs.get(iri, "")
    if path == ONTOLOGY:
        return ontology_page(view)
    return query_page(view, slug) if slug else _page(view, iri, path)


def _page(view: View, iri: str, path: str) -> str:
    reading = view.reading
    said, inferred = statements_of(reading, iri)
    incoming = pointing_to(reading, iri)
    title, view.about = view.label(iri), iri
    others = [View(reading, view.links.within(tag)) for tag in view.other_languages]
    foreign = {other.language_of(iri) or other.language: other.label(iri) for other in others}
    is_passage = view.is_passage(iri)
    parts = parts_of(reading, iri)
    says = said_in(reading, iri) if is_passage else {}
    read = said_in(reading, reading.graph.names.reading(iri)) if is_passage else {}
    endings = DATA_EXTENSIONS if view.links.live else STATIC_EXTENSIONS
    return view.render(
        "resource",
        title,
        path=path,
        section="goals" if iri.startswith(SDG) else "resource",
        iri=iri,
        asked={} if path else {"iri": iri},
        foreign_titles={code: text for code, text in foreign.items() if text != title},
        types=reading.iris(iri, "rdf:type", inferred=False),
        description=view.text(iri, "skos:definition") or view.text(iri, "rdfs:comment"),
        definition=view.text(iri, "skos:definition"),
        note=_note(view, iri),
        conflicts=reading.subjects("conflictSubject", iri),
        said=[each for each in said if each.triple.predicate.value not in _NAMING],
        naming=[each for each in said if each.triple.predicate.value in _NAMING],
        card=case_cards(view).get(iri) if iri in reading.instances("Case") else None,
        around=_around(view, iri) if is_passage else {},
        inferred=inferred,
        incoming=incoming,
        most=MOST,
        passage_says=says,
        passage_reads=read,
        parts=[part for part in parts if part.iri not in says],
        part_of={part.iri: part for part in parts},
        statements_html=statements_html,
        citations=citations(reading.store, iri) if is_passage else (),
        formats={
            ending: (name, _data(view, iri, path, ending)) for ending, name in endings.items()
        },
        media_types=MEDIA_TYPES,
        query=f"DESCRIBE <{iri}>",
    )


def _around(view: View, iri: str) -> dict[str, str]:
    """Return what a passage is part of, and those before and after it there."""
    above = view.reading.iris(iri, "partOf", inferred=False)
    beside = view.reading.subjects("partOf", above[0]) if above else []
    at = beside.index(iri) if iri in beside else 0
    around = {"up": above[0] if above else "", "prev": beside[at - 1] if at else ""}
    return {**around, "next": "".join(beside[at + 1 : at + 2])}


def _note(view: View, iri: str) -> str:
    """Return the comment on a resource; of what describes all else, where that is to be read."""
    if iri != METADATA_GRAPH:
        return view.text(iri, "rdfs:comment")
    words = view.gettext("Describes the data set")
    return Markup("{}: {}").format(words, view.link(view.study.dataset))


def _data(view: View, iri: str, path: str, ending: str) -> str:
    """Return the address of the data about a resource in one format."""
    if path:
        return view.links.data(path, ending)
    return f"{view.links.root}resource.{ending}?{urlencode({'iri': iri})}"
