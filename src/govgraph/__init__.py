"""govgraph: coded case studies of public governance as a knowledge graph.

>>> import govgraph
>>> kg = govgraph.open()                      # the study here or above, else the bundled one
>>> kg.query("founders-of", arrangement="Safe Streets").to_pandas()
>>> kg.explain("actor/fire-brigade")         # why is that in the graph?
>>> kg.network("actors")                      # a networkx graph

`open(data, study=, endpoint=)` opens files, folders, RDF, data frames or a SPARQL store and gives a
KnowledgeGraph, on which everything is asked; `help(govgraph.KnowledgeGraph)` lists it. What is
named here is public: it changes only with a new major version, a year after a warning.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes its time to import
if TYPE_CHECKING:
    from govgraph.api.knowledge_graph import KnowledgeGraph
    from govgraph.api.knowledge_graph import open as open
    from govgraph.coding.starting import start_file, start_study
    from govgraph.errors import (
        GovgraphError,
        GovgraphWarning,
        RemoteError,
        SourceError,
        SourceErrors,
        UsageError,
    )
    from govgraph.explanation import Proof
    from govgraph.reasoning import infer
    from govgraph.resources import __version__
    from govgraph.results import Result
    from govgraph.store.endpoint import Endpoint

__all__ = [
    "Endpoint", "GovgraphError", "GovgraphWarning", "KnowledgeGraph", "Proof", "RemoteError",
    "Result", "SourceError", "SourceErrors", "UsageError", "__version__", "infer", "start_file",
    "start_study",
]  # fmt: skip
_ELSEWHERE = {
    "Endpoint": "store.endpoint",
    "KnowledgeGraph": "api.knowledge_graph",
    "Proof": "explanation",
    "Result": "results",
    "__version__": "resources",
    "infer": "reasoning",
    "open": "api.knowledge_graph",
    "start_file": "coding.starting",
    "start_study": "coding.starting",
}


def __dir__() -> list[str]:
    return [*__all__, "open"]  # which `import *` leaves to Python


if not TYPE_CHECKING:  # so that a name which is none is found out

    def __getattr__(name: str) -> object:
        """Import what is asked for only then, so that `govgraph --help` stays quick."""
        if name not in {*__all__, "open"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(f"govgraph.{_ELSEWHERE.get(name, 'errors')}")
        return globals().setdefault(name, getattr(module, name))
