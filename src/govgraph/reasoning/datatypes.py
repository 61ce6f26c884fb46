"""The datatypes of OWL 2 RL: which contains which, and when two literals differ in value.

Literals are compared by value: OWL 2 (Structural Specification, section 4) gives decimals one
value space, shared by all integer types, and keeps it apart from float, double and strings.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from ctypes import c_float
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from govgraph.vocabulary import OWL, RDF, RDFS, XSD

_BITS: Final = {"long": 64, "int": 32, "short": 16, "byte": 8}
INTEGER_BOUNDS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in _BITS.items()},
    **{f"unsigned{name.title()}": (0, 2**bits - 1) for name, bits in _BITS.items()},
}
STRINGS: Final = ("string", "normalizedString", "token", "language", "NMTOKEN", "Name", "NCName")
INTEGERS: Final = frozenset(XSD + name for name in INTEGER_BOUNDS)
_DECIMAL: Final = INTEGERS | {f"{XSD}decimal"}
NUMERIC: Final = _DECIMAL | {f"{OWL}rational", f"{OWL}real"}
TEXTS: Final = frozenset(XSD + name for name in STRINGS)
ALONE: Final = (
    *(f"{XSD}{name}" for name in ("NCName", "language", "anyURI", "hexBinary", "base64Binary")),
    *(f"{XSD}{name}" for name in ("float", "double", "boolean", "date", "dateTimeStamp", "time")),
    *(f"{XSD}{name}" for name in ("gYear", "gYearMonth", "gMonthDay", "gDay")),
    *(f"{RDF}langString", f"{RDF}XMLLiteral"),
)
"""Datatypes that contain no other."""

_NAME: Final = frozenset({f"{XSD}Name", f"{XSD}NCName"})
_TOKEN: Final = frozenset(XSD + name for name in STRINGS[2:])
DATATYPES: Final = {
    **{iri: frozenset({iri}) for iri in (*INTEGERS, *ALONE)},
    f"{XSD}decimal": _DECIMAL,
    f"{OWL}rational": _DECIMAL | {f"{OWL}rational"},
    f"{OWL}real": NUMERIC,
    f"{XSD}Name": _NAME,
    f"{XSD}NMTOKEN": _NAME | {f"{XSD}NMTOKEN"},
    f"{XSD}token": _TOKEN,
    f"{XSD}normalizedString": _TOKEN | {f"{XSD}normalizedString"},
    f"{XSD}string": TEXTS,
    f"{RDF}PlainLiteral": TEXTS | {f"{RDF}langString", f"{RDF}PlainLiteral"},
    f"{XSD}dateTime": frozenset({f"{XSD}dateTime", f"{XSD}dateTimeStamp"}),
}
"""Datatype -> the datatypes it contains by definition. rdfs:Literal contains every literal, and
which numbers an integer type contains their values tell."""


WRITTEN_IN_SEVERAL_WAYS: Final = frozenset(
    {XSD + name for name in ("dateTime", "dateTimeStamp", "time", "base64Binary")}
    | {f"{RDF}XMLLiteral"}
)
"""Datatypes of which two texts may be one value."""


def is_datatype(iri: str) -> bool:
    """Whether an IRI names a datatype that rules know."""
    return iri in DATATYPES or iri == f"{RDFS}Literal"


def is_in(literal: ox.Literal, datatype: str) -> bool:
    """Whether the value of a literal lies in `datatype`; an ill-typed literal lies in none."""
    if not is_well_typed(literal):
        return False
    own = literal.datatype.value
    if datatype in INTEGERS and own in NUMERIC:
        number = _number(literal)  # 5 is an xsd:byte however it was written
        if number is None or number != number.to_integral_value():
            return False
        return _is_between(number, *INTEGER_BOUNDS[datatype[len(XSD) :]])
    return datatype == f"{RDFS}Literal" or own in DATATYPES.get(datatype, (datatype,))


def _is_between(number: Decimal, low: int | None, high: int | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def value_of(literal: ox.Literal) -> tuple[str, object] | None:
    """Return value space and value of a literal, or None where they are not known."""
    kind, text = literal.datatype.value, literal.value
    if not (is_datatype(kind) and is_well_typed(literal)):
        return None
    value: object = text
    if kind in NUMERIC:
        kind, value = "number", _number(literal)  # none of an owl:rational
    elif kind in TEXTS:
        kind = "text"
    elif literal.language:
        value = (text, literal.language.lower())
    elif kind == f"{XSD}double":
        value = repr(float(text))  # NaN is itself, and 0 not -0 (Structural Specification, 4.2)
    elif kind == f"{XSD}float":
        value = repr(c_float(float(text)).value)
    elif kind == f"{XSD}boolean":
        value = text in ("true", "1")
    elif kind == f"{XSD}hexBinary":
        value = text.upper()
    elif kind in WRITTEN_IN_SEVERAL_WAYS:
        value = None
    elif kind.startswith((f"{XSD}date", f"{XSD}g")):
        value = re.sub(r"[+-]00:00$", "Z", text)
    return None if value is None else (kind, value)


def is_well_typed(literal: ox.Literal) -> bool:
    """Whether the text of a literal is in the lexical space of its datatype."""
    check = LEXICAL.get(literal.datatype.value)
    return check is None or check(literal.value)


def _number(literal: ox.Literal) -> Decimal | None:
    try:
        return Decimal(literal.value)
    except InvalidOperation:
        return None


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _integer(low: int | None, high: int | None) -> Callable[[str], bool]:
    is_integer = _matches(r"[+-]?[0-9]+")
    return lambda text: is_integer(text) and _is_between(Decimal(text), low, high)


def _date(text: str) -> bool:
    match = re.fullmatch(r"-?(\d{4,})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?", text)
    year, month, day = map(int, match.groups()[:3]) if match else (0, 0, 0)
    # leap years repeat after 400
    return 1 <= month <= 12 and 1 <= day <= monthrange(year % 400 + 2000, month)[1]


_FLOAT: Final = _matches(r"[+-]?INF|NaN|[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
TIME: Final = r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
LEXICAL: Final[dict[str, Callable[[str], bool]]] = {
    **{XSD + name: _integer(low, high) for name, (low, high) in INTEGER_BOUNDS.items()},
    f"{XSD}decimal": _matches(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    f"{XSD}float": _FLOAT,
    f"{XSD}double": _FLOAT,
    f"{XSD}boolean": _matches("true|false|0|1"),
    f"{XSD}date": _date,
    f"{XSD}dateTime": lambda text: (
        "T" in text and _date(text.partition("T")[0]) and _matches(TIME)(text.partition("T")[2])
    ),
    f"{XSD}hexBinary": _matches("([0-9a-fA-F]{2})*"),
    f"{XSD}language": _matches("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
}
"""Datatype -> whether a text is one of its literals; datatypes that take any text are absent."""
