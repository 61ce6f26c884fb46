"""KnowledgeGraph: open, query, validate, recompute claims, explain, draw networks, write."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox

from govgraph import resources
from govgraph.assembly import cache
from govgraph.assembly.assemble import Assembly, Progress, assemble, source_folders
from govgraph.errors import UsageError
from govgraph.queries import (
    StoredQuery,
    StoreResolver,
    View,
    find_query,
    load_library,
    load_query,
    parse_query,
    run,
)
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.union import UnionView
from govgraph.rdf.writing import export
from govgraph.results import Result

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from govgraph.compare import Comparison
    from govgraph.explanation import Explainer, Proof
    from govgraph.queries.claims import ClaimCheck
    from govgraph.rdf.quads import QuadSource
    from govgraph.shapes.validation import Report
    from govgraph.store.endpoint import Endpoint


class Parts(Protocol):
    """Where the parts of a graph come from: made just now, or kept on disk."""

    def store(self) -> ox.Store:
        """Return every named graph."""

    def view(self) -> View:
        """Return every named graph, and their union as the default graph."""

    def sources(self) -> SourceMap:
        """Return file and line of each statement."""


class Built:
    """The parts of a graph made just now."""

    def __init__(self, store: ox.Store, sources: SourceMap):
        self._store, self._sources = store, sources

    def store(self) -> ox.Store:
        """Return every named graph."""
        return self._store

    def view(self) -> UnionView:
        """Return every named graph, and their union as the default graph."""
        return UnionView.of(self._store)

    def sources(self) -> SourceMap:
        """Return file and line of each statement."""
        return self._sources


class KnowledgeGraph:
    """A built graph: asserted statements by passage, ontology, inferred statements, metadata.

    `store` holds the named graphs; `view` also their union as its default graph, and answers
    queries; `dataset` is the same as an rdflib Dataset; `sources` tells file and line of each
    statement.
    """

    def __init__(self, parts: Parts):
        self._parts = parts

    @classmethod
    def build(
        cls,
        folders: Sequence[Path],
        *,
        reasoner: str = "rules",
        progress: Progress = lambda stage: None,
        store: ox.Store | None = None,
    ) -> tuple[KnowledgeGraph, Assembly]:
        """Read and infer anew; returns the graph and what it was assembled from.

        `store` is an empty one to put the graph in, such as one on disk.
        """
        assembly = assemble(folders, reasoner=reasoner, progress=progress, store=store)
        return cls(Built(assembly.store, assembly.sources)), assembly

    @classmethod
    def at(cls, endpoint: str | Endpoint = "") -> KnowledgeGraph:
        """Return the graph that lies in a SPARQL 1.1 store, at the URL its queries go to.

        Without a URL, at the endpoint that the environment (GOVGRAPH_ENDPOINT) or [tool.govgraph]
        of pyproject.toml name; credentials come from there. Raises UsageError where none is named.
        """
        from govgraph.api.remote import RemoteGraph
        from govgraph.store.endpoint import Endpoint

        return RemoteGraph(Endpoint.of(endpoint) if isinstance(endpoint, str) else endpoint)

    @cached_property
    def store(self) -> ox.Store:
        """Every named graph; the default graph is empty."""
        return self._parts.store()

    @cached_property
    def view(self) -> View:
        """Every named graph, and as the default graph their union, each triple once."""
        return self._parts.view()

    @cached_property
    def sources(self) -> SourceMap:
        """File and line of each statement."""
        return self._parts.sources()

    @cached_property
    def queries(self) -> dict[str, StoredQuery]:
        """The stored queries by name, such as "founders-of" or "claims/tijuana-decline"."""
        return dict(load_library(resources.bundled("queries")))

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset whose default graph is the union of all graphs."""
        import rdflib

        dataset = rdflib.Dataset(default_union=True)
        quads = self.store.dump(format=ox.RdfFormat.N_QUADS) or b""
        dataset.parse(data=quads.decode(), format="nquads")
        return dataset

    def query(self, query: str | PathLike[str], **parameters: Any) -> Result:
        """Run a stored query by name, a .rq file, or SPARQL text, over the union of all graphs.

        `parameters` bind the query's parameters: ids ("place/bogota"), names, CURIEs, IRIs,
        Python numbers and strings, or a list of them. Raises UsageError for an unknown query or
        parameter, SourceError with the line for a syntax error.
        """
        stored = self.find_query(query)
        text = stored.bind(parameters, StoreResolver(self.view))
        return run(text, self.view, source=stored.path)

    def find_query(self, query: str | PathLike[str]) -> StoredQuery:
        """Return a stored query by name, from a .rq file, or from SPARQL text."""
        given = str(query)
        if "{" in given or "\n" in given:
            return parse_query(given)
        if isinstance(query, PathLike) or given.endswith(".rq"):
            return load_query(given)
        return find_query(self.queries, given)

    def network(
        self,
        name: str | PathLike[str],
        *,
        start: int | None = None,
        end: int | None = None,
        undated: bool = True,
        weighting: str | None = None,
        lang: str = "en",
        **parameters: Any,
    ) -> nx.Graph:
        """Return a network as a networkx graph: a stored one ("actors") or that of a .rq file.

        Nodes have `label` (in `lang` where there is one), `iri` and what the nodes query says;
        edges have `weight`, `kind`, and what the query says. What is dated has `start`, `end` and,
        if in several spells, `spells`. Only what has a year from `start` to `end` is kept, and
        what is undated unless `undated` is False. A multigraph where edges of several kinds run
        side by side (the kind is their key), else a simple one. `weighting` is "co-membership" or
        "newman" for a projected network. Raises UsageError and SourceError as `query` does.
        """
        from govgraph.network.reading.projection import read_network
        from govgraph.network.reading.words import words_of

        projection = read_network(self, name, parameters)
        network = projection.network((start, end), undated=undated, weighting=weighting, lang=lang)
        network.graph.update(lang=lang, words=words_of(self, network, lang))
        return network

    def claims(self) -> list[ClaimCheck]:
        """Recompute every derived claim of the study from its facts."""
        from govgraph.queries.claims import check_claims

        return check_claims(self)

    def compare(
        self,
        cases: Sequence[str] = (),
        features: Sequence[str | PathLike[str]] = (),
        *,
        lang: str = "en",
    ) -> Comparison:
        """Compare cases in features: which have what, and which passage says so.

        All cases and all features of `queries/compare/` where none are named. Raises UsageError
        for a case or feature there is none of.
        """
        from govgraph.compare import compare_cases

        return compare_cases(self, cases, features, lang=lang)

    def validate(self, files: Sequence[str] = ()) -> Report:
        """Validate against the shapes; `files` keeps only results located in these files."""
        from govgraph.shapes.validation import validate

        return validate(self.store, self.sources, files)

    def explain(
        self, subject: str, predicate: str = "", value: str = "", *, every: bool = False
    ) -> list[Proof]:
        """Say why statements are in the graph: passages, or rule and premises down to passages.

        Subject, predicate and value are names, ids, CURIEs or IRIs; left out, a predicate or value
        stands for any. With `every`, all proofs of each statement, else the shortest one. Raises
        UsageError for a name that means nothing.
        """
        from govgraph.explanation.asking import find_statements

        resolve = StoreResolver(self._named)
        statements = find_statements(self._facts, resolve, subject, predicate, value)
        return [proof for each in statements for proof in self.explainer.explain(each, every)]

    @property
    def _named(self) -> ox.Store | View:
        """Where names are looked up when a statement is asked for."""
        return self.store

    @property
    def _facts(self) -> QuadSource:
        """What is read when a statement is explained."""
        return self.store

    @cached_property
    def explainer(self) -> Explainer:
        """The rules compiled once, to ask why as often as needed."""
        from govgraph.explanation import Explainer

        return Explainer(self.store, sources=self.sources)

    def write(self, folder: str | PathLike[str]) -> list[Path]:
        """Write TriG, N-Quads, Turtle and JSON-LD to `folder`."""
        return export(self.store, Path(folder))

    @property
    def kept_in(self) -> Path | None:
        """The folder of the cache that this graph is read from, None where it was made just now."""
        return self._parts.place if isinstance(self._parts, cache.Kept) else None

    def __len__(self) -> int:
        return len(self.store)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {len(self):,} statements>"


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
    SourceError for the first thing wrong in a source.
    """
    if endpoint is not None:
        if data:
            raise UsageError("a graph has either data or an endpoint: leave one of them out.")
        return KnowledgeGraph.at(endpoint)
    given = [data] if isinstance(data, str | PathLike) else list(data)
    folders = source_folders([Path(each) for each in given], bundled=bundled)
    key = cache.content_key(folders)
    kept = cache.read(key)
    if kept is not None:
        return KnowledgeGraph(kept)
    graph, _ = KnowledgeGraph.build(folders, progress=progress)
    assert isinstance(graph.view, UnionView)
    cache.write(key, graph.view, graph.sources)
    return graph
