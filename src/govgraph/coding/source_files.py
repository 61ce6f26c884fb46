"""Which files of studies and folders are read, which are not, and which cannot be.

Not read, as it is no data: what is hidden, texts, questions, what `build` and `publish` wrote. What
looks like data and is not read is named, so that nothing is left out in silence.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from govgraph.coding.own_terms import FOLDER as ONTOLOGY
from govgraph.coding.study import FILE, Sources, Study, shown_folder
from govgraph.coding.tables.reading import TABLES
from govgraph.errors import SourceError, SourceErrors
from govgraph.files import is_file, is_folder, real
from govgraph.rdf.formats import (
    RdfFormat,
    format_of,
    known_endings,
    path_in_iri,
    shown_path,
    without_endings,
)

YAML: Final = frozenset({".yaml", ".yml"})
Kind: TypeAlias = RdfFormat | str
"""A format of RDF, or an ending of YAML or a table, in small letters."""

NO_DATA: Final = ((FILE,), ("documents",), ("queries",), ("ontology", "shapes"), ("build",))
"""Of a study what is no data: what it is called, texts, questions, shapes, what was built of it."""
BUILT: Final = frozenset(
    {f"govgraph.{ending}" for ending in ("nq", "trig", "ttl", "jsonld")}
    | {"ontology.ttl", "void.ttl", "validation.csv"}
)
"""What `build` writes; a folder with the first of them is known by it."""
DUMP, SITE, DATABASE = "govgraph.nq", ".govgraph-files", "CURRENT"
"""By these a folder is known that `build` or `publish` wrote, or that is a database."""

_SHEET: Final = "Save each sheet as CSV (UTF-8)."
_UNPACK: Final = "Unpack it; only RDF may be compressed, with gzip or zstd."
_OTHER_RDF: Final = "If it is RDF, rename it to .jsonld or .rdf, or name it with --data."
_TEXT: Final = "Texts and bibliographies lie in the folder `documents` of a study."
_EXPORT: Final = "Export it as CSV or Parquet."
REMEDIES: Final = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".ods", ".numbers"), _SHEET),
    **dict.fromkeys((".json", ".xml", ".jsonl", ".geojson", ".hdt"), _OTHER_RDF),
    **dict.fromkeys((".bib", ".ris", ".enw", ".docx", ".doc", ".odt"), _TEXT),
    **dict.fromkeys((".sav", ".dta", ".rds", ".feather", ".arrow", ".sqlite", ".db"), _EXPORT),
    **dict.fromkeys((".gz", ".zst", ".bz2", ".xz", ".zip", ".7z", ".tar", ".tgz", ".rar"), _UNPACK),
    ".rq": "Stored queries lie in the folder `queries` of a study.",
}
"""Endings of what looks like data and is not read -> what to do about it."""
MOST_NAMED: Final = 5
"""Files named in one line."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, the study it is of, and the name it goes by in messages and graph IRIs."""

    path: Path
    shown: str
    graph_path: str
    study: Study
    kind: Kind

    @property
    def declares_terms(self) -> bool:
        """Whether it lies in the folder of a study's own classes and properties."""
        return self.graph_path.startswith(f"{ONTOLOGY}/")

    @property
    def graph(self) -> str:
        """The graph of what no passage states."""
        path = self.graph_path.removeprefix("editorial/")
        return f"{self.study.base}graph/editorial/{path_in_iri(path)}"


@dataclass
class Found:
    """The files to read, each once, in a stable order, and a line for each kind that is not."""

    files: list[SourceFile] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)

    def warnings(self) -> list[str]:
        """Return a line for each kind of file that is not read: which, and what to do."""
        lines = []
        for remedy, names in sorted(self.unread.items()):
            more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
            lines.append(f"not read: {', '.join(sorted(names)[:MOST_NAMED])}{more}. {remedy}")
        return lines


def find(sources: Sources) -> Found:
    """Find the files of studies, folders and single files.

    Raises SourceErrors where a path does not exist, has nothing to read, or is what no file is.
    """
    found = Found()
    mistakes: list[SourceError] = []
    folders = [(study.folder, study) for study in sources.studies if study.folder]
    for source, study in [*folders, *((path, sources.main) for path in sources.data)]:
        count = len(found.files)
        shown = shown_path(source)
        if is_folder(source):
            found.files += _in_folder(source, study, found.unread, mistakes)
            if len(found.files) == count and source != study.folder and not mistakes:
                mistakes.append(SourceError(_nothing_in(source, found), shown))
        elif not os.path.lexists(source):
            mistakes.append(SourceError("no such file or folder. Check the path.", shown))
        elif (kind := _kind_of(source)) is None:
            endings = ", ".join(sorted(YAML | TABLES))
            message = f"cannot read {source.suffix or 'this'} files. Known: {endings}"
            mistakes.append(SourceError(f"{message}, {known_endings()}.", shown))
        else:
            graph_path = without_endings(Path(source.name)).name
            found.files.append(SourceFile(source, shown, graph_path, study, kind))
    for file in found.files:
        if not is_file(file.path):
            message = "neither a file nor a folder, but a pipe, device or broken link. Remove it."
            mistakes.append(SourceError(message, file.shown))
    if mistakes:
        raise SourceErrors(mistakes)
    found.files = list({real(f.path): f for f in reversed(found.files)}.values())[::-1]
    _tell_apart(found.files)
    return found


