"""RDF lists: from the head of a collection to its members (RDF Schema 1.1, section 5.2)."""

import pyoxigraph as ox

from govgraph.rdf.namespaces import rdf
from govgraph.rdf.terms import Term


def members(source: ox.Store, head: Term | None) -> list[Term]:
    """Return the members of the list that begins at `head`, in any graph of the source.

    A broken or circular list ends where it breaks; None and a literal are the head of no list.
    """
    result: list[Term] = []
    visited: set[Term] = set()
    while isinstance(head, ox.NamedNode | ox.BlankNode) and head != rdf.nil and head not in visited:
        visited.add(head)
        first = next(iter(source.quads_for_pattern(head, rdf.first, None, None)), None)
        rest = next(iter(source.quads_for_pattern(head, rdf.rest, None, None)), None)
        if first is None:
            break
        result.append(first.object)
        head = rest.object if rest else None
    return result
