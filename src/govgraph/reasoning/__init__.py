"""OWL 2 RL: what follows from a store, by rules compiled from its axioms."""

from govgraph.reasoning.compiler import Caution, RuleSet, compile_rules
from govgraph.reasoning.rule import Atom, Rule
from govgraph.reasoning.rules_engine import Clash, Inferred, infer

__all__ = [
    "Atom", "Caution", "Clash", "Inferred", "Rule", "RuleSet", "compile_rules", "infer",
]  # fmt: skip
