"""The graph's description of itself: VoID, DCAT and PROV, with no time but that of the sources.

VoID: https://www.w3.org/TR/void/ (statistics, section 4). DCAT 2: dcat:Distribution per dump.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.names import NAMES
from govgraph.rdf.writing import FORMATS
from govgraph.resources import __version__
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, PREFIXES, RDF

DATASET: Final = ox.NamedNode(f"{BASE}dataset/govgraph")
LICENCE: Final = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
VOID: Final = PREFIXES["void"]
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"

SAME_FOR_EVERY_GRAPH: Final = f"""
{DATASET} a void:Dataset , dcat:Dataset , prov:Entity ;
    dcterms:title "govgraph"@en , "govgraph"@es ;
    dcterms:description
        "Case studies of public governance, each statement with its passage."@en ,
        "Casos de gobernanza pública, cada afirmación con su pasaje."@es ;
    dcterms:license {LICENCE} ;
    dcterms:publisher <{BASE}> ;
    dcterms:source <{BASE}work/study> ;
    owl:versionInfo "{__version__}" ;
    void:uriSpace "{BASE}" ;
    void:vocabulary dcterms: , gg: , org: , prov: , qb: , sdgo: , skos: .

<{BASE}activity/inference> a prov:Activity ;
    prov:used <{GG.rstrip("#")}> ;
    rdfs:label "OWL 2 RL inference"@en , "Inferencia OWL 2 RL"@es .
<{INFERRED_GRAPH}> a prov:Entity ; prov:wasGeneratedBy <{BASE}activity/inference> .
"""


def graph_sizes(store: ox.Store) -> dict[ox.NamedNode, int]:
    """Return the number of statements of each named graph."""
    return _counts(store, "GRAPH ?key { ?s ?p ?o }")


def _counts(store: ox.Store, pattern: str) -> dict[ox.NamedNode, int]:
    """Return how often each `?key` of a pattern occurs in the graphs."""
    query = f"SELECT ?key (COUNT(*) AS ?count) WHERE {{ {pattern} }} GROUP BY ?key"
    rows: Any = store.query(query)
    return {row["key"]: int(row["count"].value) for row in rows}


def _count(store: ox.Store, what: str) -> int:
    """Return how many triples, or terms in one place of them, the union of the graphs has."""
    query = f"SELECT (COUNT({what}) AS ?count) WHERE {{ ?s ?p ?o }}"
    rows: Any = store.query(query, use_default_graph_as_union=True)
    return int(next(rows)["count"].value)


def describe(store: ox.Store) -> list[ox.Triple]:
    """Return the metadata triples of everything in `store`, which holds none yet; sorted.

    The engine counts, so that no quad is copied.
    """
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    text = "".join([prefixes, SAME_FOR_EVERY_GRAPH, *_dumps()])
    parsed = ox.parse(text, format=ox.RdfFormat.TURTLE)
    return sorted({*_statistics(store), *(quad.triple for quad in parsed)}, key=str)


def _dumps() -> Iterator[str]:
    """Yield the description of each file of the graph."""
    for entry in FORMATS:
        dump = f"<{BASE}dump/govgraph.{entry.ending}>"
        yield f"""
{DATASET} dcat:distribution {dump} ; void:dataDump {dump} .
{dump} a dcat:Distribution ;
    dcterms:title "{entry.title}"@en ;
    dcterms:license {LICENCE} ;
    dcat:mediaType <{MEDIA_TYPES}{entry.media_type}> ;
    dcat:accessURL {dump} .
"""


def _statistics(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield the counts of all graphs, as VoID wants them."""
    classes = _counts(store, "GRAPH ?g { ?s a ?key FILTER(isIRI(?key)) }")
    properties = _counts(store, "GRAPH ?g { ?s ?key ?o }")
    totals = {
        "triples": _count(store, "DISTINCT *"),
        "distinctSubjects": _count(store, "DISTINCT ?s"),
        "distinctObjects": _count(store, "DISTINCT ?o"),
        "classes": len(classes),
        "properties": len(properties),
    }
    for name, total in totals.items():
        yield _void(DATASET, name, total)
    for kind, counts, measure in (
        ("class", classes, "entities"),
        ("property", properties, "triples"),
    ):
        for term, count in counts.items():
            part = _part(kind, term.value)
            yield _void(DATASET, f"{kind}Partition", part)
            yield _void(part, kind, term)
            yield _void(part, measure, count)
    for graph, count in graph_sizes(store).items():
        if "/graph/" in graph.value:
            yield _void(DATASET, "subset", graph)
            yield ox.Triple(graph, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{VOID}Dataset"))
            yield _void(graph, "triples", count)


def _void(subject: ox.NamedNode, name: str, value: ox.NamedNode | int) -> ox.Triple:
    """Return a triple with a property of VoID; pyoxigraph makes an xsd:integer of a number."""
    node = ox.Literal(value) if isinstance(value, int) else value
    return ox.Triple(subject, ox.NamedNode(VOID + name), node)


def _part(kind: str, iri: str) -> ox.NamedNode:
    """Return the IRI of a VoID partition, one for each class or property."""
    prefix, local = NAMES.split(iri)
    if prefix:
        return ox.NamedNode(f"{BASE}partition/{kind}/{prefix}-{local}")
    name = "".join(c if c.isalnum() else "-" for c in iri.partition("//")[2])
    return ox.NamedNode(f"{BASE}partition/{kind}/{name}")
