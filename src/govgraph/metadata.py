"""The graph's description of itself: VoID, DCAT and PROV, with no time but that of the sources.

VoID: https://www.w3.org/TR/void/ (statistics, section 4). DCAT 2: dcat:Distribution per dump.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pyoxigraph as ox

from govgraph import __version__
from govgraph.vocabulary import (
    BASE,
    DCTERMS,
    GG,
    INFERRED_GRAPH,
    METADATA_GRAPH,
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
DUMPS: Final = {
    "trig": ("application/trig", "TriG"),
    "nq": ("application/n-quads", "N-Quads"),
    "ttl": ("text/turtle", "Turtle"),
    "jsonld": ("application/ld+json", "JSON-LD"),
}
"""Extension of each dump -> media type and name."""

VOCABULARIES: Final = ("dcterms", "gg", "org", "prov", "qb", "sdgo", "skos")


def describe(store: ox.Store) -> list[ox.Triple]:
    """Return the metadata triples of everything in `store`, sorted."""
    triples: list[ox.Triple] = []

    def say(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        triples.append(ox.Triple(subject, ox.NamedNode(predicate), value))

    quads = [q for q in store if getattr(q.graph_name, "value", "") != METADATA_GRAPH]
    classes = Counter(
        q.object for q in quads if q.predicate == TYPE and isinstance(q.object, ox.NamedNode)
    )
    properties = Counter(q.predicate for q in quads)
    graphs = Counter(q.graph_name for q in quads)

    say(DATASET, TYPE.value, ox.NamedNode(f"{VOID}Dataset"))
    say(DATASET, TYPE.value, ox.NamedNode(f"{DCAT}Dataset"))
    say(DATASET, TYPE.value, ox.NamedNode(f"{PROV}Entity"))
    for language, title, description in (
        ("en", "govgraph", "Case studies of public governance, each statement with its passage."),
        ("es", "govgraph", "Casos de gobernanza pública, cada afirmación con su pasaje."),
    ):
        say(DATASET, f"{DCTERMS}title", ox.Literal(title, language=language))
        say(DATASET, f"{DCTERMS}description", ox.Literal(description, language=language))
    say(DATASET, f"{DCTERMS}license", LICENCE)
    say(DATASET, f"{DCTERMS}publisher", PUBLISHER)
    say(DATASET, f"{DCTERMS}source", ox.NamedNode(f"{BASE}work/study"))
    say(DATASET, f"{OWL}versionInfo", ox.Literal(__version__))
    say(DATASET, f"{VOID}uriSpace", ox.Literal(BASE))
    for prefix in VOCABULARIES:
        say(DATASET, f"{VOID}vocabulary", ox.NamedNode(PREFIXES[prefix]))
    distinct = {(q.subject, q.predicate, q.object) for q in quads}
    say(DATASET, f"{VOID}triples", _integer(len(distinct)))
    say(DATASET, f"{VOID}distinctSubjects", _integer(len({s for s, _, _ in distinct})))
    say(DATASET, f"{VOID}distinctObjects", _integer(len({o for _, _, o in distinct})))
    say(DATASET, f"{VOID}classes", _integer(len(classes)))
    say(DATASET, f"{VOID}properties", _integer(len(properties)))

    for kind, counter, link, measure in (
        ("class", classes, "class", "entities"),
        ("property", properties, "property", "triples"),
    ):
        for term, count in counter.items():
            part = _part(kind, term.value)
            say(DATASET, f"{VOID}{kind}Partition", part)
            say(part, f"{VOID}{link}", term)
            say(part, f"{VOID}{measure}", _integer(count))

    for graph, count in graphs.items():
        if isinstance(graph, ox.NamedNode) and "/graph/" in graph.value:
            say(DATASET, f"{VOID}subset", graph)
            say(graph, TYPE.value, ox.NamedNode(f"{VOID}Dataset"))
            say(graph, f"{VOID}triples", _integer(count))
    build = ox.NamedNode(f"{BASE}activity/inference")
    inferred = ox.NamedNode(INFERRED_GRAPH)
    say(build, TYPE.value, ox.NamedNode(f"{PROV}Activity"))
    say(build, f"{PROV}used", ox.NamedNode(f"{GG[:-1]}"))
    say(build, f"{RDFS}label", ox.Literal("OWL 2 RL inference", language="en"))
    say(build, f"{RDFS}label", ox.Literal("Inferencia OWL 2 RL", language="es"))
    say(inferred, TYPE.value, ox.NamedNode(f"{PROV}Entity"))
    say(inferred, f"{PROV}wasGeneratedBy", build)

    for extension, (media_type, name) in DUMPS.items():
        dump = ox.NamedNode(f"{BASE}dump/govgraph.{extension}")
        say(DATASET, f"{DCAT}distribution", dump)
        say(DATASET, f"{VOID}dataDump", dump)
        say(dump, TYPE.value, ox.NamedNode(f"{DCAT}Distribution"))
        say(dump, f"{DCTERMS}title", ox.Literal(name, language="en"))
        say(dump, f"{DCTERMS}license", LICENCE)
        iana = ox.NamedNode(f"https://www.iana.org/assignments/media-types/{media_type}")
        say(dump, f"{DCAT}mediaType", iana)
        say(dump, f"{DCAT}accessURL", dump)
    return sorted(set(triples), key=str)


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(f"{XSD}integer"))


def _part(kind: str, iri: str) -> ox.NamedNode:
    """Return the IRI of a VoID partition, one for each class or property."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return ox.NamedNode(f"{BASE}partition/{kind}/{prefix}-{iri[len(namespace) :]}")
    name = "".join(c if c.isalnum() else "-" for c in iri.partition("//")[2])
    return ox.NamedNode(f"{BASE}partition/{kind}/{name}")
