"""OWL 2 RL: what follows from a store, by compiled rules or by the reference engine."""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.errors import UsageError, did_you_mean
from govgraph.reasoning import rules_engine
from govgraph.reasoning.compiler import RuleSet, compile_rules
from govgraph.reasoning.fixpoint import Bounds
from govgraph.reasoning.model import Caution, Clash, Inferred
from govgraph.reasoning.rule import Atom, Rule

__all__ = [
    "REASONERS", "Atom", "Bounds", "Caution", "Clash", "Inferred", "Rule", "RuleSet",
    "compile_rules", "infer",
]  # fmt: skip

REASONERS = ("rules", "owlrl")
"""The compiled rules, and the reference that must agree with them."""


def infer(store: ox.Store, reasoner: str = "rules", bounds: Bounds | None = None) -> Inferred:
    """Return the instance triples that follow from the union of all graphs of `store`.

    The store is left as it is. Contradictions and axioms that are not followed are reported in
    the result. `bounds` say where the rules stop. Raises UsageError for an unknown reasoner.
    """
    if reasoner not in REASONERS:
        names = " or ".join(REASONERS)
        hint = did_you_mean(reasoner, REASONERS)
        raise UsageError(f"Unknown reasoner {reasoner!r}: use {names}.{hint}")
    if reasoner == "owlrl":
        from govgraph.reasoning import reference

        return reference.infer(store)
    return rules_engine.infer(store, bounds)
