"""How the work of inference grows: counted, because seconds depend on who else is at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyoxigraph as ox
import pytest

from govgraph.explanation import Explainer
from govgraph.rdf.terms import rdfs
from govgraph.reasoning import compile_rules, infer, unfolding
from govgraph.reasoning.hierarchy import Hierarchy
from govgraph.reasoning.schema import Schema
from govgraph.reasoning.tables import Table
from govgraph.vocabulary import INFERRED_GRAPH
from test_reasoning import EX, store


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch, *functions: tuple[Any, str]) -> Iterator[list[int]]:
    """Count the calls of functions, each by the length of a set it is given, else as one."""
    total = [0]
    for owner, name in functions:
        original = getattr(owner, name)

        def counting(*given: Any, original: Callable[..., Any] = original, **named: Any) -> Any:
            total[0] += len(given[1]) if isinstance(given[-1], set) else 1
            return original(*given, **named)

        monkeypatch.setattr(owner, name, counting)
    with monkeypatch.context():
        yield total


WORK = ((Schema, "add"), (Hierarchy, "add"), (unfolding, "unify"), (unfolding, "tidy"))


def chain(size: int) -> ox.Store:
    lines = [f":C{n} a owl:Class ; rdfs:subClassOf :C{n + 1} ." for n in range(size)]
    return store("\n".join(lines), ":x a :C0 .")


def defined(size: int) -> ox.Store:
    """Return classes defined by the one before and a restriction, as in ENVO or gist."""
    lines = []
    for n in range(size):
        filler = f"[ a owl:Restriction ; owl:onProperty :p{n % 7} ; owl:someValuesFrom :F{n % 40} ]"
        members = f"( :C{n // 2} {filler} )"
        expression = f"[ a owl:Class ; owl:intersectionOf {members} ]"
        lines.append(f":C{n + 1} a owl:Class ; owl:equivalentClass {expression} .")
        lines.append(f":F{n % 40} a owl:Class ; rdfs:subClassOf :F{(n % 40) // 2} .")
    lines += [f":p{n} a owl:ObjectProperty ; rdfs:subPropertyOf :p{n // 2} ." for n in range(7)]
    return store("\n".join(lines), ":x a :C3 .")


@pytest.mark.parametrize("ontology", [chain, defined])
def test_compiling_takes_work_in_step_with_the_axioms(
    ontology: Callable[[int], ox.Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = []
    for size in (60, 120, 240):
        with counted(monkeypatch, *WORK) as calls:
            rules = len(compile_rules(ontology(size)).rules)
        work.append(calls[0])
        assert rules < 15 * size
    assert work[1] < 3 * work[0]
    assert work[2] < 3 * work[1]


def test_a_transitive_property_finds_each_fact_once(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 300
    lines = " ".join(f":i{n} :p :i{n + 1} ." for n in range(size))
    given = store(":p a owl:TransitiveProperty .", lines)
    with counted(monkeypatch, (Table, "add")) as facts:
        found = infer(given)
    assert len(found.triples) == size * (size - 1) // 2
    assert len(found.triples) <= facts[0] < 1.01 * len(found.triples)


def test_what_follows_down_a_long_chain_and_why() -> None:
    given = chain(400)
    inferred = infer(given)
    assert len(inferred.triples) == 400
    given.bulk_extend(inferred.quads(INFERRED_GRAPH))
    explainer = Explainer(given)
    name = ox.NamedNode
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    [proof] = explainer.explain(ox.Triple(name(f"{EX}x"), kind, name(f"{EX}C400")))
    assert (proof.rule, proof.height) == ("cax-sco", 1)
    [axiom] = proof.axioms
    assert axiom.rule == "scm-sco"
    assert axiom.height == 9  # halved: 2 to the 9th is more than 400
    assert axiom.size == 399
    schema = explainer.schema
    assert (name(f"{EX}C7"), rdfs.subClassOf, name(f"{EX}C390")) in schema
    assert (name(f"{EX}C390"), rdfs.subClassOf, name(f"{EX}C7")) not in schema
    below = {fact for fact in schema.all_following(lambda node: True) if fact[1] == rdfs.subClassOf}
    assert len(below) == 401 * 400 // 2


def test_what_is_too_much_to_resolve_is_kept_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = defined(40)
    given.load(
        f"<{EX}y> a <{EX}C0> ; <{EX}p0> <{EX}z> . <{EX}z> a <{EX}F0> .".encode(),
        format=ox.RdfFormat.TURTLE,
    )
    whole, rules = infer(given).triples, compile_rules(given)
    assert len(whole) == 3
    monkeypatch.setattr(unfolding, "LARGEST_EFFORT", 20)
    given.add(ox.Quad(*[ox.NamedNode(f"{EX}another")] * 3))
    given.add(ox.Quad(ox.NamedNode(f"{EX}new"), rdfs.subClassOf, ox.NamedNode(f"{EX}one")))
    assert len(compile_rules(given).hidden) > len(rules.hidden)
    found = infer(given)
    assert list(found.triples) == list(whole)
    assert "classes without a name were not seen through" in str(found.cautions[-1])


def test_classes_in_a_circle_are_the_same_and_restrictions_follow() -> None:
    some = "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom {} ]"
    given = store(
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :A , :D ."
        f":p a owl:ObjectProperty . {some.format(':A')} rdfs:subClassOf :P ."
        f":Q rdfs:subClassOf {some.format(':C')} . :R rdfs:subClassOf {some.format(':A')} ."
        f":S rdfs:subClassOf {some.format(':D')} . {some.format(':D')} rdfs:subClassOf :T .",
        ":x a :Q . :y a :R . :z a :S .",
    )
    found = {str(triple).replace(EX, ":") for triple in infer(given).triples}
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert found == {
        f"<:{one}> {kind} <:{each}>"
        for one, kinds in {"x": "PT", "y": "PT", "z": "T"}.items()
        for each in kinds
    }


def test_many_classes_below_one_are_read_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f":C{n} rdfs:subClassOf :Top ." for n in range(3_000))
    with counted(monkeypatch, *WORK) as calls:
        assert len(compile_rules(store(lines)).rules) < 3_010
    assert calls[0] < 4 * 3_000
