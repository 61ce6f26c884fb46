"""Each passage as a nanopublication: what it states, where that stands, who publishes it.

http://nanopub.net/guidelines/working_draft/. No time is in it but what a study says of itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from govgraph.coding.study import Study
from govgraph.explanation.proof import documents
from govgraph.files import written_whole
from govgraph.rdf.namespaces import Namespace, owl, rdf
from govgraph.rdf.writing import sorted_quads
from govgraph.vocabulary import DCTERMS, METADATA_GRAPH, PREFIXES

NANOPUBLICATIONS: Final = "nanopublications.trig"
_NP, _PROV = Namespace("http://www.nanopub.org/nschema#"), Namespace(PREFIXES["prov"])
_DCTERMS = Namespace(DCTERMS)
_OF_ALL = ("creator", "publisher", "license", "issued", "modified")
"""What the description of a study says of each of its nanopublications, too, with its version."""


def write_nanopublications(store: ox.Store, studies: Sequence[Study], path: Path) -> None:
    """Write the passages of a graph as TriG, in the order of their names."""
    graphs = sorted(graph.value for graph in store.named_graphs())
    quads = (
        quad
        for study in studies
        for graph in graphs
        if graph.startswith(f"{study.base}passage/")
        for quad in _nanopublication(store, study, ox.NamedNode(graph))
    )
    with written_whole(path) as stream:
        ox.serialize(quads, stream, format=ox.RdfFormat.TRIG, prefixes=PREFIXES)


def _nanopublication(store: ox.Store, study: Study, passage: ox.NamedNode) -> list[ox.Quad]:
    """Return the four graphs of a nanopublication, sorted."""
    this = ox.NamedNode(f"{study.base}nanopublication/{passage.value[len(study.base) + 8 :]}")
    names = ("Head", "assertion", "provenance", "pubinfo")
    head, assertion, provenance, info = (ox.NamedNode(f"{this.value}#{name}") for name in names)
    parts = (_NP.hasAssertion, _NP.hasProvenance, _NP.hasPublicationInfo)
    match, dataset = store.quads_for_pattern, ox.NamedNode(study.dataset)
    told = [
        quad
        for name in (owl.versionInfo, *map(_DCTERMS.__getitem__, _OF_ALL))
        for quad in match(dataset, name, None, ox.NamedNode(METADATA_GRAPH))
    ]
    stated = match(None, None, None, passage)
    works = map(ox.NamedNode, documents(store, passage.value))
    quads = [
        ox.Quad(this, rdf.type, _NP.Nanopublication, head),
        *map(ox.Quad, [this] * 3, parts, (assertion, provenance, info), [head] * 3),
        *(ox.Quad(q.subject, q.predicate, q.object, assertion) for q in stated),
        ox.Quad(assertion, _PROV.wasDerivedFrom, passage, provenance),
        *(ox.Quad(assertion, _PROV.hadPrimarySource, work, provenance) for work in works),
        ox.Quad(this, _DCTERMS.isPartOf, dataset, info),
        *(ox.Quad(this, quad.predicate, quad.object, info) for quad in told),
    ]
    return sorted_quads(quads)
