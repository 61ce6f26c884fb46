"""Why is this triple here? Passages for what is asserted, proofs for what is inferred.

In goes a store with what was inferred from it, out come proofs: data or text.
"""

from govgraph.explanation.proof import ClashProof, Proof, Proofs, Source
from govgraph.explanation.rendering import Renderer, short_name
from govgraph.explanation.search import Explainer

__all__ = [
    "ClashProof", "Explainer", "Proof", "Proofs", "Renderer", "Source", "short_name",
]  # fmt: skip
