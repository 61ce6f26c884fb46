"""Labels of things, in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from govgraph.queries.resolver import LABELS
from govgraph.queries.running import run
from govgraph.texts.languages import NONE_FITS, check_language, fits, preference

if TYPE_CHECKING:
    from govgraph.queries.asking import QueryableGraph


def label_language(graph: QueryableGraph, asked: str | None) -> str:
    """Return the language of labels: what is asked for, else the first of the study.

    Raises UsageError for what is no language tag.
    """
    language = next(iter(graph.study.languages), "en") if asked is None else asked
    check_language(language)
    return language


def labels_of(graph: QueryableGraph, lang: str) -> dict[str, str]:
    """Return the label of everything that has one, by IRI.

    The label whose language fits `lang` best, else the first language of the study; of several that
    fit alike the first by its letters.
    """
    properties = " ".join(f"<{iri}>" for iri in LABELS)
    result = run(
        f"SELECT ?thing ?label {{ VALUES ?property {{ {properties} }} ?thing ?property ?label }}",
        graph.view,
        quiet=True,
    )
    first = next(iter(graph.study.languages), "en")
    best: dict[str, tuple[int, int, str]] = {}
    for thing, label in result.rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            asked = preference(lang, label.language) if fits(lang, label.language) else NONE_FITS
            candidate = (asked, preference(first, label.language), label.value)
            best[thing.value] = min(candidate, best.get(thing.value, candidate))
    return {iri: label for iri, (*_, label) in best.items()}
