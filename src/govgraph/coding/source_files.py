"""Which files of studies and folders are read, which are not, and which cannot be.

Not read, as it is no data: what is hidden, texts, questions, what `build` and `publish` wrote. What
looks like data and is not read is named, so that nothing is left out in silence.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from govgraph.coding.study import FILE, Sources, Study, shown_folder
from govgraph.coding.tables import TABLES
from govgraph.errors import SourceError, SourceErrors, UsageError, did_you_mean
from govgraph.files import MANIFEST, is_file, is_folder, real
from govgraph.rdf import formats
from govgraph.rdf.formats import RdfFormat, format_of, path_in_iri, shown_path, without_endings

YAML: Final = frozenset({".yaml", ".yml"})
KNOWN: Final = f"{', '.join(sorted(YAML | TABLES))}, {formats.known_endings()}"
Kind: TypeAlias = RdfFormat | str
"""A format of RDF, or an ending of YAML or a table, in small letters."""

NO_DATA: Final = ((FILE,), ("documents",), ("queries",), ("ontology", "shapes"), ("build",))
"""Of a study what is no data: what it is called, texts, questions, shapes, what was built of it."""
BUILT: Final = frozenset(
    {f"govgraph.{ending}" for ending in ("nq", "trig", "ttl", "jsonld")}
    | {"ontology", "ontology.ttl", "shapes.ttl", "shapes-sparql.ttl", "context.jsonld"}
    | {"nanopublications.trig", "void.ttl", "validation.csv"}
)
"""What `build` writes; a folder with the first of them is known by it."""
DUMP, SITE, DATABASE = "govgraph.nq", MANIFEST, "CURRENT"
"""By these a folder is known that `build` or `publish` wrote, or that is a database."""

REMEDIES: Final = {
    ending: remedy
    for endings, remedy in {
        ".xlsx .xls .xlsm .ods .numbers": "Save each sheet as CSV (UTF-8).",
        ".json .xml .jsonl .geojson .hdt": "If it is RDF, rename it to .jsonld or .rdf, or name it"
        " with --data.",
        ".bib .ris .enw .docx .doc .odt": "Texts and bibliographies lie in the folder"
        " `documents` of a study.",
        ".sav .dta .rds .feather .arrow .sqlite .db": "Export it as CSV or Parquet.",
        ".gz .zst .bz2 .xz .zip .7z .tar .tgz .rar": "Unpack it; only RDF may be"
        " compressed, with gzip or zstd.",
        ".rq": "Ask it by its path; stored queries lie in the folder `queries` of a study.",
    }.items()
    for ending in endings.split()
}
"""Endings of what looks like data and is not read -> what to do about it."""
MOST_NAMED: Final = 5


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
        return self.graph_path.startswith("ontology/")

    @property
    def graph(self) -> str:
        """The graph of what no passage states."""
        path = self.graph_path.removeprefix("editorial/")
        return f"{self.study.base}graph/editorial/{path_in_iri(path)}"


@dataclass
class Found:
    """The files to read, each once, in a stable order; what is not read, and what cannot be."""

    files: list[SourceFile] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)
    mistakes: list[SourceError] = field(default_factory=list)

    def warnings(self) -> list[str]:
        """Return a line for each kind of file that is not read: which, and what to do."""
        lines = []
        for remedy, names in sorted(self.unread.items()):
            more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
            lines.append(f"not read: {', '.join(sorted(names)[:MOST_NAMED])}{more}. {remedy}")
        return lines

    def reads(self, path: Path, sources: Sources) -> bool:
        """Tell whether a path is read, or would be if a file were there: in a study most are."""
        path, folders = real(path), {real(each.folder) for each in sources.studies if each.folder}
        is_kind = path.suffix == ".rq" or _kind_of(path, in_folder=True) is not None
        inside = not folders.isdisjoint(path.parents)
        return (is_kind and inside) or path in {real(file.path) for file in self.files}

    def note(self, message: str, path: Path | str) -> None:
        """Note what is wrong with a path."""
        self.mistakes.append(SourceError(message, shown_path(path)))

    def add(self, path: Path, shown: str, graph_path: str, study: Study, kind: Kind) -> None:
        """Add a file to read, which has to be one."""
        if not is_file(path):
            self.note("neither a file nor a folder, but a pipe, device or broken link.", shown)
        self.files.append(SourceFile(path, shown, graph_path, study, kind))

    def search(self, source: Path, folder: Path, study: Study) -> None:
        """Add what lies in a folder in or below `source`."""
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            self.note(f"cannot be read ({error.strerror}). Check who may read it.", folder)
            return
        for path in paths:
            relative, kind, remedy = path.relative_to(source), _kind_of(path, in_folder=True), None
            shown = shown_path(shown_folder(source) / relative)
            is_no_data = source == study.folder and relative.parts in NO_DATA
            is_built = path.name in BUILT and is_file(folder / DUMP)
            if is_no_data or is_built or path.name.startswith((".", "~$")):
                continue
            if is_folder(path):
                if path.is_symlink():
                    remedy = "It is a link to a folder: name that with --data."
                elif is_file(path / DATABASE):
                    remedy = "It is a database."
                elif not (is_file(path / DUMP) or is_file(path / SITE)):
                    self.search(source, path, study)
            elif kind is None:
                remedy = REMEDIES.get(path.suffix.lower())
            else:
                self.add(path, shown, without_endings(relative).as_posix(), study, kind)
            if remedy:
                self.unread.setdefault(remedy, []).append(shown)


def find(sources: Sources) -> Found:
    """Find the files of studies, folders and single files.

    Raises SourceErrors where a path does not exist, has nothing to read, or is what no file is.
    """
    found = Found()
    folders = [(study.folder, study) for study in sources.studies if study.folder]
    for source, study in folders + [(path, sources.main) for path in sources.data]:
        count = len(found.files) + len(found.mistakes)
        if is_folder(source):
            found.search(source, source, study)
            if len(found.files) + len(found.mistakes) == count and source != study.folder:
                found.note(_nothing_in(source, found), source)
        elif not os.path.lexists(source):
            found.note("no such file or folder. Check the path.", source)
        elif (kind := _kind_of(source)) is None:
            kind_of_file = source.suffix or "extensionless"
            found.note(f"cannot read {kind_of_file} files. Known: {KNOWN}.", source)
        else:
            graph_path = without_endings(Path(source.name)).name
            found.add(source, shown_path(source), graph_path, study, kind)
    if found.mistakes:
        raise SourceErrors(found.mistakes)
    once = list({real(file.path): file for file in reversed(found.files)}.values())[::-1]
    names = Counter(file.shown for file in once)
    found.files = [  # those of one name, from two folders of one name, get their whole paths
        file if names[file.shown] == 1 else replace(file, shown=shown_path(file.path))
        for file in once
    ]
    return found


def _kind_of(path: Path, *, in_folder: bool = False) -> Kind | None:
    """Return what a file is by its name, None for nothing that is read."""
    suffix = path.suffix.lower()
    return suffix if suffix in YAML | TABLES else format_of(path, in_folder=in_folder)


def _nothing_in(folder: Path, found: Found) -> str:
    """Return what to say of a folder in which nothing is read."""
    if is_file(folder / DATABASE):
        serve = "`oxigraph serve-read-only --location FOLDER` serves it"
        return f"this is a database, not a folder of files. {serve}, and `--endpoint` asks that."
    if is_file(folder / SITE):
        return "`govgraph publish` wrote this site. Name the files it was made of."
    if is_file(folder / DUMP):
        return f"`govgraph build` wrote this folder. Name {DUMP} in it to read that as RDF."
    unread = " ".join(found.warnings())
    return f"found nothing to read in this folder ({KNOWN}). {unread}".strip()


def shown_as(paths: Iterable[Path], files: Sequence[SourceFile]) -> list[str]:
    """Return what messages call those of the files read that paths are, hold or are called.

    Raises UsageError for a path that is none.
    """
    result: list[str] = []
    for path in paths:
        found = [
            file.shown
            for file in files
            if file.shown == str(path) or real(file.path).is_relative_to(real(path))
        ]
        if not found:
            names = (name for file in files for name in (file.shown, str(file.path)))
            near = did_you_mean(str(path), names) or " Check the path, or open it as data."
            raise UsageError(f"{path}: no such file is read.{near}")
        result += found
    return result


def stamp(sources: Sources) -> frozenset[tuple[str, int, int]]:
    """Return path, time and size of every file of studies and data: other where one has changed."""
    folders = [*(study.folder for study in sources.studies if study.folder), *sources.data]
    paths = (path for folder in folders for path in (folder, *folder.rglob("*")))
    return frozenset(
        (str(path), found.st_mtime_ns, found.st_size)
        for path in paths
        if path.is_file() and (found := path.stat())
    )
