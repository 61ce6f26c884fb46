"""Where a graph comes from and where it goes, as its user holds it.

It is opened from paths, text, RDF, data frames: what is no file yet is written beside the cache of
graphs, under a name that its content gives. It goes to files, a SPARQL store, a static site, an
application; and two can be told apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from govgraph.assembly import cache
from govgraph.assembly.assemble import check_named
from govgraph.errors import UsageError, check_kind
from govgraph.files import written_whole
from govgraph.rdf.formats import RdfFormat, format_of, known_endings
from govgraph.rdf.writing import export, serialise, sorted_quads

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from govgraph.store.endpoint import Endpoint
    from govgraph.store.push import Outcome
    from govgraph.store.statements import Difference
    from govgraph.web.site import Publication

Data: TypeAlias = Any
"""A path, RDF as text (Turtle or TriG), a graph of rdflib, a data frame, or several of these."""


def paths_of(given: Data, name: str) -> list[Path]:
    """Return the files of what was given as the argument `name`.

    Raises UsageError for what is none of these.
    """
    is_several = isinstance(given, list | tuple | set | Generator)
    return [_path(each, name) for each in (given if is_several else [given])]


def _path(given: Data, name: str) -> Path:
    if isinstance(given, str) and given.startswith(("http://", "https://")):
        remedy = "a SPARQL store is opened by endpoint=, a file is downloaded first"
        raise UsageError(f"{name}: {given} is an address: {remedy}.")
    if isinstance(given, str) and set("\n{<") & set(given):
        return _kept(given, "trig")
    if hasattr(given, "quads"):  # an rdflib Dataset
        return _kept(given.serialize(format="nquads"), "nq")
    if hasattr(given, "triples"):
        return _kept(given.serialize(format="nt"), "nt")
    if hasattr(given, "write_csv"):  # polars
        return _kept(given.write_csv(), "csv")
    if hasattr(given, "to_csv"):
        return _kept(given.to_csv(index=False), "csv")
    expected = "paths, Turtle as text, a graph of rdflib or a data frame"
    check_kind(name, given, (str, PathLike), expected)
    return Path(given).expanduser()


def _kept(text: str, ending: str) -> Path:
    lines: Iterable[str] = sorted(text.splitlines(True)) if ending in {"nq", "nt"} else [text]
    content = "".join(lines).encode()
    name = f"given-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    folder = cache.folder().with_name(f"{cache.folder().name}-given")
    folder.mkdir(parents=True, exist_ok=True)
    with written_whole(folder / name) as stream:
        stream.write(content)
    return folder / name


Itself: TypeAlias = Any  # a KnowledgeGraph, whose module imports this one


def format_of_output(path: Path) -> RdfFormat | None:
    """Return the format of a file of RDF, None for a folder; raises UsageError for another."""
    form = None if path.is_dir() else format_of(f"-{path.suffix}")
    if form is None and path.suffix and not path.is_dir():
        expected = f"a folder, or a file with an ending of {known_endings()}"
        raise UsageError(f"path: found {str(path)!r}, expected {expected}.")
    return form


class Outgoing:
    """The methods of a graph that take it elsewhere."""

    def write(self: Itself, path: str | PathLike[str]) -> list[Path]:
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
        self: Itself,
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
        from govgraph.store.endpoint import Endpoint
        from govgraph.store.graph_sources import MemoryGraphs
        from govgraph.store.push import push
        from govgraph.store.store_graphs import StoreGraphs

        check_kind("endpoint", endpoint, (str, Endpoint), "the address of a SPARQL store")
        check_named(self.study)
        to = Endpoint.of(endpoint) if isinstance(endpoint, str) else endpoint
        origin = MemoryGraphs(self.store, self.study.name)
        return push(origin, StoreGraphs(to), compare_all=compare, keep=keep, progress=progress)

    def diff(self: Itself, other: Itself) -> list[Difference]:
        """Return in which graphs another differs, with the statements that only one of them has."""
        from govgraph.store.graph_sources import MemoryGraphs, differences

        check_kind("other", other, type(self), "another graph, as govgraph.open gives")
        a, b = (MemoryGraphs(graph.store, "") for graph in (self, other))
        return [difference for difference in differences(a, b) if not difference.equal]

    def publish(
        self: Itself,
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

    def app(self: Itself, url: str = "http://127.0.0.1:8000/") -> Starlette:
        """Return the ASGI application that `govgraph serve` runs, for the address `url`."""
        from govgraph.web.server.server import create_app

        check_kind("url", url, str, "the address that the world sees")
        return create_app(self, url)
