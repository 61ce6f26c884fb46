"""Measures written back as an RDF Data Cube (https://www.w3.org/TR/vocab-data-cube/).

Each value is an observation: of which node, of which measure, in which years if the network was
cut into windows. Read back with --data, SPARQL can ask for the most central actor:

    PREFIX nm: <https://w3id.org/govgraph/network-measure/>
    PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
    SELECT ?actor ?value { ?o nm:node ?actor ; nm:measure nm:betweenness ;
                              sdmx-measure:obsValue ?value } ORDER BY DESC(?value) LIMIT 1

The measure is a dimension, not a property of its own, so that an undefined value (the constraint
of an isolate) is an observation left out and the cube stays well-formed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from govgraph.errors import UsageError
from govgraph.network.measures.centrality import Measures
from govgraph.network.measures.registry import MEASURES
from govgraph.rdf.names import Names
from govgraph.vocabulary import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Hashable

    import networkx as nx

TERMS: Final = f"{BASE}network-measure/"
"""Namespace of the dimensions and of the measures, which are concepts."""

_NAMES: Final = Names(BASE, {**PREFIXES, "nm": TERMS})
_TYPE, _OBSERVATION, _DATA_SET, _NODE, _MEASURE, _NOTE, _VALUE, _PERIOD = (
    NamedNode(_NAMES.expand(name))
    for name in ("rdf:type", "qb:Observation", "qb:dataSet", "nm:node", "nm:measure", "nm:note",
                 "sdmx-measure:obsValue", "sdmx-dimension:refPeriod")
)  # fmt: skip

# In Turtle: `in:` are the components of the structure, whose IRI is the base.
_STRUCTURE: Final = """
<> a qb:DataStructureDefinition ; qb:component in:node, in:measure, in:value .
in:node a qb:ComponentSpecification ; qb:dimension nm:node ; qb:componentProperty nm:node .
in:measure a qb:ComponentSpecification ; qb:dimension nm:measure ; qb:componentProperty nm:measure .
in:value a qb:ComponentSpecification ;
  qb:measure sdmx-measure:obsValue ; qb:componentProperty sdmx-measure:obsValue .
nm:node a qb:DimensionProperty, qb:ComponentProperty ; rdfs:range rdfs:Resource ;
  rdfs:label "Node measured"@en, "Nodo medido"@es .
nm:measure a qb:DimensionProperty, qb:ComponentProperty, qb:CodedProperty ;
  rdfs:range skos:Concept ; qb:codeList nm:scheme ; rdfs:label "Measure"@en, "Medida"@es .
sdmx-measure:obsValue a qb:MeasureProperty, qb:ComponentProperty .
nm:scheme a skos:ConceptScheme ; rdfs:label "Measures of nodes"@en, "Medidas de nodos"@es .
"""
_YEARS: Final = """
<> qb:component in:years .
in:years a qb:ComponentSpecification ;
  qb:dimension sdmx-dimension:refPeriod ; qb:componentProperty sdmx-dimension:refPeriod .
sdmx-dimension:refPeriod a qb:DimensionProperty, qb:ComponentProperty ; rdfs:range xsd:string .
"""
_NOTES: Final = """
<> qb:component in:note .
in:note a qb:ComponentSpecification ; qb:componentRequired false ;
  qb:attribute nm:note ; qb:componentProperty nm:note .
nm:note a qb:AttributeProperty, qb:ComponentProperty ;
  rdfs:label "How it was computed"@en, "Cómo se calculó"@es .
"""

MeasuredNetworks: TypeAlias = Iterable[tuple["nx.Graph", Measures, str]]
"""Networks with their measures and years such as "1990-1994", "" for a network of all years."""


def observations(networks: MeasuredNetworks, name: str) -> Iterator[Triple]:
    """Yield the triples of a data set of measures of the network `name`, structure included.

    Raises UsageError for a node that is no IRI, of which RDF can say nothing.
    """
    data_set = NamedNode(f"{BASE}network-measures/{quote(name)}")
    used: set[str] = set()
    timed = noted = False
    for graph, measures, years in networks:
        timed, noted = timed or bool(years), noted or bool(measures.notes)
        used.update(measures.values)
        for measure, values in measures.values.items():
            note = measures.notes.get(measure)
            for node, value in values.items():
                if value is None:
                    continue
                path = "/".join((measure, quote(str(node), safe="/"), *([years] if years else [])))
                observation = NamedNode(f"{data_set.value}/{path}")
                yield Triple(observation, _TYPE, _OBSERVATION)
                yield Triple(observation, _DATA_SET, data_set)
                yield Triple(observation, _NODE, _iri(node, graph.nodes[node].get("iri")))
                yield Triple(observation, _MEASURE, NamedNode(TERMS + measure))
                yield Triple(observation, _VALUE, _literal(value))
                if years:
                    yield Triple(observation, _PERIOD, Literal(years))
                if note:
                    yield Triple(observation, _NOTE, Literal(note, language="en"))
    yield from _data_set(data_set, name, sorted(used), timed=timed, noted=noted)


def _iri(node: Hashable, iri: str | None) -> NamedNode:
    if iri is None:
        raise UsageError(f"The node {node!r} is no IRI, so RDF can say nothing of it.")
    return NamedNode(iri)


def _literal(value: float | int) -> Literal:
    if isinstance(value, int):
        return Literal(value)
    return Literal(repr(float(value)), datatype=NamedNode(_NAMES.expand("xsd:double")))


def _data_set(
    data_set: NamedNode, name: str, measures: Iterable[str], *, timed: bool, noted: bool
) -> Iterator[Triple]:
    """Yield the data set, its structure, and the measures used as a code list."""
    structure = f"{TERMS}structure/{quote(name)}"
    english = Literal(f"Measures of the network {name!r}", language="en")
    spanish = Literal(f"Medidas de la red {name!r}", language="es")
    prefixes = {**_NAMES.prefixes, "in": f"{structure}/"}
    parts = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items()]
    parts.append(f"{data_set} a qb:DataSet ; qb:structure <> ; rdfs:label {english}, {spanish} .")
    parts += [_STRUCTURE, _YEARS if timed else "", _NOTES if noted else ""]
    for measure in measures:
        label = Literal(measure.replace("_", " "), language="en")
        meaning = Literal(MEASURES[measure].meaning, language="en")
        parts.append(
            f"nm:{measure} a skos:Concept ; skos:inScheme nm:scheme ; skos:prefLabel {label} ;"
            f" skos:notation {Literal(measure)} ; skos:definition {meaning} .\n"
        )
    quads = ox.parse("".join(parts), format=ox.RdfFormat.TURTLE, base_iri=structure)
    yield from (quad.triple for quad in quads)
