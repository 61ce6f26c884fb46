"""What inference gives back, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph as ox
import pytest

import generated_governance
import owlrl_engine
from govgraph.reasoning import Inferred, compile_rules, infer, tables

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
EX = "https://example.org/"


def store(*graphs: str) -> ox.Store:
    """Return a store with each Turtle text in a named graph of its own."""
    result = ox.Store()
    for number, text in enumerate(graphs):
        graph = ox.NamedNode(f"{EX}graph/{number}")
        result.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    return result


def short(triples: object) -> list[str]:
    assert isinstance(triples, list) or hasattr(triples, "__iter__")
    names = {EX: ":", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "a"}
    result = []
    for triple in triples:
        text = str(triple)
        for long, brief in names.items():
            text = text.replace(long, brief)
        result.append(text.replace("<", "").replace(">", ""))
    return result


Reasoner = Callable[[ox.Store], Inferred]


@pytest.fixture(params=["rules", "owlrl"])
def reasoner(request: pytest.FixtureRequest) -> Reasoner:
    return infer if request.param == "rules" else owlrl_engine.infer


def test_premises_may_lie_in_any_graph(reasoner: Reasoner) -> None:
    found = reasoner(store(":p rdfs:domain :C .", ":x :p :y .", ":C rdfs:subClassOf :D ."))
    assert short(found.triples) == [":x a :C", ":x a :D"]
    assert found.clashes == []
    assert not found.clashes


def test_the_default_graph_counts_as_well(reasoner: Reasoner) -> None:
    given = store(":p rdfs:domain :C .")
    name = ox.NamedNode
    given.add(ox.Quad(name(f"{EX}x"), name(f"{EX}p"), name(f"{EX}y")))
    assert short(reasoner(given).triples) == [":x a :C"]


def test_what_is_asserted_is_not_inferred(reasoner: Reasoner) -> None:
    given = store(":p rdfs:domain :C .", ":x :p :y .", ":x a :C .")
    assert list(reasoner(given).triples) == []


def test_the_store_is_left_as_it_was(reasoner: Reasoner) -> None:
    given = store(":p rdfs:domain :C .", ":x :p :y .")
    before = sorted(map(str, given))
    reasoner(given)
    assert sorted(map(str, given)) == before


def test_triples_are_sorted_by_their_text(reasoner: Reasoner) -> None:
    found = infer(store(":p rdfs:domain :C ; rdfs:subPropertyOf :q .", ":b :p 10, 9 . :a :p :b ."))
    texts = [str(triple) for triple in found.triples]
    assert texts == sorted(texts)
    assert len(set(texts)) == len(texts) == 5


def test_all_that_has_a_name_is_spoken_of(reasoner: Reasoner) -> None:
    given = store(
        """:C a owl:Class ; rdfs:subClassOf :D ; :note "n" . :p a owl:ObjectProperty ; :note "n" .
        :note a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:comment .
        <o> a owl:Ontology ; :note "n" . :D rdfs:subClassOf :E .
        :C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] .
        [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf
        [ owl:unionOf ( :D :F ) ] . :p rdfs:range owl:Thing .""".replace("<o>", ":o"),
        ':x a :C . _:b a :C . :concept a skos:Concept ; :note "n" .',
    )
    comment = 'http://www.w3.org/2000/01/rdf-schema#comment "n"'
    found = [re.sub(r"_:\w+", "_:b", line) for line in short(reasoner(given).triples)]
    assert found == [
        f":C {comment}",
        f":concept {comment}",
        f":o {comment}",
        f":p {comment}",
        *(f"{one} {rest}" for one in (":x", "_:b") for rest in ("a :D", "a :E", ":p :v")),
    ]


@pytest.mark.parametrize("kind", ["rdf:Property", "owl:Class", "owl:Ontology", "skos:Concept"])
def test_what_follows_does_not_depend_on_what_a_term_is_too(reasoner: Reasoner, kind: str) -> None:
    given = store(f":Dimension rdfs:subClassOf :Component . :district a :Dimension , {kind} .")
    assert short(reasoner(given).triples) == [":district a :Component"]


def test_skolem_iris_of_classes_are_left_out_too(reasoner: Reasoner) -> None:
    genid = "https://example.org/.well-known/genid/r"
    given = store(
        f"<{genid}> a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v . "
        f":C rdfs:subClassOf <{genid}> . <{genid}> rdfs:subClassOf :D .",
        ":x a :C . :y :p :v .",
    )
    assert short(reasoner(given).triples) == [":x a :D", ":x :p :v", ":y a :D"]


def test_an_annotation_property_below_another(reasoner: Reasoner) -> None:
    given = store("skos:prefLabel rdfs:subPropertyOf rdfs:label .", ':x skos:prefLabel "X"@es .')
    [triple] = reasoner(given).triples
    assert triple.predicate.value == "http://www.w3.org/2000/01/rdf-schema#label"
    assert str(triple.object) == '"X"@es'


def test_a_clash_names_rule_axioms_and_statements() -> None:
    found = infer(store(":C owl:disjointWith :D . :E rdfs:subClassOf :D .", ":x a :C, :E ."))
    [clash] = found.clashes
    assert clash.rule == "cax-dw"
    assert short(clash.axioms) == [":C http://www.w3.org/2002/07/owl#disjointWith :D"]
    assert short(clash.premises) == [":x a :C", ":x a :D"]
    assert short([str(clash)]) == [
        "cax-dw: :x a :C and :x a :D cannot hold with "
        ":C http://www.w3.org/2002/07/owl#disjointWith :D"
    ]
    assert found.clashes
    assert short(found.triples) == [":x a :D"]  # a contradiction does not stop inference


def test_expressions_that_would_multiply_rules_are_kept_whole() -> None:
    union = "[ owl:unionOf ( {} ) ]"
    parts = [union.format(" ".join(f":{name}{n}" for n in range(9))) for name in "ABC"]
    axiom = f"[ owl:intersectionOf ( {' '.join(parts)} ) ] rdfs:subClassOf :Z ."
    given = store(axiom, ":x a :A1, :B2, :C3 . :y a :A1, :B2 .")
    assert len(compile_rules(given).rules) < 100  # 9 x 9 x 9 if resolved
    assert short(infer(given).triples) == [":x a :Z"]
    assert list(infer(given).triples) == list(owlrl_engine.infer(given).triples)


def test_nodes_without_a_name_are_spoken_of(reasoner: Reasoner) -> None:
    given = store(":p rdfs:domain :C ; owl:inverseOf :q .", "_:b :p :x . :y :p _:b, :x .")
    found = [re.sub(r"_:\w+", "_:b", line) for line in short(reasoner(given).triples)]
    assert found == [":x :q :y", ":x :q _:b", ":y a :C", "_:b a :C", "_:b :q :y"]


def test_axioms_that_follow_are_known_apart() -> None:
    given = store(
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :p rdfs:domain :C .", ":x a :C ."
    )
    found = infer(given)
    assert short(found.triples) == [":x a :D", ":x a :E"]
    below = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    domain = "http://www.w3.org/2000/01/rdf-schema#domain"
    assert short(found.axioms) == [f":C {below} :E", f":p {domain} :D", f":p {domain} :E"]


def test_every_clash_is_reported_once_and_in_order() -> None:
    axioms = "[] a owl:AllDisjointClasses ; owl:members ( :C :D :E ) ."
    found = infer(store(axioms, ":x a :C, :D, :E . :y a :D, :E .", ":y a :E ."))
    assert [short(clash.premises) for clash in found.clashes] == [
        [":x a :C", ":x a :D"],
        [":x a :C", ":x a :E"],
        [":x a :D", ":x a :E"],
        [":y a :D", ":y a :E"],
    ]


CHAIN = " ".join(f":i{n} :p :i{n + 1} ." for n in range(64))
STEP_BY_STEP = ":p rdfs:subPropertyOf :q . :q owl:propertyChainAxiom ( :p :q )."


@pytest.mark.parametrize(
    "axiom", [":p a owl:TransitiveProperty .", ":p owl:propertyChainAxiom ( :p :p ) ."]
)
def test_a_transitive_property_is_closed_over_a_long_chain(axiom: str) -> None:
    found = infer(store(axiom, CHAIN))
    assert found.complete
    assert len(found.triples) == 64 * 63 // 2


def test_a_transitive_property_of_which_nothing_is_said() -> None:
    assert list(infer(store(":p a owl:TransitiveProperty .", ":x :q :y .")).triples) == []


def test_transitivity_meets_what_other_rules_give(reasoner: Reasoner) -> None:
    given = store(
        ":p a owl:TransitiveProperty . :q rdfs:subPropertyOf :p . :r owl:inverseOf :p .",
        ":p rdfs:domain :C . :C rdfs:subClassOf [ owl:onProperty :q ; owl:hasValue :a ; a "
        "owl:Restriction ] . :a :q :b . :b :p :c . :d :r :c . :d :p :e , :d . :f :r :e .",
    )
    assert set(reasoner(given).triples) == set(owlrl_engine.infer(given).triples)
    assert f"<{EX}a> <{EX}p> <{EX}f>" in set(map(str, reasoner(given).triples))


def test_inference_stops_at_its_bound_and_says_so() -> None:
    for axioms in (STEP_BY_STEP, ":p a owl:TransitiveProperty ."):
        bounded = store(axioms, CHAIN)
        stopped = infer(bounded, most=100)
        assert not stopped.complete
        assert "100 inferred triples" in str(stopped.cautions[0])
        assert set(stopped.triples) <= set(infer(bounded).triples)


def test_a_dense_join_is_taken_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    # a hub that 300 know and that knows 300: the chain relates 90,000 pairs
    members = " ".join(f":a{n} :knows :hub . :hub :knows :b{n} ." for n in range(300))
    given = store(":meets owl:propertyChainAxiom ( :knows :knows ) .", members)
    assert len(infer(given).triples) == 90_000
    monkeypatch.setattr(tables, "LARGEST_PIECE", 1_000)
    assert len(infer(given).triples) == 90_000
    stopped = infer(given, most=10_000)  # before all pairs are in memory
    assert "the bound of 10,000 inferred triples" in str(stopped.cautions[0])
    assert len(stopped.triples) == 0


def test_nothing_follows_from_nothing(reasoner: Reasoner) -> None:
    found = reasoner(ox.Store())
    assert (list(found.triples), found.clashes, found.cautions) == ([], [], [])


def test_the_same_input_gives_the_same_output() -> None:
    first, second = (infer(generated_governance.store(500)) for _ in range(2))
    assert list(first.triples) == list(second.triples)


def test_rules_do_not_depend_on_the_order_of_the_file() -> None:
    text = ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :p rdfs:domain :C ; rdfs:range :E ."
    turned = " .".join(reversed(text.split(" ."))) + " ."
    names = [
        sorted(str((rule.rows, rule.body, rule.head)) for rule in compile_rules(store(order)).rules)
        for order in (text, turned.lstrip(" ."))
    ]
    assert names[0] == names[1]


# -- the triples as they come ----------------------------------------------------------------------


def test_triples_are_counted_and_become_quads(reasoner: Reasoner) -> None:
    inferred = infer(
        store(":p owl:inverseOf :q ; rdfs:subPropertyOf :r .", ':x :p :y, "é \\" <" .')
    )
    graph = f"{EX}graph/inferred"
    triples, quads = list(inferred.triples), list(inferred.quads(graph))
    assert len(inferred.triples) == len(triples) == 3
    assert [quad.triple for quad in quads] == triples
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(graph)}
