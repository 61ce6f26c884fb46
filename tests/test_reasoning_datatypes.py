"""Literals by value: what lies in a datatype, and which values differ."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from govgraph.reasoning.datatypes import DATATYPES, differ, is_datatype, is_in
from govgraph.vocabulary import OWL, RDF, RDFS, XSD
from rules_in_sparql import sparql_test


def literal(text: str, datatype: str = "") -> ox.Literal:
    if datatype.startswith("@"):
        return ox.Literal(text, language=datatype[1:])
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)) if datatype else ox.Literal(text)


INSIDE = [
    ("5", "integer", "integer"),
    ("5", "integer", "decimal"),
    ("5", "integer", "byte"),
    ("5.0", "decimal", "integer"),
    ("5", "unsignedByte", "short"),
    ("0", "integer", "nonNegativeInteger"),
    ("-1", "integer", "negativeInteger"),
    ("abc", "", "string"),
    ("abc", "token", "string"),
    ("2020-02-29", "date", "date"),
    ("1e3", "double", "double"),
    ("INF", "float", "float"),
    ("true", "boolean", "boolean"),
    ("2020-01-01T00:00:00Z", "dateTimeStamp", "dateTime"),
]
OUTSIDE = [
    ("abc", "", "integer"),
    ("5", "", "integer"),
    ("5.5", "decimal", "integer"),
    ("300", "integer", "unsignedByte"),
    ("-1", "integer", "nonNegativeInteger"),
    ("0", "integer", "positiveInteger"),
    ("5", "double", "integer"),
    ("5", "integer", "double"),
    ("5", "integer", "string"),
    ("abc", "@en", "string"),
    ("abc", "string", "token"),
    ("2021-02-29", "date", "date"),
    ("2020", "integer", "date"),
    ("abc", "integer", "integer"),
    ("maybe", "boolean", "boolean"),
    ("1.5.2", "decimal", "decimal"),
    ("one", "float", "float"),
    ("2020-01-01", "dateTime", "dateTime"),
]


@pytest.mark.parametrize(("text", "own", "datatype"), INSIDE)
def test_inside(text: str, own: str, datatype: str) -> None:
    assert is_in(literal(text, own), XSD + datatype)
    assert is_in(literal(text, own), f"{RDFS}Literal")


@pytest.mark.parametrize(("text", "own", "datatype"), OUTSIDE)
def test_outside(text: str, own: str, datatype: str) -> None:
    assert not is_in(literal(text, own), XSD + datatype)


@pytest.mark.parametrize(
    ("text", "own", "datatype", "inside"),
    [(*each, True) for each in INSIDE if each[2] != "short"]
    + [(*each, False) for each in OUTSIDE if each[0] not in ("abc", "maybe", "2021-02-29", "one")],
)
def test_the_sparql_test_agrees(text: str, own: str, datatype: str, inside: bool) -> None:
    if own == datatype and not inside:
        return  # ill-typed literals are found by their text, not by SPARQL
    value, test = literal(text, own), sparql_test("?v", XSD + datatype)
    answer = ox.Store().query(f"ASK {{ VALUES ?v {{ {value} }} FILTER({test}) }}")
    assert bool(answer) == inside


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (literal("1", "integer"), literal("2", "integer")),
        (literal("1", "integer"), literal("1.5", "decimal")),
        (literal("1", "integer"), literal("1", "double")),
        (literal("1", "integer"), literal("1")),
        (literal("a"), literal("b")),
        (literal("a", "@en"), literal("a", "@es")),
        (literal("a", "@en"), literal("a")),
        (literal("true", "boolean"), literal("false", "boolean")),
        (literal("2020-01-01", "date"), literal("2020-01-02", "date")),
        (literal("2020-01-01", "date"), literal("2020-01-01")),
        (literal("1.5", "double"), literal("1.6", "double")),
    ],
)
def test_different(one: ox.Literal, other: ox.Literal) -> None:
    assert differ(one, other)
    assert differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (literal("1", "integer"), literal("1.0", "decimal")),
        (literal("1", "byte"), literal("1", "integer")),
        (literal("a"), literal("a", "token")),
        (literal("1", "boolean"), literal("true", "boolean")),
        (literal("1e0", "double"), literal("1.0", "double")),
        (literal("abc", "integer"), literal("1", "integer")),
        (literal("2020-01-01T00:00:00Z", "dateTime"), literal("2020-01-01T01:00:00Z", "dateTime")),
    ],
)
def test_not_known_to_differ(one: ox.Literal, other: ox.Literal) -> None:
    assert not differ(one, other)
    assert not differ(other, one)


def test_an_unknown_datatype_is_left_open() -> None:
    own = ox.Literal("1", datatype=ox.NamedNode("https://example.org/colour"))
    assert not differ(own, literal("1", "integer"))
    assert not is_datatype("https://example.org/colour")


def test_every_datatype_of_owl_2_rl_is_known() -> None:
    names = (
        "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger "
        "long int short byte unsignedLong unsignedInt unsignedShort unsignedByte float double "
        "string normalizedString token language Name NCName NMTOKEN boolean hexBinary "
        "base64Binary anyURI dateTime dateTimeStamp"
    )
    assert {XSD + name for name in names.split()} <= DATATYPES.keys()
    assert {f"{RDF}PlainLiteral", f"{RDF}XMLLiteral", f"{OWL}real"} <= DATATYPES.keys()
