"""RDF terms for people and for Python: short names, plain values, terms of rdflib."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.errors import GovgraphError
from govgraph.rdf.terms import Term
from govgraph.vocabulary import BASE, PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Callable


Value: TypeAlias = str | int | Decimal | float | bool | date | None
"""A plain Python value of a term; a `datetime` is a `date` too."""

_NAMESPACES: Final = sorted(
    ((iri, prefix) for prefix, iri in PREFIXES.items()), key=lambda pair: (-len(pair[0]), pair[0])
)
_LOCAL_NAME: Final = re.compile(r"\w(?:[\w.-]*[\w-])?")  # needs no escape after a prefix
_PATH: Final = re.compile(r"[^\s<>\"{}|\\^`]+")

_INTEGERS: Final = frozenset(
    f"{XSD}{name}"
    for name in (
        "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort",
        "unsignedByte",
    )
)  # fmt: skip


def shorten(iri: str, base: str = BASE) -> str:
    """Return `iri` as a CURIE of a known prefix, as the path after `base`, or as it is."""
    for namespace, prefix in _NAMESPACES:
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    if iri.startswith(base) and _PATH.fullmatch(iri, len(base)):
        return iri[len(base) :]
    return iri


def display(term: Term | None) -> str:
    """Return the text a reader sees: short IRIs, values without tag or datatype, "" if unbound."""
    match term:
        case None:
            return ""
        case NamedNode():
            return shorten(term.value)
        case Literal():
            return term.value
        case BlankNode():
            return f"_:{term.value}"
        case _:
            parts = (display(part) for part in (term.subject, term.predicate, term.object))
            return f"<<( {' '.join(parts)} )>>"


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", text):
        raise ValueError(text)
    return Decimal(text)


def _float(text: str) -> float:
    if not re.fullmatch(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF)|NaN", text):
        raise ValueError(text)
    return float(text)


_READERS: Final[dict[str, Callable[[str], Value]]] = {
    **dict.fromkeys(_INTEGERS, _integer),
    f"{XSD}decimal": _decimal,
    f"{XSD}double": _float,
    f"{XSD}float": _float,
    f"{XSD}boolean": _boolean,
    f"{XSD}date": date.fromisoformat,
    f"{XSD}dateTime": datetime.fromisoformat,
}


def to_python(term: Term | None) -> Value:
    """Return the plain Python value of a term.

    IRI -> str; blank node -> "_:id"; literal -> int, Decimal, float, bool, date or datetime by its
    datatype, else (also where the text does not fit its datatype) its text; unbound -> None.
    """
    match term:
        case None:
            return None
        case NamedNode():
            return term.value
        case Literal():
            reader = _READERS.get(term.datatype.value)
            try:
                return reader(term.value) if reader else term.value
            except (ValueError, KeyError, InvalidOperation):
                return term.value
        case _:
            return display(term)


def is_number(value: Value) -> bool:
    """Tell whether a plain value is a number (a boolean is not)."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


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
