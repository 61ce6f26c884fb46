"""The graph's description of itself: VoID, DCAT and PROV, with no time but that of the sources.

VoID: https://www.w3.org/TR/void/ (statistics, section 4). DCAT 2: dcat:Distribution per dump.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from govgraph.rdf.writing import FORMATS
from govgraph.resources import __version__
from govgraph.vocabulary import (
    BASE,
    DCTERMS,
    GG,
    INFERRED_GRAPH,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    XSD,
)

DATASET: Final = ox.NamedNode(f"{BASE}dataset/govgraph")
VOID: Final = PREFIXES["void"]
DCAT: Final = PREFIXES["dcat"]
TYPE: Final = ox.NamedNode(f"{RDF}type")
LICENCE: Final = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
PUBLISHER: Final = ox.NamedNode(BASE)
VOCABULARIES: Final = ("dcterms", "gg", "org", "prov", "qb", "sdgo", "skos")


@dataclass(frozen=True)
class Statistics:
    """Counts of all graphs, as VoID wants them; the engine counts, so that no quad is copied."""

    classes: dict[ox.NamedNode, int]
    properties: dict[ox.NamedNode, int]
    graphs: dict[ox.NamedNode, int]
    triples: int
    subjects: int
    objects: int

    @classmethod
    def of(cls, store: ox.Store) -> Statistics:
        """Count a store that holds no metadata yet."""
        return cls(
            classes=_counts(store, "GRAPH ?g { ?s a ?key FILTER(isIRI(?key)) }"),
            properties=_counts(store, "GRAPH ?g { ?s ?key ?o }"),
            graphs=graph_sizes(store),
            triples=_count(store, "DISTINCT *"),
            subjects=_count(store, "DISTINCT ?s"),
            objects=_count(store, "DISTINCT ?o"),
        )


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


class Description:
    """Triples said one by one."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()

    def say(self, subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        """Add a triple."""
        self.triples.add(ox.Triple(subject, ox.NamedNode(predicate), value))


def describe(store: ox.Store) -> list[ox.Triple]:
    """Return the metadata triples of everything in `store`, which holds none yet; sorted."""
    description, counts = Description(), Statistics.of(store)
    _describe_dataset(description, counts)
    _describe_parts(description, counts)
    _describe_inference(description)
    _describe_dumps(description)
    return sorted(description.triples, key=str)


def _describe_dataset(description: Description, counts: Statistics) -> None:
    say = description.say
    for kind in (f"{VOID}Dataset", f"{DCAT}Dataset", f"{PROV}Entity"):
        say(DATASET, TYPE.value, ox.NamedNode(kind))
    for language, text in (
        ("en", "Case studies of public governance, each statement with its passage."),
        ("es", "Casos de gobernanza pública, cada afirmación con su pasaje."),
    ):
        say(DATASET, f"{DCTERMS}title", ox.Literal("govgraph", language=language))
        say(DATASET, f"{DCTERMS}description", ox.Literal(text, language=language))
    say(DATASET, f"{DCTERMS}license", LICENCE)
    say(DATASET, f"{DCTERMS}publisher", PUBLISHER)
    say(DATASET, f"{DCTERMS}source", ox.NamedNode(f"{BASE}work/study"))
    say(DATASET, f"{OWL}versionInfo", ox.Literal(__version__))
    say(DATASET, f"{VOID}uriSpace", ox.Literal(BASE))
    for prefix in VOCABULARIES:
        say(DATASET, f"{VOID}vocabulary", ox.NamedNode(PREFIXES[prefix]))
    for name, counted in (
        ("triples", counts.triples),
        ("distinctSubjects", counts.subjects),
        ("distinctObjects", counts.objects),
        ("classes", len(counts.classes)),
        ("properties", len(counts.properties)),
    ):
        say(DATASET, VOID + name, _integer(counted))


def _describe_parts(description: Description, counts: Statistics) -> None:
    say = description.say
    for kind, counter, measure in (
        ("class", counts.classes, "entities"),
        ("property", counts.properties, "triples"),
    ):
        for term, count in counter.items():
            part = _part(kind, term.value)
            say(DATASET, f"{VOID}{kind}Partition", part)
            say(part, VOID + kind, term)
            say(part, VOID + measure, _integer(count))
    for graph, count in counts.graphs.items():
        if "/graph/" in graph.value:
            say(DATASET, f"{VOID}subset", graph)
            say(graph, TYPE.value, ox.NamedNode(f"{VOID}Dataset"))
            say(graph, f"{VOID}triples", _integer(count))


def _describe_inference(description: Description) -> None:
    say = description.say
    activity, inferred = ox.NamedNode(f"{BASE}activity/inference"), ox.NamedNode(INFERRED_GRAPH)
    say(activity, TYPE.value, ox.NamedNode(f"{PROV}Activity"))
    say(activity, f"{PROV}used", ox.NamedNode(GG.rstrip("#")))
    say(activity, f"{RDFS}label", ox.Literal("OWL 2 RL inference", language="en"))
    say(activity, f"{RDFS}label", ox.Literal("Inferencia OWL 2 RL", language="es"))
    say(inferred, TYPE.value, ox.NamedNode(f"{PROV}Entity"))
    say(inferred, f"{PROV}wasGeneratedBy", activity)


def _describe_dumps(description: Description) -> None:
    say = description.say
    for entry in FORMATS:
        dump = ox.NamedNode(f"{BASE}dump/govgraph.{entry.ending}")
        iana = ox.NamedNode(f"https://www.iana.org/assignments/media-types/{entry.media_type}")
        say(DATASET, f"{DCAT}distribution", dump)
        say(DATASET, f"{VOID}dataDump", dump)
        say(dump, TYPE.value, ox.NamedNode(f"{DCAT}Distribution"))
        say(dump, f"{DCTERMS}title", ox.Literal(entry.title, language="en"))
        say(dump, f"{DCTERMS}license", LICENCE)
        say(dump, f"{DCAT}mediaType", iana)
        say(dump, f"{DCAT}accessURL", dump)


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(f"{XSD}integer"))


def _part(kind: str, iri: str) -> ox.NamedNode:
    """Return the IRI of a VoID partition, one for each class or property."""
    fitting = [prefix for prefix, namespace in PREFIXES.items() if iri.startswith(namespace)]
    if fitting:
        prefix = max(fitting, key=lambda each: len(PREFIXES[each]))
        return ox.NamedNode(f"{BASE}partition/{kind}/{prefix}-{iri[len(PREFIXES[prefix]) :]}")
    name = "".join(c if c.isalnum() else "-" for c in iri.partition("//")[2])
    return ox.NamedNode(f"{BASE}partition/{kind}/{name}")
