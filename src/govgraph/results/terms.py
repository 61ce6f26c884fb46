"""RDF terms: as a reader sees them, in the order of SPARQL, and those of rdflib."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.errors import GovgraphError
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


def from_rdflib(node: Any) -> Term | None:
    """Return the pyoxigraph term of an rdflib node, its text kept as rdflib holds it.

    Raises GovgraphError for an IRI or language tag that no RDF document may hold.
    """
    import rdflib

    try:
        match node:
            case None:
                return None
            case rdflib.URIRef():
                return NamedNode(str(node))
            case rdflib.BNode():
                return BlankNode(str(node))
            case rdflib.Literal() if node.language:
                return Literal(str(node), language=node.language)
            case rdflib.Literal() if node.datatype:
                text = str(node)
                if isinstance(node.value, Decimal) and "E" in text:
                    text = format(node.value, "f")  # rdflib writes 1E-8, which is no xsd:decimal
                return Literal(text, datatype=NamedNode(str(node.datatype)))
            case rdflib.Literal():
                return Literal(str(node))
    except ValueError as error:
        raise GovgraphError(f"{str(node)!r} is not a term RDF allows: {error}.") from None
    raise GovgraphError(f"{node!r} is not a term of RDF: expected an IRI, blank node or literal.")
