"""Why is this triple here: passages, proofs, contradictions; as text, Markdown, JSON and PROV."""

from __future__ import annotations

import json
import time

import pyoxigraph as ox
import pytest

import generated_governance
from govgraph.explanation import Explainer, Renderer
from govgraph.rdf.names import NAMES
from govgraph.rdf.source_map import Location, SourceMap
from govgraph.reasoning import infer
from govgraph.vocabulary import BASE, GG, INFERRED_GRAPH

PREFIXES = f"""
@prefix gg: <{GG}> .
@prefix : <{BASE}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGY = """
gg:Programme rdfs:subClassOf gg:Instrument . gg:Instrument rdfs:subClassOf gg:Arrangement .
gg:involves owl:propertyChainAxiom ( gg:participation gg:participant ) .
gg:involves owl:inverseOf gg:involvedIn .
gg:Arrangement owl:disjointWith gg:Actor . gg:involves rdfs:range gg:Actor .
gg:Private owl:equivalentClass [ owl:intersectionOf ( gg:Arrangement
  [ a owl:Restriction ; owl:onProperty gg:involves ; owl:someValuesFrom gg:Company ] ) ] .
"""
PASSAGE = """
:programme a gg:Programme ; gg:participation :part . :part gg:participant :paper .
:passage gg:citation :pointer . :pointer gg:citedWork :work ; gg:asPrinted "(Work, 2000)" .
"""
OTHER = ":part gg:participant :paper . :paper a gg:Company ; gg:involvedIn :campaign ."


def store(**graphs: str) -> ox.Store:
    result = ox.Store()
    for name, text in graphs.items():
        graph = ox.NamedNode(f"{BASE}{name}")
        result.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    result.bulk_extend(infer(result).quads(INFERRED_GRAPH))
    return result


@pytest.fixture(scope="module")
def study() -> ox.Store:
    return store(ontology=ONTOLOGY, passage=PASSAGE, other=OTHER)


@pytest.fixture(scope="module")
def explainer(study: ox.Store) -> Explainer:
    sources = SourceMap()
    place = Location("cases/x.yaml", 12)
    participant = (f"{BASE}part", f"{GG}participant", f"{BASE}paper")
    sources.add(f"{BASE}passage", *participant, place)
    return Explainer(study, sources=sources)


def triple(subject: str, predicate: str, value: str) -> ox.Triple:
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    return ox.Triple(
        ox.NamedNode(BASE + subject),
        ox.NamedNode(kind if predicate == "a" else GG + predicate),
        ox.NamedNode(GG + value if value[0].isupper() else BASE + value),
    )


def test_a_statement_names_the_document_that_its_passage_stands_in() -> None:
    parts = ":passage gg:partOf :section . :report a gg:Work ; gg:passages :section ."
    data = store(ontology=ONTOLOGY, passage=PASSAGE, editorial=parts)
    [proof] = Explainer(data).explain(triple("part", "participant", "paper"))
    assert [source.documents for source in proof.sources] == [(f"{BASE}report",)]
    text = Renderer(Explainer(data).schema, NAMES).text([proof])
    assert "said in passage of report; the passage cites work (Work, 2000)" in text


INVOLVES = triple("programme", "involves", "paper")


def test_an_asserted_triple_has_its_passages(explainer: Explainer) -> None:
    [proof] = explainer.explain(triple("part", "participant", "paper"))
    assert proof.is_asserted
    assert (proof.height, proof.size) == (0, 0)
    other, passage = proof.sources
    assert other.graph == f"{BASE}other"
    assert other.citations == ()
    assert other.location is None
    assert passage.graph == f"{BASE}passage"
    assert passage.citations == ((f"{BASE}work", "(Work, 2000)"),)
    assert passage.location == Location("cases/x.yaml", 12)


def test_an_inferred_triple_has_rule_axiom_and_premises(study: ox.Store) -> None:
    [proof] = Explainer(study).explain(INVOLVES)
    assert (proof.rule, proof.folded) == ("prp-spo2", ())
    [axiom] = proof.axioms
    assert axiom.is_asserted
    assert axiom.sources[0].graph == f"{BASE}ontology"
    assert [each.triple for each in proof.premises] == [
        triple("programme", "participation", "part"),
        triple("part", "participant", "paper"),
    ]
    assert all(each.is_asserted for each in proof.premises)
    assert (proof.height, proof.size) == (1, 1)


def test_an_axiom_that_follows_has_a_proof_too(explainer: Explainer) -> None:
    [proof] = explainer.explain(triple("programme", "a", "Arrangement"))
    [axiom] = proof.axioms
    assert axiom.rule == "scm-sco"
    assert [leaf.is_asserted for leaf in axiom.leaves()] == [True, True]
    [schema] = explainer.explain(axiom.triple)
    assert schema == axiom


def test_rows_are_folded_where_classes_have_no_name(explainer: Explainer) -> None:
    [proof] = explainer.explain(triple("programme", "a", "Private"))
    assert proof.rule == "cax-eqc2"
    assert proof.folded == ("cls-int1", "cls-svf1")
    assert [str(each.triple.predicate).rpartition("#")[2] for each in proof.premises] == [
        "type>",
        "involves>",
        "type>",
    ]
    assert (proof.height, proof.size) == (2, 4)  # one of the steps is among axioms


def test_nothing_is_explained_that_is_not_there(explainer: Explainer) -> None:
    assert explainer.explain(triple("paper", "involves", "programme")) == []
    assert explainer.explain(triple("nobody", "a", "Actor"), every=True) == []


def test_proofs_do_not_go_in_a_circle(explainer: Explainer) -> None:
    # involves and involvedIn are inverse: each follows from the other
    [forward] = explainer.explain(triple("campaign", "involves", "paper"))
    assert forward.rule == "prp-inv2"
    assert forward.premises[0].is_asserted
    [back] = explainer.explain(triple("paper", "involvedIn", "programme"))
    assert back.rule == "prp-inv1"
    assert back.premises[0].rule == "prp-spo2"


def test_all_alternatives() -> None:
    both = store(
        ontology=ONTOLOGY,
        one=":p a gg:Programme, gg:Instrument ; gg:participation :q . :q gg:participant :a .",
        two=":p gg:participation :r . :r gg:participant :a . :a gg:involvedIn :p .",
    )
    found = Explainer(both).explain(triple("p", "involves", "a"), every=True)
    assert [proof.rule for proof in found] == ["prp-inv2", "prp-spo2", "prp-spo2"]
    kinds = Explainer(both).explain(triple("p", "a", "Instrument"), every=True)
    assert [proof.rule for proof in kinds] == ["", "cax-sco"]  # asserted, and inferred as well
    assert len(Explainer(both).explain(triple("p", "involves", "a"), every=True, limit=2)) == 2


# -- contradictions --------------------------------------------------------------------------------


def test_a_contradiction_is_explained() -> None:
    given = store(ontology=ONTOLOGY, one=":p gg:involves :q .", two=":q a gg:Programme .")
    [clash] = infer(given).clashes
    explainer = Explainer(given)
    found = explainer.clash(clash)
    assert found.rule == "cax-dw"
    assert [each.rule for each in found.premises] == ["cax-sco", "prp-rng"]
    assert (
        Renderer(explainer.schema, NAMES).clash_text(found)
        == """\
