"""The knowledge graph that lies in a remote store: the same questions, asked there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from govgraph.api.knowledge_graph import KnowledgeGraph
from govgraph.rdf.source_map import SourceMap
from govgraph.store.answering import RemoteView
from govgraph.store.pulled import PulledStore, everything, schema_of
from govgraph.store.reserved import LEFT_OUT

if TYPE_CHECKING:
    import pyoxigraph as ox

    from govgraph.explanation import Explainer
    from govgraph.store.endpoint import Endpoint


class _Remote:
    """The parts of a graph in a remote store."""

    def __init__(self, endpoint: Endpoint):
        self._view = RemoteView(endpoint)

    def store(self) -> ox.Store:
        """Return every named graph, all of it pulled."""
        return everything(self._view)

    def view(self) -> RemoteView:
        """Return what has queries answered by the store."""
        return self._view

    def sources(self) -> SourceMap:
        """Return no lines: the store does not know of the files its graphs were written in."""
        return SourceMap()


class RemoteGraph(KnowledgeGraph):
    """A graph in a SPARQL 1.1 store.

    Queries are answered there; explaining pulls the axioms, and of the statements what the proofs
    need. `store`, `dataset` and `validate` pull everything. Files and lines are not known. Every
    method raises RemoteError where the store does not answer.
    """

    def __init__(self, endpoint: Endpoint):
        super().__init__(_Remote(endpoint))
        self.endpoint = endpoint

    @cached_property
    def remote_view(self) -> RemoteView:
        """What has queries answered by the store."""
        view = self.view
        assert isinstance(view, RemoteView)
        return view

    @cached_property
    def explainer(self) -> Explainer:
        """The rules compiled once, to ask why as often as needed."""
        from govgraph.explanation import Explainer

        return Explainer(schema_of(self.remote_view), facts=self._facts)

    @property
    def _named(self) -> RemoteView:
        return self.remote_view

    @cached_property
    def _facts(self) -> PulledStore:
        return PulledStore(self.remote_view)

    def __len__(self) -> int:
        left_out = ", ".join(f"<{graph}>" for graph in LEFT_OUT)
        query = (
            "SELECT (COUNT(*) AS ?statements)"
            f" {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({left_out})) }}"
        )
        ((number,),) = self.remote_view.answer(query).rows
        assert isinstance(number, Literal)
        return int(number.value)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph at {self.endpoint.query_url}>"
