"""Checks proofs without the code that finds them.

A leaf must stand in a graph that is not the inferred one. A step must be an instance of a compiled
rule: one substitution makes body, conditions and head equal to premises and conclusion. And each
rule, and each step among axioms, must be sound: the reference engine infers the conclusion from
the premises alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from govgraph.explanation import Proof
from govgraph.reasoning import Rule, RuleSet
from govgraph.reasoning.rows import EQUALITY
from govgraph.reasoning.rule import Atom, Kind
from govgraph.reasoning.schema import to_triple
from govgraph.vocabulary import INFERRED_GRAPH, OWL, RDF, RDFS, XSD

Node = Any
Facts = list[ox.Triple]
FIRST, REST = ox.NamedNode(f"{RDF}first"), ox.NamedNode(f"{RDF}rest")
NIL = ox.NamedNode(f"{RDF}nil")
BUILT_IN = (OWL, RDF, RDFS, XSD)


class Checker:
    """Checks proofs over one store; `used` are the rules, `axiom_steps` the steps among axioms."""

    def __init__(self, store: ox.Store, ruleset: RuleSet):
        self.store = store
        self.ruleset = ruleset
        self.rules: dict[Any, list[Rule]] = {}
        self.complete: set[Any] = set()
        self._add([*ruleset.rules, *EQUALITY])
        self.used: dict[int, Rule] = {}
        self.axiom_steps: dict[ox.Triple, Proof] = {}

    def _add(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            self.rules.setdefault((rule.rows, frozenset(rule.axioms)), []).append(rule)

    def check(self, proof: Proof) -> None:
        """Raise AssertionError where a proof is none."""
        if proof.is_asserted:
            assert proof.premises == proof.axioms == ()
            assert self.is_asserted(proof.triple), f"not asserted: {proof.triple}"
            return
        assert proof.sources == ()
        assert all(part.height < proof.height for part in proof.premises), "a circle"
        if proof.rule.startswith("scm-"):
            assert proof.premises
            self.axiom_steps[proof.triple] = proof
        else:
            rule = self.rule_of(proof)
            assert rule is not None, f"no instance of {proof.rule}: {proof.triple}"
            self.used[id(rule)] = rule
        for part in (*proof.premises, *proof.axioms):
            self.check(part)

    def is_asserted(self, triple: ox.Triple) -> bool:
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(getattr(quad.graph_name, "value", "") != INFERRED_GRAPH for quad in quads)

    def rule_of(self, proof: Proof) -> Rule | None:
        """Return the rule that a step is an instance of."""
        axioms = frozenset(part.triple for part in proof.axioms)
        rows = (proof.rule, *proof.folded)
        key = Atom(proof.triple.subject, proof.triple.predicate, proof.triple.object).key
        if key not in self.complete:
            self.complete.add(key)
            self._add(self.ruleset.of_following_axioms(key))
        for rule in self.rules.get((rows, axioms), []):
            if len(rule.body) != len(proof.premises) or rule.head is None:
                continue
            values: dict[Node, Node] = {}
            triples = [*(part.triple for part in proof.premises), proof.triple]
            pairs = zip((*rule.body, rule.head), triples, strict=True)
            if all(_match(atom, triple, values) for atom, triple in pairs) and all(
                each.holds(*(values.get(t, t) for t in each.terms)) for each in rule.conditions
            ):
                return rule
        return None

    def unsound(self) -> list[str]:
        """Return the rules and axiom steps that the reference does not confirm; all in one run."""
        problems = []
        for number, rule in enumerate(self.used.values()):
            facts = [*rule.axioms, *_instance(rule)[:-1]]
            problems.append((rule.name, number, facts, _instance(rule)[-1]))
        for number, step in enumerate(self.axiom_steps.values(), len(problems)):
            facts = [part.triple for part in step.premises]
            problems.append((step.rule, number, facts, step.triple))
        return list(self._unconfirmed(problems))

    def _unconfirmed(self, problems: list[tuple[str, int, Facts, ox.Triple]]) -> Iterator[str]:
        import owlrl
        import rdflib

        given = ox.Store()
        wanted = []
        for name, number, facts, conclusion in problems:
            for triple in [*facts, *self.lists(facts)]:
                apart = _apart(triple, number)
                given.add(ox.Quad(apart.subject, apart.predicate, apart.object))
            wanted.append((name, conclusion, _apart(conclusion, number)))
        graph = rdflib.Graph("SimpleMemory", bind_namespaces="none")
        graph.parse(data=given.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()))
        owlrl.DeductiveClosure(
            owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
        ).expand(graph)
        for name, conclusion, apart in wanted:
            line = f"{apart} ."
            [triple] = rdflib.Graph().parse(data=line, format="nt")
            if triple not in graph:
                yield f"{name}: {conclusion}"

    def lists(self, facts: Iterable[ox.Triple]) -> Facts:
        """Return the RDF lists that axioms end in."""
        found = []
        for triple in facts:
            head = triple.object
            while isinstance(head, (ox.NamedNode, ox.BlankNode)) and head != NIL:
                following: Node = NIL
                for predicate in (FIRST, REST):
                    for quad in self.store.quads_for_pattern(head, predicate, None, None):
                        found.append(ox.Triple(head, predicate, quad.object))
                        following = quad.object if predicate == REST else following
                head = following
        return found


def _match(atom: Iterable[Node], triple: ox.Triple, values: dict[Node, Node]) -> bool:
    parts = zip(atom, (triple.subject, triple.predicate, triple.object), strict=True)
    return all(
        values.setdefault(term, part) == part if isinstance(term, ox.Variable) else term == part
        for term, part in parts
    )


def _instance(rule: Rule) -> Facts:
    """Return body and head with a new individual for each variable."""
    assert rule.head is not None
    names: dict[Node, Node] = {
        variable: ox.NamedNode(f"https://example.org/{variable.value}")
        for variable in rule.variables()
    }
    for condition in rule.conditions:
        if condition.kind == Kind.SAME_VALUE:
            one, other = condition.terms
            names[one] = names.get(other, other)
        if condition.kind == Kind.HAS_DATATYPE:
            [variable] = condition.terms
            names[variable] = ox.Literal("1", datatype=ox.NamedNode(condition.datatype))
    return [to_triple(atom.bind(names)) for atom in (*rule.body, rule.head)]


def _apart(triple: ox.Triple, number: int) -> ox.Triple:
    """Return a triple in a world of its own, so that many can be checked at once."""

    def name(node: Node) -> Node:
        if isinstance(node, ox.Literal) or str(node).startswith(tuple(f"<{n}" for n in BUILT_IN)):
            return node
        return ox.NamedNode(f"https://example.org/{number}/{node.value}")

    return ox.Triple(name(triple.subject), name(triple.predicate), name(triple.object))
