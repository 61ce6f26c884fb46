"""Opening a graph: from the cache where it was built before, else built and cached."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from govgraph.api.knowledge_graph import KnowledgeGraph
from govgraph.assembly import cache
from govgraph.assembly.assemble import Progress, assemble, choose_sources
from govgraph.coding.study import Sources
from govgraph.errors import UsageError

if TYPE_CHECKING:
    from govgraph.store.endpoint import Endpoint


def open_graph(
    data: Sequence[str | PathLike[str]] | str | PathLike[str] = (),
    *,
    study: Sequence[str | PathLike[str]] | str | PathLike[str] = (),
    bundled: bool = True,
    endpoint: str | Endpoint | None = None,
    progress: Progress = lambda stage: None,
) -> KnowledgeGraph:
    """Open the graph of a study, with or without more files; built once, then cached.

    `study` names folders of studies, or bundled ones; without it, the study that lies here or above
    is read, else the bundled one, unless `bundled` is False. The cache is keyed by the content of
    every source, so an answer is never stale. With `endpoint`, open the graph of a SPARQL 1.1 store
    instead (see `KnowledgeGraph.at`). Raises SourceErrors with everything wrong in the sources,
    UsageError where both are named.
    """
    if endpoint is not None:
        if data:
            raise UsageError("a graph has either data or an endpoint: leave one of them out.")
        return KnowledgeGraph.at(endpoint)
    return open_sources(choose_sources(_paths(data), _paths(study), alone=not bundled), progress)


def _paths(paths: Sequence[str | PathLike[str]] | str | PathLike[str]) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, str | PathLike) else paths)]


def open_sources(sources: Sources, progress: Progress = lambda stage: None) -> KnowledgeGraph:
    """Open the graph of chosen sources; raises SourceErrors with everything wrong in them."""
    key = cache.content_key(sources)
    cached = cache.read(key, sources.studies)
    if cached is not None:
        return KnowledgeGraph(cached)
    graph = assemble(sources, progress=progress)
    if cache.content_key(sources) == key:  # else a file changed meanwhile, and nobody knows when
        cache.write(key, graph.store, graph.sources)
    return KnowledgeGraph(graph)
