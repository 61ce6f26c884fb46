"""What a user gives: paths, text, RDF, data frames; and where a graph is to be written.

What is no file yet is written beside the cache of graphs, under a name that its content gives.
"""

import hashlib
from collections.abc import Generator, Iterable
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from govgraph.assembly import cache
from govgraph.errors import UsageError, check_kind
from govgraph.files import written_whole
from govgraph.rdf.formats import RdfFormat, format_of, known_endings

Data: TypeAlias = Any
"""A path, RDF as text (Turtle or TriG), a graph of rdflib, a data frame, or several of these."""


def paths_of(given: Data, name: str) -> list[Path]:
    """Return the files of what was given as the argument `name`.

    Raises UsageError for what is none of these.
    """
    is_several = isinstance(given, list | tuple | set | Generator)
    return [_path(item, name) for item in (given if is_several else [given])]


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


def format_of_output(path: Path) -> RdfFormat | None:
    """Return the format of a file of RDF, None for a folder; raises UsageError for another."""
    form = None if path.is_dir() else format_of(f"-{path.suffix}")
    if form is None and path.suffix and not path.is_dir():
        expected = f"a folder, or a file with an ending of {known_endings()}"
        raise UsageError(f"path: found {str(path)!r}, expected {expected}.")
    return form
