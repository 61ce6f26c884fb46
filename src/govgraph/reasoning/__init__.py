"""OWL 2 RL: what follows from a store, by compiled rules or by the reference engine."""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.errors import UsageError, did_you_mean
from govgraph.reasoning.model import Caution, Clash, Inferred

__all__ = ["REASONERS", "Caution", "Clash", "Inferred", "infer"]

REASONERS = ("owlrl",)


def infer(store: ox.Store, reasoner: str = "owlrl") -> Inferred:
    """Return the instance triples that follow from the union of all graphs of `store`.

    The store is left as it is. Raises UsageError for an unknown reasoner.
    """
    if reasoner not in REASONERS:
        known = " or ".join(REASONERS)
        hint = did_you_mean(reasoner, REASONERS)
        raise UsageError(f"Unknown reasoner {reasoner!r}: use {known}.{hint}")
    from govgraph.reasoning import reference

    return reference.infer(store)
