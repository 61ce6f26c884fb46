"""Case files -> quads, remembering file and line of every statement.

A folder holds YAML (case files and registries), tables (CSV, TSV, Parquet) and RDF, at any depth.
What one passage states lies in the graph named by the passage; the rest in the file's own graph.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from govgraph.coding import places
from govgraph.coding.brief import Unfolding
from govgraph.coding.codes import is_code_table, read_codes
from govgraph.coding.conflicts import described_twice, unlike_cases, unlike_labels
from govgraph.coding.file_coder import FileCoder
from govgraph.coding.own_terms import FOLDER as ONTOLOGY
from govgraph.coding.own_terms import SchemaFile, read_own_terms
from govgraph.coding.record import Record, UnknownNameError
from govgraph.coding.study import FILE, Sources, Study, names_of_study, query_iris, shown_folder
from govgraph.coding.tables import TABLES, CodedTable, Table, code_table, read_table
from govgraph.coding.terms import Terms, kebab, load_terms
from govgraph.coding.yaml_lines import Located, read_yaml
from govgraph.errors import SourceError, SourceErrors, did_you_mean, noting
from govgraph.rdf.formats import format_of, known_endings, without_endings
from govgraph.rdf.names import Names
from govgraph.rdf.reading import describes, load_rdf
from govgraph.rdf.source_map import SourceMap
from govgraph.resources import bundled
from govgraph.vocabulary import BASE, GG, SDG

YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})
MOST_UNKNOWN: Final = 100
"""Ids without description named at once: to look each up takes its time."""
MOST_HINTS: Final = 20
"""Unknown names for which the nearest known one is looked for: a second each among 100,000."""
NO_DATA: Final = ((FILE,), ("documents",), ("queries",), ("ontology", "shapes"), ("build",))
"""Of a study what is no data: what it is called, texts, questions, shapes, what was built of it."""
MADE: Final = ("govgraph.nq", ".govgraph-files")
"""Files by which a folder is known that `build` or `publish` wrote, and that is no data."""


@dataclass(frozen=True)
class CodedData:
    """What all files state, and where each statement was written."""

    store: ox.Store
    sources: SourceMap
    files: list[str]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, the study it is of, and the name it goes by in messages and graph IRIs."""

    path: Path
    shown: str
    graph_path: str
    study: Study

    @property
    def declares_terms(self) -> bool:
        """Whether it lies in the folder of a study's own classes and properties."""
        return self.graph_path.startswith(f"{ONTOLOGY}/")

    @property
    def graph(self) -> str:
        """The graph of what no passage states."""
        path = self.graph_path.removeprefix("editorial/")
        return f"{self.study.base}graph/editorial/{quote(path)}"


# -- which files ---------------------------------------------------------------------------------


def find_files(sources: Sources) -> list[SourceFile]:
    """Return the readable files of studies, folders and single files, each once, in a stable order.

    Raises SourceError where a path does not exist or a single file has an unknown suffix.
    """
    result = []
    folders = [(study.folder, study) for study in sources.studies if study.folder]
    for source, study in [*folders, *((path, sources.main) for path in sources.data)]:
        if source.is_dir():
            made = {path.parent for name in MADE for path in source.rglob(name)} - {source}
            inside = [
                p
                for p in source.rglob("*")
                if _is_readable(p, in_folder=True) and made.isdisjoint(p.parents)
            ]
            for path in sorted(inside, key=lambda p: p.relative_to(source).parts):
                relative = path.relative_to(source)
                if source == study.folder and any(
                    relative.parts[: len(parts)] == parts for parts in NO_DATA
                ):
                    continue
                if any(part.startswith(".") for part in relative.parts):
                    continue
                shown = str(shown_folder(source) / relative)
                graph_path = without_endings(relative).as_posix()
                result.append(SourceFile(path, shown, graph_path, study))
        elif not source.exists():
            raise SourceError("no such file or folder. Check the path.", source)
        elif not _is_readable(source):
            endings = ", ".join(sorted(YAML_SUFFIXES | TABLES))
            message = f"cannot read {source.suffix or 'this'} files. Known: {endings}"
            raise SourceError(f"{message}, {known_endings()}.", source)
        else:
            graph_path = without_endings(Path(source.name)).name
            result.append(SourceFile(source, str(source), graph_path, study))
    for file in result:
        if not file.path.is_file():
            message = "this is a pipe, a device or a link that leads nowhere. Name a file."
            raise SourceError(message, file.shown)
    return list({os.path.realpath(file.path): file for file in reversed(result)}.values())[::-1]


