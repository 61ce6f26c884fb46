"""Inference on the store itself: the compiled rules as SPARQL updates, to the same fixpoint.

What is asserted is copied into a working graph, where the updates run; what is then asserted, or
not about individuals, is taken out, and the rest replaces the graph of inferred statements in one
operation. Asserted graphs are only read. Meanwhile the store is locked, and govgraph answers no
queries from it: most stores show the working graph to every reader. A run that is cut off leaves
the store marked so, and the next one clears it.

A rule about a node without a name cannot be said to a store from outside: it cannot run there.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pyoxigraph as ox

from govgraph.errors import GovgraphError, RemoteError
from govgraph.reasoning import rules_engine
from govgraph.reasoning.compiler import RuleSet, compile_rules
from govgraph.reasoning.equality import EQUALITY
from govgraph.reasoning.fixpoint import BoundReachedError, Bounds
from govgraph.reasoning.instances import InstanceFilter
from govgraph.reasoning.rule import Rule
from govgraph.scale.on_the_store.contradictions import contradictions, ill_typed
from govgraph.scale.on_the_store.updates import Step, steps
from govgraph.scale.on_the_store.working import WorkingGraph
from govgraph.store.client import SparqlStore
from govgraph.store.inference import StoreInference
from govgraph.store.lock import Lock
from govgraph.store.reserved import WORKING_GRAPH


class NotInSparqlError(GovgraphError):
    """What rules need cannot be said in SPARQL; the message says why, and what to do."""

    def __init__(self, why: str):
        super().__init__(f"the rules cannot run on the store: {why}. Leave out --on-store.")


def infer_on_store(
    store: SparqlStore, bounds: Bounds | None = None, name: str = "the store"
) -> StoreInference:
    """Replace the inferred graph of a store by what follows from its asserted statements.

    `name` is what errors call it. Raises NotInSparqlError where the rules cannot run there, and
    RemoteError where the store cannot be read or changed, or another run is at work on it; its
    asserted graphs are left as they are.
    """
    lock = Lock(store, name, "infer")
    with lock.held(), lock.disturbing():
        try:
            return _inferred(store, WorkingGraph.begin(store), bounds or Bounds())
        except BaseException as error:
            with suppress(RemoteError):  # what went wrong first is what is to be told
                WorkingGraph(store, union=False).drop()
                # Where a request was broken off, the store may still be at it, and undo this.
                if isinstance(error, GovgraphError) and not isinstance(error, RemoteError):
                    lock.calm()
            raise


def _inferred(store: SparqlStore, working: WorkingGraph, bounds: Bounds) -> StoreInference:
    asserted = working.schema()
    run = _Run(working, bounds)
    reached: BoundReachedError | None = None
    ruleset = compile_rules(asserted)
    try:
        ruleset = run.to_fixpoint(ruleset)
    except BoundReachedError as bound:
        reached = bound
    clashes = [*contradictions(store, ruleset.rules), *ill_typed(store, working)]
    working.remove_asserted()
    nameless = working.nameless()
    working.keep_output(InstanceFilter(asserted))
    count = working.publish()
    cautions = [
        *ruleset.cautions,
        *([rules_engine.nameless_caution(nameless)] if nameless else []),
        *([rules_engine.bound_caution(reached)] if reached else []),
    ]
    return StoreInference(count, clashes, cautions, run.rounds, reached is None)


class _Run:
    """The rules of one store run to their fixpoint, anew where the data say axioms."""

    def __init__(self, working: WorkingGraph, bounds: Bounds):
        self.working, self.bounds = working, bounds
        self.rounds = 0

    def to_fixpoint(self, ruleset: RuleSet) -> RuleSet:
        """Run rules until neither a statement nor an axiom is new; return the last rules."""
        while True:
            has_equals = self.working.has_equals()
            rules = [*ruleset.rules, *(EQUALITY if has_equals else ())]
            _check_sayable(rules)
            start = self.working.size()
            for step in steps(rules, WORKING_GRAPH):
                self._run(step, start)
            if not has_equals and self.working.has_equals():
                continue
            if not self.working.says_schema(rules):
                return ruleset
            compiled = compile_rules(self.working.schema())
            if _content(compiled) == _content(ruleset):
                return ruleset
            ruleset = compiled

    def _run(self, step: Step, start: int) -> None:
        size, rounds = -1, 0
        while size != (size := self.working.size()) or rounds == 0:
            rounds += 1
            if rounds > self.bounds.rounds:
                raise BoundReachedError(f"{self.bounds.rounds:,} rounds")
            if size - start > self.bounds.facts:
                raise BoundReachedError(f"{self.bounds.facts:,} inferred triples")
            self.working.run(step.updates)
            if not step.repeated:
                break
        self.rounds = max(self.rounds, rounds)


def _content(ruleset: RuleSet) -> set[Any]:
    """Return what rules say; their axioms may hold nodes that each answer labels anew."""
    return {(rule.name, rule.body, rule.head, rule.conditions) for rule in ruleset.rules}


def _check_sayable(rules: Iterable[Rule]) -> None:
    for rule in rules:
        if any(isinstance(term, ox.BlankNode) for atom in rule.atoms for term in atom):
            raise NotInSparqlError(f"{rule.name} is about a node without a name")
