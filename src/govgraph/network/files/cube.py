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

from collections.abc import Hashable, Iterable, Iterator
from importlib.resources import files
from string import Template
from typing import Final, TypeAlias
from urllib.parse import quote

import networkx as nx
import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from govgraph.errors import UsageError
from govgraph.network.measures.centrality import Measures
from govgraph.network.measures.registry import MEASURES
from govgraph.rdf.names import Names
from govgraph.texts.languages import LANGUAGES
from govgraph.texts.translations import N_, translations
from govgraph.vocabulary import BASE, PREFIXES

TERMS: Final = f"{BASE}network-measure/"
"""Namespace of the dimensions and of the measures, which are concepts."""

_NAMES: Final = Names(BASE, {**PREFIXES, "nm": TERMS})
_TYPE, _OBSERVATION, _DATA_SET, _NODE, _MEASURE, _NOTE, _VALUE, _PERIOD = (
    NamedNode(_NAMES.expand(name))
    for name in ("rdf:type", "qb:Observation", "qb:dataSet", "nm:node", "nm:measure", "nm:note",
                 "sdmx-measure:obsValue", "sdmx-dimension:refPeriod")
)  # fmt: skip

_STRUCTURE: Final = files("govgraph.network.files") / "cube.ttl"
"""The structure of a data set in three parts: of any, of one with years, of one with notes."""
_LABELS: Final = {
    "node": N_("Node measured"), "measure": N_("Measure"), "scheme": N_("Measures of nodes"),
    "note": N_("How it was computed"), "data_set": N_("Measures of the network '%(name)s'"),
}  # fmt: skip

MeasuredNetworks: TypeAlias = Iterable[tuple["nx.Graph", Measures, str]]
"""Networks with their measures and years such as "1990-1994", "" for a network of all years."""


def observations(networks: MeasuredNetworks, name: str, base: str = BASE) -> Iterator[Triple]:
    """Yield the triples of a data set of measures of the network `name`, structure included.

    `base` is that of the study, below which the data set has its IRI.

    Raises UsageError for a node that is no IRI, of which RDF can say nothing.
    """
    data_set = NamedNode(f"{base}network-measures/{quote(name)}")
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


def _in_every_language(message: str, name: str) -> str:
    """Return a text of the interface as literals of Turtle, one in each language."""
    texts = {tag: translations(tag).gettext(message) % {"name": name} for tag in LANGUAGES}
    return ", ".join(str(Literal(text, language=tag)) for tag, text in texts.items())


def _data_set(
    data_set: NamedNode, name: str, measures: Iterable[str], *, timed: bool, noted: bool
) -> Iterator[Triple]:
    """Yield the data set, its structure, and the measures used as a code list."""
    structure = f"{TERMS}structure/{quote(name)}"
    labels = {what: _in_every_language(message, name) for what, message in _LABELS.items()}
    prefixes = {**_NAMES.prefixes, "in": f"{structure}/"}
    parts = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items()]
    parts.append(f"{data_set} a qb:DataSet ; qb:structure <> ; rdfs:label $data_set .\n")
    any_set, of_years, of_notes = _STRUCTURE.read_text("utf-8").split("\n\n")
    parts += [any_set, of_years if timed else "", of_notes if noted else ""]
    for measure in measures:
        label = Literal(measure.replace("_", " "), language="en")
        meaning = Literal(MEASURES[measure].meaning, language="en")
        parts.append(
            f"nm:{measure} a skos:Concept ; skos:inScheme nm:scheme ; skos:prefLabel {label} ;"
            f" skos:notation {Literal(measure)} ; skos:definition {meaning} .\n"
        )
    text = Template("".join(parts)).safe_substitute(labels)
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=structure)
    yield from (quad.triple for quad in quads)