def _is_readable(path: Path, *, in_folder: bool = False) -> bool:
    """Whether this is a file to read by its name; only RDF may be compressed."""
    is_rdf = format_of(path, in_folder=in_folder) is not None
    return (is_rdf or path.suffix in YAML_SUFFIXES | TABLES) and not path.is_dir()


def shown_names(sources: Sources, paths: Iterable[Path]) -> list[str]:
    """Return the names in messages of the files that `paths` are or hold."""
    wanted = [path.resolve() for path in paths]
    return [
        file.shown
        for file in find_files(sources)
        if any(file.path.resolve().is_relative_to(path) for path in wanted)
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


# -- reading -------------------------------------------------------------------------------------


def load(sources: Sources, terms: Terms | None = None, store: ox.Store | None = None) -> CodedData:
    """Read studies and files into `store`, an empty one, or one in memory if none is given.

    Countries and regions that no file describes are named in the languages of the studies. Raises
    SourceErrors with all that is wrong, a file that is no YAML, table or RDF counting as one. What
    refers to nothing is looked for only where all files can be read.
    """
    terms = terms or load_terms()
    store = ox.Store() if store is None else store
    own: set[str] = set()
    names = {
        study.base: names_of_study(
            study,
            sources.studies,
            is_own=lambda iri: iri in own or describes(store, iri),
            is_common=terms.is_common,
        )
        for study in (sources.main, *sources.studies)
    }
    queries = query_iris(bundled("queries"), BASE).union(*(s.queries for s in sources.studies))
    record = Record(terms, names[sources.main.base], queries)
    files = find_files(sources)
    trees: dict[str, Located] = {}
    documents: list[str] = []
    tables: list[CodedTable] = []
    code_tables = [file for file in files if is_code_table(file.path, file.graph_path)]
    codes: list[tuple[Study, Table, str]] = []
    schemas: dict[str, tuple[Study, list[SchemaFile]]] = {}
    for file in files:  # first what the studies call their own
        with noting(record.mistakes):
            if file in code_tables:
                codes.append((file.study, read_table(file.path, file.shown), file.graph))
            elif rdf_format := format_of(file.path):
                load_rdf(store, file.path, rdf_format, file.shown, file.graph)
                if file.declares_terms:
                    schema_file = SchemaFile.read(file.path, file.shown, store, file.graph)
                    schemas.setdefault(file.study.base, (file.study, []))[1].append(schema_file)
            elif file.path.suffix in YAML_SUFFIXES:
                trees[file.shown] = read_yaml(file.path, file.shown)
    schema_files = {file.shown for file in files if file.declares_terms}
    if any(error.path in schema_files for error in record.mistakes):
        raise SourceErrors(record.mistakes)  # no word that it declares is known
    read_own_terms(schemas, record, names)
    own.update(_unfolded(trees, files, record, names))
    read_codes(codes, record, names, store)
    for file in files:
        with noting(record.mistakes):
            here = names[file.study.base]
            if file.path.suffix in TABLES and file not in code_tables:
                cells = read_table(file.path, file.shown)
                tables.append(code_table(cells, file.graph, record, here))
            elif file.shown in trees:
                coder = FileCoder(record, file.shown, file.graph, here)
                nodes = coder.document(trees.pop(file.shown))
                document = {"@context": coder.terms.own, "id": file.graph, "says": nodes}
                documents.append(json.dumps(document, ensure_ascii=False))
    # now, while the store holds nothing but what RDF files say
    later = chain(unknown_references(record, store), unlike_types(record), described_twice(record))
    if mistakes := record.mistakes or list(islice(later, MOST_UNKNOWN)):
        raise SourceErrors(list(_with_hints(mistakes, record, store)))
    _put(store, terms, documents, tables)
    for table in tables:
        record.sources.add_table(table.source)
    if unlike := [*unlike_labels(store, record), *unlike_cases(store, record)]:
        raise SourceErrors(unlike)
    languages = [tag for study in sources.studies for tag in study.languages] or ["en", "es"]
    store.extend(places.missing(store, list(dict.fromkeys(languages))))
    return CodedData(store, record.sources, [file.shown for file in files])


def _unfolded(
    trees: dict[str, Located], files: Iterable[SourceFile], record: Record, names: dict[str, Names]
) -> Iterator[str]:
    """Make of each tree in `trees` the long one, and yield the IRIs that it describes."""
    for file in files:
        if tree := trees.pop(file.shown, None):
            with noting(record.mistakes):
                base, terms = file.study.base, record.terms_of(names[file.study.base])
                unfolding = Unfolding(file.shown, file.study.languages, terms)
                trees[file.shown] = unfolding.tree(tree)
                yield from (f"{base}{id_}" for id_ in unfolding.described)


def _put(
    store: ox.Store, terms: Terms, documents: Iterable[str], tables: Iterable[CodedTable]
) -> None:
    """Put into the store what case files, as JSON-LD, and tables state."""
    context = json.dumps(terms.context, ensure_ascii=False)
    whole = f'{context.removesuffix("}")}, "nodes": [{",".join(documents)}]}}'
    store.bulk_load(whole, format=ox.RdfFormat.JSON_LD)
    for table in tables:
        for piece in table.pieces():  # IRIs were checked one by one
            store.bulk_load(piece, format=ox.RdfFormat.N_QUADS, lenient=True)


# -- what refers to nothing, or is two things ----------------------------------------------------


def unknown_references(record: Record, external: ox.Store) -> Iterator[SourceError]:
    """Yield an error for each id that is referred to and described nowhere.

    Only ids under the base and the UN's goals are looked up; other IRIs belong to others. What is
    a subject in the store `external` counts as described.
    """
    names, described = record.names, record.described
    graphs = tuple(f"{base}graph/" for base in names.bases)  # which are made, not described
    for iri, location in record.references.items():
        ours = iri.startswith((*names.bases, SDG)) and not iri.startswith((*graphs, GG))
        if not ours or iri in described or describes(external, iri):
            continue
        name = names.shorten(iri)
        scheme = name.partition("/")[0]
        if iri in record.types:
            message = f"{name!r} has no `type`. Say what it is where it is described."
            yield SourceError(message, location.path, location.line)
            continue
        message, remedy = f"{name!r} is described nowhere.", " Describe it or correct the id."
        if any(f"{base}scheme/{scheme}" in described for base in names.bases):
            where = " (see docs/terms.md)" if f"{BASE}scheme/{scheme}" in described else ""
            message = f"{name!r} is no code of the list {scheme!r}{where}."
            remedy = " Correct it, or add a row for it to a table in codes/ (docs/coding.md)."
        if scheme == "query":
            message = f"there is no stored query {name!r}."
            remedy = " `govgraph queries` lists them."
        yield UnknownNameError(message, location, name, remedy)


def _with_hints(
    mistakes: Iterable[SourceError], record: Record, external: ox.Store
) -> Iterator[SourceError]:
    """Yield the errors, those of unknown names with what was perhaps meant."""
    names: list[str] = []
    hints = 0
    for error in mistakes:
        if not isinstance(error, UnknownNameError):
            yield error
            continue
        hint = ""
        if hints < MOST_HINTS:
            names = names or _described_names(record, external)
            hint = _hint(error, names, record.terms)
            hints += 1
        yield SourceError(f"{error.message}{hint or error.remedy}", error.path, error.line)


def _hint(error: UnknownNameError, names: Sequence[str], terms: Terms) -> str:
    """Return " Did you mean …?" for an unknown name, "" where nothing is near."""
    prefix, colon, rest = error.name.partition(":")
    if colon and (f"{prefix}/{rest}" in names or prefix in map(kebab, terms.classes)):
        return f" Did you mean '{prefix}/{rest}'?"
    near_prefix = error.remedy if error.remedy.startswith(" Did you mean") else ""
    return near_prefix or did_you_mean(error.name, names)


def _described_names(record: Record, external: ox.Store) -> list[str]:
    iris = record.described
    iris |= {quad.subject.value for quad in external if isinstance(quad.subject, ox.NamedNode)}
    return [record.names.shorten(iri) for iri in iris]


def unlike_types(record: Record) -> Iterator[SourceError]:
    """Yield an error for each id that is given types of which neither contains the other."""
    terms = record.terms
    for iri, declarations in record.types.items():
        first_types, first_location = declarations[0] if declarations else (frozenset(), None)
        for types, location in declarations[1:]:
            if types <= terms.with_superclasses(first_types):
                continue
            if first_types <= terms.with_superclasses(types):
                continue
            here, there = (
                "/".join(sorted(record.names.shorten(t).removeprefix("gg:") for t in side))
                for side in (types, first_types)
            )
            message = (
                f"{record.names.shorten(iri)!r} is {here} here but {there} at {first_location}. "
                "Use one id for one thing, or give it the same types."
            )
            yield SourceError(message, *location)
