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

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from govgraph.errors import UsageError
from govgraph.network.measures.centrality import Measures
from govgraph.network.measures.registry import MEASURES
from govgraph.vocabulary import BASE, PREFIXES, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Hashable

    import networkx as nx

TERMS: Final = f"{BASE}network-measure/"
"""Namespace of the dimensions and of the measures, which are concepts."""

_QB: Final = PREFIXES["qb"]
_VALUE: Final = NamedNode(f"{PREFIXES['sdmx-measure']}obsValue")
_PERIOD: Final = NamedNode(f"{PREFIXES['sdmx-dimension']}refPeriod")
_NODE, _MEASURE, _NOTE = (NamedNode(f"{TERMS}{name}") for name in ("node", "measure", "note"))
_TYPE, _LABEL = NamedNode(f"{RDF}type"), NamedNode(f"{RDFS}label")

_LABEL_PROPAGATION: Final = (
    "number of the node's community by label propagation, 1 being the largest"
)

Taken: TypeAlias = Iterable[tuple["nx.Graph", Measures, str]]
"""Networks with their measures and years such as "1990-1994", "" for a network of all years."""


def observations(taken: Taken, name: str) -> Iterator[Triple]:
    """Yield the triples of a data set of measures of the network `name`, structure included.

    Raises UsageError for a node that is no IRI, of which RDF can say nothing.
    """
    used: set[str] = set()
    timed = noted = False
    for graph, measures, years in taken:
        timed = timed or bool(years)
        noted = noted or bool(measures.notes)
        used.update(measures.values)
        for measure, values in measures.values.items():
            note = measures.notes.get(measure)
            for node, value in values.items():
                if value is not None:
                    iri = _iri(graph.nodes, node)
                    yield from observation(
                        name, str(node), iri, measure, value, years=years, note=note
                    )
    yield from data_set(name, used, timed=timed, noted=noted)


def observation(
    name: str,
    node: str,
    iri: NamedNode,
    measure: str,
    value: float | int,
    *,
    years: str = "",
    note: str | None = None,
) -> Iterator[Triple]:
    """Yield one value of one node: `node` is its short name, which names the observation."""
    slug = quote(name)
    parts = (slug, measure, quote(node, safe="/"), *([years] if years else []))
    observed = NamedNode(f"{BASE}network-measures/{'/'.join(parts)}")
    yield Triple(observed, _TYPE, NamedNode(f"{_QB}Observation"))
    yield Triple(observed, NamedNode(f"{_QB}dataSet"), _data_set(slug))
    yield Triple(observed, _NODE, iri)
    yield Triple(observed, _MEASURE, NamedNode(TERMS + measure))
    yield Triple(observed, _VALUE, _literal(value))
    if years:
        yield Triple(observed, _PERIOD, Literal(years))
    if note:
        yield Triple(observed, _NOTE, Literal(note, language="en"))


def data_set(
    name: str, used: Iterable[str], *, timed: bool = False, noted: bool = False
) -> Iterator[Triple]:
    """Yield the data set of a network, its structure, and the measures used as a code list."""
    slug = quote(name)
    dataset = _data_set(slug)
    yield Triple(dataset, _TYPE, NamedNode(f"{_QB}DataSet"))
    yield Triple(dataset, _LABEL, Literal(f"Measures of the network {name!r}", language="en"))
    yield Triple(dataset, _LABEL, Literal(f"Medidas de la red {name!r}", language="es"))
    structure = NamedNode(f"{TERMS}structure/{slug}")
    yield Triple(dataset, NamedNode(f"{_QB}structure"), structure)
    yield Triple(structure, _TYPE, NamedNode(f"{_QB}DataStructureDefinition"))
    yield from _structure(structure, timed=timed, noted=noted)
    yield from _codes(sorted(used))


def _data_set(slug: str) -> NamedNode:
    return NamedNode(f"{BASE}network-measures/{slug}")


def _iri(nodes: Mapping[Hashable, Mapping[str, object]], node: Hashable) -> NamedNode:
    iri = nodes[node].get("iri")
    if iri is None:
        raise UsageError(f"The node {node!r} is no IRI, so RDF can say nothing of it.")
    return NamedNode(str(iri))


def _literal(value: float | int) -> Literal:
    if isinstance(value, int):
        return Literal(value)
    return Literal(repr(float(value)), datatype=NamedNode(f"{XSD}double"))


def _structure(structure: NamedNode, *, timed: bool, noted: bool) -> Iterator[Triple]:
    """Yield the components: node, measure and years as dimensions, the value, a note."""
    components = [
        ("node", "dimension", _NODE, "Node measured", "Nodo medido"),
        ("measure", "dimension", _MEASURE, "Measure", "Medida"),
        ("value", "measure", _VALUE, "Value", "Valor"),
    ]
    if timed:
        components.append(("years", "dimension", _PERIOD, "Years", "Años"))
    if noted:
        components.append(("note", "attribute", _NOTE, "How it was computed", "Cómo se calculó"))
    for name, kind, term, english, spanish in components:
        specification = NamedNode(f"{structure.value}/{name}")
        yield Triple(structure, NamedNode(f"{_QB}component"), specification)
        yield Triple(specification, _TYPE, NamedNode(f"{_QB}ComponentSpecification"))
        yield Triple(specification, NamedNode(f"{_QB}{kind}"), term)
        yield Triple(specification, NamedNode(f"{_QB}componentProperty"), term)
        if kind == "attribute":
            required = NamedNode(f"{_QB}componentRequired")
            yield Triple(specification, required, Literal(False))
        yield Triple(term, _TYPE, NamedNode(f"{_QB}{kind.capitalize()}Property"))
        yield Triple(term, _TYPE, NamedNode(f"{_QB}ComponentProperty"))
        ranges = {_NODE: f"{RDFS}Resource", _MEASURE: f"{SKOS}Concept", _PERIOD: f"{XSD}string"}
        if term in ranges:
            yield Triple(term, NamedNode(f"{RDFS}range"), NamedNode(ranges[term]))
        if term.value.startswith(TERMS):
            yield Triple(term, _LABEL, Literal(english, language="en"))
            yield Triple(term, _LABEL, Literal(spanish, language="es"))


def _codes(used: Iterable[str]) -> Iterator[Triple]:
    """Yield the measures as concepts of a code list."""
    scheme = NamedNode(f"{TERMS}scheme")
    yield Triple(_MEASURE, _TYPE, NamedNode(f"{_QB}CodedProperty"))
    yield Triple(_MEASURE, NamedNode(f"{_QB}codeList"), scheme)
    yield Triple(scheme, _TYPE, NamedNode(f"{SKOS}ConceptScheme"))
    yield Triple(scheme, _LABEL, Literal("Measures of nodes", language="en"))
    yield Triple(scheme, _LABEL, Literal("Medidas de nodos", language="es"))
    for name in used:
        concept = NamedNode(TERMS + name)
        meaning = MEASURES[name].meaning if name in MEASURES else _LABEL_PROPAGATION
        yield Triple(concept, _TYPE, NamedNode(f"{SKOS}Concept"))
        yield Triple(concept, NamedNode(f"{SKOS}inScheme"), scheme)
        yield Triple(
            concept, NamedNode(f"{SKOS}prefLabel"), Literal(name.replace("_", " "), language="en")
        )
        yield Triple(concept, NamedNode(f"{SKOS}notation"), Literal(name))
        yield Triple(concept, NamedNode(f"{SKOS}definition"), Literal(meaning, language="en"))
