"""Labels of things, in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from govgraph.queries.resolver import LABELS
from govgraph.queries.running import run

if TYPE_CHECKING:
    from govgraph.queries.asking import QueryableGraph


def labels_of(graph: QueryableGraph, lang: str) -> dict[str, str]:
    """Return the label of everything that has one, by IRI.

    The label in `lang`, else one without a language, in English, or in any; of several in one
    language the first by its letters.
    """
    properties = " ".join(f"<{iri}>" for iri in LABELS)
    result = run(
        f"SELECT ?thing ?label {{ VALUES ?property {{ {properties} }} ?thing ?property ?label }}",
        graph.view,
    )
    best: dict[str, tuple[int, str]] = {}
    order = {"en": 2, None: 1, lang: 0}
    for thing, label in result.rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            candidate = (order.get(label.language, 3), label.value)
            best[thing.value] = min(candidate, best.get(thing.value, candidate))
    return {iri: label for iri, (_, label) in best.items()}
