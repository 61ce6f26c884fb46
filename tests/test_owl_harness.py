"""The OWL harness finds what it is there to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from owl import harness

pytestmark = pytest.mark.java

EXAMPLE = "http://example.org/"
BODY = f"{EXAMPLE}Body"
BASIC = """
@prefix : <http://example.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org> a owl:Ontology .
:Body a owl:Class .
:Council a owl:Class ; rdfs:subClassOf :Body .
:sitsOn a owl:ObjectProperty .
"""
OTHER_MODULE = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://example.org/other> a owl:Ontology ; owl:imports <http://nowhere.example/ontology> .
:Board a owl:Class ; rdfs:subClassOf :Body .
"""
DISJOINT = ":Person a owl:Class ; owl:disjointWith :Body ."


def test_a_plain_ontology_is_in_every_profile() -> None:
    for profile in harness.PROFILES:
        assert harness.profile_violations([BASIC], profile) == []


def test_modules_are_judged_together_and_nothing_is_fetched() -> None:
    assert harness.profile_violations([BASIC, OTHER_MODULE], "DL") == []
    alone = harness.profile_violations([OTHER_MODULE], "DL")
    assert any("undeclared class: <http://example.org/Body>" in text for text in alone)


@pytest.mark.parametrize(
    ("defect", "found"),
    [
        (":Council rdfs:subClassOf :Nobody .", "undeclared class: <http://example.org/Nobody>"),
        (":one a :Council ; :chairs :one .", "undeclared annotation property"),
        (":since a owl:DatatypeProperty ; rdfs:range xsd:gYear .", "undeclared datatype"),
        (":sitsOn a owl:TransitiveProperty , owl:FunctionalProperty .", "non-simple property"),
        (":one a :Council ; rdf:subject :one .", "Unparsed triple: <http://example.org/one>"),
    ],
)
def test_dl_violations(defect: str, found: str) -> None:
    violations = harness.profile_violations([BASIC + defect], "DL")
    assert len(violations) == 1
    assert found in violations[0]


def test_rl_violation_and_the_same_rule_within_rl() -> None:
    some = "[ a owl:Restriction ; owl:onProperty :sitsOn ; owl:someValuesFrom :Body ]"
    equivalent = f"{BASIC} :Council owl:equivalentClass {some} ."
    rule = f"{BASIC} {some} rdfs:subClassOf :Council ."
    assert harness.profile_violations([equivalent], "DL") == []
    assert any("ObjectSomeValuesFrom" in v for v in harness.profile_violations([equivalent], "RL"))
    assert harness.profile_violations([rule], "RL") == []


def test_unsatisfiable_class() -> None:
    broken = f"{BASIC} {DISJOINT} :Clerk a owl:Class ; rdfs:subClassOf :Council , :Person ."
    assert harness.is_consistent([broken])
    assert harness.unsatisfiable_classes([broken]) == ["http://example.org/Clerk"]
    assert harness.unsatisfiable_classes([BASIC]) == []


def test_inconsistent_ontology() -> None:
    broken = f"{BASIC} {DISJOINT} :ann a :Council , :Person ."
    assert not harness.is_consistent([broken])
    with pytest.raises(harness.InconsistentOntologyError) as raised:
        harness.unsatisfiable_classes([f"{broken} :bob a :Person ."])
    # Which axioms clash, and none that has nothing to do with it.
    assert str(raised.value).splitlines() == [
        "ClassAssertion(<http://example.org/Council> <http://example.org/ann>)",
        "ClassAssertion(<http://example.org/Person> <http://example.org/ann>)",
        "DisjointClasses(<http://example.org/Body> <http://example.org/Person>)",
        "SubClassOf(<http://example.org/Council> <http://example.org/Body>)",
    ]
    with pytest.raises(harness.InconsistentOntologyError):
        harness.instances([broken], BODY)


def test_instances_are_inferred_over_chains_and_days_do_not_disturb() -> None:
    data = (
        ":governs a owl:ObjectProperty ; owl:propertyChainAxiom ( :sitsOn :governs ) ."
        "[ a owl:Restriction ; owl:onProperty :governs ; owl:hasValue :town ]"
        " rdfs:subClassOf :Council ."
        ":day a owl:DatatypeProperty ."
        ':ann :sitsOn :board ; :day "2002-05-06"^^xsd:date . :board :governs :town .'
    )
    members = harness.instances([BASIC + data], BODY, f"{EXAMPLE}Council")
    both = [f"{EXAMPLE}ann", f"{EXAMPLE}board"]
    assert members == {BODY: both, f"{EXAMPLE}Council": both}


def test_files_and_text_can_be_mixed(tmp_path: Path) -> None:
    file = tmp_path / "basic.ttl"
    file.write_text(BASIC)
    triple = (
        "<http://example.org/town> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        " <http://example.org/Council> ."
    )
    assert harness.instances([file, triple], BODY) == {BODY: [f"{EXAMPLE}town"]}
