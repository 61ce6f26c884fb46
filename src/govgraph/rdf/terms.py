"""The terms of RDF: their types (pyoxigraph's share no base class), words, the members of lists.

The words of RDF, RDFS, OWL, SHACL and govgraph are written `owl.inverseOf`, `sh["not"]`.
"""

from typing import Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from govgraph.vocabulary import GG, OWL, RDF, RDFS, SH

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
"""What a query can answer, and the object of a triple."""

Subject: TypeAlias = NamedNode | BlankNode | Triple
GraphName: TypeAlias = NamedNode | BlankNode | DefaultGraph


class Namespace:
    """Makes terms of one namespace by attribute."""

    def __init__(self, iri: str):
        self._iri = iri

    def __getattr__(self, name: str) -> NamedNode:
        term = NamedNode(self._iri + name)
        setattr(self, name, term)
        return term

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self._iri + name)


rdf: Final = Namespace(RDF)
rdfs: Final = Namespace(RDFS)
owl: Final = Namespace(OWL)
sh: Final = Namespace(SH)
gg: Final = Namespace(GG)


def members(source: Store, head: Term | None) -> list[Term]:
    """Return the members of the list (RDF Schema 1.1, section 5.2) that begins at `head`.

    They may lie in any graph. A broken or circular list ends where it breaks; None and a literal
    are the head of no list.
    """
    result: list[Term] = []
    visited: set[Term] = set()
    while isinstance(head, NamedNode | BlankNode) and head != rdf.nil and head not in visited:
        visited.add(head)
        first = next(iter(source.quads_for_pattern(head, rdf.first, None, None)), None)
        rest = next(iter(source.quads_for_pattern(head, rdf.rest, None, None)), None)
        if first is None:
            break
        result.append(first.object)
        head = rest.object if rest else None
    return result
