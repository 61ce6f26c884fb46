"""KnowledgeGraph: open, query, validate, recompute claims, explain, draw networks, write.

A graph is read from the cache where it was built before, else built and cached.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from govgraph.assembly import cache
from govgraph.assembly.assemble import Progress, assemble, choose_sources
from govgraph.assembly.local import LocalGraph
from govgraph.coding.source_files import SourceFile, find
from govgraph.coding.study import UNNAMED, Sources, Study
from govgraph.errors import UsageError, did_you_mean
from govgraph.files import real
from govgraph.queries import (
    Defaults,
    StoredQuery,
    StoreResolver,
    View,
    find_query,
    load_libraries,
    load_query,
    parse_query,
    run,
)
from govgraph.queries.apart import time_limit
from govgraph.queries.asking import label_language
from govgraph.queries.claims import ClaimCheck, check_claims
from govgraph.queries.codebook import Codebook, codebook
from govgraph.queries.sparql import Terms
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import SourceMap
from govgraph.rdf.writing import export
from govgraph.reasoning import infer
from govgraph.results import Result

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from govgraph.api.remote import RemoteGraph
    from govgraph.assembly.coverage import Coverage
    from govgraph.compare import Comparison
    from govgraph.explanation import ClashProof, Explainer, Proof
    from govgraph.shapes.validation import Report
    from govgraph.store.endpoint import Endpoint

Paths: TypeAlias = str | PathLike[str] | Sequence[str | PathLike[str]]


class KnowledgeGraph:
    """A built graph: asserted statements by passage, ontology, inferred statements, metadata.

    `store` holds the named graphs; `view` also their union as its default graph, and answers
    queries; `dataset` is the same as an rdflib Dataset; `sources` tells file and line of each
    statement.
    """

    def __init__(self, backend: LocalGraph | RemoteGraph, files: Sequence[SourceFile] = ()):
        self.backend, self.files = backend, files

    @classmethod
    def at(cls, endpoint: str | Endpoint = "") -> KnowledgeGraph:
        """Return the graph that lies in a SPARQL 1.1 store, at the URL its queries go to.

        Without a URL, at the endpoint that the environment (GOVGRAPH_ENDPOINT) names; credentials
        come from there. Raises UsageError where none is named.
        """
        from govgraph.api.remote import RemoteGraph  # which needs an HTTP client

        return cls(RemoteGraph(endpoint))

    @property
    def store(self) -> ox.Store:
        """Every named graph; the default graph is empty."""
        return self.backend.store

    @property
    def view(self) -> View:
        """Every named graph, and as the default graph their union, each triple once."""
        return self.backend.view

    @property
    def names(self) -> Names:
        """What its IRIs are called: `names.shorten(iri)`, `names.expand("actor/x")`."""
        return self.backend.names

    @property
    def study(self) -> Study:
        """The study it is of, or the first of several; a temporary one for what lies in none."""
        return self.studies[0] if self.studies else UNNAMED

    @property
    def studies(self) -> tuple[Study, ...]:
        """The studies it is of, side by side; none for what lies in no study."""
        return self.backend.studies

    @property
    def sources(self) -> SourceMap:
        """File and line of each statement; none where the graph lies in a remote store."""
        return self.backend.sources

    @cached_property
    def queries(self) -> dict[str, StoredQuery]:
        """The stored queries by name, such as "founders-of" or "claims/years-apart"."""
        return load_libraries(self.backend.studies)

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset whose default graph is the union of all graphs."""
        import rdflib

        dataset = rdflib.Dataset(default_union=True)
        quads = self.store.dump(format=ox.RdfFormat.N_QUADS) or b""
        dataset.parse(data=quads.decode(), format="nquads")
        return dataset

    def query(
        self, query: str | PathLike[str], *, timeout: float | None = None, **parameters: Any
    ) -> Result:
        """Run a stored query by name, a .rq file, or SPARQL text, over the union of all graphs.

        `parameters` bind the query's parameters: ids ("place/springfield"), names, CURIEs, IRIs,
        Python numbers and strings, or a list of them; one that is left out may come from the data
        (`defaults`), and None stands for any value. After `timeout` seconds a query at home is
        stopped; it then runs in a process of its own. Raises UsageError for an unknown query or
        parameter, SourceError with the line for a syntax error.
        """
        with time_limit(timeout):
            stored = self.find_query(query)
            text = self.defaults.bind(stored, parameters, StoreResolver(self.view))
            return run(text, self.view, source=stored.path)

    def arguments(self, query: str | PathLike[str], **parameters: Any) -> Terms:
        """Return the RDF terms that `query` asks with: those given, and defaults from the data."""
        stored = self.find_query(query)
        return self.defaults.terms(stored, parameters, StoreResolver(self.view))

    @cached_property
    def defaults(self) -> Defaults:
        """What stored queries are asked of where nobody says: values that the data give."""
        return Defaults(self.view, next(iter(self.study.languages), ""))

    def find_query(self, query: str | PathLike[str]) -> StoredQuery:
        """Return a stored query by name, from a .rq file, or from SPARQL text."""
        text = str(query)
        if set("{<\n") & set(text):
            return parse_query(text)
        if isinstance(query, PathLike) or text.endswith(".rq"):
            return load_query(text)
        return find_query(self.queries, text)

    def network(
        self,
        name: str | PathLike[str],
        *,
        start: int | None = None,
        end: int | None = None,
        undated: bool = True,
        lang: str | None = None,
        **parameters: Any,
    ) -> nx.Graph:
        """Return a network as a networkx graph: a stored one ("actors") or that of a .rq file.

        Nodes have `label` (in `lang`, a language tag, if it can be; by default the first language
        of the study), `iri` and what the nodes query says; edges have `weight`, `kind`, and what
        the query says. What is dated has `start`, `end` and, if in several spells, `spells`. Only
        what has a year from `start` to `end` is kept, and what is undated unless `undated` is
        False. A multigraph where edges of several kinds run side by side (the kind is their key),
        else a simple one. Raises UsageError and SourceError as `query` does.
        """
        from govgraph.network.reading.projection import read_network
        from govgraph.network.reading.words import words_of

        projection = read_network(self, name, parameters)
        lang = label_language(self, lang)
        network = projection.network((start, end), undated=undated, lang=lang)
        network.graph.update(lang=lang, words=words_of(self, network, lang))
        return network

    def claims(self) -> list[ClaimCheck]:
        """Recompute every derived claim of the study from its facts."""
        return check_claims(self)

    def codebook(self, *, own: bool = False) -> Codebook:
        """Return the code lists in use and the study's own terms; `own` leaves out govgraph's."""
        return codebook(self, own=own)

    def compare(
        self,
        cases: Sequence[str] = (),
        features: Sequence[str | PathLike[str]] = (),
        *,
        lang: str | None = None,
    ) -> Comparison:
        """Compare cases in features: which have what, and which passage says so.

        All cases and all features of `queries/compare/` where none are named; labels are in `lang`,
        by default the first language of the study. Raises UsageError for a case or feature there is
        none of.
        """
        from govgraph.compare import compare_cases

        return compare_cases(self, cases, features, lang=lang)

    def validate(
        self,
        files: Paths | None = None,
        *,
        shapes: Paths = (),
        alone: bool = False,
    ) -> Report:
        """Validate against the shapes: govgraph's, those of the studies and of files of `shapes`.

        Where no `shapes` are named, those that files of RDF hold are used. `files`, paths or names
        of what was read, keeps only results located in these. With `alone`, nothing but these files
        and shapes is looked at, unless they use words of govgraph. In a remote store `files` must
        be left out. Raises UsageError for a file that is none, SourceError for shapes that cannot
        be applied.
        """
        from govgraph.shapes.data import Data
        from govgraph.shapes.given import chosen_shapes
        from govgraph.shapes.validation import validate

        wanted = self._read(_paths(files)) if files is not None else []
        data = Data(None, [f for f in self.files if not wanted or f.shown in wanted])
        others = any(name not in data.quads for name in wanted)
        if not alone or others or data.uses_ours or not data.quads:
            data = Data(self.store, self.files)
        given = chosen_shapes(_paths(shapes), data)
        sources, studies = self.sources, self.backend.studies
        is_plain = not (wanted or shapes or given or data.quads)
        return validate(
            data.store, sources, wanted, names=self.names, studies=studies, shapes=given,
            data=None if is_plain else data,
        )  # fmt: skip

    def _read(self, paths: Sequence[Path]) -> list[str]:
        """Return what messages call the files read that lie at or below paths, or are called so."""
        result: list[str] = []
        for path in paths:
            found = [
                file.shown
                for file in self.files
                if file.shown == str(path) or real(file.path).is_relative_to(real(path))
            ]
            if not found:
                known = (name for file in self.files for name in (file.shown, str(file.path)))
                near = did_you_mean(str(path), known) or " Check the path, or open it as data."
                raise UsageError(f"{path}: no such file is read.{near}")
            result += found
        return result

    def coverage(self) -> list[Coverage]:
        """Say of each study what is coded and what is not; nothing of a remote store."""
        from govgraph.assembly.coverage import coverage

        return coverage(self.backend) if isinstance(self.backend, LocalGraph) else []

    def explain(
        self, subject: str, predicate: str = "", value: object = "", *, every: bool = False
    ) -> list[Proof]:
        """Say why statements are in the graph: passages, or rule and premises down to passages.

        Subject, predicate and value are names, ids, CURIEs or IRIs; left out, a predicate or value
        stands for any. With `every`, all proofs of each statement, else the shortest one. Raises
        UsageError for a name that means nothing.
        """
        from govgraph.explanation.asking import find_statements

        explainer = self.explainer
        resolve = StoreResolver(self.backend.lookup, self.names)
        statements = find_statements(explainer.store, resolve, subject, predicate, str(value))
        return [proof for statement in statements for proof in explainer.explain(statement, every)]

    def contradictions(self) -> list[ClashProof]:
        """Say where the graph contradicts the ontology, with the proofs of what it rests on."""
        return [self.explainer.clash(clash) for clash in infer(self.store).clashes]

    @cached_property
    def explainer(self) -> Explainer:
        """The rules compiled once, to ask why as often as needed."""
        from govgraph.explanation import Explainer

        return Explainer(self.store, sources=self.sources)

    def write(self, folder: str | PathLike[str]) -> list[Path]:
        """Write TriG, N-Quads, Turtle and JSON-LD to `folder`."""
        return export(self.store, Path(folder))

    @property
    def cache_folder(self) -> Path | None:
        """The folder that this graph was read from; None where it was built just now."""
        return self.backend.folder if isinstance(self.backend, cache.CachedGraph) else None

    def __len__(self) -> int:
        return len(self.backend)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph {self.backend}>"


def open_graph(
    data: Paths = (),
    *,
    study: Paths = (),
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


def _paths(paths: Paths) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, str | PathLike) else paths)]


def open_sources(sources: Sources, progress: Progress = lambda stage: None) -> KnowledgeGraph:
    """Open the graph of chosen sources; raises SourceErrors with everything wrong in them."""
    key = cache.content_key(sources)
    cached = cache.read(key, sources.studies)
    if cached is not None:
        return KnowledgeGraph(cached, find(sources).files)
    graph = assemble(sources, progress=progress)
    if cache.content_key(sources) == key:  # else a file changed meanwhile, and nobody knows when
        cache.write(key, graph.store, graph.sources)
    return KnowledgeGraph(graph, find(sources).files)
