"""KnowledgeGraph: open, query, validate, recompute claims, explain, draw networks, write.

A graph is read from the cache where it was built before, else built and cached.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from govgraph.api.given import Data, format_of_output, paths_of
from govgraph.assembly import cache
from govgraph.assembly.assemble import LocalGraph, Progress, assemble, check_named, choose_sources
from govgraph.coding.source_files import find, shown_as
from govgraph.coding.study import Sources, Study
from govgraph.errors import UsageError, check_kind, warn
from govgraph.files import written_whole
from govgraph.queries import Queries, StoreResolver
from govgraph.queries.asking import QueryableGraph
from govgraph.rdf.writing import export, serialise, sorted_quads
from govgraph.reasoning import infer

if TYPE_CHECKING:
    import rdflib
    from starlette.applications import Starlette

    from govgraph.assembly.coverage import Coverage
    from govgraph.compare import Comparison
    from govgraph.explanation import ClashProof, Explainer, Proofs
    from govgraph.network.network import Network
    from govgraph.shapes.validation import Report
    from govgraph.store.answering import RemoteGraph
    from govgraph.store.changing import Outcome
    from govgraph.store.endpoint import Endpoint
    from govgraph.store.statements import Difference
    from govgraph.web.site import Publication


class KnowledgeGraph(QueryableGraph):
    """A built graph: asserted statements by passage, ontology, inferred statements, metadata.

    `query`, `explain`, `claims`, `compare`, `network` and `validate` ask it; it stays as it is, and
    `with_data` makes another of it. `store` (named graphs, for pyoxigraph), `view` (also their
    union, which answers queries) and `dataset` (for rdflib) are copies for reading: what is added
    to one of them, the others and the answers do not know. `sources` tells file and line of each
    statement.
    """

    backend: LocalGraph | RemoteGraph

    def __init__(self, backend: LocalGraph | RemoteGraph):
        self.backend = backend

    def __getstate__(self) -> dict[str, Any]:
        return {"backend": self.backend}  # what was asked of it is asked again

    @classmethod
    def open(cls, data: Data = (), **options: Any) -> KnowledgeGraph:
        """Open a graph, as `govgraph.open` does."""
        return open(data, **options)

    @classmethod
    def at(cls, endpoint: str | Endpoint = "") -> KnowledgeGraph:
        """Return the graph that lies in a SPARQL 1.1 store, at the URL its queries go to.

        Without a URL, at the endpoint that the environment (GOVGRAPH_ENDPOINT) names; credentials
        come from there. Raises UsageError where none is named.
        """
        from govgraph.store.answering import RemoteGraph  # which needs an HTTP client
        from govgraph.store.endpoint import Endpoint

        check_kind("endpoint", endpoint, (str, Endpoint), "the address of a SPARQL store")
        return cls(RemoteGraph(endpoint))

    @cached_property
    def networks(self) -> Queries:
        """The stored networks by name, such as "actors"."""
        from govgraph.network.reading.projection import network_queries

        return Queries(network_queries(self.queries))

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset whose default graph is the union of all graphs."""
        import rdflib

        dataset = rdflib.Dataset(default_union=True)
        quads = self.store.dump(format=ox.RdfFormat.N_QUADS) or b""
        dataset.parse(data=quads.decode(), format="nquads")
        for prefix, namespace in self.names.prefixes.items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset

    def network(
        self,
        name: str | PathLike[str],
        *,
        start: int | None = None,
        end: int | None = None,
        undated: bool = True,
        lang: str | None = None,
        unit: str | None = None,
        relation: Sequence[str] = (),
        project: str | None = None,
        **parameters: Any,
    ) -> Network:
        """Return a network: a stored one ("actors"), that of a .rq file, or of a file of ties.

        It is a networkx graph that also saves, measures and compares itself. Nodes have `label` (in
        `lang`, by default the first language of the study), `iri` and what the nodes query says;
        edges `weight`, `kind`, and what the query says; lists are texts with "|" between. What is
        dated has `start`, `end` and, if in several spells, `periods`; what has no year from `start`
        to `end` is left out, what is undated where `undated` is False. Groups without a name are
        one node by `unit`: "arrangement", "case" or "kind". Parameters are those of the query, and
        of any network `case`, `place`, `level` and `sector`. It is a multigraph where edges of
        several kinds run side by side. A file of RDF gives its own relations, or those named by
        `relation`; a .csv file its ties, of two modes with `project` those of the first. Raises
        UsageError and SourceError as `query` does.
        """
        from govgraph.network.network import read

        return read(
            self, name, (start, end), undated=undated, lang=lang, unit=unit, relation=relation,
            project=project, parameters=parameters,
        )  # fmt: skip

    def compare(
        self,
        cases: str | Iterable[str] = (),
        features: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
        *,
        lang: str | None = None,
    ) -> Comparison:
        """Compare cases in features: which have what, and which passage says so.

        All cases and all features of `queries/compare/` where none are named; labels are in `lang`,
        by default the first language of the study. Raises UsageError for a case or feature there is
        none of.
        """
        from govgraph.compare import compare_cases

        check_kind("cases", cases, Iterable, "ids or names of cases")
        cases = [cases] if isinstance(cases, str) else [str(case) for case in cases]
        check_kind("features", features, (Iterable, PathLike), "names of features")
        features = [features] if isinstance(features, str | PathLike) else list(features)
        return compare_cases(self, cases, features, lang=lang)

    def validate(self, files: Data = None, *, shapes: Data = (), alone: bool = False) -> Report:
        """Validate against the shapes: govgraph's, those of the studies and of files of `shapes`.

        Where no `shapes` are named, those that files of RDF hold are used. `files`, paths or names
        of what was read, keeps only results located in these. With `alone`, nothing but these files
        and shapes is looked at, unless they use words of govgraph. In a remote store `files` must
        be left out. Raises UsageError for a file that is none, SourceError for shapes that cannot
        be applied.
        """
        from govgraph.shapes.given import Written, chosen_shapes
        from govgraph.shapes.validation import validate

        local = self.backend if isinstance(self.backend, cache.CachedGraph) else None
        read = find(local.chosen).files if local is not None else []  # which may be empty
        wanted = shown_as(paths_of(files, "files"), read) if files is not None else []
        data = Written(None, [file for file in read if not wanted or file.shown in wanted])
        others = any(name not in data.quads for name in wanted)
        if not alone or others or data.uses_ours or not data.quads:
            data = Written(self.store, read)
        paths = paths_of(shapes, "shapes")
        given = chosen_shapes(paths, data)
        sources, studies = self.sources, self.backend.studies
        is_plain = not (wanted or paths or given or data.quads)
        return validate(
            data.store, sources, wanted, names=self.names, studies=studies, shapes=given,
            data=None if is_plain else data,
        )  # fmt: skip

    def coverage(self) -> list[Coverage]:
        """Say of each study what is coded and what is not; nothing of a remote store."""
        from govgraph.assembly.coverage import coverage

        if not isinstance(self.backend, LocalGraph):
            return []
        return [coverage(self.backend, study) for study in self.studies]

    def explain(
        self, subject: object, predicate: object = "", value: object = "", *, every: bool = False
    ) -> Proofs:
        """Say why statements are in the graph: passages, or rule and premises down to passages.

        Subject, predicate and value are names, ids, CURIEs, IRIs or terms; left out, a predicate or
        value stands for any. With `every`, all proofs of each statement, else the shortest. Raises
        UsageError for a name that means nothing.
        """
        from govgraph.explanation import Proofs
        from govgraph.explanation.search import find_statements

        explainer = self.explainer
        resolve = StoreResolver(self.store, self.names)
        asked = map(str, (subject, predicate, value))
        statements = find_statements(explainer.store, resolve, *asked)
        return Proofs(
            proof for statement in statements for proof in explainer.explain(statement, every)
        )

    def contradictions(self) -> list[ClashProof]:
        """Say where the graph contradicts the ontology, with the proofs of what it rests on."""
        return [self.explainer.clash(clash) for clash in infer(self.store).clashes]

    @cached_property
    def explainer(self) -> Explainer:
        """The rules compiled once, to ask why as often as needed."""
        from govgraph.explanation import Explainer

        return Explainer(self.store, self.sources, self.names)

    def with_data(self, *data: Data, progress: Progress = lambda stage: None) -> KnowledgeGraph:
        """Return a new graph of the same sources and more: files, Turtle, rdflib, data frames.

        It is built and reasoned over anew; this graph stays as it is. A data frame has the columns
        of a table of cases (`id`, `type`, keys). Raises UsageError for a graph in a remote store.
        """
        if not isinstance(self.backend, cache.CachedGraph):
            raise UsageError("data: a graph in a store is changed there, as by `push`.")
        chosen = self.backend.chosen
        more = (path for source in data for path in paths_of(source, "data"))
        return open_sources(Sources(chosen.studies, (*chosen.data, *more)), progress)

    def at_home(self, *studies: Study) -> KnowledgeGraph:
        """Return a graph in a store as one on this machine: all of it fetched, as it is now.

        `studies` say what pages call it, by default the study at hand, if the store holds that.
        Raises UsageError where the study of the store is none of them.
        """
        if isinstance(self.backend, LocalGraph):
            return self
        store, base, studies = self.store, self.names.base, studies or self.studies
        if base not in [study.base for study in studies]:
            raise UsageError(
                f"the store holds the study {base}, which does not lie here: go to its folder, or"
                " name it with --study. Its study.yaml says what pages call it."
            )
        return KnowledgeGraph(LocalGraph(store, studies=studies))

    def write(self, path: str | PathLike[str]) -> list[Path]:
        """Write a file, whose ending tells the format ("x.ttl": the union), or a folder of four.

        In the folder lie N-Quads, TriG, Turtle and JSON-LD. Returns the paths.
        """
        check_kind("path", path, (str, PathLike), "a file or a folder")
        path = Path(path).expanduser()
        if (form := format_of_output(path)) is None:
            return export(self.store, path)
        quads = sorted_quads(self.store)
        triples = sorted({quad.triple for quad in quads}, key=str)
        data = serialise(quads if form.graphs else triples, form.engine)
        with written_whole(path) as stream:
            stream.write(data)
        return [path]

    def push(
        self,
        endpoint: str | Endpoint = "",
        *,
        compare: bool = False,
        keep: bool = False,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Outcome:
        """Put the graph on a SPARQL store: what changed since the last push.

        With `compare`, every graph there is looked at; with `keep`, none is removed. Raises
        RemoteError where the store fails; the same call then finishes the push.
        """
        from govgraph.store.changing import push
        from govgraph.store.endpoint import Endpoint
        from govgraph.store.graph_sources import MemoryGraphs
        from govgraph.store.store_graphs import StoreGraphs

        check_kind("endpoint", endpoint, (str, Endpoint), "the address of a SPARQL store")
        check_named(self.study)
        to = Endpoint.of(endpoint) if isinstance(endpoint, str) else endpoint
        origin = MemoryGraphs(self.store, self.study.name)
        return push(origin, StoreGraphs(to), compare_all=compare, keep=keep, progress=progress)

    def diff(self, other: KnowledgeGraph) -> list[Difference]:
        """Return in which graphs another differs, with the statements that only one of them has."""
        from govgraph.store.graph_sources import MemoryGraphs, differences

        check_kind("other", other, type(self), "another graph, as govgraph.open gives")
        a, b = (MemoryGraphs(graph.store, "") for graph in (self, other))
        return [difference for difference in differences(a, b) if not difference.equal]

    def publish(
        self,
        folder: str | PathLike[str],
        *,
        base: str = "",
        endpoint: str = "",
        formats: Sequence[str] = ("jsonld",),
    ) -> Publication:
        """Write the graph as a static site, at the address `base`, by default that of the study.

        Its pages offer to ask the SPARQL `endpoint`; of each thing there is a page, Turtle, and
        a file in each of the `formats`.
        """
        from govgraph.web.site import publish

        check_kind("folder", folder, (str, PathLike), "a folder to write")
        return publish(self, Path(folder), base, endpoint, formats)

    def app(self, url: str = "http://127.0.0.1:8000/") -> Starlette:
        """Return the ASGI application that `govgraph serve` runs, for the address `url`."""
        from govgraph.web.server.server import create_app

        check_kind("url", url, str, "the address that the world sees")
        return create_app(self, url)

    @property
    def cache_folder(self) -> Path | None:
        """The folder that this graph is kept in; None where there is none."""
        folder = self.backend.folder if isinstance(self.backend, cache.CachedGraph) else None
        return folder if folder and folder.is_dir() else None

    def __len__(self) -> int:
        return len(self.backend)

    def __repr__(self) -> str:
        of = self.studies if isinstance(self.backend, LocalGraph) else ()  # without asking a store
        studies = ", ".join(study.name or "in no study" for study in of)
        return (
            f"<KnowledgeGraph {self.backend}{f', {studies}' if studies else ''}>\n"
            ".query(name) answers stored queries, .queries lists them, .networks networks;\n"
            ".explain(thing), .claims(), .compare(), .validate(); help(govgraph) tells more"
        )

    def _repr_html_(self) -> str:
        links = (f'<a href="{html.escape(study.base)}">{study.base}</a>' for study in self.studies)
        return f"<pre>{html.escape(repr(self))}\n{' '.join(links)}</pre>"


def open(
    data: Data = (),
    *,
    study: Data = (),
    bundled: bool = True,
    endpoint: str | Endpoint | None = None,
    progress: Progress = lambda stage: None,
) -> KnowledgeGraph:
    """Open the graph of a study, with or without more files; built once, then cached.

    `data` are files and folders, RDF as text, graphs of rdflib, data frames (see `with_data`).
    `study` names folders of studies, or bundled ones; without it, the study that lies here or above
    is read, else the bundled one, unless `bundled` is False. The cache is keyed by the content of
    every source, so an answer is never stale. With `endpoint`, open the graph of a SPARQL 1.1 store
    instead (see `KnowledgeGraph.at`). Raises SourceErrors with everything wrong in the sources,
    UsageError where both are named.
    """
    if endpoint is not None:
        if paths_of(data, "data"):
            raise UsageError("a graph has either data or an endpoint: leave one of them out.")
        return KnowledgeGraph.at(endpoint)
    chosen = choose_sources(paths_of(data, "data"), paths_of(study, "study"), alone=not bundled)
    for line in find(chosen).warnings():
        warn(line)
    return open_sources(chosen, progress)


def open_sources(sources: Sources, progress: Progress = lambda stage: None) -> KnowledgeGraph:
    """Open the graph of chosen sources; raises SourceErrors with everything wrong in them."""
    key = cache.content_key(sources)
    cached = cache.read(key, sources)
    if cached is not None:
        return KnowledgeGraph(cached)
    graph = assemble(sources, progress=progress)
    if cache.content_key(sources) == key:  # else a file changed meanwhile, and nobody knows when
        cache.write(key, graph.store, graph.sources)
    kept = cache.CachedGraph(cache.folder() / key, sources)
    vars(kept).update(store=graph.store, sources=graph.sources)
    return KnowledgeGraph(kept)
