"""Answers compared by value, so that two engines can be held to one answer.

Engines write one number in several ways (1.0, 1, 1.00; pyoxigraph canonicalises, rdflib keeps) and
carry decimals to different lengths; language tags are case-insensitive (RDF 1.1 Concepts, 3.3).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.rdf.terms import Term
from govgraph.results.terms import to_python

if TYPE_CHECKING:
    from govgraph.results.result import Result

CanonicalTerm: TypeAlias = tuple[str, ...]

# Twelve digits tell any two figures of the data apart and hide where an engine cuts an average.
_DIGITS: Final = Context(prec=12)


def _canonical_number(value: int | Decimal | float) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return str(number)
    if number == number.to_integral_value():
        return str(int(number))
    return format(number.normalize(_DIGITS), "f")


def _canonical_literal(literal: Literal) -> CanonicalTerm:
    value = to_python(literal)
    if isinstance(value, bool):
        return ("boolean", str(value).lower())
    if isinstance(value, int | float | Decimal):
        return ("number", _canonical_number(value))
    if isinstance(value, datetime):
        return ("instant", (value.astimezone(UTC) if value.tzinfo else value).isoformat())
    return ("literal", literal.value, (literal.language or "").lower(), literal.datatype.value)


def canonical_term(term: Term | None) -> CanonicalTerm:
    """Return a tuple of strings, the same for terms of the same value.

    Numbers are equal by value whatever their type (to 12 significant digits unless whole), language
    tags whatever their case, instants whatever their zone; all blank nodes are one.
    """
    match term:
        case None:
            return ()
        case NamedNode():
            return ("iri", term.value)
        case BlankNode():
            return ("blank",)
        case Literal():
            return _canonical_literal(term)
        case _:
            parts = (term.subject, term.predicate, term.object)
            return ("triple", *(text for part in parts for text in canonical_term(part)))


def canonical_rows(result: Result) -> list[tuple[CanonicalTerm, ...]]:
    """Return the rows as canonical terms, columns by name and rows sorted: a multiset by value."""
    order = sorted(range(len(result.columns)), key=result.columns.__getitem__)
    return sorted(tuple(canonical_term(row[i]) for i in order) for row in result.rows)


def same_answer(one: Result, other: Result) -> bool:
    """Tell whether two results have the same kind, columns and rows by value, in any order."""
    return (
        one.kind == other.kind
        and sorted(one.columns) == sorted(other.columns)
        and canonical_rows(one) == canonical_rows(other)
    )
