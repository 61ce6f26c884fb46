"""Inference on the store itself: the compiled rules as SPARQL updates, to the same fixpoint.

What rules speak of is copied into a working graph, where the updates run; what is then asserted, or
not about individuals, is taken out, and the rest replaces the graph of inferred statements in one
operation. Asserted graphs are only read. Meanwhile the store is locked, and govgraph answers no
queries from it: most stores show the working graph to every reader. A run that is cut off leaves
the store marked so, and the next one clears it.

A rule about a node without a name cannot be said to a store from outside, and no store has literals
as subjects. Where these matter, the statements are fetched, and inferred from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from govgraph.errors import GovgraphError, RemoteError
from govgraph.reasoning import rules_engine
from govgraph.reasoning.compiler import RuleSet, compile_rules
from govgraph.reasoning.equality import EQUALITY
from govgraph.reasoning.fixpoint import BoundReachedError, Bounds
from govgraph.reasoning.instances import InstanceFilter
from govgraph.reasoning.model import Caution, Clash
from govgraph.reasoning.rule import Rule
from govgraph.scale.on_the_store.contradictions import contradictions, ill_typed
from govgraph.scale.on_the_store.updates import Step, carried, steps
from govgraph.scale.on_the_store.working import WorkingGraph
from govgraph.store.lock import Lock
from govgraph.store.scope import WORKING_GRAPH, SparqlStore

Node = Any

LARGEST_FETCH: Final = 5_000_000
"""Statements that are fetched where the rules cannot run on the store; about 1 KB each."""


@dataclass(frozen=True)
class StoreInference:
    """What inference on a store came to: `count` statements are now in its inferred graph.

    `rounds` counts the passes of the longest repetition; `complete` is False where a bound stopped
    inference. `fetched` says why the rules could not run on the store, "" where they did.
    """

    count: int
    clashes: list[Clash] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    rounds: int = 0
    complete: bool = True
    fetched: str = ""


class NotInSparqlError(Exception):
    """What rules need cannot be said in SPARQL; the message says why."""


def infer_on_store(
    store: SparqlStore, bounds: Bounds | None = None, name: str = "the store"
) -> StoreInference:
    """Replace the inferred graph of a store by what follows from its asserted statements.

    `name` is what errors call it. Raises RemoteError where the store cannot be read or changed, and
    where another run is at work on it; its asserted graphs are left as they are.
    """
    lock = Lock(_Notes(store), name, "infer")
    with lock.held(), lock.disturbing():
        working = WorkingGraph.begin(store)
        try:
            return _inferred(store, working, bounds or Bounds())
        except BaseException as error:
            with suppress(RemoteError):  # what went wrong first is what is to be told
                working.drop()
                # Where a request was broken off, the store may still be at it, and undo this.
                if isinstance(error, GovgraphError) and not isinstance(error, RemoteError):
                    lock.calm()
            raise


class _Notes:
    """The notes of a lock, by updates."""

    def __init__(self, store: SparqlStore):
        self.rows, self._store = store.rows, store

    def add(self, graph: str, line: str) -> None:
        self._store.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {line} }} }}", repeatable=True)

    def take(self, graph: str, line: str) -> None:
        self._store.update(f"DELETE DATA {{ GRAPH <{graph}> {{ {line} }} }}", repeatable=True)


def _inferred(store: SparqlStore, working: WorkingGraph, bounds: Bounds) -> StoreInference:
    try:
        return _on_store(store, working, bounds)
    except NotInSparqlError as reason:
        return _fetched(store, working, bounds, str(reason))


def _on_store(store: SparqlStore, working: WorkingGraph, bounds: Bounds) -> StoreInference:
    working.copy_schema()
    asserted = working.schema()
    run = _Run(working, bounds)
    reached: BoundReachedError | None = None
    ruleset = compile_rules(asserted)
    try:
        ruleset = run.to_fixpoint(ruleset)
    except BoundReachedError as met:
        reached = met
    clashes = [*contradictions(store, ruleset.rules), *ill_typed(store, working.scope)]
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
        equal = False
        while True:
            rules = [*ruleset.rules, *(EQUALITY if equal else ())]
            _check_sayable(rules)
            if not equal:
                self.working.copy_facts(rules)
            start = self.working.size()
            for step in steps(rules, WORKING_GRAPH):
                self._run(step, start)
            self._check_subjects(rules)
            if not equal and self.working.has_equals():
                self.working.copy_all()
                equal = True
                continue
            if not self.working.says_schema(rules):
                return ruleset
            found = compile_rules(self.working.schema())
            if _content(found) == _content(ruleset):
                return ruleset
            ruleset = found

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

    def _check_subjects(self, rules: Iterable[Rule]) -> None:
        """Raise where a rule gives a literal a class or a property, which a store cannot hold."""
        if predicate := self.working.literal_subjects(_made_subjects(rules)):
            raise NotInSparqlError(f"rules make literal values of {predicate} the subject")


def _content(ruleset: RuleSet) -> set[Any]:
    """Return what rules say; their axioms may hold nodes that each answer labels anew."""
    return {(rule.name, rule.body, rule.head, rule.conditions) for rule in ruleset.rules}


def _check_sayable(rules: Iterable[Rule]) -> None:
    for rule in rules:
        if any(isinstance(term, ox.BlankNode) for atom in rule.atoms for term in atom):
            raise NotInSparqlError(f"{rule.name} is about a node without a name")


def _made_subjects(rules: Iterable[Rule]) -> set[Node]:
    """Return the properties whose values some rule makes subjects."""
    result: set[Node] = set()
    for rule in rules:
        for subject in carried(rule):
            result |= {atom.predicate for atom in rule.body if atom.object == subject}
    return {each for each in result if isinstance(each, ox.NamedNode)}


def _fetched(
    store: SparqlStore, working: WorkingGraph, bounds: Bounds, reason: str
) -> StoreInference:
    """Infer here from what is asserted there, and put the result in its place."""
    count = working.asserted_size()
    if count > LARGEST_FETCH:
        raise GovgraphError(
            f"inference cannot run on the store ({reason}), and its {count:,} statements are more"
            f" than the {LARGEST_FETCH:,} that are fetched. Give the nodes names, or infer where"
            " the graph is built."
        )
    local = ox.Store()
    query = f"SELECT DISTINCT ?s ?p ?o WHERE {{ {working.scope.asserted('?s ?p ?o')} }}"
    local.bulk_extend(ox.Quad(*row) for row in store.rows(query))
    inferred = rules_engine.infer(local, bounds)
    working.replace(inferred.lines())
    return StoreInference(
        working.publish(),
        inferred.clashes,
        inferred.cautions,
        inferred.rounds,
        inferred.complete,
        reason,
    )
