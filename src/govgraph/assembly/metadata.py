"""The graph's description of itself: VoID, DCAT and PROV, with no time but that of the sources.

VoID: https://www.w3.org/TR/void/ (statistics, section 4). DCAT 2: dcat:Distribution per dump.
What `study.yaml` does not say, nobody is made to say.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.study import UNNAMED, Study, names_of_study
from govgraph.rdf.names import Names
from govgraph.rdf.writing import FORMATS
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH, PREFIXES

MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"

_INFERENCE: Final = f"""
<{BASE}activity/inference> a prov:Activity ;
    prov:used <{GG.rstrip("#")}> ;
    rdfs:label "OWL 2 RL inference"@en , "Inferencia OWL 2 RL"@es .
<{INFERRED_GRAPH}> a prov:Entity ; prov:wasGeneratedBy <{BASE}activity/inference> .
"""


def graph_sizes(
    store: ox.Store, pattern: str = "GRAPH ?key { ?s ?p ?o }"
) -> dict[ox.NamedNode, int]:
    """Return the number of statements of each named graph, or of each `?key` of a pattern."""
    query = f"SELECT ?key (COUNT(*) AS ?count) WHERE {{ {pattern} }} GROUP BY ?key"
    rows: Any = store.query(query)
    return {row["key"]: int(row["count"].value) for row in rows}


def _count(store: ox.Store, what: str) -> int:
    """Return how many triples, or terms in one place of them, the union of the graphs has."""
    query = f"SELECT (COUNT({what}) AS ?count) WHERE {{ ?s ?p ?o }}"
    rows: Any = store.query(query, use_default_graph_as_union=True)
    return int(next(rows)["count"].value)


def describe(store: ox.Store, studies: Sequence[Study] = ()) -> list[ox.Triple]:
    """Return the metadata triples of everything in `store`, which holds none yet; sorted.

    The first study's data set has the counts and dumps of all. The engine counts, so that no quad
    is copied.
    """
    main = studies[0] if studies else UNNAMED
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    about = (_about(study, names_of_study(study)) for study in studies or (UNNAMED,))
    parts = (f"<{main.dataset}> void:subset <{study.dataset}> .\n" for study in studies[1:])
    pieces = [prefixes, _INFERENCE, *about, *parts, *_dumps(main), *_statistics(store, main)]
    parsed = ox.parse("".join(pieces), format=ox.RdfFormat.TURTLE)
    return sorted({quad.triple for quad in parsed}, key=str)


def _about(study: Study, names: Names) -> str:
    """Return what a study says of itself, in Turtle."""
    texts = [("dcterms:title", study.title), ("dcterms:alternative", study.short_title)]
    values = [
        (predicate, str(ox.Literal(text, language=language)))
        for predicate, by_language in (*texts, ("dcterms:description", study.lede))
        for language, text in by_language.items()
    ]
    agents = [("dcterms:creator", agent) for agent in study.creators]
    agents += [("dcterms:publisher", study.publisher)] if study.publisher else []
    for predicate, agent in agents:
        values.append((predicate, f"<{agent.iri}>" if agent.iri else str(ox.Literal(agent.name))))
    values += [("dcterms:language", f'"{language}"') for language in study.languages]
    values += [("dcterms:source", f"<{names.expand(id_)}>") for id_ in study.documents]
    for predicate, value, form in (
        ("dcterms:license", study.licence, "<{}>"),
        ("dcat:contactPoint", study.contact, "<{}>"),
        ("owl:versionInfo", study.version, '"{}"'),
        ("dcterms:issued", study.issued, '"{}"^^xsd:date'),
        ("dcterms:modified", study.modified, '"{}"^^xsd:date'),
    ):
        values += [(predicate, form.format(value))] if value else []
    statements = "".join(f" ;\n    {predicate} {value}" for predicate, value in values)
    named = "".join(
        f"<{agent.iri}> a foaf:Agent ; foaf:name {ox.Literal(agent.name)} .\n"
        for _, agent in agents
        if agent.iri
    )
    return f"""
<{study.dataset}> a void:Dataset , dcat:Dataset , prov:Entity ;
    void:uriSpace "{study.base}" ;
    void:vocabulary dcterms: , gg: , org: , prov: , qb: , sdgo: , skos:{statements} .
{named}"""


def _dumps(study: Study) -> Iterator[str]:
    """Yield the description of each file of the graph."""
    licence = f"dcterms:license <{study.licence}> ;" if study.licence else ""
    for entry in FORMATS:
        dump = f"<{study.base}dump/{study.file_name}.{entry.ending}>"
        yield f"""
<{study.dataset}> dcat:distribution {dump} ; void:dataDump {dump} .
{dump} a dcat:Distribution ;
    dcterms:title "{entry.title}"@en ; {licence}
    dcat:mediaType <{MEDIA_TYPES}{entry.media_type}> ;
    dcat:accessURL {dump} .
"""


def _statistics(store: ox.Store, study: Study) -> Iterator[str]:
    """Yield the counts of all graphs, as VoID wants them."""
    dataset, names = f"<{study.dataset}>", names_of_study(study)
    classes = graph_sizes(store, "GRAPH ?g { ?s a ?key FILTER(isIRI(?key)) }")
    properties = graph_sizes(store, "GRAPH ?g { ?s ?key ?o }")
    yield f"""
{dataset} void:triples {_count(store, "DISTINCT *")} ;
    void:distinctSubjects {_count(store, "DISTINCT ?s")} ;
    void:distinctObjects {_count(store, "DISTINCT ?o")} ;
    void:classes {len(classes)} ; void:properties {len(properties)} .
"""
    for kind, counts, measure in (
        ("class", classes, "entities"),
        ("property", properties, "triples"),
    ):
        for term, count in counts.items():
            part = _part(names, kind, term.value)
            yield f"{dataset} void:{kind}Partition {part} .\n"
            yield f"{part} void:{kind} {term} ; void:{measure} {count} .\n"
    for graph, count in graph_sizes(store).items():
        if "/graph/" in graph.value:
            yield f"{dataset} void:subset {graph} .\n"
            yield f"{graph} a void:Dataset ; void:triples {count} .\n"


def _part(names: Names, kind: str, iri: str) -> str:
    """Return the name of a VoID partition, one for each class or property."""
    prefix, local = names.split(iri)
    other = "".join(c if c.isalnum() else "-" for c in iri.partition("//")[2])
    return f"<{names.base}dataset#{kind}-{f'{prefix}-{local}' if prefix else other}>"
