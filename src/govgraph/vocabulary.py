"""Namespaces and the terms that code names, in one place."""

from typing import Final

BASE: Final = "https://w3id.org/govgraph/"
GG: Final = f"{BASE}ontology#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
SH: Final = "http://www.w3.org/ns/shacl#"
SDG: Final = "http://metadata.un.org/sdg/"

PREFIXES: Final[dict[str, str]] = {
    "cito": "http://purl.org/spar/cito/",
    "c4o": "http://purl.org/spar/c4o/",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": DCTERMS,
    "doco": "http://purl.org/spar/doco/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gg": GG,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": PROV,
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sdg": SDG,
    "sdgo": "http://metadata.un.org/sdg/ontology#",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-code": "http://purl.org/linked-data/sdmx/2009/code#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "sh": SH,
    "skos": SKOS,
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
"""Prefixes of every output and every stored query; `:` is not used."""

NAME_PREFIXES: Final[dict[str, str]] = {**PREFIXES, "wd": "http://www.wikidata.org/entity/"}
"""Prefixes of names that are typed and shown; files are written without that of Wikidata."""


def graph_iri(path: str) -> str:
    """Return the IRI of the named graph `graph/PATH`."""
    return f"{BASE}graph/{path}"


ONTOLOGY_GRAPH: Final = graph_iri("ontology")
INFERRED_GRAPH: Final = graph_iri("inferred")
METADATA_GRAPH: Final = graph_iri("metadata")
COMMONS_GRAPH: Final = graph_iri("commons")
"""The graph of what any study may refer to without describing it."""
ENGINE_GRAPHS: Final = frozenset({ONTOLOGY_GRAPH, INFERRED_GRAPH, METADATA_GRAPH, COMMONS_GRAPH})