contradiction by cax-dw
  by cax-dw: gg:Arrangement DisjointWith gg:Actor
  ├─ q a gg:Arrangement
  │    by cax-sco: gg:Programme SubClassOf gg:Arrangement
  │       which follows by scm-sco from gg:Programme SubClassOf gg:Instrument; \
gg:Instrument SubClassOf gg:Arrangement
  │    └─ q a gg:Programme
  │         said in two
  └─ q a gg:Actor
       by prp-rng: gg:involves Range gg:Actor
       └─ p gg:involves q
            said in one
"""
    )
    data = found.to_dict()
    assert data["rule"] == "cax-dw"
    assert len(data["premises"]) == 2
    assert json.loads(json.dumps(data)) == data


# -- as text and data ------------------------------------------------------------------------------

TREE = """\
programme a gg:Private
  by cax-eqc2 (cls-int1, cls-svf1): gg:Private EquivalentTo \
(gg:Arrangement and (gg:involves some gg:Company))
  ├─ programme a gg:Arrangement
  │    by cax-sco: gg:Programme SubClassOf gg:Arrangement
  │       which follows by scm-sco from gg:Programme SubClassOf gg:Instrument; \
gg:Instrument SubClassOf gg:Arrangement
  │    └─ programme a gg:Programme
  │         said in passage; the passage cites work (Work, 2000)
  ├─ programme gg:involves paper
  │    by prp-spo2: gg:involves SubPropertyChain gg:participation o gg:participant
  │    ├─ programme gg:participation part
  │    │    said in passage; the passage cites work (Work, 2000)
  │    └─ part gg:participant paper
  │         said in other
  │         said in passage (cases/x.yaml:12); the passage cites work (Work, 2000)
  └─ paper a gg:Company
       said in other
"""


def test_as_a_tree(explainer: Explainer) -> None:
    proofs = explainer.explain(triple("programme", "a", "Private"))
    assert Renderer(explainer.schema, NAMES).text(proofs) == TREE


def test_as_json(explainer: Explainer) -> None:
    [proof] = explainer.explain(INVOLVES)
    data = Renderer(explainer.schema, NAMES).data(proof)
    assert data["statement"] == "programme gg:involves paper"
    assert data["subject"] == f"<{BASE}programme>"
    assert data["rule"] == "prp-spo2"
    assert data["axiom"] == "gg:involves SubPropertyChain gg:participation o gg:participant"
    assert data["premises"][1]["sources"] == [
        {"graph": f"{BASE}other"},
        {
            "graph": f"{BASE}passage",
            "citations": [{"work": f"{BASE}work", "asPrinted": "(Work, 2000)"}],
            "file": "cases/x.yaml",
            "line": 12,
        },
    ]
    assert json.loads(json.dumps(data)) == data


# -- at scale --------------------------------------------------------------------------------------


def test_what_everything_points_to_is_explained_quickly() -> None:
    # thousands of statements imply that the place at the top is a Place
    given = generated_governance.store(30_000)
    given.bulk_extend(infer(given).quads(INFERRED_GRAPH))
    explainer = Explainer(given)
    for name in ("place/0", "actor/0", "case/0", "participation/0-0-0", "instrument/0-1"):
        quads = given.quads_for_pattern(ox.NamedNode(f"https://example.org/{name}"), None, None)
        for statement in sorted({quad.triple for quad in quads}, key=str)[:50]:
            start = time.process_time()
            assert explainer.explain(statement)
            assert time.process_time() - start < 3.0  # also where modules are compiled first
