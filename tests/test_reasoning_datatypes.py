"""Literals by value: what lies in a datatype, and which values differ."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from govgraph.reasoning import Inferred, infer
from govgraph.reasoning.datatypes import DATATYPES, is_datatype, is_in
from govgraph.reasoning.rule import Condition, Kind
from govgraph.vocabulary import OWL, RDF, RDFS, XSD
from rules_in_sparql import sparql_test
from test_reasoning import PREFIXES


def literal(text: str, datatype: str = "") -> ox.Literal:
    if datatype.startswith("@"):
        return ox.Literal(text, language=datatype[1:])
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)) if datatype else ox.Literal(text)


def differ(one: ox.Literal, other: ox.Literal) -> bool:
    return Condition(Kind.DIFFERENT_VALUES, (one, other)).holds(one, other)


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
        (literal("0", "double"), literal("-0", "double")),
        (literal("NaN", "double"), literal("INF", "double")),
        (literal("NaN", "double"), literal("NaN", "float")),
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
        (literal("NaN", "double"), literal("NaN", "double")),
        (literal("0.1", "float"), literal("0.10000000149", "float")),
        (literal("1E2", "double"), literal("100", "double")),
        (literal("0a", "hexBinary"), literal("0A", "hexBinary")),
        (literal("2020-01-01Z", "date"), literal("2020-01-01+00:00", "date")),
        (literal("a", "@en-GB"), literal("a", "@en-gb")),
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


BYTE, DOUBLE = '"5"^^xsd:byte', '"5.0"^^xsd:double'
FIVES = (("5", "5.0"), ("5", BYTE), ("5e0", DOUBLE), ('"a"', '"a"^^xsd:token'))
"""Two ways to write one value."""
OTHERS = (
    *(("5", "5.5"), ("5", '"5"'), ("5", "5e0"), ("5e0", '"5"^^xsd:float'), ('"a"', '"a"@en')),
    ('"1/3"^^owl:rational', '"2/3"^^owl:rational'),
)
BY_VALUE = {
    "prp-npa2": "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x ; "
    "owl:assertionProperty :p ; owl:targetValue {} . :x :p {} .",
    "prp-pdw": ":p owl:propertyDisjointWith :q . :x :p {} ; :q {} .",
    "prp-adp": "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :p {} ; :r {} .",
    "cls-hv2": "[ owl:onProperty :p ; owl:hasValue {} ] rdfs:subClassOf owl:Nothing . :x :p {} .",
    "prp-ifp": ":p a owl:InverseFunctionalProperty . :x :p {} . :y :p {} ; owl:differentFrom :x .",
    "prp-key": ":C owl:hasKey ( :p :q ) . :x a :C ; :p {} ; :q :z . :y a :C ; :p {} ; :q :z . "
    ":x owl:differentFrom :y .",
}


def inferred(text: str) -> Inferred:
    """Return what follows from Turtle as it is read, without a store."""
    return infer(list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)))


@pytest.mark.parametrize("row", BY_VALUE)
@pytest.mark.parametrize(("one", "other"), FIVES)
def test_every_join_is_by_value(row: str, one: str, other: str) -> None:
    for pair in ((one, other), (other, one), (one, one)):
        found = inferred(BY_VALUE[row].format(*pair))
        assert len(found.clashes) == 1, pair


@pytest.mark.parametrize("row", BY_VALUE)
@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_values_do_not_meet(row: str, one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        assert not inferred(BY_VALUE[row].format(*pair)).clashes


def test_what_is_said_of_a_value_is_given_back_as_it_is_written() -> None:
    found = inferred(':p rdfs:subPropertyOf :q . :x :p 5 , 5.0 , "5"^^xsd:byte , "05"^^xsd:int .')
    assert [str(t.object) for t in found.triples] == [
        f'"05"^^<{XSD}int>', f'"5"^^<{XSD}byte>', f'"5"^^<{XSD}integer>', f'"5.0"^^<{XSD}decimal>',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "is_wrong"),
    [
        ('"300"^^xsd:byte', True), ('"-5"^^xsd:nonNegativeInteger', True),
        ('"0"^^xsd:positiveInteger', True), ('"256"^^xsd:unsignedByte', True),
        ('"abc"^^xsd:integer', True), ('"127"^^xsd:byte', False), ('"+5"^^xsd:int', False),
    ],
)  # fmt: skip
def test_an_integer_is_judged_by_the_type_that_is_written(value: str, is_wrong: bool) -> None:
    found = inferred(f":x :p {value} .")
    assert [clash.rule for clash in found.clashes] == ["dt-not-type"] * is_wrong


def test_a_value_that_is_no_number_does_not_contradict_itself() -> None:
    both = 'a owl:FunctionalProperty . :x :p "NaN"^^xsd:double'
    assert not inferred(f":p {both} .").clashes
    assert len(inferred(f":p {both} , 1e0 .").clashes) == 1  # once, not for each order
