"""What server, pages and static site need of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from govgraph.queries.asking import QueryableGraph
from govgraph.web.languages import LANGUAGES

if TYPE_CHECKING:
    import networkx as nx

    from govgraph.coding.study import Study
    from govgraph.compare import Comparison
    from govgraph.explanation import Explainer
    from govgraph.queries.claims import ClaimCheck
    from govgraph.shapes.validation import Report


class PublishedGraph(QueryableGraph, Protocol):
    """A graph with all that pages show; `govgraph.KnowledgeGraph` is one."""

    @property
    def study(self) -> Study:
        """The study it is of, or the first of several; its names are short."""

    @property
    def studies(self) -> Sequence[Study]:
        """All studies that stand side by side."""

    @property
    def explainer(self) -> Explainer:
        """What explains statements."""

    @property
    def cache_folder(self) -> Path | None:
        """The folder of the cache it is read from, None where it was made just now."""

    def network(
        self, name: str | PathLike[str], *, lang: str = "en", **parameters: Any
    ) -> nx.Graph:
        """Return a stored network."""

    def claims(self) -> list[ClaimCheck]:
        """Return the derived claims, recomputed."""

    def compare(
        self,
        cases: Sequence[str] = (),
        features: Sequence[str | PathLike[str]] = (),
        *,
        lang: str = "en",
    ) -> Comparison:
        """Return cases set side by side."""

    def validate(self, files: Sequence[str] = ()) -> Report:
        """Return what the shapes find."""

    def __len__(self) -> int: ...


def languages_of(graph: PublishedGraph) -> tuple[str, ...]:
    """Return the languages that pages are made in, the first one for whoever names none.

    Those of the studies that the interface has; English too where it lacks one of them, around
    contents that say their own language. All where no study says what its languages are.
    """
    ranges = [tag for study in graph.studies for tag in study.languages]
    known = {tag: tag.partition("-")[0] for tag in ranges if tag.partition("-")[0] in LANGUAGES}
    english = ["en"] if len(known) < len(set(ranges)) else []
    return tuple(dict.fromkeys([*known.values(), *english])) or LANGUAGES
