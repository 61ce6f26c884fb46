"""Terms as readers see them, in the order of SPARQL, as plain Python values, and compared by value.

Engines write one number in several ways (1.0, 1, 1.00; pyoxigraph canonicalises, rdflib keeps) and
carry decimals to different lengths; language tags are case-insensitive (RDF 1.1 Concepts, 3.3).
"""

import contextlib
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from functools import partial
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.rdf.names import NAMES, Names
from govgraph.rdf.terms import Term
from govgraph.reasoning.datatypes import INTEGERS, LEXICAL
from govgraph.vocabulary import XSD

Value: TypeAlias = str | int | Decimal | float | bool | date | None
"""A plain Python value of a term; a `datetime` is a `date` too."""

_DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT: Final = rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"


def _whole(fits: Callable[[str], bool], text: str) -> int | str:
    return int(text) if fits(text) else text


_READERS: Final[dict[str, tuple[str, Callable[[str], Value]]]] = {
    **{kind: (r"[+-]?[0-9]+", partial(_whole, LEXICAL[kind])) for kind in INTEGERS},
    f"{XSD}decimal": (_DECIMAL, Decimal),
    f"{XSD}double": (_FLOAT, float),
    f"{XSD}float": (_FLOAT, float),
    f"{XSD}boolean": ("true|false|1|0", lambda text: text in ("true", "1")),
    f"{XSD}gYear": (r"-?[0-9]{4,}", int),
    f"{XSD}date": (
        r"(.{10})(?:Z|[+-][0-9]{2}:[0-9]{2})?",
        lambda text: date.fromisoformat(text[:10]),
    ),
    f"{XSD}dateTime": (".+", datetime.fromisoformat),
}
"""Datatype -> what its texts look like, and what makes a value of them."""


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
    if term is None or isinstance(term, BlankNode | NamedNode):
        return (0, "") if term is None else (1 + isinstance(term, NamedNode), term.value)
    return (3 if isinstance(term, Literal) else 4, str(term))


def to_python(term: Term | None) -> Value:
    """Return the plain Python value of a term.

    IRI -> str; blank node -> "_:id"; literal -> int (a year too), Decimal, float, bool, date (its
    zone is left out) or datetime by its datatype, else (also where the text does not fit its
    datatype) its text; unbound -> None.
    """
    match term:
        case None:
            return None
        case NamedNode():
            return term.value
        case Literal():
            if term.datatype.value not in _READERS:
                return term.value
            pattern, read = _READERS[term.datatype.value]
            try:
                return read(term.value) if re.fullmatch(pattern, term.value) else term.value
            except ValueError:  # a day that no month has; more digits than Python reads
                return term.value
        case _:
            return display(term)


def is_number(value: Value) -> bool:
    """Tell whether a plain value is a number (a boolean is not)."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def order_key(term: Term | None) -> tuple[int, Any, Any]:
    """Return what sorts terms as `queries.engine` has ORDER BY sort them."""
    if not isinstance(term, Literal):
        return (*sort_key(term), "")
    value, kind = to_python(term), term.datatype.value
    if is_number(value) and not kind.endswith("#gYear"):
        return (3, math.inf, 1) if str(value).lower() == "nan" else (3, value, 0)
    with contextlib.suppress(ValueError):
        if kind in {f"{XSD}date", f"{XSD}dateTime"}:
            day, time = term.value[:10], term.value[10:]
            read = datetime.fromisoformat(day + (time if "T" in time else f"T00:00:00{time}"))
            moment = read if read.tzinfo else read.replace(tzinfo=UTC)
            return (4, kind, (moment, term.value))
        if kind == f"{XSD}time":
            return (4, kind, term.value)
    return (
        6 if kind.endswith("uration") or "#g" in kind else 5,
        term.value,
        f"{kind} {term.language}",
    )


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
    if isinstance(value, int | float | Decimal) and not literal.datatype.value.endswith("#gYear"):
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
