"""RDF terms: as a reader sees them, and in the order of SPARQL."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term


def display(term: Term | None, names: Names = NAMES) -> str:
    """Return the text a reader sees: short IRIs, values without tag or datatype, "" if unbound."""
    match term:
        case None:
            return ""
        case NamedNode():
            return names.shorten(term.value)
        case Literal():
            return term.value
        case BlankNode():
            return f"_:{term.value}"
        case _:
            parts = (display(part, names) for part in (term.subject, term.predicate, term.object))
            return f"<<( {' '.join(parts)} )>>"


def sort_key(term: Term | None) -> tuple[int, str]:
    """Order terms as SPARQL orders kinds: unbound, blank nodes, IRIs, literals, triple terms."""
    match term:
        case None:
            return (0, "")
        case BlankNode():
            return (1, term.value)
        case NamedNode():
            return (2, term.value)
        case Literal():
            return (3, str(term))
        case _:
            return (4, str(term))
