"""Opening a graph: from the cache where it was built before, else built and cached."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from govgraph.api.knowledge_graph import KnowledgeGraph
from govgraph.assembly import cache
from govgraph.assembly.assemble import Progress, assemble, source_folders
from govgraph.errors import UsageError

if TYPE_CHECKING:
    from govgraph.store.endpoint import Endpoint


def open_graph(
    data: Sequence[str | PathLike[str]] | str | PathLike[str] = (),
    *,
    bundled: bool = True,
    endpoint: str | Endpoint | None = None,
    progress: Progress = lambda stage: None,
) -> KnowledgeGraph:
    """Open the bundled graph, with or without folders of one's own; built once, then cached.

    The cache is keyed by the content of every source, so an answer is never stale. With
    `endpoint`, open the graph of a SPARQL 1.1 store instead (see `KnowledgeGraph.at`). Raises
    SourceErrors with everything wrong in the sources, UsageError where both are named.
    """
    if endpoint is not None:
        if data:
            raise UsageError("a graph has either data or an endpoint: leave one of them out.")
        return KnowledgeGraph.at(endpoint)
    paths = [data] if isinstance(data, str | PathLike) else data
    folders = source_folders([Path(path) for path in paths], bundled=bundled)
    key = cache.content_key(folders)
    cached = cache.read(key)
    if cached is not None:
        return KnowledgeGraph(cached)
    graph = assemble(folders, progress=progress)
    cache.write(key, graph.view, graph.sources)
    return KnowledgeGraph(graph)
