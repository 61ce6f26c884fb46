"""The words of RDF, RDFS, OWL, SHACL and govgraph as terms: `owl.inverseOf`, `sh["not"]`."""

from typing import Final

import pyoxigraph as ox

from govgraph.vocabulary import GG, OWL, RDF, RDFS, SH


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
sh: Final = Namespace(SH)
gg: Final = Namespace(GG)
