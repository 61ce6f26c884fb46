"""The words of RDF, RDFS, OWL and SHACL as terms: `owl.inverseOf`, `sh["not"]`."""

from typing import Final

import pyoxigraph as ox

from govgraph.vocabulary import OWL, RDF, RDFS, SH, XSD


class Namespace:
    """Makes terms of one namespace by attribute."""

    def __init__(self, iri: str):
        self._iri = iri

    def __getattr__(self, name: str) -> ox.NamedNode:
        term = ox.NamedNode(self._iri + name)
        setattr(self, name, term)
        return term

    def __getitem__(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(self._iri + name)


rdf: Final = Namespace(RDF)
rdfs: Final = Namespace(RDFS)
owl: Final = Namespace(OWL)
xsd: Final = Namespace(XSD)
sh: Final = Namespace(SH)
