"""govgraph: coded case studies of public governance as a knowledge graph.

>>> import govgraph
>>> kg = govgraph.open()
>>> kg.query("founders-of", arrangement="Safe Streets").to_pandas()
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes its time to import
if TYPE_CHECKING:
    from typing import Any

    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.api.knowledge_graph import open_graph as open
    from govgraph.errors import GovgraphError, SourceError, UsageError
    from govgraph.resources import __version__

__all__ = ["GovgraphError", "KnowledgeGraph", "SourceError", "UsageError", "__version__", "open"]

_ELSEWHERE = {"KnowledgeGraph": "api.knowledge_graph", "__version__": "resources"}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that `govgraph --help` stays quick."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "open":
        return import_module("govgraph.api.knowledge_graph").open_graph
    return getattr(import_module(f"govgraph.{_ELSEWHERE.get(name, 'errors')}"), name)
