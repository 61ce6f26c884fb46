"""A graph on this machine."""

from functools import cached_property, partial

import pyoxigraph as ox

from govgraph.coding.study import UNNAMED, Study, names_of_study
from govgraph.coding.terms import is_common
from govgraph.rdf.names import Names
from govgraph.rdf.reading import describes
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.union import UnionView


class LocalGraph:
    """A graph in memory, or in a database on disk that the store has open."""

    def __init__(
        self, store: ox.Store, sources: SourceMap | None = None, studies: tuple[Study, ...] = ()
    ):
        self.store = store
        self.sources = sources or SourceMap()
        self.studies = studies

    @cached_property
    def view(self) -> UnionView:
        """Every named graph, and as the default graph their union."""
        return UnionView.of(self.store, self.names)

    @property
    def lookup(self) -> ox.Store:
        """Where names are looked up."""
        return self.store

    @cached_property
    def names(self) -> Names:
        """What its IRIs are called: ids of the first study are looked up in the graph itself."""
        main = self.studies[0] if self.studies else UNNAMED
        is_known = partial(is_common, is_described=self.describes)
        return names_of_study(main, self.studies, is_own=self.describes, is_common=is_known)

    def describes(self, iri: str) -> bool:
        """Tell whether anything is said of an IRI."""
        loaded = vars(self).get("store")  # else the view, which has the same: either will do
        return describes(self.view.store if loaded is None else loaded, iri)

    def __len__(self) -> int:
        return len(self.store)

    def __str__(self) -> str:
        return f"of {len(self):,} statements"
