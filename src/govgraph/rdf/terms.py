"""The types of RDF terms (pyoxigraph's share no base class), and the members of a list."""

from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from govgraph.rdf.namespaces import rdf

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
"""What a query can answer, and the object of a triple."""

Subject: TypeAlias = NamedNode | BlankNode | Triple
GraphName: TypeAlias = NamedNode | BlankNode | DefaultGraph


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
