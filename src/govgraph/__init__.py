"""govgraph: coded case studies of public governance as a knowledge graph.

>>> import govgraph
>>> kg = govgraph.open()
>>> kg.query("founders-of", arrangement="Bogotá Cómo Vamos").to_pandas()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govgraph.errors import GovgraphError, SourceError, UsageError

if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.api.knowledge_graph import open_graph as open

__version__ = "0.2.0"

__all__ = ["GovgraphError", "KnowledgeGraph", "SourceError", "UsageError", "open"]


def __getattr__(name: str) -> Any:
    """Import the graph only when it is used, so that `govgraph --help` stays quick."""
    if name in ("open", "KnowledgeGraph"):
        from govgraph.api import knowledge_graph

        return knowledge_graph.open_graph if name == "open" else knowledge_graph.KnowledgeGraph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
