"""Why is this triple here? Passages for what is asserted, proofs for what is inferred."""

from __future__ import annotations

import pyoxigraph as ox

from govgraph.explanation.proof import ClashProof, Proof, Source
from govgraph.explanation.provenance import to_prov
from govgraph.explanation.rendering import Renderer, short_name
from govgraph.explanation.search import Explainer
from govgraph.vocabulary import INFERRED_GRAPH

__all__ = [
    "ClashProof",
    "Explainer",
    "Proof",
    "Renderer",
    "Source",
    "explain",
    "short_name",
    "to_prov",
]


def explain(
    store: ox.Store,
    triple: ox.Triple,
    *,
    every: bool = False,
    inferred_graph: str = INFERRED_GRAPH,
    limit: int = 100,
) -> list[Proof]:
    """Return the shortest proof of a triple, or with `every` one for each way to its last step.

    `store` holds what is asserted, and in `inferred_graph` what was inferred from it. [] where
    the triple neither is asserted nor follows. For many questions to one store make an Explainer.
    """
    return Explainer(store, inferred_graph).explain(triple, every, limit)