def find_files(sources: Sources) -> list[SourceFile]:
    """Return the files to read; raises as `find` does."""
    return find(sources).files


def _in_folder(
    source: Path, study: Study, unread: dict[str, list[str]], mistakes: list[SourceError]
) -> Iterator[SourceFile]:
    """Yield the files to read of a folder, and note what is not and cannot be read."""
    shown = shown_folder(source)
    is_built = is_file(source / DUMP)
    for path in _walk(source, study, unread, mistakes):
        relative = path.relative_to(source)
        if source == study.folder and _is_no_data(relative):
            continue
        name = shown_path(shown / relative)
        kind = _kind_of(path, in_folder=True)
        if kind is not None and not (is_built and str(relative) in BUILT):
            graph_path = without_endings(relative).as_posix()
            yield SourceFile(path, name, graph_path, study, kind)
        elif kind is None and (remedy := REMEDIES.get(path.suffix.lower())):
            unread.setdefault(remedy, []).append(name)


def _walk(
    source: Path, study: Study, unread: dict[str, list[str]], mistakes: list[SourceError]
) -> list[Path]:
    """Return the files in a folder that are not hidden, in a stable order."""

    def unreadable(error: OSError) -> None:
        message = f"cannot be read ({error.strerror}). Check who may read it."
        mistakes.append(SourceError(message, shown_path(error.filename)))

    result = []
    for name, folders, files in os.walk(source, onerror=unreadable):
        folder = Path(name)
        kept = []
        for sub in (folder / each for each in folders if not each.startswith(".")):
            if is_file(sub / DUMP) or os.path.lexists(sub / SITE):
                continue
            if source == study.folder and _is_no_data(sub.relative_to(source)):
                continue
            problem = "It is a database." if is_file(sub / DATABASE) else ""
            if sub.is_symlink():
                problem = "It is a link to a folder: name that with --data."
            if problem:
                shown = shown_path(shown_folder(source) / sub.relative_to(source))
                unread.setdefault(problem, []).append(shown)
            else:
                kept.append(sub.name)
        folders[:] = kept
        result += [folder / file for file in files if not file.startswith((".", "~$"))]
    return sorted(result, key=lambda path: path.relative_to(source).parts)


def _is_no_data(relative: Path) -> bool:
    return any(relative.parts[: len(parts)] == parts for parts in NO_DATA)


def _kind_of(path: Path, *, in_folder: bool = False) -> Kind | None:
    """Return what a file is by its name, None for nothing that is read."""
    suffix = path.suffix.lower()
    return suffix if suffix in YAML | TABLES else format_of(path, in_folder=in_folder)


def _nothing_in(folder: Path, found: Found) -> str:
    """Return what to say of a folder in which nothing is read."""
    if is_file(folder / DATABASE):
        return (
            "this is a database, not a folder of files. `govgraph serve --store` serves it, and"
            " `--endpoint` asks what is served."
        )
    if os.path.lexists(folder / SITE):
        return "`govgraph publish` wrote this site. Name the files it was made of."
    if is_file(folder / DUMP):
        return f"`govgraph build` wrote this folder. Name {DUMP} in it to read that as RDF."
    endings = ", ".join(sorted(YAML | TABLES))
    unread = " ".join(found.warnings())
    return f"found nothing to read in this folder ({endings}, {known_endings()}). {unread}".strip()


def _tell_apart(files: list[SourceFile]) -> None:
    """Give files of one name in messages, from two folders of one name, their whole paths."""
    names = Counter(file.shown for file in files)
    for number, file in enumerate(files):
        if names[file.shown] > 1:
            shown = shown_path(file.path)
            files[number] = SourceFile(file.path, shown, file.graph_path, file.study, file.kind)


def shown_names(sources: Sources, paths: Iterable[Path]) -> list[str]:
    """Return the names in messages of the files that `paths` are or hold."""
    wanted = [real(path) for path in paths]
    return [
        file.shown
        for file in find_files(sources)
        if any(real(file.path).is_relative_to(path) for path in wanted)
    ]


def stamp(sources: Sources) -> frozenset[tuple[str, int, int]]:
    """Return path, time and size of every file of studies and data: other where one has changed."""
    folders = [*(study.folder for study in sources.studies if study.folder), *sources.data]
    paths = (path for folder in folders for path in (folder, *folder.rglob("*")))
    return frozenset(
        (str(path), found.st_mtime_ns, found.st_size)
        for path in paths
        if path.is_file() and (found := path.stat())
    )
