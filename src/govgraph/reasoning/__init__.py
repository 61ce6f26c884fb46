"""OWL 2 RL: what follows from a store, by compiled rules."""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.reasoning.compiler import RuleSet, compile_rules
from govgraph.reasoning.fixpoint import Bounds
from govgraph.reasoning.model import Caution, Clash, Inferred
from govgraph.reasoning.rule import Atom, Rule

__all__ = [
    "Atom", "Bounds", "Caution", "Clash", "Inferred", "Rule", "RuleSet", "compile_rules", "infer",
]  # fmt: skip


def infer(store: ox.Store, bounds: Bounds | None = None) -> Inferred:
    """Return the instance triples that follow from the union of all graphs of `store`.

    The store is left as it is. Contradictions and axioms that are not followed are reported in
    the result. `bounds` say where the rules stop.
    """
    from govgraph.reasoning import rules_engine

    return rules_engine.infer(store, bounds or Bounds())
