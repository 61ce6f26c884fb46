"""govgraph: coded case studies of public governance as a knowledge graph.

>>> import govgraph
>>> kg = govgraph.open()
>>> kg.query("founders-of", arrangement="Safe Streets").to_pandas()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govgraph.errors import GovgraphError, SourceError, UsageError
from govgraph.resources import __version__

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.api.opening import open_graph as open

__all__ = ["GovgraphError", "KnowledgeGraph", "SourceError", "UsageError", "__version__", "open"]


def __getattr__(name: str) -> Any:
    """Import the graph only when it is used, so that `govgraph --help` stays quick."""
    if name in ("open", "KnowledgeGraph"):
        from govgraph.api import knowledge_graph, opening

        return opening.open_graph if name == "open" else knowledge_graph.KnowledgeGraph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
